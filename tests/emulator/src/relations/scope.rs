//! Which rows of a relation are asked for: all, or those of some objects, as far as a relation has rows by object.

use crate::catalog::item::Item;
use crate::catalog::tracked::{Chunk, Only};
use crate::catalog::{Catalog, CommentKey, Id, Role, Schema};
use std::collections::BTreeMap;
use std::ops::Deref;

/// A catalog, and what of it is asked for.
pub struct Scope<'a> {
    pub catalog: &'a Catalog,
    pub only: Only,
    /// Whether columns with SQL are read: printing it takes longer than everything else.
    pub sql: bool,
}

impl Deref for Scope<'_> {
    type Target = Catalog;
    fn deref(&self) -> &Catalog {
        self.catalog
    }
}

impl<'a> Scope<'a> {
    /// Everything.
    pub fn all(catalog: &'a Catalog) -> Self {
        Self { catalog, only: Only::All, sql: true }
    }

    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.catalog.items.only(&self.only).map(|(_, item)| item)
    }
    pub fn schemas(&self) -> impl Iterator<Item = &Schema> {
        self.catalog.schemas.only(&self.only).map(|(_, schema)| schema).filter(|schema| !schema.id.is_temporary())
    }
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.catalog.roles.only(&self.only).map(|(_, role)| role)
    }
    pub fn comments(&self) -> impl Iterator<Item = (&CommentKey, &String)> {
        self.catalog.comments.only(&self.only)
    }
}

/// What the rows of a relation are made of, one object at a time; with the object's name, where a name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Items,
    Schemas,
    Roles,
    Comments,
}

impl Source {
    /// Grows with every change of what the rows are made of.
    pub fn clock(self, c: &Catalog) -> u64 {
        match self {
            Source::Items => c.items.clock(),
            Source::Schemas => c.schemas.clock(),
            Source::Roles => c.roles.clock(),
            Source::Comments => c.comments.clock(),
        }
    }

    /// When each part last changed.
    pub fn stamps(self, c: &Catalog) -> &BTreeMap<Chunk, u64> {
        match self {
            Source::Items => c.items.stamps(),
            Source::Schemas => c.schemas.stamps(),
            Source::Roles => c.roles.stamps(),
            Source::Comments => c.comments.stamps(),
        }
    }
}

/// Relations whose rows belong to one object each and say nothing of others but their names: what they are made of,
/// and the column with the object's id. All other relations are always made whole.
const BY_OBJECT: &[(Source, &str, &[&str])] = &[
    (
        Source::Items,
        "id",
        &[
            "mz_aws_connections", "mz_aws_privatelink_connections", "mz_columns", "mz_connections",
            "mz_history_retention_strategies", "mz_iceberg_sinks", "mz_indexes", "mz_kafka_connections",
            "mz_kafka_sinks", "mz_kafka_source_tables", "mz_kafka_sources", "mz_materialized_views",
            "mz_mysql_source_tables", "mz_object_fully_qualified_names", "mz_object_global_ids", "mz_objects",
            "mz_postgres_source_tables", "mz_postgres_sources", "mz_relations", "mz_secrets", "mz_sinks", "mz_sources",
            "mz_sql_server_source_tables", "mz_ssh_tunnel_connections", "mz_tables", "mz_types", "mz_views",
            "mz_webhook_sources",
        ],
    ),
    (Source::Items, "index_id", &["mz_index_columns"]),
    (Source::Items, "materialized_view_id", &["mz_materialized_view_refresh_strategies"]),
    (Source::Items, "object_id", &["mz_object_dependencies"]),
    (Source::Items, "source_id", &["mz_source_references"]),
    (Source::Schemas, "id", &["mz_schemas"]),
    (Source::Roles, "id", &["mz_roles"]),
    (Source::Roles, "role_id", &["mz_role_parameters"]),
    (Source::Comments, "id", &["mz_comments"]),
];

/// See [`BY_OBJECT`].
pub fn by_object(schema: &str, relation: &str) -> Option<(Source, &'static str)> {
    let (source, column, _) = BY_OBJECT.iter().find(|(.., names)| names.contains(&relation))?;
    matches!(schema, "mz_catalog" | "mz_internal").then_some((*source, *column))
}

/// Columns that hold SQL, or text as long.
pub fn is_sql(column: &str) -> bool {
    matches!(column, "create_sql" | "redacted_create_sql" | "definition")
}

/// An id as it is written; None: it is none.
pub fn id(text: &str) -> Option<Id> {
    let number = || text.get(1..).and_then(|n| n.parse().ok());
    let id = match text.chars().next()? {
        's' => Id::System(number()?),
        'g' => Id::Predefined(number()?),
        'u' => Id::User(number()?),
        _ => Id::Public,
    };
    (id.to_string() == text).then_some(id)
}
