//! The kinds of objects that statements are about.

/// A kind of object in Materialize's grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Cluster,
    ClusterReplica,
    Connection,
    Database,
    Index,
    MaterializedView,
    NetworkPolicy,
    Role,
    Schema,
    Secret,
    Sink,
    Source,
    System,
    Table,
    Type,
    View,
}

impl Kind {
    /// The words in `CREATE`, `ALTER`, `DROP` and `COMMENT ON`.
    pub const fn words(self) -> &'static str {
        match self {
            Kind::Cluster => "CLUSTER",
            Kind::ClusterReplica => "CLUSTER REPLICA",
            Kind::Connection => "CONNECTION",
            Kind::Database => "DATABASE",
            Kind::Index => "INDEX",
            Kind::MaterializedView => "MATERIALIZED VIEW",
            Kind::NetworkPolicy => "NETWORK POLICY",
            Kind::Role => "ROLE",
            Kind::Schema => "SCHEMA",
            Kind::Secret => "SECRET",
            Kind::Sink => "SINK",
            Kind::Source => "SOURCE",
            Kind::System => "SYSTEM",
            Kind::Table => "TABLE",
            Kind::Type => "TYPE",
            Kind::View => "VIEW",
        }
    }

    /// Whether `ALTER … RENAME TO` exists for the kind.
    pub const fn can_rename(self) -> bool {
        !matches!(self, Kind::Database | Kind::NetworkPolicy | Kind::Role | Kind::System | Kind::Type)
    }

    /// Whether two objects of this kind exchange their names in one statement.
    pub const fn can_swap(self) -> bool {
        matches!(self, Kind::Cluster | Kind::Schema)
    }

    /// The kind in everyday words, for messages: `cluster replica`.
    pub fn noun(self) -> String {
        self.words().to_lowercase()
    }

    /// The value of `object_type` in `mz_internal.mz_comments`: `cluster-replica`.
    pub fn catalog_name(self) -> String {
        self.words().to_lowercase().replace(' ', "-")
    }
}
