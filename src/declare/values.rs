//! A typed view of an object's values, for the pure functions of a resource.

use std::borrow::Cow;

use super::same;
use crate::sql::Name;
use crate::value::{Number, Value};

/// The values of one object or block. Null and "not set" are the same thing here: a reader that finds nothing
/// returns `None` or an empty collection. Unknown values do not occur: statements are made when all is known.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    value: &'a Value,
    /// The configuration, where write-only values are.
    config: &'a Value,
}

impl<'a> Values<'a> {
    pub fn new(value: &'a Value, config: &'a Value) -> Self {
        Self { value, config }
    }

    pub fn get(&self, name: &str) -> &'a Value {
        self.value.get(name)
    }

    /// A text that is not empty.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.get(name).as_text().filter(|text| !text.is_empty())
    }

    /// A text that a law or a required attribute promises to be there.
    pub fn str(&self, name: &str) -> &'a str {
        self.text(name).unwrap_or_default()
    }

    /// The identifier that a text means which may stand in quotes of its own, if it is set.
    pub fn identifier(&self, name: &str) -> Option<Cow<'a, str>> {
        self.text(name).map(same::identifier)
    }

    /// The same for each text of a list.
    pub fn identifiers(&self, name: &str) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        self.texts(name).into_iter().map(same::identifier)
    }

    /// A write-only text, from the configuration.
    pub fn write_only(&self, name: &str) -> Option<&'a str> {
        self.config.get(name).as_text()
    }

    pub fn is_true(&self, name: &str) -> bool {
        self.get(name).as_bool() == Some(true)
    }

    /// A boolean, if set.
    pub fn bool(&self, name: &str) -> Option<bool> {
        self.get(name).as_bool()
    }

    /// A number, if set; 0 is a number.
    pub fn number(&self, name: &str) -> Option<&'a Number> {
        self.get(name).as_number()
    }

    /// A number for which 0 means "not set", as in the states of the official provider.
    pub fn positive(&self, name: &str) -> Option<&'a Number> {
        self.number(name).filter(|number| **number != Number::from(0))
    }

    /// The texts of a list.
    pub fn texts(&self, name: &str) -> Vec<&'a str> {
        self.get(name).items().iter().filter_map(Value::as_text).collect()
    }

    /// The blocks of this name.
    pub fn blocks(&self, name: &str) -> impl Iterator<Item = Values<'a>> + use<'a> {
        let configured = self.config.get(name).items();
        let items = self.get(name).items();
        items
            .iter()
            .enumerate()
            .map(move |(i, value)| Values { value, config: configured.get(i).unwrap_or(&Value::Null) })
    }

    /// The first block of this name.
    pub fn block(&self, name: &str) -> Option<Values<'a>> {
        self.blocks(name).next()
    }

    /// The object that this block names: `database_name`, `schema_name` and `name`.
    pub fn reference(&self) -> Name {
        Name::new([self.str("database_name"), self.str("schema_name"), self.str("name")])
    }

    /// The object that the first block of this name names.
    pub fn reference_in(&self, block: &str) -> Option<Name> {
        self.block(block).map(|block| block.reference())
    }
}
