//! `materialize_schema`: a namespace in a database.

use crate::declare::scope::{DATABASE_NAME, IDENTIFY_BY_NAME, catalog_id, id_or_name, plan_id};
use crate::declare::*;
use crate::sql::Kind;

pub const SCHEMA: Resource = Resource {
    name: "materialize_schema",
    kind: Kind::Schema,
    scope: Scope::Database,
    doc: "A schema: a namespace for the tables, views, sources, sinks and other objects of a database.",
    attrs: &[DATABASE_NAME.id_column("d.id"), IDENTIFY_BY_NAME],
    lookups: &[Lookup { from: "mz_catalog.mz_schemas o", ..Lookup::NONE }],
    id: IdForm {
        parse: |suffix| match suffix.strip_prefix("name:") {
            Some(name) => name.split_once('|').map(|(database, schema)| {
                Key::Names(vec![("database_name", database.to_owned()), ("name", schema.to_owned())])
            }),
            None => catalog_id(suffix).map(|id| Key::Parts(vec![id])),
        },
        suffix: |found, state| Some(id_or_name(state, name_in_id(state), found.id().to_owned())),
        forms: "`<region>:<catalog id>`, `<region>:id:<catalog id>` or `<region>:name:<database>|<schema>`",
        named: &[],
    },
    create: |r, v| vec![r.begin(v)],
    adjust: |_, prior, planned| plan_id(prior, planned, name_in_id),
    ..Resource::NONE
};

fn name_in_id(state: &crate::value::Value) -> String {
    let values = Values::new(state, state);
    format!("{}|{}", values.str("database_name"), values.str("name"))
}
