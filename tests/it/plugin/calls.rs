//! Every call of the protocol, made once over the generated client, and calls that no Terraform would make.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use provider::engine::Engine;
use provider::plugin::codec::{decode, encode};
use provider::plugin::proto::tfplugin6 as pb;
use provider::value::{Type, Value};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::{Code, Request, Status};

use super::client::{Client, Plugin};

/// A secret that must never show up anywhere.
pub const PASSWORD: &str = "correct horse battery staple";

/// A resource type with few attributes and no checks that matter here.
const NAME: &str = "materialize_database";

static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(Engine::new);

fn resource() -> &'static Type {
    &ENGINE.resource_schemas()[NAME].ty
}

/// An object of a type, all null but for what is given; no blocks.
fn object<const N: usize>(ty: &Type, given: [(&str, Value); N]) -> Option<pb::DynamicValue> {
    let Type::Object(attrs) = ty else { panic!("an object type") };
    let empty = |ty: &Type| match ty {
        // A block, or near enough: core sends an empty list for one that is not there.
        Type::List(inner) | Type::Set(inner) if matches!(**inner, Type::Object(_)) => Value::List(Vec::new()),
        _ => Value::Null,
    };
    let mut all: BTreeMap<_, _> = attrs.iter().map(|(name, ty)| (name.clone(), empty(ty))).collect();
    for (name, value) in given {
        assert!(all.insert(name.to_owned(), value).is_some(), "there is no {name}");
    }
    Some(encode(ty, &Value::Map(all)))
}

fn null() -> Option<pb::DynamicValue> {
    Some(pb::DynamicValue { msgpack: vec![0xc0], json: Vec::new() })
}

/// Severity and texts, for comparison.
fn texts(diagnostics: &[pb::Diagnostic]) -> Vec<String> {
    diagnostics.iter().map(|d| format!("{:?}: {}: {}", d.severity(), d.summary, d.detail)).collect()
}

fn config(host: &str) -> Option<pb::DynamicValue> {
    object(&ENGINE.provider_schema().ty, [("host", host.into()), ("password", PASSWORD.into())])
}

/// Gives a connection its settings; what the provider has to say about them. Nothing connects to the host.
pub async fn configure(client: &Client, host: &str) -> Vec<String> {
    let request = pb::configure_provider::Request {
        terraform_version: "1.11.4".into(),
        config: config(host),
        client_capabilities: None,
    };
    let answer = client.provider().configure_provider(request).await.expect("an answer").into_inner();
    texts(&answer.diagnostics)
}

/// Plans the creation of a resource.
async fn plan(client: &Client, type_name: &str, given: Option<pb::DynamicValue>) -> pb::plan_resource_change::Response {
    let request = pb::plan_resource_change::Request {
        type_name: type_name.into(),
        prior_state: null(),
        proposed_new_state: given.clone(),
        config: given,
        ..Default::default()
    };
    client.provider().plan_resource_change(request).await.expect("an answer").into_inner()
}

/// Whether the connection has settings: then the region of a new resource is known at plan.
pub async fn is_configured(client: &Client) -> bool {
    let answer = plan(client, NAME, object(resource(), [("name", "d".into())])).await;
    assert_eq!(texts(&answer.diagnostics), Vec::<String>::new());
    let planned = decode(resource(), answer.planned_state.as_ref()).expect("a planned state");
    assert_eq!(planned.get("name"), &"d".into());
    assert!(planned.get("id").is_unknown());
    !planned.get("region").is_unknown()
}

/// The calls that a test makes, by name, so that it can say at the end that it made all.
#[derive(Default)]
struct Made(BTreeSet<&'static str>);

impl Made {
    fn ok<T>(&mut self, name: &'static str, answer: Result<tonic::Response<T>, Status>) -> T {
        assert!(self.0.insert(name), "{name} is called twice");
        answer.unwrap_or_else(|status| panic!("{name}: {status}")).into_inner()
    }

    fn quiet(&mut self, name: &'static str, diagnostics: &[pb::Diagnostic]) {
        assert!(diagnostics.is_empty(), "{name}: {:?}", texts(diagnostics));
    }

    /// Terraform shows such a diagnostic; a gRPC error would lose what it knows.
    fn unsupported(&mut self, name: &'static str, diagnostics: &[pb::Diagnostic], what: &str) {
        let expected = format!("Error: Not supported: This provider does not support {what}.");
        assert_eq!(texts(diagnostics), [expected], "{name}");
    }

    /// State stores are experimental, and this is how Terraform learns that there is none.
    fn unimplemented<T>(&mut self, name: &'static str, answer: Result<tonic::Response<T>, Status>) {
        assert!(self.0.insert(name), "{name} is called twice");
        assert_eq!(answer.map(|_| ()).map_err(|status| status.code()), Err(Code::Unimplemented), "{name}");
    }
}

#[tokio::test]
async fn every_call_has_an_answer() {
    let mut plugin = Plugin::start(&[]);
    let client = plugin.connect().await;
    let mut provider = client.provider();
    let mut made = Made::default();
    let type_name = || NAME.to_owned();
    let stored = || object(resource(), [("name", "d".into()), ("id", "self-hosted:u1".into())]);

    let schema = made.ok("GetProviderSchema", provider.get_provider_schema(pb::get_provider_schema::Request {}).await);
    made.quiet("GetProviderSchema", &schema.diagnostics);
    let capabilities = pb::ServerCapabilities {
        plan_destroy: false,
        get_provider_schema_optional: true,
        move_resource_state: true,
        generate_resource_config: true,
    };
    assert_eq!(schema.server_capabilities, Some(capabilities));
    assert!(schema.provider.is_some_and(|schema| schema.block.is_some()), "Terraform crashes without");
    assert_eq!(schema.resource_schemas.len(), ENGINE.resource_schemas().len());
    assert_eq!(schema.data_source_schemas.len(), ENGINE.data_source_schemas().len());
    assert!(schema.resource_schemas.values().all(|schema| schema.block.is_some()));
    assert!(schema.action_schemas.is_empty());
    assert!(schema.functions.values().all(|function| function.r#return.is_some()), "Terraform crashes without");
    let listed: BTreeSet<_> = schema.list_resource_schemas.keys().cloned().collect();
    assert_eq!(listed, ENGINE.list_schemas().keys().map(|name| (*name).to_owned()).collect());

    let metadata = made.ok("GetMetadata", provider.get_metadata(pb::get_metadata::Request {}).await);
    assert_eq!(metadata.server_capabilities, Some(capabilities));
    let named: BTreeSet<_> = metadata.list_resources.into_iter().map(|found| found.type_name).collect();
    assert_eq!(named, listed);
    let named: BTreeSet<_> = metadata.functions.into_iter().map(|found| found.name).collect();
    assert_eq!(named, schema.functions.keys().cloned().collect());
    let named: BTreeSet<_> = metadata.resources.into_iter().map(|found| found.type_name).collect();
    let resources: BTreeSet<_> = schema.resource_schemas.into_keys().collect();
    assert_eq!(named, resources);

    let request = pb::get_resource_identity_schemas::Request {};
    let identities = made.ok("GetResourceIdentitySchemas", provider.get_resource_identity_schemas(request).await);
    made.quiet("GetResourceIdentitySchemas", &identities.diagnostics);
    assert!(identities.identity_schemas.values().all(|schema| {
        // Terraform loads no schema in which one of them is neither or both.
        schema.identity_attributes.iter().all(|attr| attr.required_for_import != attr.optional_for_import)
    }));
    let named: BTreeSet<_> = identities.identity_schemas.into_keys().collect();
    assert_eq!(named, resources);

    let request = pb::validate_provider_config::Request { config: config("example.com") };
    let answer = made.ok("ValidateProviderConfig", provider.validate_provider_config(request).await);
    made.quiet("ValidateProviderConfig", &answer.diagnostics);

    let request = pb::validate_resource_config::Request {
        type_name: type_name(),
        config: object(resource(), [("name", Value::Unknown)]),
        client_capabilities: None,
    };
    let answer = made.ok("ValidateResourceConfig", provider.validate_resource_config(request).await);
    made.quiet("ValidateResourceConfig", &answer.diagnostics);

    let (source, found) = ENGINE.data_source_schemas().first_key_value().expect("a data source");
    let request =
        pb::validate_data_resource_config::Request { type_name: (*source).into(), config: object(&found.ty, []) };
    let answer = made.ok("ValidateDataResourceConfig", provider.validate_data_resource_config(request).await);
    assert!(answer.diagnostics.iter().all(|found| !found.summary.contains("unexpectedly")));

    // The state that the official provider leaves, a number for text and an unknown key in it.
    let json = br#"{"id":"u1","name":"d","comment":"","ownership_role":null,"gone":[1]}"#;
    let request = |raw| pb::upgrade_resource_state::Request { type_name: NAME.into(), version: 0, raw_state: raw };
    let raw = pb::RawState { json: json.to_vec(), flatmap: Default::default() };
    let answer = made.ok("UpgradeResourceState", provider.upgrade_resource_state(request(Some(raw))).await);
    made.quiet("UpgradeResourceState", &answer.diagnostics);
    let upgraded = decode(resource(), answer.upgraded_state.as_ref()).expect("a state");
    assert_eq!((upgraded.get("name"), upgraded.get("id")), (&"d".into(), &"u1".into()));
    for raw in [None, Some(pb::RawState { json: Vec::new(), flatmap: [("id".into(), "u1".into())].into() })] {
        let answer = provider.upgrade_resource_state(request(raw)).await.expect("an answer").into_inner();
        assert_eq!(answer.diagnostics.len(), 1, "an old or missing state is an error, or the resource would vanish");
    }

    // Before it is configured: an error that keeps what is known.
    let request = pb::apply_resource_change::Request {
        type_name: type_name(),
        prior_state: stored(),
        planned_state: null(),
        config: null(),
        planned_private: b"{}".to_vec(),
        ..Default::default()
    };
    let answer = made.ok("ApplyResourceChange", provider.apply_resource_change(request).await);
    assert_eq!(answer.new_state, stored());
    assert_eq!(answer.diagnostics[0].summary, "The provider is not configured");
    assert!(!answer.legacy_type_system);

    let request = pb::read_data_source::Request {
        type_name: (*source).into(),
        config: object(&found.ty, []),
        ..Default::default()
    };
    let answer = made.ok("ReadDataSource", provider.read_data_source(request).await);
    assert_eq!(answer.diagnostics.len(), 1);

    let request = pb::import_resource_state::Request { type_name: type_name(), id: "u1".into(), ..Default::default() };
    let answer = made.ok("ImportResourceState", provider.import_resource_state(request).await);
    assert!(answer.imported_resources.is_empty() && answer.diagnostics.len() == 1);

    assert!(!is_configured(&client).await);
    made.0.insert("PlanResourceChange");
    assert_eq!(configure(&client, "example.com").await, Vec::<String>::new());
    made.0.insert("ConfigureProvider");
    assert!(is_configured(&client).await);

    let request = pb::read_resource::Request {
        type_name: type_name(),
        current_state: null(),
        private: b"{}".to_vec(),
        ..Default::default()
    };
    let answer = made.ok("ReadResource", provider.read_resource(request).await);
    made.quiet("ReadResource", &answer.diagnostics);
    assert_eq!(answer.new_state, null());

    made.ok("StopProvider", provider.stop_provider(pb::stop_provider::Request {}).await);
    assert!(is_configured(&client).await, "it serves on");

    identity_calls(&mut made, &client).await;
    function_calls(&mut made, &client).await;
    list_calls(&mut made, &client).await;
    ephemeral_calls(&mut made, &client).await;
    unsupported_calls(&mut made, &client).await;
    let all: serde_json::Value = serde_json::from_str(include_str!("../../data/tfplugin6.json")).expect("JSON");
    let all = all["services"]["Provider"].as_object().expect("methods").keys().map(String::as_str).collect();
    assert_eq!(made.0, all, "every call is made");
    client.shutdown().await;
    let ended = plugin.ended().await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}

/// What is refused of an ephemeral resource: `cloud` has what goes well.
async fn ephemeral_calls(made: &mut Made, client: &Client) {
    let mut p = client.provider();
    let (type_name, none) = (NAME.to_owned(), format!("This provider has no ephemeral resource type {NAME}."));
    let says = |diagnostics: &[pb::Diagnostic], what: &str| {
        assert!(matches!(&texts(diagnostics)[..], [text] if text.contains(what)), "{:?}", texts(diagnostics));
    };
    let request = pb::validate_ephemeral_resource_config::Request { type_name: type_name.clone(), config: null() };
    let answer = p.validate_ephemeral_resource_config(request).await;
    says(&made.ok("ValidateEphemeralResourceConfig", answer).diagnostics, &none);
    let request = pb::open_ephemeral_resource::Request { type_name, ..Default::default() };
    let answer = made.ok("OpenEphemeralResource", p.open_ephemeral_resource(request).await);
    says(&answer.diagnostics, &none);
    assert!(answer.result.is_none() && answer.private.is_none());

    // Terraform asks for it only if it was told when.
    let (type_name, private) = ("materialize_app_password".to_owned(), Some(b"kept".to_vec()));
    let request = pb::renew_ephemeral_resource::Request { type_name: type_name.clone(), private: private.clone() };
    let answer = made.ok("RenewEphemeralResource", p.renew_ephemeral_resource(request).await);
    assert_eq!((answer.private, answer.renew_at, answer.diagnostics.len()), (private.clone(), None, 0));
    let request = pb::close_ephemeral_resource::Request { type_name, private };
    let answer = made.ok("CloseEphemeralResource", p.close_ephemeral_resource(request).await);
    says(&answer.diagnostics, "What Terraform kept of it cannot be read");
}

/// Where an object comes from and what it is kept by: `generated` has what needs a server.
async fn identity_calls(made: &mut Made, client: &Client) {
    let mut p = client.provider();
    let ty = ENGINE.declared()[NAME].identity_type();
    let json = |text: &str| pb::RawState { json: text.as_bytes().to_vec(), flatmap: Default::default() };
    let raw_identity = Some(json(r#"{"id":"u1","region":"self-hosted"}"#));
    let request = pb::upgrade_resource_identity::Request { type_name: NAME.into(), version: 0, raw_identity };
    let answer = made.ok("UpgradeResourceIdentity", p.upgrade_resource_identity(request).await);
    made.quiet("UpgradeResourceIdentity", &answer.diagnostics);
    let identity = |data: Option<pb::ResourceIdentityData>| {
        decode(&ty, data.and_then(|data| data.identity_data).as_ref()).expect("an identity")
    };
    let expected = Value::from([("id", "u1".into()), ("region", "self-hosted".into())]);
    assert!(identity(answer.upgraded_identity) == expected);

    let request = |provider: &str, source: &str| pb::move_resource_state::Request {
        source_provider_address: provider.into(),
        source_type_name: source.into(),
        source_state: Some(json(r#"{"id":"self-hosted:u1","name":"d","comment":"","gone":[1]}"#)),
        source_private: b"null".to_vec(),
        target_type_name: NAME.into(),
        ..Default::default()
    };
    let answer = p.move_resource_state(request("registry.example.com/official/materialize", NAME)).await;
    let answer = made.ok("MoveResourceState", answer);
    made.quiet("MoveResourceState", &answer.diagnostics);
    let moved = decode(resource(), answer.target_state.as_ref()).expect("a state");
    assert_eq!((moved.get("name"), moved.get("id")), (&"d".into(), &"self-hosted:u1".into()));
    assert!(identity(answer.target_identity) == expected && answer.target_private.is_empty());
    for (provider, source) in [
        ("registry.example.com/official/materialize", "materialize_schema"),
        ("registry.example.com/x/postgresql", NAME),
    ] {
        let answer = p.move_resource_state(request(provider, source)).await.expect("an answer").into_inner();
        assert_eq!((answer.target_state, answer.diagnostics.len()), (None, 1));
        assert_eq!(answer.diagnostics[0].summary, format!("Cannot move the object to {NAME}"));
        assert!(answer.diagnostics[0].detail.contains(source) && answer.diagnostics[0].detail.contains(provider));
    }

    // One version of Terraform asks without a state, and lists may have none.
    let request = pb::generate_resource_config::Request { type_name: NAME.into(), state: None };
    let answer = made.ok("GenerateResourceConfig", p.generate_resource_config(request).await);
    made.quiet("GenerateResourceConfig", &answer.diagnostics);
    assert!(decode(resource(), answer.config.as_ref()).expect("a configuration").get("name").is_null());
}

async fn function_calls(made: &mut Made, client: &Client) {
    let mut p = client.provider();
    let functions = made.ok("GetFunctions", p.get_functions(pb::get_functions::Request {}).await);
    made.quiet("GetFunctions", &functions.diagnostics);
    assert_eq!(functions.functions.len(), provider::functions::ALL.len());
    let request = |name: &str, arguments: &[Value]| pb::call_function::Request {
        name: name.into(),
        arguments: arguments.iter().map(|argument| encode(&Type::Text, argument)).collect(),
    };
    let answer = p.call_function(request("qualified_name", &["d".into(), "s\"".into()])).await;
    let answer = made.ok("CallFunction", answer);
    assert_eq!(answer.error, None);
    assert_eq!(decode(&Type::Text, answer.result.as_ref()).expect("a text"), "\"d\".\"s\"\"\"".into());
    for (name, arguments, text, at) in [
        ("f", &[][..], "This provider has no function f.", None),
        ("qualified_name", &[], "The function qualified_name takes at least 1 arguments; 0 are given.", None),
        (
            "quote_literal",
            &["a".into(), "b".into()],
            "The function quote_literal takes 1 arguments; 2 are given.",
            None,
        ),
        ("quote_literal", &[Value::Null], "The argument must be a known text.", Some(0)),
        ("qualified_name", &["a".into(), Value::Unknown], "The argument must be a known text.", Some(1)),
        ("qualified_name", &["a".into(), "".into()], "The argument is an empty identifier.", Some(1)),
    ] {
        let answer = p.call_function(request(name, arguments)).await.expect("an answer").into_inner();
        let error = pb::FunctionError { text: text.into(), function_argument: at };
        assert_eq!((answer.result, answer.error), (None, Some(error)), "{name}");
    }
}

/// What is refused of a list: `generated` has what goes well.
async fn list_calls(made: &mut Made, client: &Client) {
    let mut p = client.provider();
    let (name, schema) = ENGINE.list_schemas().first_key_value().expect("a list");
    let request = pb::validate_list_resource_config::Request {
        type_name: (*name).into(),
        config: object(&schema.ty, []),
        ..Default::default()
    };
    let answer = made.ok("ValidateListResourceConfig", p.validate_list_resource_config(request).await);
    made.quiet("ValidateListResourceConfig", &answer.diagnostics);
    let request = pb::list_resource::Request { type_name: "materialize_x".into(), limit: 10, ..Default::default() };
    let mut events = made.ok("ListResource", p.list_resource(request).await);
    let event = events.message().await.expect("a stream").expect("an event");
    let none =
        "Error: Unknown list of the resource type: This provider has no list of the resource type materialize_x.";
    assert_eq!((texts(&event.diagnostic), event.identity), (vec![none.to_owned()], None));
    assert!(events.message().await.expect("a stream").is_none());
}

/// The calls of what this provider does not have.
async fn unsupported_calls(made: &mut Made, client: &Client) {
    let mut p = client.provider();
    macro_rules! diagnosed {
        ($($name:literal $method:ident $module:ident $what:literal;)*) => {$(
            let answer = made.ok($name, p.$method(pb::$module::Request::default()).await);
            made.unsupported($name, &answer.diagnostics, $what);
        )*};
    }
    diagnosed! {
        "ValidateActionConfig" validate_action_config validate_action_config "actions";
        "PlanAction" plan_action plan_action "actions";
    }
    macro_rules! unimplemented {
        ($($name:literal $method:ident $module:ident;)*) => {$(
            let answer = p.$method(pb::$module::Request::default()).await;
            made.unimplemented($name, answer);
        )*};
    }
    unimplemented! {
        "ValidateStateStoreConfig" validate_state_store_config validate_state_store_config;
        "ConfigureStateStore" configure_state_store configure_state_store;
        "ReadStateBytes" read_state_bytes read_state_bytes;
        "LockState" lock_state lock_state;
        "UnlockState" unlock_state unlock_state;
        "GetStates" get_states get_states;
        "DeleteState" delete_state delete_state;
    }
    let chunks = tokio_stream::iter([pb::write_state_bytes::RequestChunk::default()]);
    made.unimplemented("WriteStateBytes", p.write_state_bytes(chunks).await);

    use pb::invoke_action::event::{Completed, Type};
    let mut events = made.ok("InvokeAction", p.invoke_action(pb::invoke_action::Request::default()).await);
    let event = events.message().await.expect("a stream").expect("an event");
    let Some(Type::Completed(Completed { diagnostics })) = event.r#type else { panic!("Terraform waits for it") };
    made.unsupported("InvokeAction", &diagnostics, "actions");
    assert!(events.message().await.expect("a stream").is_none());
}

#[tokio::test]
async fn malformed_messages_do_no_harm() {
    let mut plugin = Plugin::start(&[]);
    let client = plugin.connect().await;
    configure(&client, "example.com").await;
    // Values that are none: a diagnostic, and what was known is kept.
    for (bytes, problem) in [
        (&b"\xc1"[..], "malformed msgpack"),
        (b"\xd9\xff", "malformed msgpack"),
        (b"\xdd\xff\xff\xff\xff", "malformed msgpack"),
        (b"\x80", "is missing"),
        (b"\xa1x", "an object expected, a string found"),
        (&[0x91; 100_000], "malformed msgpack"),
    ] {
        let value = Some(pb::DynamicValue { msgpack: bytes.to_vec(), json: Vec::new() });
        let request = pb::read_resource::Request {
            type_name: NAME.into(),
            current_state: value.clone(),
            private: b"private".to_vec(),
            ..Default::default()
        };
        let answer = client.provider().read_resource(request).await.expect("an answer").into_inner();
        assert_eq!((&answer.new_state, answer.private.as_slice()), (&value, &b"private"[..]));
        let [diagnostic] = &answer.diagnostics[..] else { panic!("one diagnostic") };
        assert_eq!(diagnostic.summary, "Cannot read the state that Terraform sent");
        assert!(diagnostic.detail.contains(problem), "{}", diagnostic.detail);
        let answer = plan(&client, NAME, value.clone()).await;
        assert!(answer.diagnostics[0].detail.contains(problem));
        // An apply that fails before it begins: the object is still there.
        let prior = Some(pb::DynamicValue { msgpack: vec![0xc0], json: Vec::new() });
        let request = pb::apply_resource_change::Request {
            type_name: NAME.into(),
            prior_state: prior.clone(),
            planned_state: value,
            planned_private: b"private".to_vec(),
            ..Default::default()
        };
        let answer = client.provider().apply_resource_change(request).await.expect("an answer").into_inner();
        assert_eq!((&answer.new_state, answer.private.as_slice()), (&prior, &b"private"[..]));
        assert_eq!(answer.diagnostics[0].summary, "Cannot read the planned state that Terraform sent");
        assert!(answer.diagnostics[0].detail.contains(problem));
    }
    let request = pb::read_resource::Request { type_name: "materialize_\u{0}".into(), ..Default::default() };
    let answer = client.provider().read_resource(request).await.expect("an answer").into_inner();
    assert_eq!(answer.diagnostics[0].summary, "Unknown resource type");
    // Messages that are none: the field that holds a type's name, with bytes that are no text; and no such call.
    for (path, expected) in [
        ("/tfplugin6.Provider/ReadResource", Code::Internal),
        ("/tfplugin6.Provider/NoSuchCall", Code::Unimplemented),
        ("/tfplugin7.Provider/ReadResource", Code::Unimplemented),
    ] {
        let mut raw = tonic::client::Grpc::new(client.0.clone());
        raw.ready().await.expect("the connection stands");
        let message = pb::DynamicValue { msgpack: vec![0xff], json: Vec::new() };
        let codec = tonic_prost::ProstCodec::<pb::DynamicValue, pb::DynamicValue>::default();
        let answer = raw.unary(Request::new(message), PathAndQuery::from_static(path), codec).await;
        assert_eq!(answer.expect_err("an error").code(), expected, "{path}");
    }
    assert!(is_configured(&client).await, "it serves on");
    assert!(plugin.is_running());
}

#[tokio::test]
async fn large_messages_pass() {
    let plugin = Plugin::start(&[]);
    let client = plugin.connect().await;
    let large = Value::text("x".repeat(10 << 20));
    let (name, ty) = ("materialize_secret", &ENGINE.resource_schemas()["materialize_secret"].ty);
    let given = object(ty, [("name", "s".into()), ("value", large.clone())]);
    let request = pb::validate_resource_config::Request {
        type_name: name.into(),
        config: given.clone(),
        client_capabilities: None,
    };
    let answer = client.provider().validate_resource_config(request).await.expect("an answer").into_inner();
    assert_eq!(texts(&answer.diagnostics), Vec::<String>::new());
    let answer = plan(&client, name, given).await;
    assert_eq!(texts(&answer.diagnostics), Vec::<String>::new());
    let planned = decode(ty, answer.planned_state.as_ref()).expect("a planned state");
    assert!(planned.get("value") == &large, "it comes back whole");
}
