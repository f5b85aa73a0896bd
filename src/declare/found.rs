//! What a read found: rows, and the parsed `create_sql`.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use super::{Key, reference_block};
use crate::catalog::Row;
use crate::diag::{Diagnostic, Diagnostics};
use crate::sql::{self, Name, Statement};
use crate::value::Value;

/// The rows of a resource's lookups, in the order of the lookups.
pub struct Found<'a> {
    pub key: &'a Key,
    pub rows: Vec<Vec<Row>>,
    /// The state before; null when there is none (import, after create).
    pub prior: &'a Value,
    /// Whether this provider has applied the state before: else what it does not have may only be not recorded, as after
    /// an import by another provider.
    pub recorded: bool,
    parsed: OnceCell<Statement>,
    /// The ids of the objects that attributes name, by the attribute's path.
    pub refs: RefCell<BTreeMap<String, String>>,
    /// What the user should know.
    pub warnings: RefCell<Diagnostics>,
}

impl<'a> Found<'a> {
    pub fn new(key: &'a Key, rows: Vec<Vec<Row>>, prior: &'a Value) -> Self {
        Self {
            key,
            rows,
            prior,
            recorded: true,
            parsed: OnceCell::new(),
            refs: RefCell::default(),
            warnings: RefCell::default(),
        }
    }

    /// A column of the main row, if there is a row and the column is not null.
    pub fn get(&self, column: &str) -> Option<&str> {
        self.rows.first()?.first()?.get(column)
    }

    /// The object's catalog id.
    pub fn id(&self) -> &str {
        self.get("id").unwrap_or_default()
    }

    /// The rows of a further lookup.
    pub fn more(&self, lookup: usize) -> &[Row] {
        self.rows.get(lookup).map_or(&[], Vec::as_slice)
    }

    /// The `create_sql` of the main row, parsed; empty if there is none, or if it is [illegible](Self::illegible).
    pub fn create_sql(&self) -> &Statement {
        self.parsed.get_or_init(|| self.get("create_sql").and_then(|text| sql::parse(text).ok()).unwrap_or_default())
    }

    /// What is wrong with the first `create_sql` that cannot be parsed. To take it for one that says nothing would be to
    /// report all that it says as gone.
    pub fn illegible(&self) -> Option<String> {
        let statements = self.rows.iter().flatten().filter_map(|row| row.get("create_sql"));
        statements.filter_map(|text| sql::parse(text).err()).map(|error| error.to_string()).next()
    }

    /// Notes which object the attribute at this path names, for comparing references by id.
    pub fn refers(&self, path: &str, id: &str) {
        self.refs.borrow_mut().insert(path.to_owned(), id.to_owned());
    }

    /// The block that names this object, if there is one; and notes that the block at this path does.
    pub fn reference(&self, path: &str, name: Option<&Name>) -> Value {
        if let Some(id) = name.and_then(|name| name.id.as_deref()) {
            self.refers(path, id);
        }
        name.map_or_else(|| Value::list([]), reference_block)
    }

    /// What the state has at this place of a list of blocks; null if it has none there.
    pub fn before(&self, blocks: &str, at: usize) -> &'a Value {
        self.prior.get(blocks).items().get(at).unwrap_or(&Value::Null)
    }

    /// Tells the user something that is no error.
    pub fn warn(&self, warning: Diagnostic) {
        self.warnings.borrow_mut().push(warning);
    }

    /// A part of the id's key; where the names were the key, what the state says of the attribute.
    pub fn told(&self, part: usize, attr: &str) -> &str {
        match self.key {
            Key::Parts(_) => self.part(part),
            Key::Names(_) => self.prior.get(attr).as_text().unwrap_or_default(),
        }
    }

    /// A part of the id's key.
    pub fn part(&self, index: usize) -> &str {
        match self.key {
            Key::Parts(parts) => parts.get(index).map_or("", String::as_str),
            Key::Names(_) => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_that_is_not_understood_is_told() {
        let key = Key::Parts(Vec::new());
        let found = |texts: &[&str]| {
            let rows = texts.iter().map(|text| vec![Row::of("create_sql", text)]).collect();
            Found::new(&key, rows, &Value::Null).illegible()
        };
        assert_eq!(found(&["CREATE TABLE \"d\".\"s\".\"t\" (\"a\" \"int4\")"]), None);
        assert!(found(&["CREATE TABLE \"t\"", "CREATE SOURCE \"s"]).is_some());
    }
}
