//! The provider's process spoken to without a Terraform: for what only newer versions of it ask.

use provider::engine::{Engine, Schema};
use provider::plugin::codec::{decode, encode};
use provider::plugin::proto::tfplugin6 as pb;
use provider::value::{from_json, to_json};
use serde_json::Value as Json;
use tokio::runtime::Runtime;

use crate::plugin::client::{Client, Plugin};
use crate::support::server::Server;

/// A configured provider.
pub struct Wire {
    runtime: Runtime,
    client: Client,
    _plugin: Plugin,
    /// For the schemas.
    engine: std::sync::Arc<Engine>,
}

/// An object that a list has.
#[derive(Debug)]
pub struct Event {
    pub name: String,
    pub identity: Json,
    pub object: Json,
}

type Outcome<T> = Result<T, String>;

fn told(diagnostics: &[pb::Diagnostic]) -> Outcome<()> {
    let texts: Vec<String> = diagnostics.iter().map(|d| format!("{}: {}", d.summary, d.detail)).collect();
    if texts.is_empty() { Ok(()) } else { Err(texts.join("\n")) }
}

impl Wire {
    pub fn new(server: &Server, extra: &str) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let plugin = Plugin::start(&[]);
        let client = runtime.block_on(plugin.connect());
        let engine = Engine::new();
        let lines = server.provider_lines() + extra;
        let settings = lines.lines().filter_map(|line| line.split_once('=')).map(|(name, value)| {
            (name.trim().to_owned(), serde_json::from_str::<Json>(value.trim()).expect("a plain value"))
        });
        let wire = Self { runtime, client, _plugin: plugin, engine };
        let config = wire.config(wire.engine.provider_schema(), &Json::Object(settings.collect()));
        let request = pb::configure_provider::Request { config, ..Default::default() };
        let answer = wire.call(async |mut p| p.configure_provider(request).await);
        told(&answer.diagnostics).expect("a provider block that is taken");
        wire
    }

    fn call<T>(
        &self,
        call: impl AsyncFnOnce(
            pb::provider_client::ProviderClient<tonic::transport::Channel>,
        ) -> Result<tonic::Response<T>, tonic::Status>,
    ) -> T {
        self.runtime.block_on(call(self.client.provider())).expect("an answer").into_inner()
    }

    /// A configuration with these attributes and no others.
    fn config(&self, schema: &Schema, given: &Json) -> Option<pb::DynamicValue> {
        let mut all = given.clone();
        for attr in schema.attrs.iter().filter(|attr| attr.ty.block().is_some()) {
            if all[attr.name].is_null() {
                all[attr.name] = Json::Array(Vec::new());
            }
        }
        Some(encode(&schema.ty, &from_json(&schema.ty, &all).expect("a configuration")))
    }

    fn schema(&self, kind: &str) -> &Schema {
        &self.engine.resource_schemas()[kind]
    }

    fn value(&self, kind: &str, value: Option<&pb::DynamicValue>) -> Json {
        to_json(&decode(&self.schema(kind).ty, value).expect("a value"))
    }

    fn give(&self, kind: &str, state: &Json) -> Option<pb::DynamicValue> {
        let ty = &self.schema(kind).ty;
        Some(encode(ty, &from_json(ty, state).expect("a state")))
    }

    fn identity(&self, kind: &str, data: Option<&pb::ResourceIdentityData>) -> Json {
        let ty = self.engine.declared()[kind].identity_type();
        let data = data.and_then(|data| data.identity_data.as_ref());
        data.map_or(Json::Null, |data| to_json(&decode(&ty, Some(data)).expect("an identity")))
    }

    fn identity_data(&self, kind: &str, identity: &Json) -> Option<pb::ResourceIdentityData> {
        let ty = self.engine.declared()[kind].identity_type();
        let identity = from_json(&ty, identity).expect("an identity");
        Some(pb::ResourceIdentityData { identity_data: Some(encode(&ty, &identity)) })
    }

    /// The state and the identity of an object by its import id, or by its identity.
    pub fn import(&self, kind: &str, id: &str, identity: Option<&Json>) -> Outcome<(Json, Json)> {
        let identity = identity.and_then(|identity| self.identity_data(kind, identity));
        let request = pb::import_resource_state::Request {
            type_name: kind.into(),
            id: id.into(),
            identity,
            ..Default::default()
        };
        let answer = self.call(async |mut p| p.import_resource_state(request).await);
        told(&answer.diagnostics)?;
        let imported = answer.imported_resources.first().ok_or("nothing is imported")?;
        Ok((self.value(kind, imported.state.as_ref()), self.identity(kind, imported.identity.as_ref())))
    }

    /// The state and the identity after a read.
    pub fn read(&self, kind: &str, state: &Json) -> Outcome<(Json, Json)> {
        let request = pb::read_resource::Request {
            type_name: kind.into(),
            current_state: self.give(kind, state),
            ..Default::default()
        };
        let answer = self.call(async |mut p| p.read_resource(request).await);
        told(&answer.diagnostics)?;
        Ok((self.value(kind, answer.new_state.as_ref()), self.identity(kind, answer.new_identity.as_ref())))
    }

    /// A configuration that says what the state shows.
    pub fn generate(&self, kind: &str, state: &Json) -> Outcome<Json> {
        let request = pb::generate_resource_config::Request { type_name: kind.into(), state: self.give(kind, state) };
        let answer = self.call(async |mut p| p.generate_resource_config(request).await);
        told(&answer.diagnostics)?;
        Ok(self.value(kind, answer.config.as_ref()))
    }

    /// The plan from a state to a configuration, and what asks for a replacement.
    pub fn plan(&self, kind: &str, prior: &Json, config: &Json) -> Outcome<(Json, usize)> {
        let config = self.give(kind, config);
        let request = pb::plan_resource_change::Request {
            type_name: kind.into(),
            prior_state: self.give(kind, prior),
            proposed_new_state: config.clone(),
            config,
            ..Default::default()
        };
        let answer = self.call(async |mut p| p.plan_resource_change(request).await);
        told(&answer.diagnostics)?;
        let planned = decode(&self.schema(kind).ty, answer.planned_state.as_ref()).expect("a plan");
        let planned = if planned.is_wholly_known() { to_json(&planned) } else { Json::Null };
        Ok((planned, answer.requires_replace.len()))
    }

    /// Whether objects of the type can be listed, and by which attributes a list is narrowed.
    pub fn filters(&self, kind: &str) -> Option<Vec<&'static str>> {
        self.engine.list_schemas().get(kind).map(|schema| schema.attrs.iter().map(|attr| attr.name).collect())
    }

    /// What a list has.
    pub fn list(&self, kind: &str, config: &Json, limit: i64) -> Outcome<Vec<Event>> {
        let config = self.config(&self.engine.list_schemas()[kind], config);
        let validated = pb::validate_list_resource_config::Request {
            type_name: kind.into(),
            config: config.clone(),
            ..Default::default()
        };
        let answer = self.call(async |mut p| p.validate_list_resource_config(validated).await);
        told(&answer.diagnostics)?;
        let request =
            pb::list_resource::Request { type_name: kind.into(), config, include_resource_object: true, limit };
        let mut events = self.call(async |mut p| p.list_resource(request).await);
        let mut all = Vec::new();
        while let Some(event) = self.runtime.block_on(events.message()).expect("a stream") {
            told(&event.diagnostic)?;
            all.push(Event {
                name: event.display_name,
                identity: self.identity(kind, event.identity.as_ref()),
                object: self.value(kind, event.resource_object.as_ref()),
            });
        }
        Ok(all)
    }
}

/// What of an object's state Terraform would show as changed; empty: it is the same.
pub fn differences(a: &Json, b: &Json) -> Vec<String> {
    let names = a.as_object().into_iter().chain(b.as_object()).flat_map(|object| object.keys());
    let names: std::collections::BTreeSet<&String> = names.collect();
    let differ = names.into_iter().filter(|name| a[*name] != b[*name]);
    differ.map(|name| format!("{name}: {} and {}", a[name], b[name])).collect()
}
