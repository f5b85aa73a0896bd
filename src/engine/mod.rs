//! The verbs of the provider, written once for every resource. No wire format here: requests and replies hold
//! [`Value`]s.

mod request;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use request::*;

use crate::declare::Attr;
use crate::diag::Diagnostics;
use crate::value::{Type, Value};

/// A schema as Terraform needs to know it.
#[derive(Debug)]
pub struct Schema {
    /// In the order of declaration; blocks are attributes of type [`crate::declare::Ty::Block`].
    pub attrs: &'static [Attr],
    /// The object type of `attrs`.
    pub ty: Type,
    /// Markdown.
    pub doc: &'static str,
    pub version: i64,
}

/// The provider, as the wire sees it. One per process; shared by all calls, which come in parallel.
pub struct Engine {
    provider: Schema,
    resources: BTreeMap<&'static str, Schema>,
    data_sources: BTreeMap<&'static str, Schema>,
}

impl Engine {
    pub fn new() -> Arc<Self> {
        todo!()
    }

    /// The schema of the provider block.
    pub fn provider_schema(&self) -> &Schema {
        &self.provider
    }

    /// Every resource type by name.
    pub fn resource_schemas(&self) -> &BTreeMap<&'static str, Schema> {
        &self.resources
    }

    /// Every data source by name.
    pub fn data_source_schemas(&self) -> &BTreeMap<&'static str, Schema> {
        &self.data_sources
    }

    /// Checks the provider block. Nothing is sent.
    pub async fn validate_provider(&self, _config: &Value) -> Diagnostics {
        todo!()
    }

    /// Takes the provider block. Nothing is sent: connections open when used.
    pub async fn configure(&self, _config: Value) -> Diagnostics {
        todo!()
    }

    /// Checks a resource's configuration, which may hold unknowns. Nothing is sent. `write_only_allowed`: whether
    /// this Terraform keeps write-only values out of state (1.11 and later).
    pub async fn validate_resource(&self, _type_name: &str, _config: &Value, _write_only_allowed: bool) -> Diagnostics {
        todo!()
    }

    pub async fn validate_data_source(&self, _type_name: &str, _config: &Value) -> Diagnostics {
        todo!()
    }

    /// Brings a stored state (JSON, of any older version) into the form of today's schema. Nothing is sent.
    pub async fn upgrade_state(&self, _type_name: &str, _version: i64, _state: &serde_json::Value) -> Reply<Value> {
        todo!()
    }

    /// Reads an object; a null state in the reply means that it is gone.
    pub async fn read(&self, _request: ReadRequest) -> Reply<Stored> {
        todo!()
    }

    pub async fn plan(&self, _request: PlanRequest) -> Reply<Planned> {
        todo!()
    }

    /// Creates (prior null), updates, or deletes (planned null). The reply always holds the best known state, errors
    /// or not.
    pub async fn apply(&self, _request: ApplyRequest) -> Reply<Stored> {
        todo!()
    }

    pub async fn import(&self, _type_name: &str, _id: ImportId) -> Reply<Stored> {
        todo!()
    }

    pub async fn read_data_source(&self, _type_name: &str, _config: Value) -> Reply<Value> {
        todo!()
    }

    /// Terraform wants to stop: what waits is cancelled, a statement that runs is let finish. Returns at once; later
    /// calls are served again.
    pub fn stop(&self) {
        todo!()
    }
}
