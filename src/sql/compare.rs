//! SQL compared by meaning. When in doubt, two texts differ.

use super::lex::{Shape, Token, tokens};
use super::parse::{Piece, pieces};
use super::types::{is_builtin, type_at};
use super::{Name, Node, parse, quote_ident, quote_text};

/// Whether two expressions are the same: `now()` and `"pg_catalog"."now"()`, `(1)::INT` and `CAST(1 AS int4)`.
pub fn same_expression(a: &str, b: &str) -> bool {
    match (parse(a), parse(b)) {
        (Ok(a), Ok(b)) => flat(&a.nodes) == flat(&b.nodes),
        _ => a.trim() == b.trim(),
    }
}

/// Whether two queries differ at most in blanks, comments, the case of keywords and a `;` at the end.
pub fn same_query(a: &str, b: &str) -> bool {
    let plain = |text| -> Vec<String> {
        let plain = |token: &Token| match token.shape {
            Shape::Word => token.content(),
            _ => token.text.to_owned(),
        };
        let mut plain: Vec<String> = tokens(text).iter().map(plain).collect();
        plain.truncate(plain.iter().rposition(|token| token != ";").map_or(0, |last| last + 1));
        plain
    };
    plain(a) == plain(b)
}

/// Whether two queries as the server prints them are the same, whatever the objects in them are called now.
pub fn same_resolved_query(a: &str, b: &str) -> bool {
    let (a, b) = (pieces(a), pieces(b));
    let id = |piece: &Piece| piece.name.as_ref().and_then(|name| name.id.clone());
    // Objects that are called differently: qualified columns follow the name.
    let renamed: Vec<(&[String], &[String])> = a
        .iter()
        .zip(&b)
        .filter(|(a, b)| id(a).is_some() && id(a) == id(b) && a.name != b.name)
        .filter_map(|(a, b)| Some((a.name.as_ref()?.parts.as_slice(), b.name.as_ref()?.parts.as_slice())))
        .collect();
    let same = |i: usize| match (&a[i].name, &b[i].name) {
        (Some(x), Some(y)) if x.id.is_some() => x.id == y.id && x.version == y.version,
        (Some(x), Some(y)) if y.id.is_none() => {
            let qualifies = a.get(i + 1).is_some_and(|next| next.text == ".");
            x == y || renamed.iter().any(|(old, new)| follows(&x.parts, &y.parts, old, new, qualifies))
        }
        (None, None) => a[i].text == b[i].text,
        _ => false,
    };
    a.len() == b.len() && (0..a.len()).all(same)
}

/// Whether `b` is `a` with the end of the old name, which it starts with, in place of the end of the new.
fn follows(a: &[String], b: &[String], old: &[String], new: &[String], qualifies: bool) -> bool {
    let most = old.len().min(new.len()).min(if qualifies { a.len() } else { a.len().saturating_sub(1) });
    (1..=most).any(|count| {
        let (old, new) = (&old[old.len() - count..], &new[new.len() - count..]);
        a.starts_with(old) && b.starts_with(new) && a[count..] == b[count..]
    })
}

/// The names in a query as the server prints it, with their ids.
pub fn names_in_query(query: &str) -> Vec<Name> {
    pieces(query).into_iter().filter_map(|piece| piece.name).collect()
}

/// A query as the server prints it, with plain names in place of `[u7 AS "d"."s"."n" VERSION 0]`, and without a `;` or
/// an `AS OF` at its end: what a user could have written.
pub fn without_ids(query: &str) -> String {
    let mut out = String::new();
    let mut done = None;
    for piece in pieces(query) {
        out.push_str(done.map_or("", |done| &query[done..piece.at]));
        match piece.name {
            Some(name) if name.id.is_some() && !name.parts.is_empty() => out += &Name::new(name.parts).to_string(),
            _ => out.push_str(piece.text),
        }
        done = Some(piece.at + piece.text.len());
    }
    out
}

/// Words that are no identifiers where an expression may have them: quoted, they mean something else.
const KEYWORDS: &[&str] = &[
    "all", "and", "any", "array", "as", "between", "case", "cast", "collate", "default", "distinct", "else", "end",
    "escape", "exists", "false", "from", "ilike", "in", "interval", "is", "like", "list", "map", "not", "null", "or",
    "row", "select", "similar", "some", "then", "true", "when",
];

fn keyword(word: &str) -> Option<&'static str> {
    KEYWORDS.iter().copied().find(|keyword| word.eq_ignore_ascii_case(keyword))
}

/// An expression in the one spelling that all with its meaning have.
fn flat(nodes: &[Node]) -> Vec<String> {
    let nodes = bare(nodes);
    let mut out = Vec::new();
    let mut at = 0;
    while at < nodes.len() {
        at += cast(&nodes[at..], &mut out).or_else(|| standing_call(&nodes[at..], &mut out)).unwrap_or_else(|| {
            one(&nodes[at], at.checked_sub(1).map(|at| &nodes[at]), &mut out);
            1
        });
    }
    out
}

/// Appends what is left of a cast at the start of these nodes, if there is one; how many nodes it took.
fn cast(nodes: &[Node], out: &mut Vec<String>) -> Option<usize> {
    match nodes {
        // `CAST(x AS int)` and `int 'x'` are other spellings of `x::int`.
        [Node::Word(word), Node::Group(items), ..] if word.eq_ignore_ascii_case("cast") => {
            let [item] = items.as_slice() else { return None };
            let at = item.iter().rposition(|node| matches!(node, Node::Word(w) if w.eq_ignore_ascii_case("as")))?;
            let (ty, _) = type_at(&item[at + 1..]).filter(|(_, count)| at + 1 + count == item.len())?;
            operand(&item[..at], out);
            out.extend(["::".to_owned(), ty]);
            Some(2)
        }
        [Node::Word(word), _, ..] if is_builtin(word) && !word.eq_ignore_ascii_case("interval") => {
            let (ty, count) = type_at(nodes)?;
            let Some(Node::Text(text)) = nodes.get(count) else { return None };
            out.extend([quote_text(text), "::".to_owned(), ty]);
            Some(count + 1)
        }
        [Node::Symbol(symbol), rest @ ..] if symbol == "::" => {
            let (ty, count) = type_at(rest)?;
            out.extend(["::".to_owned(), ty]);
            Some(count + 1)
        }
        _ => None,
    }
}

/// Functions of the system that are called without brackets.
const STANDING: &[&str] = &["current_catalog", "current_role", "current_timestamp", "current_user", "session_user"];

/// Appends a call of one of them with brackets, as the server may print it: without.
fn standing_call(nodes: &[Node], out: &mut Vec<String>) -> Option<usize> {
    match nodes {
        [Node::Name(name), Node::Group(items), ..] if name.is_system() && items.iter().all(Vec::is_empty) => {
            out.push(quote_ident(STANDING.iter().find(|standing| **standing == name.last())?));
            Some(2)
        }
        _ => None,
    }
}

fn one(node: &Node, before: Option<&Node>, out: &mut Vec<String>) {
    match node {
        Node::Word(word) => out.push(keyword(word).map_or_else(|| quote_ident(&word.to_lowercase()), str::to_owned)),
        // Functions are the system's: the server names the schema, users do not.
        Node::Name(name) if name.is_system() => out.push(quote_ident(name.last())),
        Node::Name(name) => out.push(Name::new(&name.parts).to_string()),
        Node::Number(number) => out.extend(
            number
                .strip_prefix('-')
                .map_or_else(|| vec![number.clone()], |positive| vec!["-".to_owned(), positive.to_owned()]),
        ),
        Node::Symbol(symbol) if symbol == "!=" => out.push("<>".to_owned()),
        Node::Symbol(text) | Node::Sql(text) => out.push(text.clone()),
        Node::Text(text) | Node::Secret(text) => out.push(quote_text(text)),
        Node::Group(items) => match items.as_slice() {
            [item] if starts_operand(before) => operand(item, out),
            items => list("(", items, ")", out),
        },
        Node::Square(items) => list("[", items, "]", out),
    }
}

fn list(open: &str, items: &[Vec<Node>], close: &str, out: &mut Vec<String>) {
    out.push(open.to_owned());
    for item in items {
        out.extend(flat(item));
        out.push(",".to_owned());
    }
    out.push(close.to_owned());
}

/// An operand: in brackets, unless it is so simple that they mean nothing.
fn operand(nodes: &[Node], out: &mut Vec<String>) {
    let simple = match bare(nodes) {
        [Node::Number(number)] => !number.starts_with('-'),
        [Node::Text(_) | Node::Word(_) | Node::Name(_)] | [Node::Name(_), Node::Group(_)] => true,
        [Node::Word(word), Node::Group(_)] => keyword(word).is_none(),
        _ => false,
    };
    if simple { out.extend(flat(nodes)) } else { list("(", &[nodes.to_vec()], ")", out) }
}

/// Whether a bracket behind this node starts an operand, and not the arguments of something.
fn starts_operand(before: Option<&Node>) -> bool {
    match before {
        None => true,
        Some(Node::Symbol(symbol)) => symbol != "::" && symbol != ".",
        Some(Node::Word(word)) => {
            matches!(keyword(word), Some("and" | "or" | "not" | "case" | "when" | "then" | "else" | "between"))
        }
        _ => false,
    }
}

/// The nodes without brackets around the whole.
fn bare(mut nodes: &[Node]) -> &[Node] {
    while let [Node::Group(items)] = nodes
        && let [item] = items.as_slice()
    {
        nodes = item;
    }
    nodes
}

#[cfg(test)]
mod tests {
    use super::{same_expression, same_query, same_resolved_query, without_ids};

    #[test]
    fn spellings_of_an_expression_are_the_same() {
        for spellings in [
            &["now()", "NOW ( )", "\"pg_catalog\".\"now\"()", "pg_catalog.now()", "(now())", "now() -- always"][..],
            &["NULL", "null", "(NULL)"],
            &["current_timestamp", "CURRENT_TIMESTAMP", "\"pg_catalog\".\"current_timestamp\"()"],
            &["true", "TRUE"],
            &["'it''s'", " 'it''s' "],
            &["-1", "- 1", "(-1)"],
            &["1::bigint", "1::int8", "CAST(1 AS int8)", "(1)::[s22 AS \"pg_catalog\".\"int8\"]"],
            &["'2020-01-01'::date", "date '2020-01-01'", "cast ('2020-01-01' as DATE)"],
            &["timestamp with time zone '2020-01-01'", "'2020-01-01'::\"pg_catalog\".\"timestamptz\""],
            &["'1'::numeric(10,2)", "'1'::decimal( 10, 2 )"],
            &["interval '1 day'", "INTERVAL '1 day'"],
            &["upper(note)", "\"pg_catalog\".\"upper\"(\"note\")", "UPPER((\"note\"))"],
            &["a + (b)", "(a+b)", "\"a\" + \"b\""],
            &["(a IS NULL) OR (b)", "(a is null) or b"],
            &["a=-1", "a = -1"],
            &["a != 1", "a <> 1"],
            &["ARRAY[1,2]", "array [1, 2]"],
        ] {
            for a in spellings {
                for b in spellings {
                    assert!(same_expression(a, b), "{a} = {b}");
                }
            }
        }
    }

    #[test]
    fn different_expressions_differ() {
        for (a, b) in [
            ("null", "\"null\""),
            ("null", "'null'"),
            ("'a'", "'A'"),
            ("now()", "\"Now\"()"),
            ("now()", "now"),
            ("\"pg_catalog\".\"now\"()", "now"),
            ("1", "1.0"),
            ("1", "'1'"),
            ("1::int4", "1::int8"),
            ("bigint '1'", "1::int8"),
            ("a - (b - c)", "a - b - c"),
            ("(-1)::int4", "-1::int4"),
            ("a in (1)", "a in 1"),
            ("f(a)", "f a"),
            ("f((a, b))", "f(a, b)"),
            ("a like 'x'", "'x'::like"),
            ("E'\\n'", "'\\n'"),
            ("a.b", "\"a.b\""),
            ("s.f()", "f()"),
            ("'a", "'b"),
        ] {
            assert!(!same_expression(a, b), "{a} = {b}");
        }
    }

    #[test]
    fn formatting_of_queries_is_ignored() {
        let query = "SELECT id, 'It''s' FROM \"T\" WHERE a >= -1";
        for same in [
            "select  ID ,\n\t'It''s' from \"T\" -- why\n where /* so /* or */ so */ a>=-1 ;",
            "SELECT id, 'It''s' FROM \"T\" WHERE a >= -1;;",
        ] {
            assert!(same_query(query, same), "{same}");
        }
        for other in [
            "SELECT id, 'it''s' FROM \"T\" WHERE a >= -1",
            "SELECT id, 'It''s' FROM \"t\" WHERE a >= -1",
            "SELECT id, 'It''s' FROM T WHERE a >= -1",
            "SELECT id, 'It''s' FROM \"T\" WHERE a > = -1",
            "SELECT id, 'It''s' FROM \"T\" WHERE a >= 1",
            "SELECT id, 'It''s' FROM \"T\"",
            "SELECT id, 'It''s FROM \"T\" WHERE a >= -1",
        ] {
            assert!(!same_query(query, other), "{other}");
        }
        assert!(same_query("", " ; "));
    }

    #[test]
    fn renamed_objects_are_the_same() {
        let query = |name: &str, version: &str, column: &str| {
            let short = name.rsplit('.').next().unwrap_or_default();
            format!("SELECT {short}.\"{column}\", {short}.* FROM [u17 AS {name} VERSION {version}] WHERE \"x\" = 'old'")
        };
        let old = query("\"d\".\"s\".\"old\"", "0", "id");
        assert!(same_resolved_query(&old, &format!("{old} AS OF 17;").replace(" AS OF 17;", ";")));
        assert!(same_resolved_query(&old, &format!("{old} AS OF 17")));
        assert!(same_resolved_query(&old, &query("\"d\".\"t\".\"new\"", "0", "id")));
        for other in [
            query("\"d\".\"s\".\"old\"", "1", "id"),
            query("\"d\".\"s\".\"new\"", "0", "other"),
            old.replace("u17", "u18"),
            old.replace("'old'", "'new'"),
            old.replace("\"x\"", "\"old\""),
            old.replace("[u17 AS \"d\".\"s\".\"old\" VERSION 0]", "\"d\".\"s\".\"old\""),
            format!("{old} LIMIT 1"),
        ] {
            assert!(!same_resolved_query(&old, &other) && !same_resolved_query(&other, &old), "{other}");
        }
    }

    #[test]
    fn ids_are_taken_out() {
        for (query, plain) in [
            (
                "SELECT \"id\" FROM [u1 AS \"d\".\"s\".\"a \"\"b\" VERSION 1];",
                "SELECT \"id\" FROM \"d\".\"s\".\"a \"\"b\"",
            ),
            (
                "SELECT '[u1 AS x]',  1::[s20 AS \"pg_catalog\".\"int4\"]",
                "SELECT '[u1 AS x]',  1::\"pg_catalog\".\"int4\"",
            ),
            ("SELECT ARRAY[\"u1\"] AS OF 1795396625425", "SELECT ARRAY[\"u1\"]"),
            ("SELECT [u1]", "SELECT [u1]"),
            ("", ""),
        ] {
            assert_eq!(without_ids(query), plain);
        }
    }
}
