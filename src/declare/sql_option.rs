//! The tie between an attribute and an option of a statement, good in both directions.

use crate::sql::Kind;

/// An option as `CREATE … (NAME = value)` and `ALTER … SET (NAME = value)` have it.
#[derive(Clone, Copy, Debug)]
pub struct SqlOption {
    /// The option's words in upper case, as Materialize's documentation has them: `SSL CERTIFICATE AUTHORITY`.
    pub words: &'static str,
    pub form: Form,
}

/// How an attribute's value is written as an option's value, and read back from it.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// A literal: text, number or boolean as the attribute's type says.
    Literal,
    /// `('a', 'b')`.
    List,
    /// A block `database_name, schema_name, name`, written as a name.
    Reference(Kind),
    /// The same, written `SECRET name`.
    Secret,
    /// A block with `text` or `secret { … }`.
    TextOrSecret,
}

impl SqlOption {
    pub const fn new(words: &'static str, form: Form) -> Self {
        Self { words, form }
    }
}
