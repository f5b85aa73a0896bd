//! What travels between the catalog, the query engine and the wire: values, result sets, errors.

use std::collections::BTreeMap;

/// One SQL value. The column's type (see `catalog.tsv`) decides how it is printed.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    Null,
    Bool(bool),
    /// `int2`, `int4`, `int8`.
    Int(i64),
    /// `oid`, `uint2`, `uint4`, `uint8`.
    Uint(u64),
    Float(f64),
    /// `numeric`, already printed.
    Numeric(String),
    /// Every textual type: `text`, `jsonb`, `mz_aclitem`, `interval`, `uuid`, printed as Materialize prints it.
    Text(String),
    /// Milliseconds since the Unix epoch, UTC: `timestamp`, `timestamptz`, `mz_timestamp`.
    Timestamp(i64),
    /// `T[]` and `T list`.
    Array(Vec<Datum>),
    /// `map[text=>T]`.
    Map(BTreeMap<String, Datum>),
}

/// An error as the server sends it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct SqlError {
    /// SQLSTATE, for example `XX000` or `42601`.
    pub code: &'static str,
    pub message: String,
    pub detail: Option<String>,
    pub hint: Option<String>,
    /// One-based character position in the statement's text, for syntax errors.
    pub position: Option<usize>,
}

/// A finished result set; `types` are Materialize's type names as `catalog.tsv` spells them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    pub columns: Vec<String>,
    pub types: Vec<String>,
    pub rows: Vec<Vec<Datum>>,
}

/// How a table's rows change.
#[derive(Clone, Debug)]
pub struct Write {
    pub table: crate::catalog::Id,
    /// Gives the rows in the columns of the table; where they replace those that are there, whether they are meant, too.
    pub sql: String,
    pub replaces: bool,
    /// Before the number of rows.
    pub tag: &'static str,
    /// What of the written rows is answered.
    pub returning: Option<Returning>,
}

/// `RETURNING`: a list of expressions over the columns of a table.
#[derive(Clone, Debug)]
pub struct Returning {
    /// As it was written.
    pub list: String,
    /// What the list calls the table, quoted.
    pub table: String,
    /// Names, quoted, and types.
    pub columns: Vec<(String, String)>,
}

impl Returning {
    /// The query that answers it for some rows.
    pub fn sql(&self, rows: &[Vec<Datum>]) -> String {
        let row = |row: Option<&Vec<Datum>>| {
            let value = |(i, (name, ty)): (usize, &(String, String))| {
                let value = match row.and_then(|row| row.get(i)) {
                    None | Some(Datum::Null) => "NULL".to_owned(),
                    Some(value) => crate::sql::print::literal(&crate::query::text::value(value)),
                };
                format!("CAST({value} AS {ty}) AS {name}")
            };
            let values: Vec<String> = self.columns.iter().enumerate().map(value).collect();
            format!("SELECT {}{}", values.join(", "), if row.is_none() { " WHERE false" } else { "" })
        };
        let all: Vec<String> = [row(None)].into_iter().chain(rows.iter().map(|r| row(Some(r)))).collect();
        format!("SELECT {} FROM ({}) AS {}", self.list, all.join(" UNION ALL "), self.table)
    }
}

/// What executing one statement gave.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The command tag, for example `CREATE SCHEMA`, and the notices sent before it.
    Done { tag: String, notices: Vec<String> },
    /// Rows that the statement itself made (SHOW CREATE, SHOW a variable, EXPLAIN …).
    Rows(Rows),
    /// A query whose answer is written to a table.
    Write(Write),
    /// A query that the query engine must answer: the SQL text (SHOW statements are rewritten to it).
    Query(String),
}
