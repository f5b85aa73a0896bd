//! What a call answers when its work fails or panics.

use std::future::Future;

use super::calls::unknown;
use super::proto::tfplugin6 as pb;
use super::service::{Outcome, Service};
use crate::engine::Engine;

async fn failing(work: impl Future<Output = Outcome<pb::read_resource::Response>>) -> pb::read_resource::Response {
    let service = Service::new(Engine::new());
    let kept = Some(pb::DynamicValue { msgpack: vec![0xc0], json: Vec::new() });
    let fallback = |diagnostic| pb::read_resource::Response {
        new_state: kept.clone(),
        private: b"private".to_vec(),
        diagnostics: vec![diagnostic],
        ..Default::default()
    };
    let answer = service.call("ReadResource", "materialize_table", work, fallback).await;
    let answer = answer.expect("never a gRPC error").into_inner();
    assert_eq!((&answer.new_state, answer.private.as_slice()), (&kept, &b"private"[..]), "what was known is kept");
    answer
}

#[tokio::test]
async fn a_panic_is_a_diagnostic_and_quotes_nothing() {
    let secret = "hunter2".to_owned();
    let work = async {
        tokio::task::yield_now().await;
        panic!("cannot use {secret}")
    };
    let answer = failing(work).await;
    let [diagnostic] = &answer.diagnostics[..] else { panic!("one diagnostic") };
    assert_eq!(diagnostic.severity, i32::from(pb::diagnostic::Severity::Error));
    assert_eq!(diagnostic.summary, "The provider failed unexpectedly in ReadResource of materialize_table");
    assert!(!diagnostic.detail.contains("hunter2"));
}

#[tokio::test]
async fn an_early_error_is_a_diagnostic() {
    let answer = failing(async { Err(unknown("resource type", "materialize_x")) }).await;
    assert_eq!(answer.diagnostics[0].summary, "Unknown resource type");
    assert_eq!(answer.diagnostics[0].detail, "This provider has no resource type materialize_x.");
}
