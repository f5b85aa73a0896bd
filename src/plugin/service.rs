//! The provider's RPCs: decode, call the engine, encode. Whatever fails is a diagnostic, never a gRPC error, because
//! Terraform loses the state of an apply that ends in one.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use futures_util::FutureExt;
use tonic::{Request, Response, Status, Streaming};

use super::codec::{decode, encode};
use super::proto::tfplugin6 as pb;
use super::proto::tfplugin6::provider_server::Provider;
use super::schema::{self, Of};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ApplyRequest, Engine, ImportId, PlanRequest, ReadRequest, Schema, Stored};
use crate::value::Value;

/// The service; shared by all connections.
pub struct Service {
    engine: Arc<Engine>,
    schemas: OnceLock<pb::get_provider_schema::Response>,
    calls: AtomicU64,
}

/// What a call can end with before it has an answer of its own.
pub(super) type Outcome<T> = Result<T, Diagnostic>;

const CAPABILITIES: pb::ServerCapabilities = pb::ServerCapabilities {
    plan_destroy: false,
    get_provider_schema_optional: true,
    move_resource_state: false,
    generate_resource_config: false,
};

impl Service {
    pub fn new(engine: Arc<Engine>) -> Self {
        Self { engine, schemas: OnceLock::new(), calls: AtomicU64::new(0) }
    }

    /// Runs a call: logs it, and turns an error or a panic into the answer that `fallback` makes of it.
    pub(super) async fn call<T>(
        &self,
        rpc: &'static str,
        type_name: &str,
        work: impl Future<Output = Outcome<T>>,
        fallback: impl FnOnce(pb::Diagnostic) -> T,
    ) -> Result<Response<T>, Status> {
        let id = self.calls.fetch_add(1, Ordering::Relaxed);
        let began = Instant::now();
        log::trace!(tf_rpc = rpc, tf_req_id = id, tf_resource_type = type_name; "received request");
        let outcome = AssertUnwindSafe(work).catch_unwind().await;
        let millis = began.elapsed().as_millis();
        let answer = match outcome {
            Ok(Ok(answer)) => answer,
            Ok(Err(diagnostic)) => fallback(schema::diagnostic(diagnostic)),
            Err(_) => {
                log::error!(tf_rpc = rpc, tf_req_id = id, tf_resource_type = type_name; "the call panicked");
                fallback(schema::diagnostic(panicked(rpc, type_name)))
            }
        };
        log::debug!(tf_rpc = rpc, tf_req_id = id, tf_resource_type = type_name, tf_req_duration_ms = millis as u64; "served request");
        Ok(Response::new(answer))
    }

    fn resource(&self, name: &str) -> Outcome<&Schema> {
        self.engine.resource_schemas().get(name).ok_or_else(|| unknown("resource type", name))
    }

    /// The schema of an ephemeral resource type, which is that of the resource.
    fn ephemeral(&self, name: &str) -> Outcome<&Schema> {
        let found = self.engine.declared().get(name);
        if found.is_some_and(|declared| declared.resource.ephemeral.is_some()) {
            self.resource(name)
        } else {
            Err(unknown("ephemeral resource type", name))
        }
    }

    fn data_source(&self, name: &str) -> Outcome<&Schema> {
        self.engine.data_source_schemas().get(name).ok_or_else(|| unknown("data source", name))
    }

    fn print_schemas(&self) -> pb::get_provider_schema::Response {
        let print = |all: &std::collections::BTreeMap<&'static str, Schema>, of| {
            all.iter().map(|(name, found)| ((*name).to_owned(), schema::schema(found, of))).collect()
        };
        let ephemeral = self.engine.ephemeral().map(|(name, declared)| {
            let mut found = schema::schema(&self.engine.resource_schemas()[name], Of::Resource);
            if let (Some(block), Some(ephemeral)) = (&mut found.block, declared.resource.ephemeral) {
                block.description = ephemeral.doc.to_owned();
            }
            (name.to_owned(), found)
        });
        pb::get_provider_schema::Response {
            ephemeral_resource_schemas: ephemeral.collect(),
            provider: Some(schema::schema(self.engine.provider_schema(), Of::Provider)),
            resource_schemas: print(self.engine.resource_schemas(), Of::Resource),
            data_source_schemas: print(self.engine.data_source_schemas(), Of::DataSource),
            server_capabilities: Some(CAPABILITIES),
            ..Default::default()
        }
    }
}

pub(super) fn unknown(what: &str, name: &str) -> Diagnostic {
    Diagnostic::error(format!("Unknown {what}"), format!("This provider has no {what} {name}."))
}

/// Does work in a task of its own: if Terraform drops the call, what was begun is still ended.
async fn to_its_end<T: Send + 'static>(
    rpc: &str,
    type_name: &str,
    work: impl Future<Output = T> + Send + 'static,
) -> Outcome<T> {
    tokio::spawn(work).await.map_err(|_| panicked(rpc, type_name))
}

fn panicked(rpc: &str, type_name: &str) -> Diagnostic {
    let what = if type_name.is_empty() { rpc.to_owned() } else { format!("{rpc} of {type_name}") };
    let detail = "This is a bug in the provider, which goes on working. Please report it with the configuration that led \
                  to it and the lines around it in the log (TF_LOG=debug).";
    Diagnostic::error(format!("The provider failed unexpectedly in {what}"), detail)
}

/// Says that a feature is not there.
fn unsupported(what: &str) -> pb::Diagnostic {
    schema::diagnostic(Diagnostic::error("Not supported", format!("This provider does not support {what}.")))
}

fn take(schema: &Schema, what: &str, value: Option<&pb::DynamicValue>) -> Outcome<Value> {
    decode(&schema.ty, value).map_err(|error| {
        Diagnostic::error(
            format!("Cannot read the {what} that Terraform sent"),
            format!("{error}. Please report this."),
        )
    })
}

fn give(schema: &Schema, value: &Value) -> Option<pb::DynamicValue> {
    Some(encode(&schema.ty, value))
}

fn messages(diagnostics: Diagnostics) -> Vec<pb::Diagnostic> {
    schema::diagnostics(diagnostics)
}

fn writes_allowed(capabilities: Option<&pb::ClientCapabilities>) -> bool {
    capabilities.is_some_and(|capabilities| capabilities.write_only_attributes_allowed)
}

#[tonic::async_trait]
impl Provider for Service {
    async fn get_metadata(
        &self,
        _: Request<pb::get_metadata::Request>,
    ) -> Result<Response<pb::get_metadata::Response>, Status> {
        use pb::get_metadata::{DataSourceMetadata, EphemeralResourceMetadata, ResourceMetadata};
        let named = |name: &&&'static str| (**name).to_owned();
        let resources = self.engine.resource_schemas().keys();
        let data_sources = self.engine.data_source_schemas().keys();
        Ok(Response::new(pb::get_metadata::Response {
            server_capabilities: Some(CAPABILITIES),
            resources: resources.map(|name| ResourceMetadata { type_name: named(&name) }).collect(),
            ephemeral_resources: (self.engine.ephemeral())
                .map(|(name, _)| EphemeralResourceMetadata { type_name: name.to_owned() })
                .collect(),
            data_sources: data_sources.map(|name| DataSourceMetadata { type_name: named(&name) }).collect(),
            ..Default::default()
        }))
    }

    async fn get_provider_schema(
        &self,
        _: Request<pb::get_provider_schema::Request>,
    ) -> Result<Response<pb::get_provider_schema::Response>, Status> {
        let work = async { Ok(self.schemas.get_or_init(|| self.print_schemas()).clone()) };
        self.call("GetProviderSchema", "", work, |diagnostic| pb::get_provider_schema::Response {
            diagnostics: vec![diagnostic],
            ..Default::default()
        })
        .await
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<pb::get_resource_identity_schemas::Request>,
    ) -> Result<Response<pb::get_resource_identity_schemas::Response>, Status> {
        Ok(Response::new(Default::default()))
    }

    async fn validate_provider_config(
        &self,
        request: Request<pb::validate_provider_config::Request>,
    ) -> Result<Response<pb::validate_provider_config::Response>, Status> {
        let request = request.into_inner();
        let work = async {
            let config = take(self.engine.provider_schema(), "configuration", request.config.as_ref())?;
            let diagnostics = messages(self.engine.validate_provider(&config).await);
            Ok(pb::validate_provider_config::Response { diagnostics })
        };
        self.call("ValidateProviderConfig", "", work, |diagnostic| pb::validate_provider_config::Response {
            diagnostics: vec![diagnostic],
        })
        .await
    }

    async fn validate_resource_config(
        &self,
        request: Request<pb::validate_resource_config::Request>,
    ) -> Result<Response<pb::validate_resource_config::Response>, Status> {
        let request = request.into_inner();
        let name = request.type_name.as_str();
        let work = async {
            let config = take(self.resource(name)?, "configuration", request.config.as_ref())?;
            let allowed = writes_allowed(request.client_capabilities.as_ref());
            let diagnostics = messages(self.engine.validate_resource(name, &config, allowed).await);
            Ok(pb::validate_resource_config::Response { diagnostics })
        };
        self.call("ValidateResourceConfig", name, work, |diagnostic| pb::validate_resource_config::Response {
            diagnostics: vec![diagnostic],
        })
        .await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<pb::validate_data_resource_config::Request>,
    ) -> Result<Response<pb::validate_data_resource_config::Response>, Status> {
        let request = request.into_inner();
        let name = request.type_name.as_str();
        let work = async {
            let config = take(self.data_source(name)?, "configuration", request.config.as_ref())?;
            let diagnostics = messages(self.engine.validate_data_source(name, &config).await);
            Ok(pb::validate_data_resource_config::Response { diagnostics })
        };
        self.call("ValidateDataResourceConfig", name, work, |diagnostic| pb::validate_data_resource_config::Response {
            diagnostics: vec![diagnostic],
        })
        .await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<pb::upgrade_resource_state::Request>,
    ) -> Result<Response<pb::upgrade_resource_state::Response>, Status> {
        let request = request.into_inner();
        let name = request.type_name.as_str();
        let work = async {
            let found = self.resource(name)?;
            let raw = request.raw_state.as_ref().map(|raw| raw.json.as_slice()).unwrap_or_default();
            let malformed = |detail: String| {
                Diagnostic::error(format!("Cannot read the stored state of a {name}"), format!("{detail}."))
            };
            if raw.is_empty() {
                return Err(malformed("Terraform sent none in a form later than version 0.11".into()));
            }
            let json = serde_json::from_slice(raw).map_err(|error| malformed(error.to_string()))?;
            let reply = self.engine.upgrade_state(name, request.version, &json).await;
            let diagnostics = messages(reply.diagnostics);
            Ok(pb::upgrade_resource_state::Response { upgraded_state: give(found, &reply.value), diagnostics })
        };
        self.call("UpgradeResourceState", name, work, |diagnostic| pb::upgrade_resource_state::Response {
            diagnostics: vec![diagnostic],
            ..Default::default()
        })
        .await
    }

    async fn upgrade_resource_identity(
        &self,
        _: Request<pb::upgrade_resource_identity::Request>,
    ) -> Result<Response<pb::upgrade_resource_identity::Response>, Status> {
        let diagnostics = vec![unsupported("resource identity")];
        Ok(Response::new(pb::upgrade_resource_identity::Response { diagnostics, ..Default::default() }))
    }

    async fn configure_provider(
        &self,
        request: Request<pb::configure_provider::Request>,
    ) -> Result<Response<pb::configure_provider::Response>, Status> {
        let request = request.into_inner();
        let work = async {
            let config = take(self.engine.provider_schema(), "configuration", request.config.as_ref())?;
            Ok(pb::configure_provider::Response { diagnostics: messages(self.engine.configure(config).await) })
        };
        self.call("ConfigureProvider", "", work, |diagnostic| pb::configure_provider::Response {
            diagnostics: vec![diagnostic],
        })
        .await
    }

    async fn read_resource(
        &self,
        request: Request<pb::read_resource::Request>,
    ) -> Result<Response<pb::read_resource::Response>, Status> {
        let request = request.into_inner();
        let name = request.type_name.clone();
        let (kept, private) = (request.current_state.clone(), request.private.clone());
        let work = async {
            let found = self.resource(&request.type_name)?;
            let state = take(found, "state", request.current_state.as_ref())?;
            let stored = Stored { state, private: request.private, identity: None };
            let reply = self.engine.read(ReadRequest { type_name: request.type_name.clone(), stored }).await;
            Ok(pb::read_resource::Response {
                new_state: give(found, &reply.value.state),
                private: reply.value.private,
                diagnostics: messages(reply.diagnostics),
                ..Default::default()
            })
        };
        self.call("ReadResource", &name, work, |diagnostic| pb::read_resource::Response {
            new_state: kept,
            private,
            diagnostics: vec![diagnostic],
            ..Default::default()
        })
        .await
    }

    async fn plan_resource_change(
        &self,
        request: Request<pb::plan_resource_change::Request>,
    ) -> Result<Response<pb::plan_resource_change::Response>, Status> {
        let request = request.into_inner();
        let name = request.type_name.clone();
        let (kept, private) = (request.prior_state.clone(), request.prior_private.clone());
        let work = async {
            let found = self.resource(&request.type_name)?;
            let state = take(found, "prior state", request.prior_state.as_ref())?;
            let config = take(found, "configuration", request.config.as_ref())?;
            let proposed = take(found, "proposed state", request.proposed_new_state.as_ref())?;
            let prior = Stored { state, private: request.prior_private, identity: None };
            let reply =
                self.engine.plan(PlanRequest { type_name: request.type_name.clone(), prior, config, proposed }).await;
            Ok(pb::plan_resource_change::Response {
                planned_state: give(found, &reply.value.stored.state),
                requires_replace: reply.value.requires_replace.iter().map(schema::path).collect(),
                planned_private: reply.value.stored.private,
                diagnostics: messages(reply.diagnostics),
                ..Default::default()
            })
        };
        self.call("PlanResourceChange", &name, work, |diagnostic| pb::plan_resource_change::Response {
            planned_state: kept,
            planned_private: private,
            diagnostics: vec![diagnostic],
            ..Default::default()
        })
        .await
    }

    async fn apply_resource_change(
        &self,
        request: Request<pb::apply_resource_change::Request>,
    ) -> Result<Response<pb::apply_resource_change::Response>, Status> {
        let request = request.into_inner();
        let name = request.type_name.clone();
        let (kept, private) = (request.prior_state.clone(), request.planned_private.clone());
        let engine = self.engine.clone();
        let work = async {
            let found = self.resource(&request.type_name)?;
            let state = take(found, "prior state", request.prior_state.as_ref())?;
            let planned = take(found, "planned state", request.planned_state.as_ref())?;
            let config = take(found, "configuration", request.config.as_ref())?;
            let prior = Stored { state, private: request.planned_private.clone(), identity: None };
            let planned = Stored { state: planned, private: request.planned_private, identity: None };
            let type_name = request.type_name.clone();
            let work = async move { engine.apply(ApplyRequest { type_name, prior, planned, config }).await };
            let reply = to_its_end("ApplyResourceChange", &request.type_name, work).await?;
            Ok(pb::apply_resource_change::Response {
                new_state: give(found, &reply.value.state),
                private: reply.value.private,
                diagnostics: messages(reply.diagnostics),
                ..Default::default()
            })
        };
        self.call("ApplyResourceChange", &name, work, |diagnostic| pb::apply_resource_change::Response {
            new_state: kept,
            private,
            diagnostics: vec![diagnostic],
            ..Default::default()
        })
        .await
    }

    async fn import_resource_state(
        &self,
        request: Request<pb::import_resource_state::Request>,
    ) -> Result<Response<pb::import_resource_state::Response>, Status> {
        let request = request.into_inner();
        let name = request.type_name.as_str();
        let work = async {
            let found = self.resource(name)?;
            let id = match request.identity {
                Some(_) if request.id.is_empty() => ImportId::Identity(Value::Null),
                _ => ImportId::Id(request.id.clone()),
            };
            let reply = self.engine.import(name, id).await;
            let imported = (!reply.value.state.is_null()).then(|| pb::import_resource_state::ImportedResource {
                type_name: name.to_owned(),
                state: give(found, &reply.value.state),
                private: reply.value.private,
                identity: None,
            });
            Ok(pb::import_resource_state::Response {
                imported_resources: imported.into_iter().collect(),
                diagnostics: messages(reply.diagnostics),
                ..Default::default()
            })
        };
        self.call("ImportResourceState", name, work, |diagnostic| pb::import_resource_state::Response {
            diagnostics: vec![diagnostic],
            ..Default::default()
        })
        .await
    }

    async fn move_resource_state(
        &self,
        _: Request<pb::move_resource_state::Request>,
    ) -> Result<Response<pb::move_resource_state::Response>, Status> {
        let diagnostics = vec![unsupported("moving of state between resource types")];
        Ok(Response::new(pb::move_resource_state::Response { diagnostics, ..Default::default() }))
    }

    async fn read_data_source(
        &self,
        request: Request<pb::read_data_source::Request>,
    ) -> Result<Response<pb::read_data_source::Response>, Status> {
        let request = request.into_inner();
        let name = request.type_name.as_str();
        let work = async {
            let found = self.data_source(name)?;
            let config = take(found, "configuration", request.config.as_ref())?;
            let reply = self.engine.read_data_source(name, config).await;
            let (state, diagnostics) = (give(found, &reply.value), messages(reply.diagnostics));
            Ok(pb::read_data_source::Response { state, diagnostics, ..Default::default() })
        };
        self.call("ReadDataSource", name, work, |diagnostic| pb::read_data_source::Response {
            diagnostics: vec![diagnostic],
            ..Default::default()
        })
        .await
    }

    async fn generate_resource_config(
        &self,
        _: Request<pb::generate_resource_config::Request>,
    ) -> Result<Response<pb::generate_resource_config::Response>, Status> {
        let diagnostics = vec![unsupported("generating of configuration")];
        Ok(Response::new(pb::generate_resource_config::Response { diagnostics, ..Default::default() }))
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<pb::validate_ephemeral_resource_config::Request>,
    ) -> Result<Response<pb::validate_ephemeral_resource_config::Response>, Status> {
        let request = request.into_inner();
        let name = request.type_name.as_str();
        let work = async {
            let config = take(self.ephemeral(name)?, "configuration", request.config.as_ref())?;
            let diagnostics = messages(self.engine.validate_resource(name, &config, true).await);
            Ok(pb::validate_ephemeral_resource_config::Response { diagnostics })
        };
        self.call("ValidateEphemeralResourceConfig", name, work, |diagnostic| {
            pb::validate_ephemeral_resource_config::Response { diagnostics: vec![diagnostic] }
        })
        .await
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<pb::open_ephemeral_resource::Request>,
    ) -> Result<Response<pb::open_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        let name = request.type_name.clone();
        let engine = self.engine.clone();
        let work = async {
            let found = self.ephemeral(&request.type_name)?;
            let config = take(found, "configuration", request.config.as_ref())?;
            let type_name = request.type_name.clone();
            let work = async move { engine.open(&type_name, config).await };
            let reply = to_its_end("OpenEphemeralResource", &request.type_name, work).await?;
            Ok(pb::open_ephemeral_resource::Response {
                result: give(found, &reply.value.result),
                private: Some(reply.value.private),
                diagnostics: messages(reply.diagnostics),
                ..Default::default()
            })
        };
        self.call("OpenEphemeralResource", &name, work, |diagnostic| pb::open_ephemeral_resource::Response {
            diagnostics: vec![diagnostic],
            ..Default::default()
        })
        .await
    }

    /// Nothing that is opened here needs to be renewed, so Terraform is never asked to.
    async fn renew_ephemeral_resource(
        &self,
        request: Request<pb::renew_ephemeral_resource::Request>,
    ) -> Result<Response<pb::renew_ephemeral_resource::Response>, Status> {
        let private = request.into_inner().private;
        Ok(Response::new(pb::renew_ephemeral_resource::Response { private, ..Default::default() }))
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<pb::close_ephemeral_resource::Request>,
    ) -> Result<Response<pb::close_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        let name = request.type_name.clone();
        let engine = self.engine.clone();
        let work = async {
            self.ephemeral(&request.type_name)?;
            let (type_name, private) = (request.type_name.clone(), request.private.unwrap_or_default());
            let work = async move { engine.close(&type_name, &private).await };
            let reply = to_its_end("CloseEphemeralResource", &request.type_name, work).await?;
            Ok(pb::close_ephemeral_resource::Response { diagnostics: messages(reply.diagnostics) })
        };
        self.call("CloseEphemeralResource", &name, work, |diagnostic| pb::close_ephemeral_resource::Response {
            diagnostics: vec![diagnostic],
        })
        .await
    }

    type ListResourceStream = Events<pb::list_resource::Event>;

    async fn list_resource(
        &self,
        _: Request<pb::list_resource::Request>,
    ) -> Result<Response<Self::ListResourceStream>, Status> {
        let diagnostic = vec![unsupported("listing of resources")];
        Ok(Response::new(one(pb::list_resource::Event { diagnostic, ..Default::default() })))
    }

    async fn validate_list_resource_config(
        &self,
        _: Request<pb::validate_list_resource_config::Request>,
    ) -> Result<Response<pb::validate_list_resource_config::Response>, Status> {
        let diagnostics = vec![unsupported("listing of resources")];
        Ok(Response::new(pb::validate_list_resource_config::Response { diagnostics }))
    }

    async fn get_functions(
        &self,
        _: Request<pb::get_functions::Request>,
    ) -> Result<Response<pb::get_functions::Response>, Status> {
        Ok(Response::new(Default::default()))
    }

    async fn call_function(
        &self,
        request: Request<pb::call_function::Request>,
    ) -> Result<Response<pb::call_function::Response>, Status> {
        let text = format!("This provider has no function {}.", request.into_inner().name);
        let error = Some(pb::FunctionError { text, function_argument: None });
        Ok(Response::new(pb::call_function::Response { result: None, error }))
    }

    async fn validate_action_config(
        &self,
        _: Request<pb::validate_action_config::Request>,
    ) -> Result<Response<pb::validate_action_config::Response>, Status> {
        let diagnostics = vec![unsupported("actions")];
        Ok(Response::new(pb::validate_action_config::Response { diagnostics }))
    }

    async fn plan_action(
        &self,
        _: Request<pb::plan_action::Request>,
    ) -> Result<Response<pb::plan_action::Response>, Status> {
        let diagnostics = vec![unsupported("actions")];
        Ok(Response::new(pb::plan_action::Response { diagnostics, ..Default::default() }))
    }

    type InvokeActionStream = Events<pb::invoke_action::Event>;

    async fn invoke_action(
        &self,
        _: Request<pb::invoke_action::Request>,
    ) -> Result<Response<Self::InvokeActionStream>, Status> {
        use pb::invoke_action::event::{Completed, Type};
        let diagnostics = vec![unsupported("actions")];
        Ok(Response::new(one(pb::invoke_action::Event { r#type: Some(Type::Completed(Completed { diagnostics })) })))
    }

    async fn validate_state_store_config(
        &self,
        _: Request<pb::validate_state_store_config::Request>,
    ) -> Result<Response<pb::validate_state_store_config::Response>, Status> {
        Err(no_state_store())
    }

    async fn configure_state_store(
        &self,
        _: Request<pb::configure_state_store::Request>,
    ) -> Result<Response<pb::configure_state_store::Response>, Status> {
        Err(no_state_store())
    }

    type ReadStateBytesStream = Events<pb::read_state_bytes::ResponseChunk>;

    async fn read_state_bytes(
        &self,
        _: Request<pb::read_state_bytes::Request>,
    ) -> Result<Response<Self::ReadStateBytesStream>, Status> {
        Err(no_state_store())
    }

    async fn write_state_bytes(
        &self,
        _: Request<Streaming<pb::write_state_bytes::RequestChunk>>,
    ) -> Result<Response<pb::write_state_bytes::Response>, Status> {
        Err(no_state_store())
    }

    async fn lock_state(
        &self,
        _: Request<pb::lock_state::Request>,
    ) -> Result<Response<pb::lock_state::Response>, Status> {
        Err(no_state_store())
    }

    async fn unlock_state(
        &self,
        _: Request<pb::unlock_state::Request>,
    ) -> Result<Response<pb::unlock_state::Response>, Status> {
        Err(no_state_store())
    }

    async fn get_states(
        &self,
        _: Request<pb::get_states::Request>,
    ) -> Result<Response<pb::get_states::Response>, Status> {
        Err(no_state_store())
    }

    async fn delete_state(
        &self,
        _: Request<pb::delete_state::Request>,
    ) -> Result<Response<pb::delete_state::Response>, Status> {
        Err(no_state_store())
    }

    async fn stop_provider(
        &self,
        _: Request<pb::stop_provider::Request>,
    ) -> Result<Response<pb::stop_provider::Response>, Status> {
        log::debug!(tf_rpc = "StopProvider"; "cancelling what waits");
        self.engine.stop();
        Ok(Response::new(Default::default()))
    }
}

/// State stores are experimental in Terraform, where this is how a provider says that it has none.
fn no_state_store() -> Status {
    Status::unimplemented("this provider is no state store")
}

/// A stream of events.
type Events<T> = std::pin::Pin<Box<dyn futures_util::Stream<Item = Result<T, Status>> + Send>>;

fn one<T: Send + 'static>(event: T) -> Events<T> {
    Box::pin(futures_util::stream::once(async { Ok(event) }))
}
