//! SQL compared by meaning. When in doubt, two texts differ.

use super::Name;
use super::canonical::{Part, canonical, same_parts};
use super::lex::{Shape, Token, tokens};
use super::parse::{Piece, pieces};
use super::types::same_type;

/// Whether two expressions are the same: `now()` and `"pg_catalog"."now"()`, `(1)::INT` and `CAST(1 AS int4)`.
pub fn same_expression(a: &str, b: &str) -> bool {
    match (canonical(a), canonical(b)) {
        (Some(a), Some(b)) => same_parts(&a, &b, |a, b| match (a, b) {
            // The search path decides whose type a short name is.
            (Part::Type(a), Part::Type(b)) => same_type(a, b),
            _ => false,
        }),
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
        (Some(x), Some(y)) if x.id.is_some() => same_object(x, y),
        (Some(x), Some(y)) if y.id.is_none() => {
            let qualifies = a.get(i + 1).is_some_and(|next| next.text == ".");
            x == y || renamed.iter().any(|(old, new)| follows(&x.parts, &y.parts, old, new, qualifies))
        }
        (None, None) => a[i].text == b[i].text,
        _ => false,
    };
    a.len() == b.len() && (0..a.len()).all(same)
}

/// Whether two names with ids are of one object. What comes with the server has another id in another version of it;
/// older servers wrote no version of what has but one.
fn same_object(a: &Name, b: &Name) -> bool {
    let of_system = |name: &Name| name.is_system() && name.id.as_ref().is_some_and(|id| id.starts_with('s'));
    let same = a.id == b.id || (of_system(a) && of_system(b) && a.parts == b.parts);
    same && a.version.unwrap_or(0) == b.version.unwrap_or(0)
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
            &["-1::int4", "(-1)::int", "CAST(-1 AS int)", "- 1 :: int4"],
            &["a - 1", "a -1", "\"a\" -1", "a-1"],
            &["1e5", "1E+5", "1E5"],
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
            &["ARRAY[[1], ARRAY[2]]", "ARRAY[ARRAY[1], ARRAY[2]]"],
            &[
                "now() AT TIME ZONE 'UTC'",
                "\"pg_catalog\".\"timezone\"('UTC', \"pg_catalog\".\"now\"())",
                "(now() at time zone ('UTC'))",
            ],
            &[
                "a AT TIME ZONE 'x' AT TIME ZONE b", "timezone(b, timezone('x', a))",
                "(a AT TIME ZONE 'x') AT TIME ZONE b",
            ],
            &["(a + b) AT TIME ZONE z", "timezone(z, (a + b))", "timezone(z, a + b)"],
            &["a + b AT TIME ZONE z", "a + timezone(z, b)", "a + (b AT TIME ZONE z)"],
            &["-a AT TIME ZONE z", "timezone(z, - a)"],
            &["a::timestamp AT TIME ZONE z", "timezone(z, cast(a AS timestamp))"],
            &["CASE WHEN a THEN b END AT TIME ZONE z", "timezone(z, CASE WHEN a THEN b END)"],
            &["CAST(a AT TIME ZONE z AS date)", "timezone(z, a)::date", "(a AT TIME ZONE z)::date"],
            &[
                "EXTRACT(YEAR FROM d)",
                "\"pg_catalog\".\"extract\"('year', \"d\")",
                "extract(year from (d))",
                "extract('year' FROM d)",
            ],
            &["POSITION('a' IN b)", "\"pg_catalog\".\"position\"('a', \"b\")"],
            &[
                "SUBSTRING(a FROM 1 FOR 2)",
                "substring(a, 1, 2)",
                "substring(a FOR 2)",
                "\"pg_catalog\".\"substring\"(\"a\", 1, 2)",
            ],
            &["SUBSTRING(a FROM 'x')", "substring(a, 'x')"],
            &[
                "SUBSTRING(a FROM CASE WHEN b IS DISTINCT FROM c THEN 1 END)",
                "substring(a, case when b is distinct from c then 1 end)",
            ],
            &["TRIM(BOTH 'x' FROM y)", "TRIM('x' FROM y)", "btrim(y, 'x')"],
            &["TRIM(y)", "trim(both from y)", "trim(FROM y)", "btrim(y)"],
            &["TRIM(LEADING 'x' FROM y)", "ltrim(y, 'x')"],
            &["TRIM(TRAILING y)", "rtrim(y)"],
            &["normalize(a)", "NORMALIZE(a, nfc)", "\"pg_catalog\".\"normalize\"(\"a\", 'NFC')"],
            &["E'a\\n\\'\\u00e9\\\\'", "'a\n''\u{e9}\\'"],
            &["'a'\n'b'", "'ab'"],
            &["current_timestamp", "\"current_timestamp\"", "CURRENT_TIMESTAMP"],
            &["INTERVAL '1' DAYS", "interval '1' day"],
            &["INTERVAL '1' SECOND", "INTERVAL '1'", "INTERVAL '1' YEAR TO SECOND"],
            &["INTERVAL '1' DAY TO MINUTE", "interval '1' days to minutes"],
            &["a LIKE 'x'", "a ~~ 'x'"],
            &["a NOT LIKE 'x' AND b", "a !~~ 'x' AND b"],
            &["a ILIKE 'x' ESCAPE '~'", "a ~~* like_escape('x', '~')"],
            &["a || b LIKE c", "a || b ~~ c"],
            &["a ISNULL", "a IS NULL"],
            &["a = SOME (b)", "a = ANY (b)", "a =ANY (b)"],
            &["(a, b) = (1, 2)", "ROW(a, b) = ROW(1, 2)"],
            &["CAST((a).b AS text)", "(a).b::text"],
            &["CAST(a[1] AS text)", "(a[1])::text", "a[1]::text"],
            &["CAST(a::text AS int)", "(a::text)::int", "a::text::int"],
            &["a::address", "\"a\"::[u7 AS \"materialize\".\"public\".\"address\"]", "CAST(a AS public.address)"],
            &["COALESCE(a, 'x')", "coalesce(\"a\", 'x')"],
            &["NOT a IN (1, 2)", "not (a) in (1,2)"],
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
            ("(-a)::int4", "-a::int4"),
            ("(- 0)::int4", "-0::int4"),
            ("a AT TIME ZONE 'x'", "timezone(a, 'x')"),
            ("a + b AT TIME ZONE z", "timezone(z, a + b)"),
            ("a AT TIME ZONE b + c", "timezone(b + c, a)"),
            ("position(a in b)", "position(b, a)"),
            ("substring(a from 1)", "substring(a, 1, 1)"),
            ("substring(a for 2)", "substring(a, 2)"),
            ("trim(leading a from b)", "trim(a from b)"),
            ("extract(year from d)", "extract('YEAR', d)"),
            ("INTERVAL '1' DAY", "INTERVAL '1' HOUR"),
            ("INTERVAL '1' DAY", "INTERVAL '1'"),
            ("interval '1 day'", "interval '1 days'"),
            ("a LIKE b || c", "a ~~ b || c"),
            ("a LIKE 'x'", "a ILIKE 'x'"),
            ("a LIKE 'x'", "a NOT LIKE 'x'"),
            ("NOT a IN (1)", "a IN (1)"),
            ("a IS NOT NULL", "a IS NULL"),
            ("a IS NOT NULL", "NOT a IS NULL"),
            ("a::s.address", "a::t.address"),
            ("(a).b", "a.b"),
            ("(a::int[])[1]", "a::int[][1]"),
            ("(a + b) * c", "a + b * c"),
            ("ROW(a)", "a"),
            ("E'\\x41'", "'A'"),
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

    /// What is in brackets is spelled once, however deep it is.
    #[test]
    fn deep_expressions_take_no_time() {
        for (open, close) in [("(b + ", ")"), ("((", ")::int)"), ("(", " AT TIME ZONE z)"), ("trim(x FROM (", "))")] {
            let depth = 90 / open.matches('(').count();
            let text = format!("{}a{}", open.repeat(depth), close.repeat(depth));
            assert!(crate::sql::parse(&text).is_ok() && same_expression(&text, &format!("{text} ")), "{open}");
        }
        assert!(!same_expression(&"- ".repeat(100_000), "- a"));
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
        assert!(same_resolved_query(&old, &old.replace(" VERSION 0", "")));
        let system = |id: &str, name: &str| format!("SELECT 1::[{id} AS \"pg_catalog\".\"{name}\"]");
        assert!(same_resolved_query(&system("s20", "int4"), &system("s21", "int4")));
        assert!(!same_resolved_query(&system("s20", "int4"), &system("s21", "int8")));
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
