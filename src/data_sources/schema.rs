//! `materialize_schema`: the schemas of all databases, or of one.

use crate::declare::*;

pub const SCHEMA: DataSource = DataSource {
    name: "materialize_schema",
    doc: "The schemas of all databases, or of one. Those of the system, which are in no database, are left out.",
    from: "mz_catalog.mz_schemas s JOIN mz_catalog.mz_databases d ON d.id = s.database_id",
    order: Some("length(s.id), s.id"),
    filters: &[("database_name", Filter::Equal("d.name"))],
    id: |set| match set {
        [(_, database)] => format!("{database}|schemas"),
        _ => "schemas".into(),
    },
    ..listing!(
        [text("database_name").doc("Only the schemas of this database.")], "schemas", "The schemas, by id.",
        ["id": Ty::Text => "s.id", "name": Ty::Text => "s.name", "database_name": Ty::Text => "d.name"]
    )
};
