//! What the provider's RPCs do: decode, call the engine, encode.

use std::collections::BTreeMap;

use super::codec::{decode, encode};
use super::proto::tfplugin6 as pb;
use super::proto::tfplugin6::{
    apply_resource_change as apply, close_ephemeral_resource as close, configure_provider as configure,
    generate_resource_config as generate, get_metadata as metadata, get_provider_schema as schemas,
    import_resource_state as import, move_resource_state as moved, open_ephemeral_resource as open,
    plan_resource_change as plan, read_data_source, read_resource as read, renew_ephemeral_resource as renew,
    stop_provider as stop, upgrade_resource_state as upgrade, validate_data_resource_config as validate_data_source,
    validate_ephemeral_resource_config as validate_ephemeral, validate_provider_config as validate_provider,
    validate_resource_config as validate_resource,
};
use super::schema::{self, Of, diagnostics};
use super::service::{Outcome, Service};
use super::{function, identity, list};
use crate::diag::Diagnostic;
use crate::engine::{ApplyRequest, MovedFrom, PlanRequest, ReadRequest, Schema, Stored};
use crate::value::Value;

const CAPABILITIES: pb::ServerCapabilities = pb::ServerCapabilities {
    plan_destroy: false,
    get_provider_schema_optional: true,
    move_resource_state: true,
    generate_resource_config: true,
};

pub(super) fn unknown(what: &str, name: &str) -> Diagnostic {
    Diagnostic::error(format!("Unknown {what}"), format!("This provider has no {what} {name}."))
}

pub(super) fn resource<'a>(service: &'a Service, name: &str) -> Outcome<&'a Schema> {
    service.engine.resource_schemas().get(name).ok_or_else(|| unknown("resource type", name))
}

/// The schema of an ephemeral resource type, which is that of the resource.
fn ephemeral<'a>(service: &'a Service, name: &str) -> Outcome<&'a Schema> {
    let found = service.engine.declared().get(name);
    if found.is_some_and(|declared| declared.resource.ephemeral.is_some()) {
        resource(service, name)
    } else {
        Err(unknown("ephemeral resource type", name))
    }
}

fn data_source<'a>(service: &'a Service, name: &str) -> Outcome<&'a Schema> {
    service.engine.data_source_schemas().get(name).ok_or_else(|| unknown("data source", name))
}

pub(super) fn take(schema: &Schema, what: &str, value: Option<pb::DynamicValue>) -> Outcome<Value> {
    decode(&schema.ty, value.as_ref()).map_err(|error| {
        Diagnostic::error(
            format!("Cannot read the {what} that Terraform sent"),
            format!("{error}. Please report this."),
        )
    })
}

pub(super) fn give(schema: &Schema, value: &Value) -> Option<pb::DynamicValue> {
    Some(encode(&schema.ty, value))
}

fn stored(state: Value, private: Vec<u8>) -> Stored {
    Stored { state, private }
}

/// Does work in a task of its own: if Terraform drops the call, what was begun is still ended.
async fn to_its_end<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    // What panicked there goes on to do so here.
    tokio::spawn(work).await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

pub fn metadata(service: &Service, _: metadata::Request) -> metadata::Response {
    use metadata::{DataSourceMetadata, EphemeralResourceMetadata, ResourceMetadata};
    let resources = service.engine.resource_schemas().keys();
    let ephemeral = service.engine.ephemeral();
    let data_sources = service.engine.data_source_schemas().keys();
    metadata::Response {
        server_capabilities: Some(CAPABILITIES),
        resources: resources.map(|name| ResourceMetadata { type_name: (*name).to_owned() }).collect(),
        ephemeral_resources: ephemeral
            .map(|(name, _)| EphemeralResourceMetadata { type_name: name.to_owned() })
            .collect(),
        data_sources: data_sources.map(|name| DataSourceMetadata { type_name: (*name).to_owned() }).collect(),
        functions: function::metadata(),
        list_resources: list::metadata(service),
        ..Default::default()
    }
}

pub async fn schemas(service: &Service, _: schemas::Request) -> Outcome<schemas::Response> {
    Ok(service.schemas.get_or_init(|| print_schemas(service)).clone())
}

fn print_schemas(service: &Service) -> schemas::Response {
    let engine = &service.engine;
    let print = |all: &BTreeMap<&'static str, Schema>, of| {
        all.iter().map(|(name, found)| ((*name).to_owned(), schema::schema(found, of))).collect()
    };
    let ephemeral = engine.ephemeral().map(|(name, declared)| {
        let mut found = schema::schema(&engine.resource_schemas()[name], Of::Resource);
        if let (Some(block), Some(ephemeral)) = (&mut found.block, declared.resource.ephemeral) {
            block.description = ephemeral.doc.to_owned();
        }
        (name.to_owned(), found)
    });
    schemas::Response {
        ephemeral_resource_schemas: ephemeral.collect(),
        provider: Some(schema::schema(engine.provider_schema(), Of::Provider)),
        resource_schemas: print(engine.resource_schemas(), Of::Resource),
        data_source_schemas: print(engine.data_source_schemas(), Of::DataSource),
        list_resource_schemas: print(engine.list_schemas(), Of::DataSource),
        functions: function::signatures(),
        server_capabilities: Some(CAPABILITIES),
        ..Default::default()
    }
}

pub async fn validate_provider(
    service: &Service,
    request: validate_provider::Request,
) -> Outcome<validate_provider::Response> {
    let config = take(service.engine.provider_schema(), "configuration", request.config)?;
    let diagnostics = diagnostics(service.engine.validate_provider(&config).await);
    Ok(validate_provider::Response { diagnostics })
}

pub async fn validate_resource(
    service: &Service,
    request: validate_resource::Request,
) -> Outcome<validate_resource::Response> {
    let config = take(resource(service, &request.type_name)?, "configuration", request.config)?;
    let writes = request.client_capabilities.is_some_and(|capable| capable.write_only_attributes_allowed);
    let diagnostics = diagnostics(service.engine.validate_resource(&request.type_name, &config, writes).await);
    Ok(validate_resource::Response { diagnostics })
}

pub async fn validate_data_source(
    service: &Service,
    request: validate_data_source::Request,
) -> Outcome<validate_data_source::Response> {
    let config = take(data_source(service, &request.type_name)?, "configuration", request.config)?;
    let diagnostics = diagnostics(service.engine.validate_data_source(&request.type_name, &config).await);
    Ok(validate_data_source::Response { diagnostics })
}

pub async fn upgrade(service: &Service, request: upgrade::Request) -> Outcome<upgrade::Response> {
    let name = request.type_name.as_str();
    let found = resource(service, name)?;
    let malformed =
        |why: String| Diagnostic::error(format!("Cannot read the stored state of a {name}"), format!("{why}."));
    let json = raw_state(request.raw_state).map_err(malformed)?;
    let reply = service.engine.upgrade_state(name, request.version, &json).await;
    Ok(upgrade::Response { upgraded_state: give(found, &reply.value), diagnostics: diagnostics(reply.diagnostics) })
}

/// The JSON of a stored state, or what is wrong with it.
fn raw_state(raw: Option<pb::RawState>) -> Result<serde_json::Value, String> {
    match raw.map(|raw| raw.json).filter(|json| !json.is_empty()) {
        Some(json) => serde_json::from_slice(&json).map_err(|error| error.to_string()),
        None => Err("Terraform sent none in a form later than version 0.11".into()),
    }
}

pub async fn moved(service: &Service, request: moved::Request) -> Outcome<moved::Response> {
    let name = request.target_type_name.as_str();
    let found = resource(service, name)?;
    let state = raw_state(request.source_state).map_err(|why| {
        Diagnostic::error(format!("Cannot read the state of the {} that is moved", request.source_type_name), why + ".")
    })?;
    let source = MovedFrom {
        provider: &request.source_provider_address,
        type_name: &request.source_type_name,
        version: request.source_schema_version,
        state: &state,
    };
    let reply = service.engine.move_state(name, source).await;
    let target_state = (!reply.value.is_null()).then(|| give(found, &reply.value)).flatten();
    Ok(moved::Response {
        target_state,
        target_identity: identity::give(service, name, &reply.value),
        diagnostics: diagnostics(reply.diagnostics),
        ..Default::default()
    })
}

pub async fn generate(service: &Service, request: generate::Request) -> Outcome<generate::Response> {
    let found = resource(service, &request.type_name)?;
    let reply = service.engine.generate(&request.type_name, &take(found, "state", request.state)?);
    Ok(generate::Response { config: give(found, &reply.value), diagnostics: diagnostics(reply.diagnostics) })
}

pub async fn configure(service: &Service, request: configure::Request) -> Outcome<configure::Response> {
    let config = take(service.engine.provider_schema(), "configuration", request.config)?;
    Ok(configure::Response { diagnostics: diagnostics(service.engine.configure(config).await) })
}

pub async fn read(service: &Service, request: read::Request) -> Outcome<read::Response> {
    let found = resource(service, &request.type_name)?;
    let stored = stored(take(found, "state", request.current_state)?, request.private);
    let name = request.type_name.clone();
    let reply = service.engine.read(ReadRequest { type_name: request.type_name, stored }).await;
    Ok(read::Response {
        new_state: give(found, &reply.value.state),
        new_identity: identity::give(service, &name, &reply.value.state),
        private: reply.value.private,
        diagnostics: diagnostics(reply.diagnostics),
        ..Default::default()
    })
}

pub async fn plan(service: &Service, request: plan::Request) -> Outcome<plan::Response> {
    let found = resource(service, &request.type_name)?;
    let prior = stored(take(found, "prior state", request.prior_state)?, request.prior_private);
    let config = take(found, "configuration", request.config)?;
    let proposed = take(found, "proposed state", request.proposed_new_state)?;
    let name = request.type_name.clone();
    let reply = service.engine.plan(PlanRequest { type_name: request.type_name, prior, config, proposed }).await;
    Ok(plan::Response {
        planned_state: give(found, &reply.value.stored.state),
        planned_identity: identity::give(service, &name, &reply.value.stored.state),
        requires_replace: reply.value.requires_replace.iter().map(schema::path).collect(),
        planned_private: reply.value.stored.private,
        diagnostics: diagnostics(reply.diagnostics),
        ..Default::default()
    })
}

pub async fn apply(service: &Service, request: apply::Request) -> Outcome<apply::Response> {
    let found = resource(service, &request.type_name)?;
    let prior = stored(take(found, "prior state", request.prior_state)?, request.planned_private.clone());
    let planned = stored(take(found, "planned state", request.planned_state)?, request.planned_private);
    let config = take(found, "configuration", request.config)?;
    let (engine, type_name, name) = (service.engine.clone(), request.type_name.clone(), request.type_name);
    let apply = async move { engine.apply(ApplyRequest { type_name, prior, planned, config }).await };
    let reply = to_its_end(apply).await;
    Ok(apply::Response {
        new_state: give(found, &reply.value.state),
        new_identity: identity::give(service, &name, &reply.value.state),
        private: reply.value.private,
        diagnostics: diagnostics(reply.diagnostics),
        ..Default::default()
    })
}

pub async fn import(service: &Service, request: import::Request) -> Outcome<import::Response> {
    let found = resource(service, &request.type_name)?;
    let id = match request.identity {
        Some(given) if request.id.is_empty() => identity::import_id(service, &request.type_name, given)?,
        _ => request.id,
    };
    let reply = service.engine.import(&request.type_name, &id).await;
    let identity = identity::give(service, &request.type_name, &reply.value.state);
    let imported = (!reply.value.state.is_null()).then(|| import::ImportedResource {
        type_name: request.type_name,
        state: give(found, &reply.value.state),
        private: reply.value.private,
        identity,
    });
    Ok(import::Response {
        imported_resources: imported.into_iter().collect(),
        diagnostics: diagnostics(reply.diagnostics),
        ..Default::default()
    })
}

pub async fn read_data_source(
    service: &Service,
    request: read_data_source::Request,
) -> Outcome<read_data_source::Response> {
    let found = data_source(service, &request.type_name)?;
    let config = take(found, "configuration", request.config)?;
    let reply = service.engine.read_data_source(&request.type_name, config).await;
    let (state, diagnostics) = (give(found, &reply.value), diagnostics(reply.diagnostics));
    Ok(read_data_source::Response { state, diagnostics, ..Default::default() })
}

pub async fn validate_ephemeral(
    service: &Service,
    request: validate_ephemeral::Request,
) -> Outcome<validate_ephemeral::Response> {
    let config = take(ephemeral(service, &request.type_name)?, "configuration", request.config)?;
    let diagnostics = diagnostics(service.engine.validate_resource(&request.type_name, &config, true).await);
    Ok(validate_ephemeral::Response { diagnostics })
}

pub async fn open(service: &Service, request: open::Request) -> Outcome<open::Response> {
    let found = ephemeral(service, &request.type_name)?;
    let config = take(found, "configuration", request.config)?;
    let engine = service.engine.clone();
    let reply = to_its_end(async move { engine.open(&request.type_name, config).await }).await;
    Ok(open::Response {
        result: give(found, &reply.value.result),
        private: Some(reply.value.private),
        diagnostics: diagnostics(reply.diagnostics),
        ..Default::default()
    })
}

/// Nothing that is opened here needs to be renewed, so Terraform is never asked to.
pub fn renew(_: &Service, request: renew::Request) -> renew::Response {
    renew::Response { private: request.private, ..Default::default() }
}

pub async fn close(service: &Service, request: close::Request) -> Outcome<close::Response> {
    ephemeral(service, &request.type_name)?;
    let engine = service.engine.clone();
    let private = request.private.unwrap_or_default();
    let reply = to_its_end(async move { engine.close(&request.type_name, &private).await }).await;
    Ok(close::Response { diagnostics: diagnostics(reply.diagnostics) })
}

pub fn stop(service: &Service, _: stop::Request) -> stop::Response {
    log::debug!(tf_rpc = "StopProvider"; "cancelling what waits");
    service.engine.stop();
    Default::default()
}
