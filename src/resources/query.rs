//! What views and materialized views share: a query that is kept as the user wrote it.

use crate::declare::*;
use crate::sql::{Statement, renamed_in_query, same_printed_query, same_query, same_resolved_query};
use crate::value::Value;

pub const STATEMENT: Attr = text("statement")
    .required()
    .checks(&[Check::Length(1, 1_000_000)])
    .same(|a, b| match (a.as_text(), b.as_text()) {
        (Some(a), Some(b)) => same_query(a, b) || same_printed_query(a, b),
        _ => false,
    })
    .naming(renamed_in_query)
    .doc("The query. Reformatting it is no change, and neither is a new name of what it reads.");

pub const CREATE_SQL: Attr =
    text("create_sql").computed().column("o.create_sql").doc("The statement as Materialize keeps it.");

/// Appends `AS <query>`.
pub fn body(statement: Statement, v: &Values) -> Statement {
    statement.word("AS").sql(v.str("statement").trim().trim_end_matches(';').trim_end())
}

/// Reads `statement`: as the user wrote it while the server's text of it stays the same.
pub fn read(found: &Found, read: &mut Value) {
    let now = found.create_sql().query();
    let before = found.prior.get("create_sql").as_text().and_then(|text| crate::sql::parse(text).ok());
    let same = match (before.as_ref().and_then(Statement::query), now) {
        (Some(before), Some(now)) => same_resolved_query(before, now),
        _ => false,
    };
    if let (false, Some(now)) = (same, now) {
        read.set("statement", Value::text(crate::sql::without_ids(now)));
    }
    // Which objects the names in the query mean.
    for name in crate::sql::names_in_query(now.unwrap_or_default()) {
        if let Some(id) = &name.id {
            found.refers(&format!("statement {}", crate::sql::Name::new(&name.parts)), id);
        }
    }
}
