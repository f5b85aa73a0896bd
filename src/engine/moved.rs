//! Moved state: an object that another provider for Materialize manages so far goes on here.

use super::{Engine, Reply};
use crate::diag::Diagnostic;
use crate::value::Value;

/// Where an object comes from.
#[derive(Debug)]
pub struct Source<'a> {
    /// The other provider's full address: host, namespace and type.
    pub provider: &'a str,
    pub type_name: &'a str,
    /// The schema version of the state.
    pub version: i64,
    pub state: &'a serde_json::Value,
}

impl Engine {
    /// The state of an object of the same type in today's form. Nothing is sent.
    pub async fn move_state(&self, type_name: &str, source: Source<'_>) -> Reply<Value> {
        // Every provider for Materialize has that name, in whatever namespace; the official one's states are known.
        let ours = source.provider.rsplit('/').next() == Some("materialize");
        if ours && source.type_name == type_name {
            return self.upgrade_state(type_name, source.version, source.state).await;
        }
        let detail = format!(
            "It is a {} of the provider {}. Only an object of the same type can be moved, from another provider for \
             Materialize. Take it out of the state with a `removed` block that does not destroy it, and import it as \
             {type_name}.",
            source.type_name, source.provider
        );
        let diagnostic = Diagnostic::error(format!("Cannot move the object to {type_name}"), detail);
        Reply { value: Value::Null, diagnostics: vec![diagnostic] }
    }
}
