//! SQL in one spelling: that which the server's parser gives to forms of which there are several. `x AT TIME ZONE z` is
//! the call `timezone(z, x)`, `CAST(x AS int)` is `x::int4`, `INNER JOIN` is `JOIN`. What is not known stays as it is,
//! so that it differs from everything else.

use super::parse::parse_with;
use super::types::{is_builtin, type_at};
use super::{Node, quote_text};

/// A piece of SQL in its one spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// An identifier that cannot be a keyword, or several joined by points. The schemas that are in every search path
    /// are left out.
    Name(Vec<String>),
    /// One bare word, in lower case: a keyword or an identifier.
    Word(String),
    /// A data type, by its name in the catalog.
    Type(String),
    /// A literal, an operator, a bracket.
    Other(String),
}

impl Part {
    pub fn is_word(&self, word: &str) -> bool {
        matches!(self, Part::Word(found) if found == word)
    }

    pub fn is_other(&self, text: &str) -> bool {
        matches!(self, Part::Other(found) if found == text)
    }

    /// The identifiers, if this can be a name.
    pub fn name(&self) -> Option<&[String]> {
        match self {
            Part::Name(parts) => Some(parts),
            Part::Word(word) if !is_reserved(word) => Some(std::slice::from_ref(word)),
            _ => None,
        }
    }
}

fn other(text: impl Into<String>) -> Part {
    Part::Other(text.into())
}

/// The parts of an expression or a query; `None` if it cannot be parsed.
pub(super) fn canonical(text: &str) -> Option<Vec<Part>> {
    parse_with(text, false).ok().map(|statement| spell(&statement.nodes))
}

/// Words that an expression may follow; they are no operands. A bracket behind them is not that of a call.
const BEFORE_OPERANDS: &[&str] = &[
    "all", "and", "any", "as", "between", "by", "case", "distinct", "else", "escape", "except", "exists", "fetch",
    "filter", "from", "having", "ilike", "in", "intersect", "is", "join", "lateral", "like", "limit", "not", "offset",
    "on", "options", "or", "over", "qualify", "returning", "select", "some", "then", "union", "using", "values",
    "when", "where", "with",
];

/// Further words that are no identifiers where an expression or an alias may be. Quoted, they mean something else.
const RESERVED: &[&str] = &[
    "array", "cast", "collate", "cross", "default", "end", "false", "full", "group", "inner", "interval", "isnull",
    "left", "list", "map", "natural", "null", "order", "outer", "right", "true", "window",
];

/// Whether the bare word may be a keyword where an identifier is possible, too.
pub(super) fn is_reserved(word: &str) -> bool {
    BEFORE_OPERANDS.contains(&word) || RESERVED.contains(&word)
}

fn word(node: Option<&Node>) -> String {
    match node {
        Some(Node::Word(word)) => word.to_lowercase(),
        _ => String::new(),
    }
}

fn is(node: Option<&Node>, wanted: &str) -> bool {
    matches!(node, Some(Node::Word(word)) if word.eq_ignore_ascii_case(wanted))
}

/// A run of nodes in its one spelling.
fn spell(nodes: &[Node]) -> Vec<Part> {
    let nodes = bare(nodes);
    let mut speller = Speller { nodes, at: 0, out: Vec::new(), operand: 0, cases: Vec::new(), starts: true };
    while speller.at < nodes.len() {
        speller.step();
    }
    speller.out
}

struct Speller<'a> {
    nodes: &'a [Node],
    at: usize,
    out: Vec<Part>,
    /// Where in `out` the last operand starts.
    operand: usize,
    /// The same for each `CASE` that is open.
    cases: Vec<usize>,
    /// Whether an operand is expected: a sign here belongs to it.
    starts: bool,
}

impl Speller<'_> {
    fn node(&self, ahead: usize) -> Option<&Node> {
        self.nodes.get(self.at + ahead)
    }

    fn push(&mut self, part: Part, taken: usize) {
        self.out.push(part);
        self.at += taken;
        self.starts = true;
    }

    /// Appends the spelling of what is next.
    fn step(&mut self) {
        if !self.starts && (self.at_time_zone() || self.like()) {
            return;
        }
        let (first, second) = (word(self.node(0)), word(self.node(1)));
        match (first.as_str(), second.as_str()) {
            ("inner", "join") => self.at += 1,
            ("outer", "join") if ["left", "right", "full"].iter().any(|side| self.last().is_word(side)) => self.at += 1,
            ("all", _) if self.last().is_word("select") => self.at += 1,
            ("distinct", _) if ["union", "except", "intersect"].iter().any(|op| self.last().is_word(op)) => {
                self.at += 1;
            }
            ("some", _) if matches!(self.last(), Part::Other(_)) => self.push(Part::Word("any".into()), 1),
            ("isnull", _) if !self.starts => {
                self.push(Part::Word("is".into()), 1);
                self.push(Part::Word("null".into()), 0);
                self.starts = false;
            }
            ("case", _) => {
                self.cases.push(self.out.len());
                self.push(Part::Word(first), 1);
            }
            ("end", _) => {
                self.operand = self.cases.pop().unwrap_or(self.out.len());
                self.push(Part::Word(first), 1);
                self.starts = false;
            }
            _ if self.recursive() => {}
            _ => self.other_than_keywords(first),
        }
    }

    /// `<name> (<column> <type>, …) AS (`, which only a query that is bound by `WITH MUTUALLY RECURSIVE` has.
    fn recursive(&mut self) -> bool {
        let [name @ (Node::Word(_) | Node::Name(_)), Node::Group(columns), a, Node::Group(_), ..] =
            &self.nodes[self.at..]
        else {
            return false;
        };
        let columns: Option<Vec<_>> = columns.iter().map(|column| typed(column)).collect();
        let Some(columns) = columns.filter(|_| is(Some(a), "as")) else { return false };
        spell_operand(std::slice::from_ref(name), None, None, &mut self.out);
        self.out.push(other("("));
        for (name, ty) in columns {
            self.out.extend([name, ty, other(",")]);
        }
        self.push(other(")"), 2);
        true
    }

    fn last(&self) -> Part {
        self.out.last().cloned().unwrap_or_else(|| other(""))
    }

    fn other_than_keywords(&mut self, first: String) {
        let before = self.at.checked_sub(1).map(|at| &self.nodes[at]);
        let rest = &self.nodes[self.at..];
        if let Some(taken) = extent(rest, self.starts) {
            self.operand(taken, before);
            return;
        }
        match &rest[0] {
            Node::Symbol(symbol) if symbol == "!=" => self.push(other("<>"), 1),
            // `SELECT * FROM`: where an operand is expected, a star is one.
            Node::Symbol(symbol) => {
                let starts = symbol != "*" || !self.starts;
                // Signs of nothing, all at once: there may be many.
                let count = if self.starts { signs(rest).max(1) } else { 1 };
                for node in &rest[..count] {
                    if let Node::Symbol(symbol) = node {
                        self.push(other(symbol.as_str()), 1);
                    }
                }
                self.starts = starts;
            }
            _ => self.push(Part::Word(first), 1),
        }
    }

    /// Appends the operand that the next nodes are.
    fn operand(&mut self, taken: usize, before: Option<&Node>) {
        self.operand = self.out.len();
        spell_operand(&self.nodes[self.at..self.at + taken], before, self.nodes.get(self.at + taken), &mut self.out);
        self.at += taken;
        self.starts = false;
    }

    /// `x AT TIME ZONE z`, behind `x`.
    fn at_time_zone(&mut self) -> bool {
        if !(is(self.node(0), "at") && is(self.node(1), "time") && is(self.node(2), "zone")) {
            return false;
        }
        let Some(taken) = extent(&self.nodes[self.at + 3..], true) else { return false };
        let (start, zone) = (self.operand, self.out.len());
        self.at += 3;
        self.operand(taken, None);
        let zone = self.out.split_off(zone);
        let time = self.out.split_off(start);
        self.out.extend(call("timezone", [zone, time]));
        self.operand = start;
        true
    }

    /// `[NOT] [I]LIKE pattern [ESCAPE c]`, which are operators to the server. These bind tighter than the words: only
    /// where no other operator takes the pattern are they the same.
    fn like(&mut self) -> bool {
        let negated = usize::from(is(self.node(0), "not"));
        let insensitive = match word(self.node(negated)).as_str() {
            "like" => false,
            "ilike" => true,
            _ => return false,
        };
        let rest = &self.nodes[self.at + negated + 1..];
        let Some(pattern) = extent(rest, true) else { return false };
        let escape = match is(rest.get(pattern), "escape") {
            true => match extent(&rest[pattern + 1..], true) {
                Some(escape) => Some(escape),
                None => return false,
            },
            false => None,
        };
        match rest.get(pattern + escape.map_or(0, |escape| escape + 1)) {
            Some(Node::Symbol(symbol)) if !["+", "-", "*", "/", "%", ",", "="].contains(&symbol.as_str()) => {
                return false;
            }
            word if is(word, "operator") => return false,
            _ => {}
        }
        let (not, star) = (if negated == 1 { "!" } else { "" }, if insensitive { "*" } else { "" });
        self.push(other(format!("{not}~~{star}")), negated + 1);
        let start = self.out.len();
        self.operand(pattern, Some(&Node::Symbol("~~".to_owned())));
        if let Some(escape) = escape {
            let pattern = self.out.split_off(start);
            self.at += 1;
            self.operand(escape, None);
            let escape = self.out.split_off(start);
            self.out.extend(call("like_escape", [pattern, escape]));
            self.operand = start;
        }
        true
    }
}

/// A column's name and type.
fn typed(column: &[Node]) -> Option<(Part, Part)> {
    let (name, rest) = column.split_first()?;
    let (ty, count) = type_at(rest).filter(|(_, count)| *count == rest.len())?;
    let mut out = Vec::new();
    spell_operand(std::slice::from_ref(name), None, None, &mut out);
    (count > 0).then(|| (out.remove(0), Part::Type(ty)))
}

/// How many nodes the operand at the start of these takes, with its signs (if `signed`), casts and subscripts.
fn extent(nodes: &[Node], signed: bool) -> Option<usize> {
    let signs = if signed { signs(nodes) } else { 0 };
    let rest = &nodes[signs..];
    let primary = match rest {
        [Node::Word(first), ..] if is_builtin(first) && literal_of_type(rest).is_some() => literal_of_type(rest)?.1,
        [Node::Word(name), Node::Group(_), ..] if !BEFORE_OPERANDS.contains(&name.to_lowercase().as_str()) => 2,
        [Node::Word(name), Node::Square(_), ..] if is_sequence(name) => 2,
        [Node::Word(word), ..] => {
            let word = word.to_lowercase();
            if is_reserved(&word) && !matches!(word.as_str(), "null" | "true" | "false" | "default") {
                return None;
            }
            1
        }
        [Node::Name(_), Node::Group(_), ..] => 2,
        [Node::Symbol(_) | Node::Square(_), ..] | [] => return None,
        _ => 1,
    };
    let mut taken = signs + primary;
    while let Some(count) = postfix(&nodes[taken..]) {
        taken += count;
    }
    Some(taken)
}

/// How many signs these nodes start with.
fn signs(nodes: &[Node]) -> usize {
    nodes.iter().take_while(|node| matches!(node, Node::Symbol(symbol) if symbol == "-" || symbol == "+")).count()
}

/// How many nodes the cast, subscript or field at the start of these takes.
fn postfix(nodes: &[Node]) -> Option<usize> {
    match nodes {
        [Node::Symbol(symbol), rest @ ..] if symbol == "::" => type_at(rest).map(|(_, count)| count + 1),
        [Node::Square(_), ..] => Some(1),
        [Node::Symbol(symbol), field, ..] if symbol == "." => match field {
            Node::Word(_) | Node::Name(_) => Some(2),
            Node::Symbol(star) if star == "*" => Some(2),
            _ => None,
        },
        _ => None,
    }
}

/// Appends the spelling of an operand.
fn spell_operand(mut nodes: &[Node], before: Option<&Node>, after: Option<&Node>, out: &mut Vec<Part>) {
    while let [Node::Symbol(sign), rest @ ..] = nodes {
        nodes = match rest {
            // A negative number is a literal to the server: in `-1::text` minus one is cast.
            [Node::Number(number), more @ ..] if sign == "-" && !is_zero(number) => {
                out.push(other(format!("-{}", spelled_number(number))));
                postfixes(more, out);
                return;
            }
            rest => {
                out.push(other(sign.as_str()));
                rest
            }
        };
    }
    let taken = primary(nodes, before, after, out);
    postfixes(&nodes[taken..], out);
}

/// Appends casts, subscripts and fields; how many nodes they take.
fn postfixes(nodes: &[Node], out: &mut Vec<Part>) -> usize {
    let mut taken = 0;
    while let Some(count) = postfix(&nodes[taken..]) {
        match &nodes[taken..taken + count] {
            [Node::Square(items)] => list("[", items, "]", out),
            [Node::Symbol(point), field] if point == "." => out.extend([
                other("."),
                match field {
                    Node::Word(word) => Part::Name(vec![word.to_lowercase()]),
                    Node::Name(name) => Part::Name(name.parts.clone()),
                    _ => other("*"),
                },
            ]),
            cast => out.extend(type_at(&cast[1..]).into_iter().flat_map(|(ty, _)| [other("::"), Part::Type(ty)])),
        }
        taken += count;
    }
    taken
}

/// Appends the spelling of an operand without its signs, casts and subscripts; how many nodes it takes.
fn primary(nodes: &[Node], before: Option<&Node>, after: Option<&Node>, out: &mut Vec<Part>) -> usize {
    if let Some((parts, taken)) = literal_of_type(nodes) {
        out.extend(parts);
        return taken;
    }
    match nodes {
        [Node::Word(name), Node::Group(items), ..] => {
            let name = name.to_lowercase();
            out.extend(special(&name, items).unwrap_or_else(|| called(vec![name], items)));
            return 2;
        }
        [Node::Word(name), Node::Square(items), ..] if is_sequence(name) => {
            out.extend(sequence(name, items));
            return 2;
        }
        // Functions of the system that are called without brackets, as the server may print them: with.
        [Node::Name(name), Node::Group(items), ..]
            if items.iter().all(Vec::is_empty) && name.is_system() && STANDING.contains(&name.last()) =>
        {
            out.push(Part::Word(name.last().to_owned()));
            return 2;
        }
        [Node::Name(name), Node::Group(items), ..] => {
            out.extend(called(unqualified(&name.parts), items));
            return 2;
        }
        [Node::Word(word), ..] => out.push(Part::Word(word.to_lowercase())),
        [Node::Name(name), ..] => out.push(Part::Name(unqualified(&name.parts))),
        [Node::Number(number), ..] => out.push(other(spelled_number(number))),
        [Node::Text(text) | Node::Secret(text), ..] => out.push(other(quote_text(text))),
        // `X'00'`
        [Node::Sql(text), ..] => out.push(other(text.replacen('x', "X", 1))),
        [Node::Group(items), more @ ..] => group(items, before, more.first().or(after), out),
        _ => return 0,
    }
    1
}

const STANDING: &[&str] = &["current_catalog", "current_role", "current_timestamp", "current_user", "session_user"];

/// The name without one of the schemas that every search path has.
fn unqualified(parts: &[String]) -> Vec<String> {
    match parts {
        [schema, name] if schema == "pg_catalog" || schema == "mz_catalog" => vec![name.clone()],
        parts => parts.to_vec(),
    }
}

fn is_zero(number: &str) -> bool {
    !number.bytes().any(|digit| matches!(digit, b'1'..=b'9'))
}

/// A number as the server's lexer has it: `1e+5` is `1E5`.
fn spelled_number(number: &str) -> String {
    number.to_uppercase().replace("E+", "E")
}

/// `date '2020-01-01'`, which is `'2020-01-01'::date`, and `INTERVAL '1' DAYS`.
fn literal_of_type(nodes: &[Node]) -> Option<(Vec<Part>, usize)> {
    let [Node::Word(first), ..] = nodes else { return None };
    if !is_builtin(first) {
        return None;
    }
    let (ty, count) = type_at(nodes)?;
    let Some(Node::Text(text)) = nodes.get(count) else { return None };
    if !first.eq_ignore_ascii_case("interval") {
        return Some((vec![other(quote_text(text)), other("::"), Part::Type(ty)], count + 1));
    }
    let mut out = vec![other("interval"), other(quote_text(text))];
    let mut taken = count + 1;
    if let Some(low) = unit(nodes.get(taken)) {
        taken += 1;
        let low = match (is(nodes.get(taken), "to"), unit(nodes.get(taken + 1))) {
            (true, Some(high)) => {
                taken += 2;
                if low == "year" { high.to_owned() } else { format!("{low} to {high}") }
            }
            _ => low.to_owned(),
        };
        // Down to seconds is what an interval is without any unit.
        if low != "second" || matches!(nodes.get(taken), Some(Node::Group(_))) {
            out.push(other(low));
        }
    }
    Some((out, taken))
}

/// A unit of an interval, in the singular.
fn unit(node: Option<&Node>) -> Option<&'static str> {
    let word = word(node);
    ["year", "month", "day", "hour", "minute", "second"].into_iter().find(|unit| word.trim_end_matches('s') == *unit)
}

fn is_sequence(word: &str) -> bool {
    ["array", "list", "map"].iter().any(|sequence| word.eq_ignore_ascii_case(sequence))
}

/// `ARRAY[…]`. Sequences in it may leave out the word: `ARRAY[[1], [2]]`.
fn sequence(word: &str, items: &[Vec<Node>]) -> Vec<Part> {
    let mut out = vec![Part::Word(word.to_lowercase()), other("[")];
    for item in items {
        match item.as_slice() {
            [Node::Square(inner)] if !word.eq_ignore_ascii_case("map") => out.extend(sequence(word, inner)),
            item => out.extend(spell(item)),
        }
        out.push(other(","));
    }
    out.push(other("]"));
    out
}

/// Appends what is in brackets: without them where they mean nothing.
fn group(items: &[Vec<Node>], before: Option<&Node>, after: Option<&Node>, out: &mut Vec<Part>) {
    let listed = matches!(before, Some(Node::Symbol(symbol)) if symbol == ",");
    let binds_tighter = match after {
        Some(Node::Square(_)) => true,
        Some(Node::Symbol(symbol)) => symbol == ".",
        _ => false,
    };
    match items {
        // `ORDER BY a, (2)` is by a number, and not by a column.
        [item] if starts_operand(before) && !listed && !binds_tighter && is_tight(item) => out.extend(spell(item)),
        // `(a, b)` is `ROW(a, b)`.
        [_, _, ..] if starts_operand(before) => out.extend(called(vec!["row".to_owned()], items)),
        items => list("(", items, ")", out),
    }
}

/// Whether these nodes bind as tight as a cast, and so need no brackets.
fn is_tight(nodes: &[Node]) -> bool {
    let nodes = bare(nodes);
    // A sign binds less, unless it is that of a literal.
    let signed = matches!(nodes, [Node::Symbol(minus), Node::Number(number), ..] if minus == "-" && !is_zero(number));
    let Some(mut taken) = extent(nodes, signed) else { return false };
    loop {
        let rest = &nodes[taken..];
        taken += match rest {
            [] => return true,
            // It becomes a call.
            [a, time, zone, rest @ ..] if is(Some(a), "at") && is(Some(time), "time") && is(Some(zone), "zone") => {
                match extent(rest, true) {
                    Some(count) => 3 + count,
                    None => return false,
                }
            }
            [word, Node::Group(_), ..] if is(Some(word), "filter") || is(Some(word), "over") => 2,
            _ => return false,
        };
    }
}

/// Whether a bracket behind this node starts an operand, and not a list of something.
fn starts_operand(before: Option<&Node>) -> bool {
    match before {
        None => true,
        Some(Node::Symbol(symbol)) => symbol != "::" && symbol != ".",
        Some(node @ Node::Word(_)) => {
            let words = ["and", "or", "not", "case", "when", "then", "else", "between", "like", "ilike", "zone"];
            words.contains(&word(Some(node)).as_str())
        }
        _ => false,
    }
}

fn list(open: &str, items: &[Vec<Node>], close: &str, out: &mut Vec<Part>) {
    out.push(other(open));
    for item in items {
        out.extend(spell(item));
        out.push(other(","));
    }
    out.push(other(close));
}

/// A call whose arguments are spelled already.
fn call<const N: usize>(name: &str, arguments: [Vec<Part>; N]) -> Vec<Part> {
    let mut out = vec![Part::Name(vec![name.to_owned()]), other("(")];
    for argument in arguments {
        out.extend_from_slice(unbracketed(&argument));
        out.push(other(","));
    }
    out.push(other(")"));
    out
}

/// The parts without brackets around the whole, as an argument of a call is.
fn unbracketed(parts: &[Part]) -> &[Part] {
    let [open, inner @ .., comma, close] = parts else { return parts };
    if !(open.is_other("(") && comma.is_other(",") && close.is_other(")")) {
        return parts;
    }
    let mut depth = 0usize;
    for part in inner {
        let Part::Other(text) = part else { continue };
        match text.as_str() {
            "(" | "[" => depth += 1,
            ")" | "]" if depth == 0 => return parts,
            ")" | "]" => depth -= 1,
            "," if depth == 0 => return parts,
            _ => {}
        }
    }
    inner
}

fn called(name: Vec<String>, items: &[Vec<Node>]) -> Vec<Part> {
    let mut out = vec![Part::Name(name)];
    match items {
        // `count(ALL x)`
        [first, more @ ..] if is(first.first(), "all") && first.len() > 1 => {
            let items: Vec<Vec<Node>> = std::iter::once(first[1..].to_vec()).chain(more.iter().cloned()).collect();
            list("(", &items, ")", &mut out);
        }
        items => list("(", items, ")", &mut out),
    }
    out
}

/// Calls with a grammar of their own.
fn special(name: &str, items: &[Vec<Node>]) -> Option<Vec<Part>> {
    let [item, more @ ..] = items else { return None };
    match name {
        "cast" if more.is_empty() => {
            let at = item.iter().rposition(|node| is(Some(node), "as"))?;
            let (ty, _) = type_at(&item[at + 1..]).filter(|(_, count)| at + 1 + count == item.len())?;
            let mut out = Vec::new();
            group(&[item[..at].to_vec()], None, None, &mut out);
            out.extend([other("::"), Part::Type(ty)]);
            Some(out)
        }
        "extract" if more.is_empty() => {
            let [field, from, time @ ..] = item.as_slice() else { return None };
            let field = match field {
                Node::Word(word) => word.to_lowercase(),
                Node::Text(text) => text.clone(),
                Node::Name(name) if name.parts.len() == 1 => name.last().to_owned(),
                _ => return None,
            };
            is(Some(from), "from").then(|| call(name, [vec![other(quote_text(&field))], spell(time)]))
        }
        "position" if more.is_empty() => {
            let (needle, text) = split(item, "in")?;
            Some(call(name, [spell(needle), spell(text)]))
        }
        "substring" if more.is_empty() => match (split(item, "from"), split(item, "for")) {
            (Some((text, from)), _) => Some(match split(from, "for") {
                Some((from, count)) => call(name, [spell(text), spell(from), spell(count)]),
                None => call(name, [spell(text), spell(from)]),
            }),
            (None, Some((text, count))) => Some(call(name, [spell(text), vec![other("1")], spell(count)])),
            (None, None) => None,
        },
        "trim" if more.is_empty() => {
            let side = word(item.first());
            let (name, item) = match side.as_str() {
                "leading" => ("ltrim", &item[1..]),
                "trailing" => ("rtrim", &item[1..]),
                "both" => ("btrim", &item[1..]),
                _ => ("btrim", item.as_slice()),
            };
            Some(match split(item, "from") {
                Some(([], text)) => call(name, [spell(text)]),
                Some((characters, text)) => call(name, [spell(text), spell(characters)]),
                None => call(name, [spell(item)]),
            })
        }
        "normalize" => match more {
            [] => Some(call(name, [spell(item), vec![other("'NFC'")]])),
            [form] => match form.as_slice() {
                [Node::Word(form)] => Some(call(name, [spell(item), vec![other(quote_text(&form.to_uppercase()))]])),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// What is before and behind a keyword; the `FROM` of `IS DISTINCT FROM` is not that keyword.
fn split<'a>(nodes: &'a [Node], keyword: &str) -> Option<(&'a [Node], &'a [Node])> {
    let of_distinct = |at: usize| at.checked_sub(1).is_some_and(|at| is(nodes.get(at), "distinct"));
    let at = (0..nodes.len()).find(|at| is(nodes.get(*at), keyword) && !of_distinct(*at))?;
    Some((&nodes[..at], &nodes[at + 1..]))
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

/// Whether two runs of parts are the same. `also` decides on pairs that differ. `AS` before an alias may be missing.
pub(super) fn same_parts(a: &[Part], b: &[Part], mut also: impl FnMut(&Part, &Part) -> bool) -> bool {
    let (mut i, mut j) = (0, 0);
    let alias = |part: Option<&Part>| part.is_some_and(|part| part.name().is_some_and(|name| name.len() == 1));
    let mut named = false;
    while i < a.len() && j < b.len() {
        match (a[i].is_word("as"), b[j].is_word("as")) {
            (true, true) => {
                (i, j, named) = (i + 1, j + 1, true);
                continue;
            }
            (true, false) if alias(b.get(j)) => i += 1,
            (false, true) if alias(a.get(i)) => j += 1,
            _ => {}
        }
        let (Some(x), Some(y)) = (a.get(i), b.get(j)) else { return false };
        // Behind `AS` any word is a name.
        let reserved = match (x, y) {
            (Part::Name(name), Part::Word(word)) | (Part::Word(word), Part::Name(name)) => {
                named && *name == [word.as_str()]
            }
            _ => false,
        };
        if !(x == y || reserved || (x.name().is_some() && x.name() == y.name()) || also(x, y)) {
            return false;
        }
        (i, j, named) = (i + 1, j + 1, false);
    }
    i == a.len() && j == b.len()
}
