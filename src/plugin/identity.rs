//! Resource identities on the wire.

use super::calls::resource;
use super::codec::{decode, encode, type_json};
use super::proto::tfplugin6 as pb;
use super::proto::tfplugin6::{get_resource_identity_schemas as schemas, upgrade_resource_identity as upgrade};
use super::service::{Outcome, Service};
use crate::diag::Diagnostic;
use crate::engine::{Declared, identity_attrs};
use crate::value::{Type, Value, from_json};

pub fn schemas(service: &Service, _: schemas::Request) -> schemas::Response {
    let schema = |declared: &Declared| pb::ResourceIdentitySchema {
        version: 0,
        identity_attributes: identity_attrs(declared.resource)
            .iter()
            .map(|attr| pb::resource_identity_schema::IdentityAttribute {
                name: attr.name.to_owned(),
                r#type: type_json(&Type::Text).to_string().into_bytes(),
                required_for_import: attr.required,
                optional_for_import: !attr.required,
                description: attr.doc.to_owned(),
            })
            .collect(),
    };
    let all = service.engine.declared().iter().map(|(name, declared)| ((*name).to_owned(), schema(declared)));
    schemas::Response { identity_schemas: all.collect(), diagnostics: Vec::new() }
}

fn declared<'a>(service: &'a Service, name: &str) -> Outcome<&'a Declared> {
    resource(service, name)?;
    Ok(&service.engine.declared()[name])
}

/// The identity of the object with this state, if it has one by now.
pub fn give(service: &Service, name: &str, state: &Value) -> Option<pb::ResourceIdentityData> {
    let identity = service.engine.identity(name, state)?;
    data(&service.engine.declared()[name], &identity)
}

fn data(declared: &Declared, identity: &Value) -> Option<pb::ResourceIdentityData> {
    Some(pb::ResourceIdentityData { identity_data: Some(encode(&declared.identity_type(), identity)) })
}

fn malformed(name: &str, why: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error(format!("Cannot read the identity of a {name}"), format!("{why}. Please report this."))
}

/// The import id that says what an identity in an import says.
pub fn import_id(service: &Service, name: &str, given: pb::ResourceIdentityData) -> Outcome<String> {
    let ty = declared(service, name)?.identity_type();
    let identity = decode(&ty, given.identity_data.as_ref()).map_err(|error| malformed(name, error))?;
    Ok(service.engine.import_id(&identity))
}

/// There is but one version, so Terraform never asks; whoever does gets back what it has.
pub async fn upgrade(service: &Service, request: upgrade::Request) -> Outcome<upgrade::Response> {
    let name = request.type_name.as_str();
    let declared = declared(service, name)?;
    let raw = request.raw_identity.map(|raw| raw.json).unwrap_or_default();
    if raw.is_empty() {
        return Ok(upgrade::Response::default());
    }
    let json = serde_json::from_slice(&raw).map_err(|error| malformed(name, error))?;
    let identity = from_json(&declared.identity_type(), &json).map_err(|error| malformed(name, error))?;
    Ok(upgrade::Response { upgraded_identity: data(declared, &identity), diagnostics: Vec::new() })
}
