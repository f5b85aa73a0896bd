//! The provider's process from outside: the handshake, TLS, its life and its end, and what it says on the way.

mod calls;
pub mod client;

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::time::Duration;

use provider::plugin::proto::goplugin::Empty;
use provider::plugin::proto::goplugin::grpc_broker_client::GrpcBrokerClient;
use provider::plugin::proto::goplugin::grpc_stdio_client::GrpcStdioClient;
use provider::plugin::proto::health::HealthCheckRequest;
use provider::plugin::proto::health::health_check_response::ServingStatus;
use provider::plugin::proto::health::health_client::HealthClient;
use provider::plugin::proto::tfplugin6 as pb;
use tonic::Code;

use client::{COOKIE, Client, Folder, Identity, Plugin, command, connect};

/// Runs the provider to its end: exit code, stdout, stderr. Whatever it does, it leaves no socket.
fn run(args: &[&str], env: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let folder = Folder::new();
    let output = command(&folder).args(args).envs(env.iter().copied()).output().expect("the provider runs");
    assert!(folder.is_empty(), "nothing is left behind");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

async fn health(client: &Client, service: &str) -> Result<i32, Code> {
    let request = HealthCheckRequest { service: service.into() };
    let answer = HealthClient::new(client.0.clone()).check(request).await;
    answer.map(|answer| answer.into_inner().status).map_err(|status| status.code())
}

async fn assert_serving(client: &Client) {
    assert_eq!(health(client, "plugin").await, Ok(ServingStatus::Serving as i32));
}

#[test]
fn started_by_hand_it_explains_itself() {
    for env in [&[][..], &[(COOKIE.0, "another")]] {
        let (code, stdout, stderr) = run(&[], env);
        assert_eq!((code, stdout.as_str()), (Some(1), ""));
        assert!(stderr.contains("This program is a Terraform plugin") && stderr.contains("--debug"), "{stderr}");
    }
}

#[test]
fn arguments_are_answered() {
    for version in ["--version", "-version"] {
        let expected = concat!("terraform-provider-materialize ", env!("CARGO_PKG_VERSION"), "\n");
        assert_eq!(run(&[version], &[]), (Some(0), expected.into(), String::new()));
    }
    let (code, stdout, stderr) = run(&["--help"], &[]);
    assert!(code == Some(0) && stdout.contains("TF_REATTACH_PROVIDERS") && stderr.is_empty());
    for args in [&["--nonsense"][..], &["--nonsense", "--help"], &["--debug", "--nonsense"]] {
        let (code, stdout, stderr) = run(args, &[COOKIE]);
        assert_eq!((code, stdout.as_str()), (Some(1), ""));
        assert!(stderr.starts_with("Unknown argument: nonsense\n"), "{stderr}");
    }
}

#[test]
fn a_client_certificate_that_is_none_is_an_error() {
    for certificate in ["nonsense", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"] {
        let (code, stdout, stderr) = run(&[], &[COOKIE, ("PLUGIN_CLIENT_CERT", certificate)]);
        assert_eq!((code, stdout.as_str()), (Some(1), ""));
        assert!(stderr.contains("PLUGIN_CLIENT_CERT holds no certificate"), "{stderr}");
    }
    let (code, stdout, stderr) = run(&[], &[COOKIE, ("PLUGIN_UNIX_SOCKET_DIR", "/nonexistent")]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert!(stderr.contains("cannot listen on /nonexistent/"), "{stderr}");
    let (code, stdout, stderr) = run(&[], &[COOKIE, ("PLUGIN_UNIX_SOCKET_GROUP", "no such group")]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert!(stderr.contains("there is no group no such group"), "{stderr}");
}

#[tokio::test]
async fn the_handshake_is_one_line_and_tls_is_mutual() {
    let identity = Identity::like_go_plugin();
    let mut plugin = Plugin::start(&[("PLUGIN_CLIENT_CERT", &identity.pem)]);
    let fields = plugin.fields();
    let certificate = fields[5].to_owned();
    assert_eq!((fields.len(), fields[0], fields[1], fields[2], fields[4]), (6, "1", "6", "unix", "grpc"));
    assert!(certificate.len() > 50 && !certificate.contains('='), "base64 without padding");
    assert_eq!(plugin.certificate()[0], 0x30, "DER: a sequence");
    assert!(plugin.socket().starts_with(&plugin.folder.0));

    let stream = plugin.handshake(Some(&identity)).await.expect("the handshake succeeds");
    let (_, session) = stream.get_ref();
    assert_eq!(session.alpn_protocol(), Some(&b"h2"[..]), "newer Go clients insist on it");
    assert_eq!(session.peer_certificates(), Some(&[plugin.certificate()][..]), "the certificate is the announced one");
    drop(stream);

    let client = plugin.connect_tls(Some(&identity)).await.expect("the client is let in");
    assert_serving(&client).await;
    client.shutdown().await;
    let ended = plugin.ended().await;
    assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.as_str()), (Some(0), "", ""));
    assert!(plugin.folder.is_empty());
}

#[tokio::test]
async fn nobody_but_the_client_is_let_in() {
    let (identity, other) = (Identity::like_go_plugin(), Identity::like_go_plugin());
    let plugin = Plugin::start(&[("PLUGIN_CLIENT_CERT", &identity.pem), ("TF_LOG", "warn")]);
    let first = plugin.connect_tls(Some(&identity)).await.expect("the client is let in");
    for stranger in [Some(&other), None] {
        // In TLS 1.3 the client ends its handshake before the server has judged it: the first call fails.
        if let Ok(client) = plugin.connect_tls(stranger).await {
            assert!(health(&client, "plugin").await.is_err(), "a stranger is served");
        }
    }
    // Plain text is no way around.
    let plain = HealthClient::new(connect(plugin.socket()).await.0).check(HealthCheckRequest::default()).await;
    assert!(plain.is_err());
    assert_serving(&first).await;
    assert_serving(&plugin.connect_tls(Some(&identity)).await.expect("the client may come again")).await;
}

#[tokio::test]
async fn without_a_client_certificate_it_serves_plain_text() {
    let mut plugin = Plugin::start(&[]);
    assert!(plugin.line.ends_with("|grpc|\n"), "a certificate here would crash Terraform: {}", plugin.line);
    let mode = std::fs::metadata(plugin.socket()).expect("the socket").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "nobody else may connect");
    let client = plugin.connect().await;
    assert_serving(&client).await;
    assert_serving_only_known(&client).await;
    client.shutdown().await;
    assert_eq!(plugin.ended().await.code, Some(0));
}

async fn assert_serving_only_known(client: &Client) {
    assert_eq!(health(client, "").await, Ok(ServingStatus::Serving as i32));
    assert_eq!(health(client, "other").await, Err(Code::NotFound));
    let mut watch = HealthClient::new(client.0.clone()).watch(HealthCheckRequest::default()).await.expect("a stream");
    let first = watch.get_mut().message().await.expect("an event").expect("one at once");
    assert_eq!(first.status, ServingStatus::Serving as i32);
}

#[tokio::test]
async fn the_socket_stands_where_and_for_whom_the_client_asks() {
    let folder = Folder::new();
    let group = std::fs::metadata(&folder.0).expect("the folder").gid().to_string();
    let path = folder.0.to_str().expect("text");
    let plugin = Plugin::start(&[("PLUGIN_UNIX_SOCKET_DIR", path), ("PLUGIN_UNIX_SOCKET_GROUP", &group)]);
    assert!(plugin.socket().starts_with(path));
    let found = std::fs::metadata(plugin.socket()).expect("the socket");
    assert_eq!((found.permissions().mode() & 0o777, found.gid().to_string()), (0o660, group));
    assert_serving(&plugin.connect().await).await;
    drop(plugin);

    // Too long for a socket's address, or with the character that separates the fields.
    for odd in ["x".repeat(120), "a|b".to_owned()] {
        let odd = folder.0.join(odd);
        std::fs::create_dir(&odd).expect("a folder");
        let mut plugin = Plugin::start(&[("TMPDIR", odd.to_str().expect("text"))]);
        assert!(plugin.socket().starts_with("/tmp/"), "{}", plugin.line);
        let client = plugin.connect().await;
        client.shutdown().await;
        plugin.ended().await;
        assert!(!plugin.socket().exists());
    }
}

#[tokio::test]
async fn it_ends_at_once_when_asked() {
    let mut fastest = Duration::MAX;
    for _ in 0..3 {
        let identity = Identity::like_go_plugin();
        let mut plugin = Plugin::start(&[("PLUGIN_CLIENT_CERT", &identity.pem)]);
        let client = plugin.connect_tls(Some(&identity)).await.expect("the client is let in");
        // What every client opens and keeps open.
        let mut stdio = GrpcStdioClient::new(client.0.clone()).stream_stdio(Empty {}).await.expect("a stream");
        let mut broker =
            GrpcBrokerClient::new(client.0.clone()).start_stream(tokio_stream::pending()).await.expect("a stream");
        let silence = Duration::from_millis(50);
        assert!(tokio::time::timeout(silence, stdio.get_mut().message()).await.is_err(), "it stays open and silent");
        assert!(tokio::time::timeout(silence, broker.get_mut().message()).await.is_err(), "it stays open and silent");
        let began = std::time::Instant::now();
        client.shutdown().await;
        let ended = plugin.ended().await;
        assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.as_str()), (Some(0), "", ""));
        assert!(plugin.folder.is_empty(), "the socket is removed");
        fastest = fastest.min(began.elapsed());
    }
    // Terraform waits for it with a lock held. The fastest of three: the machine may be busy with other tests.
    assert!(fastest < Duration::from_millis(100), "{fastest:?}");
}

#[tokio::test]
async fn interrupts_are_terraforms_to_judge() {
    let mut plugin = Plugin::start(&[]);
    let client = plugin.connect().await;
    for signal in ["INT", "INT", "HUP"] {
        plugin.signal(signal);
        tokio::time::sleep(Duration::from_millis(30)).await;
        assert_serving(&client).await;
    }
    client.provider().stop_provider(pb::stop_provider::Request {}).await.expect("StopProvider is answered");
    assert_serving(&client).await;
    assert!(plugin.is_running());
}

#[tokio::test]
async fn the_signal_to_terminate_ends_it_cleanly() {
    let mut plugin = Plugin::start(&[]);
    let client = plugin.connect().await;
    assert_serving(&client).await;
    plugin.signal("TERM");
    let ended = plugin.ended().await;
    assert_eq!((ended.code, ended.signal, ended.stderr.as_str()), (Some(0), None, ""));
    assert!(plugin.folder.is_empty());
}

#[tokio::test]
async fn it_does_not_outlive_its_client() {
    let identity = Identity::like_go_plugin();
    let mut plugin = Plugin::start(&[("PLUGIN_CLIENT_CERT", &identity.pem)]);
    let client = plugin.connect_tls(Some(&identity)).await.expect("the client is let in");
    let stdio = GrpcStdioClient::new(client.0.clone()).stream_stdio(Empty {}).await.expect("a stream");
    let second = plugin.connect_tls(Some(&identity)).await.expect("the client may come again");
    assert_serving(&second).await;
    drop((client, stdio));
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_serving(&second).await;
    drop(second);
    let ended = plugin.ended().await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    assert!(ended.after > Duration::from_millis(500), "a moment is left for another connection");
    assert!(plugin.folder.is_empty());
}

#[tokio::test]
async fn for_debugging_it_serves_whoever_comes() {
    let mut plugin = Plugin::debug();
    let (_, rest) = plugin.line.split_once("TF_REATTACH_PROVIDERS='").expect("the variable");
    let (json, _) = rest.split_once('\'').expect("a quote");
    let reattach: serde_json::Value = serde_json::from_str(json).expect("JSON");
    let found = &reattach[provider::plugin::ADDRESS];
    assert_eq!(reattach.as_object().map(serde_json::Map::len), Some(1));
    assert_eq!(
        (&found["Protocol"], &found["ProtocolVersion"], &found["Test"]),
        (&"grpc".into(), &6.into(), &true.into())
    );
    assert_eq!((&found["Pid"], &found["Addr"]["Network"]), (&plugin.pid().into(), &"unix".into()));
    let socket = std::path::PathBuf::from(found["Addr"]["String"].as_str().expect("a path"));

    // Terraform opens a connection for each configuration of the provider.
    let (first, second) = (connect(&socket).await, connect(&socket).await);
    assert_eq!(calls::configure(&first, "first.example").await, Vec::<String>::new());
    assert!(calls::is_configured(&first).await);
    assert!(!calls::is_configured(&second).await, "one connection's settings are not another's");
    drop(first);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_serving(&second).await;
    drop(second);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_serving(&connect(&socket).await).await;

    plugin.signal("INT");
    assert_eq!(plugin.ended().await.code, Some(0));
    assert!(plugin.folder.is_empty());
}

#[tokio::test]
async fn it_logs_in_terraforms_form_and_only_when_asked() {
    for (level, expected) in [(None, ""), (Some("off"), ""), (Some("error"), ""), (Some("trace"), "trace debug")] {
        let env: Vec<_> = level.iter().map(|level| ("TF_LOG", *level)).collect();
        let mut plugin = Plugin::start(&env);
        let client = plugin.connect().await;
        client.provider().get_provider_schema(pb::get_provider_schema::Request {}).await.expect("schemas");
        calls::configure(&client, "example.com").await;
        client.shutdown().await;
        let ended = plugin.ended().await;
        assert_eq!(ended.stdout, "");
        let mut levels = Vec::new();
        for line in ended.stderr.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
            // Terraform crashes on one of these that is no text.
            let text = |key: &str| line[key].as_str().unwrap_or_else(|| panic!("{key} is no text in {line}"));
            assert!(!text("@message").is_empty() && text("@module").starts_with("provider"));
            let shape: String = text("@timestamp").chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
            assert_eq!(shape, "0000-00-00T00:00:00.000000Z");
            assert!(line.as_object().expect("an object").values().all(serde_json::Value::is_string));
            let level = text("@level").to_owned();
            if !levels.contains(&level) {
                levels.push(level);
            }
        }
        assert_eq!(levels.join(" "), expected, "{level:?}");
        if level == Some("trace") {
            assert!(ended.stderr.contains("\"tf_rpc\":\"GetProviderSchema\""), "{}", ended.stderr);
            assert!(!ended.stderr.contains(calls::PASSWORD), "a secret is logged");
        }
    }
}
