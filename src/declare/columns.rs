//! Columns of a relation that are no blocks of their own: the names that they get in place of those that they have, and
//! comments on them.

use std::collections::BTreeMap;

use super::{Attr, Check, Found, Lookup, Values, text_map, texts};
use crate::sql::{Name, Node, Statement, as_texts, item, starts_with};
use crate::value::Value;

pub const COLUMN_NAMES: Attr = texts("column_names")
    .no_empty()
    .length(1, 255)
    .doc("The names of the columns, in order, in place of those that they have.");

/// Columns that nobody else knows to be a key.
pub const PRIMARY_KEY: Attr = texts("primary_key").no_empty().length(1, 255).doc(
    "Columns that are a key together, which Materialize relies on and does not check. Wrong results if they are none. A \
     stock server refuses it.",
);

const KEY: &str = "PRIMARY KEY";

/// Identifiers, as items of a group.
pub fn idents<'a>(v: &Values<'a>, attr: &str) -> impl Iterator<Item = Statement> + use<'a> {
    v.texts(attr).into_iter().map(|name| item().ident(name))
}

/// Appends `(<column>, …)`, if the columns have names of their own or a key.
pub fn named(statement: Statement, v: &Values) -> Statement {
    let key = item().group_if_any(KEY, idents(v, "primary_key"));
    let key = (!key.nodes.is_empty()).then(|| key.word("NOT ENFORCED"));
    statement.group_if_any("", idents(v, "column_names").chain(key))
}

/// Reads `column_names`, and `primary_key` where it is asked for: what stands right behind the relation's own name.
pub fn read_names(found: &Found, read: &mut Value, key: bool) {
    let behind = found.create_sql().nodes.iter().skip_while(|node| !matches!(node, Node::Name(_))).nth(1);
    let items = if let Some(Node::Group(items)) = behind { items.as_slice() } else { &[] };
    let (keys, names): (Vec<&Vec<Node>>, Vec<_>) = items.iter().partition(|item| starts_with(item, KEY));
    let texts = |nodes: &[Node]| as_texts(nodes).map(|texts| Value::list(texts.into_iter().map(Value::text)));
    let names = Node::Group(names.into_iter().cloned().collect());
    let some = |list: Option<Value>| list.filter(|list| !list.items().is_empty()).into();
    read.set("column_names", some(texts(std::slice::from_ref(&names))));
    if key {
        let key = keys.first().and_then(|nodes| nodes.iter().find(|node| matches!(node, Node::Group(_))));
        read.set("primary_key", some(key.and_then(|key| texts(std::slice::from_ref(key)))));
    }
}

pub const COLUMN_COMMENTS: Attr = text_map("column_comments")
    .check(Check::Keys(|name| (1..=255).contains(&name.len()), "a column's name"))
    .no_empty()
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
