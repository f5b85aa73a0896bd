//! Lists on the wire: a stream with an event for each object.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use futures_util::stream::unfold;
use tokio::sync::mpsc;

use super::calls::{give, resource, take, unknown};
use super::identity;
use super::proto::tfplugin6::validate_list_resource_config as validate;
use super::proto::tfplugin6::{get_metadata::ListResourceMetadata, list_resource as list};
use super::schema::{diagnostic, diagnostics};
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
    let service = service.clone();
    tokio::spawn(async move {
        let name = request.type_name.clone();
        if AssertUnwindSafe(search(&service, request, &sink)).catch_unwind().await.is_err() {
            sink.send(failure(panicked("ListResource", &name))).await.ok();
        }
    });
    Box::pin(unfold(found, async |mut found| Some((Ok(found.recv().await?), found))))
}

fn failure(error: Diagnostic) -> list::Event {
    list::Event { diagnostic: vec![diagnostic(error)], ..Default::default() }
}

async fn search(service: &Service, request: list::Request, sink: &mpsc::Sender<list::Event>) {
    let name = request.type_name.as_str();
    let config = schema(service, name).and_then(|schema| take(schema, "configuration", request.config));
    let (config, resource) = match (config, resource(service, name)) {
        (Ok(config), Ok(resource)) => (config, resource),
        (Err(error), _) | (_, Err(error)) => {
            sink.send(failure(error)).await.ok();
            return;
        }
    };
    let (listed, mut replies) = mpsc::channel(AHEAD);
    let limit = usize::try_from(request.limit).unwrap_or_default();
    let searching = async {
        // The channel closes with the search.
        let listed = listed;
        service.engine.list(name, &config, limit, &listed).await;
    };
    let telling = async {
        while let Some(Reply { value: Listed { name: display_name, state }, diagnostics: said }) = replies.recv().await
        {
            let object = (request.include_resource_object && !state.is_null()).then(|| give(resource, &state));
            let event = list::Event {
                identity: identity::give(service, name, &state),
                display_name,
                resource_object: object.flatten(),
                diagnostic: diagnostics(said),
            };
            if sink.send(event).await.is_err() {
                break;
            }
        }
        replies.close();
    };
    tokio::join!(searching, telling);
}
