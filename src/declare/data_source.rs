//! A data source: filters, one query, and the list it fills.

use super::remote::RemoteSource;
use super::{Attr, Rule};
use crate::catalog::Row;
use crate::sql::Statement;
use crate::value::Value;

/// A data source that lists rows of one query.
#[derive(Clone, Copy)]
pub struct DataSource {
    /// The type name: `materialize_schema`.
    pub name: &'static str,
    /// Markdown.
    pub doc: &'static str,
    /// All attributes but `id` and `region`.
    pub attrs: &'static [Attr],
    /// The computed list attribute that the rows fill; its objects' attributes are columns of the same names. Empty:
    /// the columns of the one row fill the attributes.
    pub rows: &'static str,
    /// Conditions across the attributes.
    pub rules: &'static [Rule],
    /// A statement that is sent first; see [`Before`].
    pub before: Option<Before>,
    /// Output names and SQL expressions. Rows of the same `id` are one; a member that is a list of objects has columns
    /// `member.name`.
    pub columns: &'static [(&'static str, &'static str)],
    /// Relations and joins, or a whole `SHOW` statement.
    pub from: &'static str,
    pub order: Option<&'static str>,
    /// Attributes that, when set, an expression must equal, or (`LIKE`) match.
    pub filters: &'static [(&'static str, Filter)],
    /// The id's suffix behind `<region>:`, given the values of the filters that are set.
    pub id: fn(&[(&str, &str)]) -> String,
    /// Adjusts what was read.
    pub adjust: fn(&mut Value),
    /// How it is read, if that is over HTTP; then what is about SQL above is left out, and so is the region.
    pub remote: Option<&'static RemoteSource>,
}

impl DataSource {
    /// What a declaration starts from: `..DataSource::NONE`.
    pub const NONE: DataSource = DataSource {
        name: "",
        doc: "",
        attrs: &[],
        rows: "",
        rules: &[],
        before: None,
        columns: &[],
        from: "",
        order: None,
        filters: &[],
        id: |_| String::new(),
        adjust: |_| {},
        remote: None,
    };
}

/// A statement that makes the data, about an object that is looked up first.
#[derive(Clone, Copy)]
pub struct Before {
    pub columns: &'static [(&'static str, &'static str)],
    pub from: &'static str,
    /// The attribute that names the object, and the expression that it equals.
    pub key: (&'static str, Filter),
    pub statement: fn(&Row) -> Statement,
}

/// How a filter compares.
#[derive(Clone, Copy)]
pub enum Filter {
    Equal(&'static str),
    Like(&'static str),
    /// Equal, and there must be such a row.
    One(&'static str),
    /// Equal to a catalog id, which may have a region before it.
    Id(&'static str),
}
