//! Data types compared by meaning. What the user writes (`varchar(20)`, `INT`), what `mz_columns` shows (`character
//! varying`) and what `create_sql` has (`[s56 AS "pg_catalog"."varchar"](20)`) name the same types.

use std::fmt::Write;

use super::{Name, Node, parse};

/// Built-in types: the name in the catalog, the name in `mz_columns`, and further bare spellings. Source: Materialize's
/// documentation of data types, and what its parser makes of `CREATE TABLE`. The aliases are keywords: quoted or with
/// a schema they name nothing.
const TYPES: &[(&str, &str, &[&str])] = &[
    ("bool", "boolean", &["boolean"]),
    ("bpchar", "character", &["character", "char"]),
    ("bytea", "bytea", &["bytes"]),
    ("date", "date", &[]),
    ("float4", "real", &["real"]),
    ("float8", "double precision", &["double precision", "double", "float"]),
    ("int2", "smallint", &["smallint"]),
    ("int4", "integer", &["integer", "int"]),
    ("int8", "bigint", &["bigint"]),
    ("interval", "interval", &[]),
    ("jsonb", "jsonb", &["json"]),
    ("numeric", "numeric", &["decimal", "dec"]),
    ("oid", "oid", &[]),
    ("text", "text", &["string"]),
    ("time", "time", &["time without time zone"]),
    ("timestamp", "timestamp without time zone", &["timestamp without time zone"]),
    ("timestamptz", "timestamp with time zone", &["timestamp with time zone"]),
    ("uuid", "uuid", &[]),
    ("varchar", "character varying", &["character varying", "char varying"]),
    ("mz_timestamp", "mz_timestamp", &[]),
    ("uint2", "uint2", &[]),
    ("uint4", "uint4", &["uint"]),
    ("uint8", "uint8", &[]),
];

/// Whether two data types are the same. A name without a schema is that of any schema, since the search path decides.
pub fn same_type(a: &str, b: &str) -> bool {
    match (read(a), read(b)) {
        (Some(a), Some(b)) => a.same(&b),
        _ => a.trim() == b.trim(),
    }
}

/// The data type by its name in the catalog: `VARCHAR (20)` is `varchar(20)`, `int list` is `int4 list`. Text that is
/// no data type stays as it is.
pub fn canonical_type(text: &str) -> String {
    read(text).map_or_else(|| text.trim().to_owned(), |ty| ty.print(false))
}

/// The data type as Materialize's parser takes it: two spellings which the official provider has besides are written out.
pub fn accepted_type(text: &str) -> &str {
    let is = |spelling: &str| text.trim().eq_ignore_ascii_case(spelling);
    match text {
        _ if is("uint") => "uint4",
        _ if is("double") => "double precision",
        text => text,
    }
}

/// The data type behind the column's name in a column's definition, by its name in `mz_columns` and with its
/// modifiers: `character varying(20)`.
pub fn column_type(definition: &[Node]) -> Option<String> {
    let (Node::Name(_) | Node::Word(_), rest) = definition.split_first()? else { return None };
    Some(Type::at(rest)?.0.print(true))
}

/// The type at the start of these nodes, by its name in the catalog, and how many nodes it takes.
pub(super) fn type_at(nodes: &[Node]) -> Option<(String, usize)> {
    Type::at(nodes).map(|(ty, count)| (ty.print(false), count))
}

/// Whether a bare word is, or starts, the name of a built-in type.
pub(super) fn is_builtin(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    TYPES.iter().any(|(name, _, more)| *name == word || more.contains(&word.as_str()))
}

fn read(text: &str) -> Option<Type> {
    let statement = parse(text).ok()?;
    let (ty, count) = Type::at(&statement.nodes)?;
    (count == statement.nodes.len()).then_some(ty)
}

enum Type {
    /// The parts of a name, and the modifiers behind it.
    Named(Vec<String>, Vec<String>),
    List(Box<Type>),
    Array(Box<Type>),
    Map(Box<Type>, Box<Type>),
}

impl Type {
    /// The type at the start of these nodes, and how many nodes it takes.
    fn at(nodes: &[Node]) -> Option<(Self, usize)> {
        let (mut ty, mut count) = Self::base(nodes)?;
        while let Some(node) = nodes.get(count) {
            ty = match node {
                Node::Word(word) if word.eq_ignore_ascii_case("list") => Type::List(Box::new(ty)),
                Node::Square(items) if items.is_empty() => Type::Array(Box::new(ty)),
                _ => break,
            };
            count += 1;
        }
        Some((ty, count))
    }

    fn base(nodes: &[Node]) -> Option<(Self, usize)> {
        match nodes {
            [Node::Word(word), Node::Square(items), ..] if word.eq_ignore_ascii_case("map") => {
                let [item] = items.as_slice() else { return None };
                let (key, at) = Self::at(item)?;
                let (Node::Symbol(arrow), rest) = item[at..].split_first()? else { return None };
                let (value, count) = Self::at(rest)?;
                let whole = arrow == "=>" && count == rest.len();
                whole.then(|| (Type::Map(Box::new(key), Box::new(value)), 2))
            }
            [Node::Name(name), rest @ ..] => {
                let (modifiers, count) = modifiers(rest);
                (!name.parts.is_empty()).then(|| (Type::Named(name.parts.clone(), modifiers), 1 + count))
            }
            [Node::Word(_), ..] => Some(Self::bare(nodes)),
            _ => None,
        }
    }

    /// A type written in bare words, of which there is at least one. Modifiers may stand among the words:
    /// `timestamp (3) with time zone`.
    fn bare(nodes: &[Node]) -> (Self, usize) {
        let mut best: Option<(&str, Vec<String>, usize)> = None;
        for (name, _, more) in TYPES {
            for spelling in more.iter().chain([name]) {
                if let Some((modifiers, count)) = spelled(nodes, spelling)
                    && best.as_ref().is_none_or(|(_, _, most)| count > *most)
                {
                    best = Some((name, modifiers, count));
                }
            }
        }
        match best {
            Some((name, modifiers, count)) => {
                let float = |p: &u32| (1..=24).contains(p) && super::starts_with(nodes, "float");
                let small = modifiers.first().and_then(|p| p.parse().ok()).filter(float);
                let (name, modifiers) = match name {
                    // `float(p)` only says which of the two floats is meant.
                    "float8" => (if small.is_some() { "float4" } else { "float8" }, Vec::new()),
                    name => (name, modifiers),
                };
                let schema =
                    if name.starts_with("uint") || name.starts_with("mz_") { "mz_catalog" } else { "pg_catalog" };
                (Type::Named(vec![schema.to_owned(), name.to_owned()], modifiers), count)
            }
            None => {
                let word = if let Node::Word(word) = &nodes[0] { word.to_ascii_lowercase() } else { String::new() };
                let (modifiers, count) = modifiers(&nodes[1..]);
                (Type::Named(vec![word], modifiers), 1 + count)
            }
        }
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Type::Named(a, a_modifiers), Type::Named(b, b_modifiers)) => {
                (a.ends_with(b) || b.ends_with(a)) && effective(a, a_modifiers) == effective(b, b_modifiers)
            }
            (Type::List(a), Type::List(b)) | (Type::Array(a), Type::Array(b)) => a.same(b),
            (Type::Map(a, a_value), Type::Map(b, b_value)) => a.same(b) && a_value.same(b_value),
            _ => false,
        }
    }

    /// `shown`: by the names in `mz_columns`; otherwise by those in the catalog, and with effective modifiers.
    fn print(&self, shown: bool) -> String {
        match self {
            Type::List(inner) => format!("{} list", inner.print(shown)),
            Type::Array(inner) => format!("{}[]", inner.print(shown)),
            Type::Map(key, value) => format!("map[{}=>{}]", key.print(shown), value.print(shown)),
            Type::Named(parts, modifiers) => {
                let name = Name::new(parts);
                let known = TYPES.iter().find(|(known, ..)| name.is_system() && *known == name.last());
                let mut text = match known {
                    Some((_, words, _)) if shown => (*words).to_owned(),
                    Some((known, ..)) => (*known).to_owned(),
                    None if name.is_system() => Name::new([name.last()]).to_string(),
                    None => name.to_string(),
                };
                let modifiers = if shown { modifiers.clone() } else { effective(parts, modifiers) };
                if !modifiers.is_empty() {
                    // `timestamp(3) with time zone`, but `character varying(20)`.
                    let end = if text.starts_with("timestamp ") { "timestamp".len() } else { text.len() };
                    let rest = text.split_off(end);
                    write!(text, "({}){rest}", modifiers.join(",")).unwrap_or_default();
                }
                text
            }
        }
    }
}

/// The modifiers that mean something: Materialize ignores the precision of `numeric`, which is always 39.
fn effective(parts: &[String], modifiers: &[String]) -> Vec<String> {
    let mut modifiers = modifiers.to_vec();
    if let (Some("numeric"), Some(precision)) = (parts.last().map(String::as_str), modifiers.first_mut()) {
        "39".clone_into(precision);
    }
    modifiers
}

/// The numbers in brackets at the start of these nodes, and how many nodes that is: 1 or 0.
fn modifiers(nodes: &[Node]) -> (Vec<String>, usize) {
    let number = |item: &Vec<Node>| super::as_number(item).map(str::to_owned);
    match nodes.first() {
        Some(Node::Group(items)) if !items.is_empty() => match items.iter().map(number).collect() {
            Some(numbers) => (numbers, 1),
            None => (Vec::new(), 0),
        },
        _ => (Vec::new(), 0),
    }
}

/// Whether nodes start with this spelling: its modifiers, and how many nodes it takes.
fn spelled(nodes: &[Node], spelling: &str) -> Option<(Vec<String>, usize)> {
    let (mut found, mut at) = (Vec::new(), 0);
    for word in spelling.split(' ') {
        if !super::starts_with(&nodes[at..], word) {
            return None;
        }
        at += 1;
        if found.is_empty() {
            let (numbers, count) = modifiers(&nodes[at..]);
            (found, at) = (numbers, at + count);
        }
    }
    Some((found, at))
}

#[cfg(test)]
mod tests {
    use super::{canonical_type, same_type};

    #[test]
    fn spellings_of_a_type_are_the_same() {
        for (canonical, spellings) in [
            (
                "int4",
                &["int", "INTEGER", " Int4 ", "pg_catalog.int4", "\"int4\"", "[s20 AS \"pg_catalog\".\"int4\"]"][..],
            ),
            ("int2", &["smallint", "SMALLINT", "int2"]),
            ("int8", &["bigint", "int8"]),
            ("uint4", &["uint4", "uint", "UINT"]),
            ("uint8", &["uint8", "[s70 AS \"mz_catalog\".\"uint8\"]"]),
            ("float4", &["real", "float4", "float(24)"]),
            ("float8", &["double precision", "DOUBLE  PRECISION", "double", "float", "float8", "float(25)"]),
            ("bool", &["boolean", "bool"]),
            ("text", &["text", "TEXT", "string", "[s46 AS \"pg_catalog\".\"text\"]"]),
            ("bytea", &["bytea", "bytes"]),
            ("jsonb", &["json", "jsonb"]),
            ("varchar", &["varchar", "character varying", "char varying"]),
            (
                "varchar(20)",
                &["varchar(20)", "VARCHAR (20)", "character varying ( 20 )", "[s56 AS \"pg_catalog\".\"varchar\"](20)"],
            ),
            ("bpchar(3)", &["char(3)", "character(3)", "bpchar(3)", "[s10 AS \"pg_catalog\".\"bpchar\"](3)"]),
            ("numeric", &["numeric", "decimal", "dec"]),
            (
                "numeric(39,2)",
                &["numeric(10,2)", "DECIMAL( 10 , 2 )", "numeric(39, 2)", "[s32 AS \"pg_catalog\".\"numeric\"](10, 2)"],
            ),
            (
                "timestamp",
                &[
                    "timestamp", "timestamp without time zone", "[s50 AS \"pg_catalog\".\"timestamp\"]",
                    "pg_catalog.timestamp",
                ],
            ),
            ("timestamptz", &["timestamptz", "timestamp with time zone", "TIMESTAMP /* ! */ WITH TIME ZONE"]),
            ("timestamp(3)", &["timestamp(3)", "timestamp (3) without time zone"]),
            ("timestamptz(3)", &["timestamptz(3)", "timestamp(3) with time zone"]),
            ("int4 list", &["int list", "INTEGER LIST", "[s20 AS \"pg_catalog\".\"int4\"] list"]),
            ("int4[]", &["int[]", "integer [ ]", "[s20 AS \"pg_catalog\".\"int4\"][]"]),
            (
                "map[text=>int4 list]",
                &[
                    "map[text=>int list]",
                    "MAP [ text => integer list ]",
                    "map[[s46 AS \"pg_catalog\".\"text\"]=>[s20 AS \"pg_catalog\".\"int4\"] list]",
                ],
            ),
            ("\"address\"", &["address", "Address", "\"address\""]),
        ] {
            for spelling in spellings {
                // A name without a schema is of any schema, and so has no one canonical form.
                if !spelling.starts_with("\"int4") {
                    assert_eq!(canonical_type(spelling), canonical, "{spelling}");
                }
                for other in spellings {
                    assert!(same_type(spelling, other), "{spelling} = {other}");
                }
            }
        }
        assert!(same_type("address", "[u29 AS \"materialize\".\"objects\".\"address\"]"));
        assert!(same_type("objects.address list", "[u29 AS \"materialize\".\"objects\".\"address\"] list"));
    }

    #[test]
    fn different_types_differ() {
        for (a, b) in [
            ("int", "bigint"),
            ("int4", "uint4"),
            ("text", "varchar"),
            ("varchar(20)", "varchar(21)"),
            ("varchar", "varchar(20)"),
            ("char", "\"char\""),
            ("char", "char(3)"),
            ("numeric(10,2)", "numeric(10,3)"),
            ("numeric(10)", "numeric"),
            ("timestamp", "timestamptz"),
            ("timestamp(3)", "timestamp(6)"),
            ("timestamp(3)", "timestamp(3) with time zone"),
            ("float(24)", "float(25)"),
            ("int", "int list"),
            ("int list", "int list list"),
            ("int[]", "int list"),
            ("map[text=>int]", "map[text=>bigint]"),
            ("\"Address\"", "address"),
            ("a.address", "b.address"),
            ("int4", "public.int4"),
            ("\"integer\"", "int4"),
            ("int4", "'int4"),
        ] {
            assert!(!same_type(a, b), "{a} = {b}");
            assert!(!same_type(b, a), "{b} = {a}");
        }
        for text in ["", "int4 int4", "map[text]", "()", "'x'", "'x"] {
            assert_eq!(canonical_type(text), text);
            assert!(same_type(text, text));
        }
    }
}
