//! What the provider keeps with an object and never shows: the ids of the objects that its attributes name.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::declare::Found;

/// Terraform's private data for one object, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Private {
    /// Attribute path -> catalog id of the object it names.
    #[serde(default)]
    pub refs: BTreeMap<String, String>,
    /// Whether this provider has applied a configuration to it: then what the state has as null was not set. Else, after
    /// an import or another provider, what cannot be read is simply not known.
    #[serde(default)]
    pub recorded: bool,
}

impl Private {
    /// Reads what Terraform kept. What another provider left there (`null` by the official one) is nothing to us.
    pub fn parse(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    pub fn print(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// What a read found.
    pub fn of(found: &Found) -> Self {
        Self { refs: found.refs.borrow().clone(), recorded: false }
    }

    /// The same after an apply.
    pub fn recorded(self) -> Self {
        Self { recorded: true, ..self }
    }
}
