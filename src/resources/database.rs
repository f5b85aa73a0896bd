//! `materialize_database`: the outermost namespace.

use crate::declare::*;
use crate::sql::{Kind, Name, Statement};

pub const DATABASE: Resource = Resource {
    name: "materialize_database",
    kind: Kind::Database,
    scope: Scope::Environment,
    doc: "A database: the outermost namespace. It is created without the schema `public`, so that every schema in it is \
          one that you declare. It is only dropped when it is empty, but for an empty schema `public`.",
    lookups: &[
        Lookup { from: "mz_catalog.mz_databases o", ..Lookup::NONE },
        Lookup {
            columns: &[("schema", "s.name")],
            from: "mz_catalog.mz_schemas s",
            by_key: &["s.database_id"],
            ..Lookup::NONE
        },
    ],
    create: |_, v| {
        let database = Name::new([v.str("name")]);
        let public = Name::new([v.str("name"), "public"]);
        vec![Statement::create(Kind::Database, &database), item_drop_if_exists(&public)]
    },
    // The server's default for databases is CASCADE. A schema `public` that still holds something refuses to go.
    delete: Some(|v, found| {
        let drop = Statement::drop(Kind::Database, &Name::new([v.str("name")])).word("RESTRICT");
        let public = Statement::drop(Kind::Schema, &Name::new([v.str("name"), "public"])).word("RESTRICT");
        // Beside others the schema `public` stays: the database will not go.
        let only_public = matches!(found.more(1), [one] if one.get("schema") == Some("public"));
        if only_public { vec![public, drop] } else { vec![drop] }
    }),
    ..Resource::NONE
};

fn item_drop_if_exists(schema: &Name) -> Statement {
    crate::sql::item().word("DROP SCHEMA IF EXISTS").name(schema)
}
