//! What the wire asks and what it is answered.

use crate::diag::Diagnostics;
use crate::path::AttrPath;
use crate::value::Value;

/// An answer with the messages that go with it.
#[derive(Debug, Default)]
pub struct Reply<T> {
    pub value: T,
    pub diagnostics: Diagnostics,
}

/// What Terraform keeps of an object.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// Null: there is no object.
    pub state: Value,
    /// Opaque to Terraform, never shown: JSON of the engine's own, or what another provider left (ignored).
    pub private: Vec<u8>,
}

#[derive(Debug)]
pub struct ReadRequest {
    pub type_name: String,
    pub stored: Stored,
}

#[derive(Debug)]
pub struct PlanRequest {
    pub type_name: String,
    /// The state before; null on create.
    pub prior: Stored,
    /// The configuration, write-only values included; null on destroy.
    pub config: Value,
    /// Terraform's own merge of prior and configuration; null on destroy.
    pub proposed: Value,
}

#[derive(Debug, Default)]
pub struct Planned {
    /// The state as planned; unknown where only the server will tell.
    pub stored: Stored,
    /// Changes that cannot be made in place.
    pub requires_replace: Vec<AttrPath>,
}

#[derive(Debug)]
pub struct ApplyRequest {
    pub type_name: String,
    pub prior: Stored,
    /// As planned; null on destroy.
    pub planned: Stored,
    /// The configuration, write-only values included; null on destroy.
    pub config: Value,
}
