//! Columns of a database's tables, as configurations name them: `public.customers.note`.

use crate::sql::{self, Name, Node};
use crate::value::Value;

/// The column that a configuration names: SQL, so that what is not quoted is in small letters.
pub fn column(text: &str) -> Name {
    match sql::parse(text).map(|statement| statement.nodes).as_deref() {
        Ok([Node::Name(name)]) => name.clone(),
        Ok([Node::Word(word)]) => Name::new([word.to_ascii_lowercase()]),
        _ => Name::new([text]),
    }
}

pub fn columns(value: &Value) -> Vec<Name> {
    value.items().iter().filter_map(Value::as_text).map(column).collect()
}

/// Whether two columns are the same, where one may be qualified further than the other: the server puts the database
/// before them.
pub fn same_column(a: &Name, b: &Name) -> bool {
    a.parts.ends_with(&b.parts) || b.parts.ends_with(&a.parts)
}

pub fn same_columns(a: &Value, b: &Value) -> bool {
    let (a, b) = (columns(a), columns(b));
    a.len() == b.len() && a.iter().all(|a| b.iter().any(|b| same_column(a, b)))
}

/// A name as one would write it, with quotes only where they are needed.
pub fn written(parts: &[&str]) -> String {
    let plain = |part: &str| {
        part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            && !part.starts_with(|c: char| c.is_ascii_digit())
    };
    let part = |part: &&str| if plain(part) { (*part).to_owned() } else { sql::quote_ident(part) };
    parts.iter().map(part).collect::<Vec<_>>().join(".")
}
