//! Lists on the wire: a stream with an event for each object.

use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_util::stream::unfold;
use futures_util::{FutureExt, StreamExt};
use tokio::sync::mpsc;

use super::calls::{give, resource, take, unknown};
use super::identity;
use super::proto::tfplugin6::validate_list_resource_config as validate;
use super::proto::tfplugin6::{get_metadata::ListResourceMetadata, list_resource as list};
use super::schema::diagnostics;
use super::service::{Events, Outcome, Service, panicked};
use crate::diag::Diagnostic;
use crate::engine::{Listed, Reply, Schema};

/// Events that may wait for Terraform.
const AHEAD: usize = 64;

pub fn metadata(service: &Service) -> Vec<ListResourceMetadata> {
    let names = service.engine.list_schemas().keys();
    names.map(|name| ListResourceMetadata { type_name: (*name).to_owned() }).collect()
}

fn schema<'a>(service: &'a Service, name: &str) -> Outcome<&'a Schema> {
    service.engine.list_schemas().get(name).ok_or_else(|| unknown("list of the resource type", name))
}

pub async fn validate(service: &Service, request: validate::Request) -> Outcome<validate::Response> {
    let config = take(schema(service, &request.type_name)?, "configuration", request.config)?;
    let diagnostics = diagnostics(service.engine.validate_list(&request.type_name, &config).await);
    Ok(validate::Response { diagnostics })
}

/// The stream. Terraform drops it when it has enough, which ends the search.
pub fn events(service: &Service, request: list::Request) -> Events<list::Event> {
    let (sink, found) = mpsc::channel(AHEAD);
    let (engine, name) = (service.engine.clone(), request.type_name);
    let config = schema(service, &name).and_then(|schema| take(schema, "configuration", request.config));
    let limit = usize::try_from(request.limit).unwrap_or_default();
    let searched = name.clone();
    tokio::spawn(async move {
        let searching = async {
            match config {
                Ok(config) => engine.list(&searched, &config, limit, &sink).await,
                Err(error) => refuse(&sink, error).await,
            }
        };
        if AssertUnwindSafe(searching).catch_unwind().await.is_err() {
            refuse(&sink, panicked("ListResource", &searched)).await;
        }
    });
    let (service, whole) = (service.clone(), request.include_resource_object);
    let events = unfold(found, async |mut found| Some((found.recv().await?, found)));
    Box::pin(events.map(move |reply| {
        let told = catch_unwind(AssertUnwindSafe(|| event(&service, &name, whole, reply)));
        Ok(told.unwrap_or_else(|_| list::Event {
            diagnostic: diagnostics(vec![panicked("ListResource", &name)]),
            ..Default::default()
        }))
    }))
}

async fn refuse(sink: &mpsc::Sender<Reply<Listed>>, error: Diagnostic) {
    // Nobody may be listening any more.
    sink.send(Reply { value: Listed::default(), diagnostics: vec![error] }).await.ok();
}

/// What Terraform is told of an object. `whole`: with its state.
fn event(service: &Service, name: &str, whole: bool, reply: Reply<Listed>) -> list::Event {
    let Listed { name: display_name, state } = reply.value;
    let resource = resource(service, name).ok().filter(|_| whole && !state.is_null());
    list::Event {
        identity: identity::give(service, name, &state),
        display_name,
        resource_object: resource.and_then(|resource| give(resource, &state)),
        diagnostic: diagnostics(reply.diagnostics),
    }
}
