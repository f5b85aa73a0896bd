//! Reads: what is asked, as SQL, and the rows that come back.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use super::{CatalogError, ErrorKind};
use crate::sql::{quote_ident, quote_text};

/// No text of a query is longer, in bytes, unless a single key is.
const MAX_TEXT: usize = 256 * 1024;

/// Keys in one text: Materialize rewrites IN to nested ORs, whose depth it bounds.
const MAX_KEYS: usize = 500;

/// One read of a relation: `SELECT columns FROM from [WHERE filter AND keys] [ORDER BY order]`. Where `from` is a
/// `SHOW …` it is sent as it is, and its answer can only be had whole.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Query {
    /// The name of each output column, and the SQL expression it stands for. Its text form is read. Of a `SHOW …`,
    /// which has all the columns that the server gives it, columns to be called by another name; its keys are columns as
    /// well, or `lower(column)`.
    pub columns: Vec<(&'static str, &'static str)>,
    pub from: &'static str,
    pub filter: Option<Cow<'static, str>>,
    pub order: Option<&'static str>,
}

impl Query {
    /// The texts that together ask for all these keys, or the one that asks for everything if there is no key. The
    /// expressions of the key follow the columns in the output, so that rows can be told apart.
    pub(super) fn texts(&self, key: &[&str], keys: &[Vec<String>]) -> Vec<String> {
        if self.shows() {
            return vec![self.from.to_owned()];
        }
        if keys.is_empty() || key.is_empty() {
            return vec![self.text(key, None)];
        }
        let room = MAX_TEXT.saturating_sub(self.text(key, Some("")).len() + key.first().map_or(0, |k| k.len()) + 16);
        let terms = keys.iter().map(|values| match (key, values.as_slice()) {
            ([_], [value]) => quote_text(value),
            _ => {
                let equal = |(k, v): (&&str, &String)| format!("({k})::text = {}", quote_text(v));
                format!("({})", key.iter().zip(values).map(equal).collect::<Vec<_>>().join(" AND "))
            }
        });
        let mut chunks: Vec<Vec<String>> = Vec::new();
        let mut size = 0;
        for term in terms {
            size += term.len() + " OR ()".len();
            match chunks.last_mut().filter(|chunk| size <= room && chunk.len() < MAX_KEYS) {
                Some(chunk) => chunk.push(term),
                None => {
                    size = term.len() + " OR ()".len();
                    chunks.push(vec![term]);
                }
            }
        }
        let condition = |chunk: Vec<String>| match key {
            [expression] => format!("({expression})::text IN ({})", chunk.join(", ")),
            _ => any(&chunk),
        };
        chunks.into_iter().map(|chunk| self.text(key, Some(&condition(chunk)))).collect()
    }

    /// Whether this is a statement of its own, and no relation.
    pub(super) fn shows(&self) -> bool {
        self.from.starts_with("SHOW ")
    }

    /// The answer to one of the texts, to be searched by key.
    pub(super) fn index(&self, rows: Rows, key: &[&str]) -> Result<Index, CatalogError> {
        let rows = if self.shows() { self.shape(rows, key)? } else { rows };
        Ok(Index::new(rows, key.len()))
    }

    /// What a `SHOW …` showed, with the columns that callers know, and the key behind them.
    fn shape(&self, rows: Rows, key: &[&str]) -> Result<Rows, CatalogError> {
        let own = rows.columns.iter().map(|name| (name.clone(), name.as_str()));
        let renamed = self.columns.iter().map(|(name, column)| ((*name).to_owned(), *column));
        let key = key.iter().enumerate().map(|(i, column)| (format!("key {i}"), *column));
        let mut shaped = Rows::default();
        let mut places = Vec::new();
        for (name, column) in renamed.chain(own).chain(key) {
            let small = column.strip_prefix("lower(").and_then(|column| column.strip_suffix(')'));
            let column = small.unwrap_or(column);
            let place = rows.columns.iter().position(|own| own == column).ok_or_else(|| {
                CatalogError::new(ErrorKind::Server, format!("{} has no column {column:?}", self.from))
            })?;
            places.push((place, small.is_some()));
            shaped.columns.push(name);
        }
        for row in 0..rows.len() {
            places.iter().try_for_each(|(place, small)| match (rows.cell(row, *place), small) {
                (Some(cell), true) => shaped.push(Some(&cell.to_lowercase())),
                (cell, _) => shaped.push(cell),
            })?;
        }
        Ok(shaped.settle())
    }

    fn text(&self, key: &[&str], keys: Option<&str>) -> String {
        let columns = self.columns.iter().map(|(name, expression)| format!("{expression} AS {}", quote_ident(name)));
        let key = key.iter().enumerate().map(|(i, k)| format!("({k})::text AS {}", quote_ident(&format!("key {i}"))));
        let mut text = format!("SELECT {} FROM {}", columns.chain(key).collect::<Vec<_>>().join(", "), self.from);
        let conditions = [self.filter.as_deref(), keys];
        for (word, condition) in ["WHERE", "AND"].iter().zip(conditions.iter().flatten()) {
            text += &format!(" {word} ({condition})");
        }
        if let Some(order) = self.order {
            text += &format!(" ORDER BY {order}");
        }
        text
    }
}

/// The terms joined by OR in a balanced tree: a chain of hundreds would be as deep as it is long.
fn any(terms: &[String]) -> String {
    match terms {
        [] => "FALSE".to_owned(),
        [term] => term.clone(),
        _ => {
            let (left, right) = terms.split_at(terms.len() / 2);
            format!("({} OR {})", any(left), any(right))
        }
    }
}

/// The rows of one answer, in three allocations however many there are.
#[derive(Default)]
pub(super) struct Rows {
    columns: Vec<String>,
    text: String,
    /// Where each cell ends in `text`; the highest bit marks a null.
    ends: Vec<u32>,
}

const NULL: u32 = 1 << 31;

impl Rows {
    pub fn new(columns: Vec<String>) -> Self {
        Self { columns, ..Self::default() }
    }

    /// Appends a cell. An answer of more than 2 GiB is refused.
    pub fn push(&mut self, cell: Option<&str>) -> Result<(), CatalogError> {
        self.text.push_str(cell.unwrap_or_default());
        let end = u32::try_from(self.text.len()).ok().filter(|end| end & NULL == 0);
        let end = end.ok_or_else(|| CatalogError::new(ErrorKind::Server, "the answer is larger than 2 GiB"))?;
        self.ends.push(if cell.is_some() { end } else { end | NULL });
        Ok(())
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.ends.len().checked_div(self.columns.len()).unwrap_or(0)
    }

    /// Gives back what growing took.
    pub fn settle(mut self) -> Self {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
        self
    }

    fn cell(&self, row: usize, column: usize) -> Option<&str> {
        let at = row * self.columns.len() + column;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] & !NULL);
        let end = self.ends[at];
        (end & NULL == 0).then(|| &self.text[start as usize..end as usize])
    }

    /// The last `width` cells of a row: its key.
    fn key(&self, row: u32, width: usize) -> impl Iterator<Item = Option<&str>> {
        (self.columns.len().saturating_sub(width)..self.columns.len())
            .map(move |column| self.cell(row as usize, column))
    }
}

/// All rows, for the caller.
pub(super) fn rows(rows: Rows) -> Vec<Row> {
    let rows = Arc::new(rows);
    (0..rows.len() as u32).map(|index| Row { rows: rows.clone(), index }).collect()
}

/// One row of an answer.
#[derive(Clone)]
pub struct Row {
    rows: Arc<Rows>,
    index: u32,
}

impl Row {
    /// A row of one column, for tests of what is made of rows.
    #[cfg(test)]
    pub fn of(column: &str, text: &str) -> Self {
        let mut rows = Rows::new(vec![column.to_owned()]);
        rows.push(Some(text)).expect("a short text");
        Self { rows: Arc::new(rows), index: 0 }
    }

    /// The texts of columns; `None` if any is null.
    pub fn parts(&self, columns: &[&str]) -> Option<Vec<String>> {
        columns.iter().map(|column| self.get(column).map(str::to_owned)).collect()
    }

    /// The text of a column; `None` if it is null or there is no such column.
    pub fn get(&self, column: &str) -> Option<&str> {
        let column = self.rows.columns.iter().position(|name| name == column)?;
        self.rows.cell(self.index as usize, column)
    }
}

/// The rows of one answer, found by their key: the last `width` columns.
pub(super) struct Index {
    rows: Arc<Rows>,
    width: usize,
    /// Sorted by key; rows of the same key stay in the order of the answer.
    order: Vec<u32>,
}

impl Index {
    fn new(rows: Rows, width: usize) -> Self {
        let mut order: Vec<u32> = (0..rows.len() as u32).collect();
        order.sort_by(|a, b| rows.key(*a, width).cmp(rows.key(*b, width)));
        Self { rows: Arc::new(rows), width, order }
    }

    /// The rows with this key.
    pub fn find<'a>(&'a self, values: &'a [String]) -> impl Iterator<Item = Row> + 'a {
        let compare =
            |row: u32| -> Ordering { self.rows.key(row, self.width).cmp(values.iter().map(|v| Some(v.as_str()))) };
        let start = self.order.partition_point(|row| compare(*row) == Ordering::Less);
        let same = self.order[start..].iter().take_while(move |row| compare(**row) == Ordering::Equal);
        same.map(|index| Row { rows: self.rows.clone(), index: *index })
    }
}
