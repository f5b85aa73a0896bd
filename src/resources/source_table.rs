//! What all tables from sources share: the source, the reference to what is upstream, and the options behind `WITH`.

use crate::declare::*;
use crate::sql::{Kind, Statement, as_name, item, option};
use crate::value::Value;

pub const SOURCE: Attr =
    reference("source", Kind::Source).required().clause("FROM SOURCE").doc("The source of the table.");
pub const UPSTREAM_NAME: Attr = text("upstream_name").length(1, 10_000).doc("The name of the table upstream.");
pub const UPSTREAM_SCHEMA_NAME: Attr = text("upstream_schema_name")
    .or_server()
    .length(1, 10_000)
    .doc("The schema of the table upstream; if not set, the one that has a table of this name.");

/// The table itself, and the type of its source.
pub const MAIN: Lookup = Lookup {
    columns: &[("create_sql", "o.create_sql"), ("source_type", "x.type")],
    from: "mz_catalog.mz_tables o JOIN mz_catalog.mz_sources x ON x.id = o.source_id",
    ..Lookup::NONE
};

/// How long the past is kept can be altered.
pub const OPTIONS: Alter = on(&["retain_history"], alter_options);

/// `CREATE TABLE … FROM SOURCE … [(REFERENCE = …)]`.
pub fn create(v: &Values) -> Statement {
    let parts = ["upstream_schema_name", "upstream_name"].map(|part| v.text(part));
    let reference = parts[1].map(|_| crate::sql::Name::new(parts.into_iter().flatten()));
    columns::named(Statement::create(Kind::Table, &Scope::Schema.name_of(v)), v)
        .word("FROM SOURCE")
        .name(&v.reference_in("source").unwrap_or_default())
        .with(reference, |s, name| s.group([item().word("REFERENCE").symbol("=").name(&name)]))
}

/// Reads `upstream_name` and `upstream_schema_name`.
pub fn read_reference(found: &Found, read: &mut Value) {
    let group = found.create_sql().group_after("FROM SOURCE").unwrap_or_default();
    let name = option(group, "REFERENCE").and_then(as_name);
    let part = |from_end: usize| -> Value {
        let parts = name.map_or(&[][..], |name| name.parts.as_slice());
        parts.len().checked_sub(from_end).map(|at| parts[at].as_str()).into()
    };
    read.set("upstream_name", part(1));
    read.set("upstream_schema_name", part(2));
}
