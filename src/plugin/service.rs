//! The provider's RPCs. Whatever fails is a diagnostic, never a gRPC error, because Terraform loses the state of an apply
//! that ends in one.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use futures_util::FutureExt;
use tonic::{Request, Response, Status, Streaming};

use super::proto::tfplugin6 as pb;
use super::proto::tfplugin6::provider_server::Provider;
use super::{calls, function, identity, list, schema};
use crate::diag::Diagnostic;
use crate::engine::Engine;

/// The service; its clones are one.
#[derive(Clone)]
pub struct Service {
    pub(super) engine: Arc<Engine>,
    pub(super) schemas: Arc<OnceLock<pb::get_provider_schema::Response>>,
    calls: Arc<AtomicU64>,
}

/// What a call can end with before it has an answer of its own.
pub(super) type Outcome<T> = Result<T, Diagnostic>;

impl Service {
    pub fn new(engine: Arc<Engine>) -> Self {
        Self { engine, schemas: Arc::default(), calls: Arc::default() }
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
}

pub(super) fn panicked(rpc: &str, type_name: &str) -> Diagnostic {
    let what = if type_name.is_empty() { rpc.to_owned() } else { format!("{rpc} of {type_name}") };
    let detail = "This is a bug in the provider, which goes on working. Please report it with the configuration that led \
                  to it and the lines around it in the log (TF_LOG=debug).";
    Diagnostic::error(format!("The provider failed unexpectedly in {what}"), detail)
}

/// Says that a feature is not there.
fn unsupported(what: &str) -> pb::Diagnostic {
    schema::diagnostic(Diagnostic::error("Not supported", format!("This provider does not support {what}.")))
}

/// State stores are experimental in Terraform, where this is how a provider says that it has none.
fn no_state_store() -> Status {
    Status::unimplemented("this provider is no state store")
}

/// A stream of events.
pub(super) type Events<T> = std::pin::Pin<Box<dyn futures_util::Stream<Item = Result<T, Status>> + Send>>;

fn one<T: Send + 'static>(event: T) -> Result<Response<Events<T>>, Status> {
    Ok(Response::new(Box::pin(futures_util::stream::once(async { Ok(event) }))))
}

/// The RPCs that are all of one form, and then all others. `works`: what is done is in [`calls`] and may fail; here are
/// the log's word for it, the request's type name, and what the answer to a failure keeps of the request. `says`: an
/// answer of [`calls`] that costs nothing.
macro_rules! provider {
    (
        works { $($work:ident $place:ident::$does:ident $log:literal $($type_name:ident)? { $($kept:ident: $known:ident),* })* }
        says { $($say:ident $where:ident::$said:ident)* }
        unsupported { $($unsupported:ident $what:literal)* }
        no_state_store { $($no_state_store:ident)* }
        $($others:item)*
    ) => {
        #[tonic::async_trait]
        impl Provider for Service {
            $(async fn $work(
                &self,
                request: Request<pb::$work::Request>,
            ) -> Result<Response<pb::$work::Response>, Status> {
                let request = request.into_inner();
                let type_name = String::new() $(+ &request.$type_name)?;
                let mut failure = pb::$work::Response::default();
                $(failure.$kept = request.$known.clone();)*
                let fallback = |diagnostic| {
                    failure.diagnostics.push(diagnostic);
                    failure
                };
                self.call($log, &type_name, $place::$does(self, request), fallback).await
            })*

            $(async fn $say(&self, request: Request<pb::$say::Request>) -> Result<Response<pb::$say::Response>, Status> {
                Ok(Response::new($where::$said(self, request.into_inner())))
            })*

            $(async fn $unsupported(
                &self,
                _: Request<pb::$unsupported::Request>,
            ) -> Result<Response<pb::$unsupported::Response>, Status> {
                let mut answer = pb::$unsupported::Response::default();
                answer.diagnostics.push(unsupported($what));
                Ok(Response::new(answer))
            })*

            $(async fn $no_state_store(
                &self,
                _: Request<pb::$no_state_store::Request>,
            ) -> Result<Response<pb::$no_state_store::Response>, Status> {
                Err(no_state_store())
            })*

            $($others)*
        }
    };
}

provider! {
    works {
        get_provider_schema calls::schemas "GetProviderSchema" {}
        validate_provider_config calls::validate_provider "ValidateProviderConfig" {}
        validate_resource_config calls::validate_resource "ValidateResourceConfig" type_name {}
        validate_data_resource_config calls::validate_data_source "ValidateDataResourceConfig" type_name {}
        upgrade_resource_state calls::upgrade "UpgradeResourceState" type_name {}
        upgrade_resource_identity identity::upgrade "UpgradeResourceIdentity" type_name {}
        configure_provider calls::configure "ConfigureProvider" {}
        read_resource calls::read "ReadResource" type_name {
            new_state: current_state, private: private, new_identity: current_identity
        }
        plan_resource_change calls::plan "PlanResourceChange" type_name {
            planned_state: prior_state, planned_private: prior_private, planned_identity: prior_identity
        }
        apply_resource_change calls::apply "ApplyResourceChange" type_name {
            new_state: prior_state, private: planned_private, new_identity: planned_identity
        }
        import_resource_state calls::import "ImportResourceState" type_name {}
        move_resource_state calls::moved "MoveResourceState" target_type_name {}
        generate_resource_config calls::generate "GenerateResourceConfig" type_name {}
        read_data_source calls::read_data_source "ReadDataSource" type_name {}
        validate_list_resource_config list::validate "ValidateListResourceConfig" type_name {}
        validate_ephemeral_resource_config calls::validate_ephemeral "ValidateEphemeralResourceConfig" type_name {}
        open_ephemeral_resource calls::open "OpenEphemeralResource" type_name {}
        close_ephemeral_resource calls::close "CloseEphemeralResource" type_name {}
    }
    says {
        get_metadata calls::metadata
        get_resource_identity_schemas identity::schemas
        renew_ephemeral_resource calls::renew
        get_functions function::all
        call_function function::call
        stop_provider calls::stop
    }
    unsupported {
        validate_action_config "actions"
        plan_action "actions"
    }
    no_state_store {
        validate_state_store_config
        configure_state_store
        lock_state
        unlock_state
        get_states
        delete_state
    }

    type ListResourceStream = Events<pb::list_resource::Event>;

    async fn list_resource(
        &self,
        request: Request<pb::list_resource::Request>,
    ) -> Result<Response<Self::ListResourceStream>, Status> {
        Ok(Response::new(list::events(self, request.into_inner())))
    }

    type InvokeActionStream = Events<pb::invoke_action::Event>;

    async fn invoke_action(
        &self,
        _: Request<pb::invoke_action::Request>,
    ) -> Result<Response<Self::InvokeActionStream>, Status> {
        use pb::invoke_action::event::{Completed, Type};
        let completed = Type::Completed(Completed { diagnostics: vec![unsupported("actions")] });
        one(pb::invoke_action::Event { r#type: Some(completed) })
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
}
