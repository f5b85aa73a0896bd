//! Comments on the columns of a relation, by the columns' names: what relations share whose columns are no blocks of their
//! own.

use std::collections::BTreeMap;

use super::{Attr, Check, Found, Lookup, text_map};
use crate::sql::{Name, Statement};
use crate::value::Value;

pub const COLUMN_COMMENTS: Attr = text_map("column_comments")
    .checks(&[Check::Keys(|name| (1..=255).contains(&name.len()), "a column's name"), Check::NoEmpty])
    .doc("Comments on columns, by the column's name.");

/// Finds them: the last lookup of a resource that has them.
pub const LOOKUP: Lookup = Lookup {
    columns: &[("column", "n.name"), ("comment", "k.comment")],
    from: "mz_internal.mz_comments k JOIN mz_catalog.mz_columns n ON n.id = k.id AND n.position = k.object_sub_id",
    by_key: &["k.id"],
    ..Lookup::NONE
};

/// A comment on each column of the relation whose comment is not what it was.
pub fn comments(relation: &Name, before: &Value, now: &Value) -> Vec<Statement> {
    let columns = |value: &Value| match value {
        Value::Map(items) => items.keys().cloned().collect(),
        _ => Vec::new(),
    };
    let removed = columns(before).into_iter().filter(|column| now.get(column).is_null());
    let changed = removed.chain(columns(now)).filter(|column| before.get(column) != now.get(column));
    changed.map(|column| Statement::column_comment(relation, &column, now.get(&column).as_text())).collect()
}

/// The comments that were found.
pub fn found(found: &Found) -> Value {
    let rows = found.rows.iter().skip(1).last().into_iter().flatten();
    let comments = rows.filter_map(|row| Some((row.get("column")?.to_owned(), row.get("comment").into())));
    let comments = Some(comments.collect()).filter(|comments: &BTreeMap<_, _>| !comments.is_empty());
    comments.map(Value::Map).into()
}
