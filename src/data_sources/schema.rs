//! `materialize_schema`: the schemas of all databases, or of one.

use crate::declare::*;

const ROW: Ty = Ty::Object(&[("id", Ty::Text), ("name", Ty::Text), ("database_name", Ty::Text)]);

pub const SCHEMA: DataSource = DataSource {
    name: "materialize_schema",
    doc: "The schemas of all databases, or of one. Those of the system, which are in no database, are left out.",
    attrs: &[
        text("database_name").doc("Only the schemas of this database."),
        of("schemas", Ty::List(&ROW)).computed().doc("The schemas, by id."),
    ],
    rows: "schemas",
    columns: &[("id", "s.id"), ("name", "s.name"), ("database_name", "d.name")],
    from: "mz_catalog.mz_schemas s JOIN mz_catalog.mz_databases d ON d.id = s.database_id",
    order: Some("length(s.id), s.id"),
    filters: &[("database_name", Filter::Equal("d.name"))],
    id: |set| match set {
        [(_, database)] => format!("{database}|schemas"),
        _ => "schemas".into(),
    },
    ..DataSource::NONE
};
