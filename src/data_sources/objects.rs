//! Data sources that list objects in schemas: all of them, or those of one database or schema. Rows of one table.

use crate::declare::*;

const DATABASE_NAME: Attr = text("database_name").doc("Only what is in this database.");
const SCHEMA_NAME: Attr = text("schema_name").doc("Only what is in this schema of the database.");
const NEEDS_DATABASE: &[Rule] = &[Rule::Requires(&["schema_name"], &["database_name"])];
const FILTERS: &[(&str, Filter)] =
    &[("database_name", Filter::Equal("d.name")), ("schema_name", Filter::Equal("s.name"))];

/// The suffix of an id: what was asked for, and what it is.
fn suffix(set: &[(&str, &str)], what: &str) -> String {
    let scope = set.iter().filter(|(attr, _)| attr.ends_with("_name")).map(|(_, value)| format!("{value}|"));
    scope.collect::<String>() + what
}

/// Data sources that list objects: further joins, and the columns beyond id, name, schema and database; then the name of
/// each, its list's, what it is about, and the relation.
macro_rules! objects {
    ($joins:literal $columns:tt; $($id:ident $name:literal $rows:literal $noun:literal $relation:literal;)+) => {$(
        pub const $id: DataSource = DataSource {
            name: $name,
            doc: concat!("All ", $noun, ", or those of one database or schema. Those of the system are left out."),
            rules: NEEDS_DATABASE,
            from: concat!("mz_catalog.", $relation, " o JOIN mz_catalog.mz_schemas s ON s.id = o.schema_id JOIN \
                mz_catalog.mz_databases d ON d.id = s.database_id", $joins),
            order: Some("length(o.id), o.id"),
            filters: FILTERS,
            id: |set| suffix(set, $rows),
            ..listing!([DATABASE_NAME, SCHEMA_NAME], $rows, concat!("The ", $noun, ", by id."), [
                "id": Ty::Text => "o.id",
                "name": Ty::Text => "o.name",
                "schema_name": Ty::Text => "s.name",
                "database_name": Ty::Text => "d.name",
            ] $columns)
        };
    )+};
}

objects! {
    "" [];
    MATERIALIZED_VIEW "materialize_materialized_view" "materialized_views" "materialized views" "mz_materialized_views";
    SECRET "materialize_secret" "secrets" "secrets" "mz_secrets";
    TABLE "materialize_table" "tables" "tables, those from sources among them" "mz_tables";
    VIEW "materialize_view" "views" "views" "mz_views";
}

objects! {
    "" ["type": Ty::Text => "o.type"];
    CONNECTIONS "materialize_connection" "connections" "connections" "mz_connections";
}

objects! {
    "" ["category": Ty::Text => "o.category"];
    TYPE "materialize_type" "types" "types" "mz_types";
}

objects! {
    " LEFT JOIN mz_catalog.mz_connections k ON k.id = o.connection_id LEFT JOIN mz_catalog.mz_clusters c ON c.id = \
    o.cluster_id"
    ["type": Ty::Text => "o.type", "size": Ty::Text => "COALESCE(o.size, c.size)",
        "envelope_type": Ty::Text => "o.envelope_type", "connection_name": Ty::Text => "k.name",
        "cluster_name": Ty::Text => "c.name"];
    SINK "materialize_sink" "sinks" "sinks" "mz_sinks";
    SOURCE "materialize_source" "sources" "sources, subsources among them" "mz_sources";
}

/// Connections can be asked for by id as well.
pub const CONNECTION: DataSource = DataSource {
    attrs: &[
        CONNECTIONS.attrs[0],
        CONNECTIONS.attrs[1],
        CONNECTIONS.attrs[2],
        text("connection_id").doc("Only the connection with this catalog id, such as `u7`. It must be there."),
    ],
    filters: &[FILTERS[0], FILTERS[1], ("connection_id", Filter::One("o.id"))],
    id: |set| {
        let id = set.iter().find(|(attr, _)| *attr == "connection_id").map(|(_, id)| format!("{id}|"));
        suffix(set, &(id.unwrap_or_default() + "connections"))
    },
    ..CONNECTIONS
};

pub const INDEX: DataSource = DataSource {
    name: "materialize_index",
    doc: "The indexes on views, materialized views and sources: all of them, the system's included, or those of one database \
          or schema.",
    rules: NEEDS_DATABASE,
    from: "mz_catalog.mz_indexes o JOIN mz_catalog.mz_objects t ON t.id = o.on_id AND t.type IN ('view', \
           'materialized-view', 'source') JOIN mz_catalog.mz_schemas s ON s.id = t.schema_id LEFT JOIN \
           mz_catalog.mz_databases d ON d.id = s.database_id",
    order: Some("length(o.id), o.id"),
    filters: FILTERS,
    id: |set| suffix(set, "indexes"),
    ..listing!([DATABASE_NAME, SCHEMA_NAME], "indexes", "The indexes, by id, and what they are on.", [
        "id": Ty::Text => "o.id",
        "name": Ty::Text => "o.name",
        "obj_name": Ty::Text => "t.name",
        "obj_schema": Ty::Text => "s.name",
        "obj_database": Ty::Text => "d.name",
    ])
};

const TRIPLE: Ty = Ty::Object(&[("name", Ty::Text), ("schema_name", Ty::Text), ("database_name", Ty::Text)]);

pub const SOURCE_TABLE: DataSource = DataSource {
    name: "materialize_source_table",
    doc: "All tables from sources, or those of one database or schema.",
    attrs: &[
        DATABASE_NAME,
        SCHEMA_NAME,
        of(
            "tables",
            Ty::List(&Ty::Object(&[
                ("id", Ty::Text),
                ("name", Ty::Text),
                ("schema_name", Ty::Text),
                ("database_name", Ty::Text),
                ("source", Ty::List(&TRIPLE)),
                ("source_type", Ty::Text),
                ("upstream_name", Ty::Text),
                ("upstream_schema_name", Ty::Text),
                ("comment", Ty::Text),
                ("owner_name", Ty::Text),
            ])),
        )
        .computed()
        .doc("The tables, by id, with their source and what they are upstream."),
    ],
    rows: "tables",
    rules: NEEDS_DATABASE,
    columns: &[
        ("id", "o.id"),
        ("name", "o.name"),
        ("schema_name", "s.name"),
        ("database_name", "d.name"),
        ("source.name", "x.name"),
        ("source.schema_name", "xs.name"),
        ("source.database_name", "xd.name"),
        ("source_type", "x.type"),
        ("upstream_name", "COALESCE(k.topic, p.table_name, m.table_name, q.table_name)"),
        ("upstream_schema_name", "COALESCE(p.schema_name, m.schema_name, q.schema_name)"),
        ("comment", "n.comment"),
        ("owner_name", "w.name"),
    ],
    from: "mz_catalog.mz_tables o JOIN mz_catalog.mz_schemas s ON s.id = o.schema_id JOIN mz_catalog.mz_databases d ON d.id = \
           s.database_id JOIN mz_catalog.mz_sources x ON x.id = o.source_id JOIN mz_catalog.mz_schemas xs ON xs.id = \
           x.schema_id JOIN mz_catalog.mz_databases xd ON xd.id = xs.database_id LEFT JOIN mz_catalog.mz_roles w ON w.id = \
           o.owner_id LEFT JOIN mz_internal.mz_kafka_source_tables k ON k.id = o.id LEFT JOIN \
           mz_internal.mz_postgres_source_tables p ON p.id = o.id LEFT JOIN mz_internal.mz_mysql_source_tables m ON m.id = \
           o.id LEFT JOIN mz_internal.mz_sql_server_source_tables q ON q.id = o.id LEFT JOIN (SELECT id, comment FROM \
           mz_internal.mz_comments WHERE object_type = 'table' AND object_sub_id IS NULL) n ON n.id = o.id",
    order: Some("length(o.id), o.id"),
    filters: FILTERS,
    id: |set| suffix(set, "source_tables"),
    ..DataSource::NONE
};
