//! What stands outside Materialize, told in a file: the emulator itself never connects out.

use serde::Deserialize;

/// The brokers, registries and databases that connections may find.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Upstreams {
    pub kafka: Vec<Kafka>,
    pub schema_registry: Vec<Registry>,
    /// Of AWS Glue.
    pub glue: Vec<GlueRegistry>,
    pub postgres: Vec<Postgres>,
    pub mysql: Vec<Tables>,
    pub sql_server: Vec<Tables>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kafka {
    /// `host:port`
    pub broker: String,
    #[serde(default)]
    pub topics: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    /// `http://host:port`
    pub url: String,
    /// subject: schema
    #[serde(default)]
    pub subjects: std::collections::BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GlueRegistry {
    pub name: String,
    /// name: the schema's latest version
    #[serde(default)]
    pub schemas: std::collections::BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Postgres {
    pub host: String,
    pub port: u16,
    pub database: String,
    #[serde(default)]
    pub publications: Vec<String>,
    #[serde(default)]
    pub tables: Vec<UpstreamTable>,
}

/// A MySQL or SQL Server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tables {
    pub host: String,
    pub port: u16,
    /// SQL Server only.
    pub database: Option<String>,
    #[serde(default)]
    pub tables: Vec<UpstreamTable>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamTable {
    pub schema: String,
    pub name: String,
    pub columns: Vec<UpstreamColumn>,
    #[serde(default)]
    pub primary_key: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamColumn {
    pub name: String,
    /// In Materialize's spelling: `int4`, `numeric(10,2)`.
    #[serde(rename = "type")]
    pub ty: String,
    #[serde(default)]
    pub not_null: bool,
}

impl Upstreams {
    /// From the text of a JSON file.
    pub fn parse(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }
}
