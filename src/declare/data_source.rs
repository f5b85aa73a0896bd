//! A data source: filters, one query, and the list it fills.

use super::Attr;

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
    /// Output names and SQL expressions.
    pub columns: &'static [(&'static str, &'static str)],
    /// Relations and joins, or a whole `SHOW` statement.
    pub from: &'static str,
    pub order: Option<&'static str>,
    /// Attributes that, when set, an expression must equal, or (`LIKE`) match.
    pub filters: &'static [(&'static str, Filter)],
    /// The id's suffix behind `<region>:`, given the values of the filters that are set.
    pub id: fn(&[(&str, &str)]) -> String,
}

/// How a filter compares.
#[derive(Clone, Copy)]
pub enum Filter {
    Equal(&'static str),
    Like(&'static str),
}
