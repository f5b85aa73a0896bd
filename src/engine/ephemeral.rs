//! Ephemeral resources: an object is made for one run of Terraform, and no plan and no state knows of it.

use super::{ApplyRequest, Declared, Engine, Reply, Stored, plan};
use crate::diag::{Diagnostic, Severity};
use crate::value::{Value, from_json, to_json};

/// What Terraform gets of an object that was made for it.
#[derive(Debug, Default)]
pub struct Opened {
    /// The object, with everything that it holds; null if there is none.
    pub result: Value,
    /// By what it is found again when it is to be closed: JSON without anything secret.
    pub private: Vec<u8>,
}

impl Engine {
    /// The resource types that can be had for one run.
    pub fn ephemeral(&self) -> impl Iterator<Item = (&'static str, &Declared)> {
        self.declared().iter().filter(|(_, declared)| declared.resource.ephemeral.is_some()).map(|(name, d)| (*name, d))
    }

    /// Makes the object.
    pub async fn open(&self, type_name: &str, config: Value) -> Reply<Opened> {
        let found = self.declared().get(type_name);
        let Some((declared, ephemeral)) = found.and_then(|declared| Some((declared, declared.resource.ephemeral?)))
        else {
            return Reply { value: Opened::default(), diagnostics: vec![super::unknown_type(type_name)] };
        };
        let mut planned = plan::plan_object(declared.attrs, &config, None);
        (ephemeral.adjust)(&mut planned);
        let type_name = type_name.to_owned();
        let planned = Stored { state: planned, ..Stored::default() };
        let made = self.apply(ApplyRequest { type_name: type_name.clone(), prior: Stored::default(), planned, config });
        let Reply { value: made, mut diagnostics } = made.await;
        if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            // Terraform closes only what was opened: what there is of it would stay behind.
            if !made.state.is_null() {
                diagnostics.extend(self.remove(type_name, made.state).await.diagnostics);
            }
            return Reply { value: Opened::default(), diagnostics };
        }
        let mut known = made.state.clone();
        declared.attrs.iter().filter(|attr| attr.sensitive).for_each(|attr| known.set(attr.name, Value::Null));
        let private = to_json(&known).to_string().into_bytes();
        Reply { value: Opened { result: made.state, private }, diagnostics }
    }

    /// Deletes the object. `private`: what [`Engine::open`] gave.
    pub async fn close(&self, type_name: &str, private: &[u8]) -> Reply<()> {
        let schema = self.resource_schemas().get(type_name);
        let json = serde_json::from_slice(private).ok();
        let state = schema.zip(json).and_then(|(schema, json)| from_json(&schema.ty, &json).ok());
        let Some(state) = state else {
            let detail = "What Terraform kept of it cannot be read. Please report this, and delete it by hand.";
            let summary = format!("Cannot close an ephemeral {type_name}");
            return Reply { value: (), diagnostics: vec![Diagnostic::error(summary, detail)] };
        };
        self.remove(type_name.to_owned(), state).await
    }

    async fn remove(&self, type_name: String, state: Value) -> Reply<()> {
        let (prior, planned) = (Stored { state, ..Stored::default() }, Stored::default());
        let diagnostics = self.apply(ApplyRequest { type_name, prior, planned, config: Value::Null }).await.diagnostics;
        Reply { value: (), diagnostics }
    }
}
