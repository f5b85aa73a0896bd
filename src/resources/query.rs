//! What views and materialized views share: a query that is kept as the user wrote it, its columns and their comments.

use crate::declare::*;
use crate::sql::{Name, Statement, renamed_in_query, same_query, same_spelled_query};
use crate::value::Value;

pub const STATEMENT: Attr = text("statement")
    .required()
    .length(1, 1_000_000)
    .same(|a, b| same::texts(a, b, |a, b| same_query(a, b) || same_spelled_query(a, b)))
    .naming(renamed_in_query)
    .doc("The query. Reformatting it is no change, and neither is a new name of what it reads.");

pub const CREATE_SQL: Attr =
    text("create_sql").computed().column("o.create_sql").doc("The statement as Materialize keeps it.");

/// Appends `AS <query>`.
pub fn body(statement: Statement, v: &Values) -> Statement {
    statement.word("AS").sql(v.str("statement").trim().trim_end_matches(';').trim_end())
}

/// What does not come with a new object under the old name: its owner and its comment.
pub fn renew(c: &Change) -> Vec<Statement> {
    let (kind, name) = (c.resource.kind, Scope::Schema.name_of(&c.new));
    let owner = c.new.text("ownership_role").map(|role| Statement::alter(kind, &name).word("OWNER TO").ident(role));
    let comment = c.new.text("comment").map(|text| Statement::comment(kind, &name, Some(text)));
    owner.into_iter().chain(comment).collect()
}

/// Reads `statement`, as the user wrote it while the server's text of it stays the same, and what is said of columns.
pub fn read(found: &Found, read: &mut Value) {
    let now = found.create_sql().query();
    let before = found.prior.get("create_sql").as_text().and_then(|text| crate::sql::parse(text).ok());
    let same = match (before.as_ref().and_then(Statement::query), now) {
        (Some(before), Some(now)) => crate::sql::same_resolved_query(before, now),
        _ => false,
    };
    let unknown = found.prior.get("statement").is_null();
    if let (true, Some(now)) = (!same || unknown, now) {
        read.set("statement", Value::text(crate::sql::without_ids(now)));
    }
    // Which objects the names in the query mean, and those in its text, which may be older.
    let now = now.unwrap_or_default();
    let means = |name: &Name, id: &str| found.refers(&format!("statement {}", Name::new(&name.parts)), id);
    let names: Vec<Name> = crate::sql::names_in_query(now).into_iter().filter(|name| name.id.is_some()).collect();
    names.iter().for_each(|name| means(name, name.id.as_deref().unwrap_or_default()));
    let text = found.prior.get("statement").as_text().unwrap_or_default();
    for (called, written) in renamed_in_query(&crate::sql::without_ids(now), text).unwrap_or_default() {
        if let Some(name) = names.iter().find(|name| name.parts == called.parts) {
            means(&written, name.id.as_deref().unwrap_or_default());
        }
    }
    columns::read_names(found, read, false);
}
