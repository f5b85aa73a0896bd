//! Resource identity: what Terraform keeps beside the state to tell which object it is, and takes for an import.
//!
//! It holds ids, not names: a renamed object is still the same. The region is part of it, because each region counts its
//! ids on its own.

use super::{Declared, Engine, is_place, region_of, without_region};
use crate::declare::Resource;
use crate::declare::scope::bare_suffix;
use crate::value::{Type, Value};

/// One attribute of an identity, a text.
#[derive(Debug)]
pub struct IdentityAttr {
    pub name: &'static str,
    pub doc: &'static str,
    /// Whether an import must give it.
    pub required: bool,
}

const REGION: IdentityAttr = IdentityAttr {
    name: "region",
    doc: "The region in which the object lives; the provider's default region if not given.",
    required: false,
};

const OBJECT: &[IdentityAttr] =
    &[IdentityAttr { name: "id", doc: "What stands behind the region in the id: `u7`.", required: true }, REGION];

const REMOTE: &[IdentityAttr] = &[IdentityAttr { name: "id", doc: "The id that the service gave it.", required: true }];

/// The attributes of a resource's identity.
pub fn attrs(resource: &Resource) -> &'static [IdentityAttr] {
    if resource.remote.is_some() { REMOTE } else { OBJECT }
}

impl Declared {
    /// The type of its identity.
    pub fn identity_type(&self) -> Type {
        Type::Object(attrs(self.resource).iter().map(|attr| (attr.name.to_owned(), Type::Text)).collect())
    }
}

impl Engine {
    /// The identity of the object with this state. `None`: there is no object, or its id is not known yet.
    pub fn identity(&self, type_name: &str, state: &Value) -> Option<Value> {
        let id = state.get("id").as_text()?;
        let declared = self.declared.get(type_name)?;
        if declared.resource.remote.is_some() {
            return Some(Value::from([("id", Value::text(id))]));
        }
        let region = region_of(state).or_else(|| self.provider.region())?;
        let id = Value::text(bare_suffix(without_region(id, &region)));
        Some(Value::from([("id", id), ("region", Value::text(region))]))
    }

    /// The import id that says what this identity says.
    pub fn import_id(&self, identity: &Value) -> String {
        let id = identity.get("id").as_text().unwrap_or_default();
        match identity.get("region").as_text() {
            // An id may hold a region as well, as in the state.
            Some(region) if !id.split_once(':').is_some_and(|(prefix, _)| is_place(prefix)) => format!("{region}:{id}"),
            _ => id.to_owned(),
        }
    }
}
