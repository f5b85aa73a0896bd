//! The wire: go-plugin's handshake and Terraform's plugin protocol, version 6, over gRPC.
//!
//! A client starts the process, reads one line from its stdout, and connects to the socket named there. Nothing else
//! is ever printed on stdout.

mod codec;
mod logging;
mod proto;
mod schema;
mod service;
mod support;
mod transport;

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Server;

use crate::engine::Engine;
use proto::goplugin::grpc_broker_server::GrpcBrokerServer;
use proto::goplugin::grpc_controller_server::GrpcControllerServer;
use proto::goplugin::grpc_stdio_server::GrpcStdioServer;
use proto::health::health_server::HealthServer;
use proto::tfplugin6::provider_server::ProviderServer;
use transport::{Open, Socket, Tls, accept};

/// The provider's source address, where there is no host name: configurations and mirrors name it so.
pub const ADDRESS: &str = "materializeinc/materialize";

/// go-plugin's sign that the process was started by a client, not by hand.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

const PROTOCOL: &str = "6";

/// Messages larger than this are refused.
const MAX_MESSAGE: usize = 256 << 20;

const HELP: &str = "\
The Materialize provider for Terraform.

This program is a plugin: Terraform and OpenTofu start it themselves. To use it, name it in the
required_providers block of a configuration and run `terraform init`.

  --debug    Serve until interrupted, and print the TF_REATTACH_PROVIDERS with which Terraform connects
             to this process instead of starting one.
  --version  Print the version.
  --help     Print this.
";

/// The program: its arguments decide what is done.
pub fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match args.iter().map(|arg| arg.trim_start_matches('-')).collect::<Vec<_>>()[..] {
        ["help" | "h"] => return print(HELP),
        ["version" | "V"] => return print(concat!("terraform-provider-materialize ", env!("CARGO_PKG_VERSION"), "\n")),
        ["debug"] => run(true),
        [] if std::env::var(COOKIE.0).is_ok_and(|cookie| cookie == COOKIE.1) => run(false),
        [] => {
            complain("This program is a Terraform plugin, which is not meant to be started by hand.\n\n");
            complain(HELP);
            return ExitCode::FAILURE;
        }
        [other, ..] => {
            complain(&format!("Unknown argument: {other}\n\n{HELP}"));
            return ExitCode::FAILURE;
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("The Materialize provider cannot serve: {error:#}\n"));
            ExitCode::FAILURE
        }
    }
}

fn print(text: &str) -> ExitCode {
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Writes to stderr, where the reader may be gone already.
fn complain(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn run(debug: bool) -> Result<()> {
    logging::start();
    // The default hook prints lines that Terraform would show as noise; each call turns a panic into a diagnostic.
    std::panic::set_hook(Box::new(|info| log::error!("panic: {info}")));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let outcome = runtime.block_on(serve(debug));
    logging::flush();
    // What still runs must not delay the exit: Terraform waits for it.
    runtime.shutdown_background();
    outcome
}

/// Serves until told to end, or until nobody is left to serve.
async fn serve(debug: bool) -> Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    if !debug {
        check_protocol()?;
    }
    let client = std::env::var("PLUGIN_CLIENT_CERT").ok().filter(|cert| !cert.is_empty() && !debug);
    let tls = client.map(|client| Tls::new(&client)).transpose()?;
    let (socket, listener) = Socket::bind()?;
    let open = Arc::new(Open::default());
    let incoming = accept(listener, tls.as_ref().map(|tls| tls.acceptor.clone()), open.clone());
    let stop = Arc::new(Notify::new());
    let server = router(&stop).serve_with_incoming(ReceiverStream::new(incoming));
    announce(&socket.path, tls.as_ref(), debug)?;
    tokio::select! {
        outcome = server => outcome.context("the server ended"),
        () = stop.notified() => {
            // The answer to Shutdown is on its way; give it a moment to leave.
            tokio::time::sleep(Duration::from_millis(10)).await;
            Ok(())
        }
        _ = terminate.recv() => Ok(()),
        () = interrupted(&mut interrupt, debug) => Ok(()),
        () = abandoned(&open), if !debug => Ok(()),
    }
}

/// Ctrl-C reaches the provider too, but the decision is Terraform's: it asks with StopProvider and Shutdown.
async fn interrupted(interrupt: &mut tokio::signal::unix::Signal, debug: bool) {
    while interrupt.recv().await.is_some() {
        if debug {
            return;
        }
    }
    std::future::pending().await
}

/// Ends when the last connection has closed and no other follows: the client was killed.
async fn abandoned(open: &Open) {
    loop {
        open.none_left.notified().await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        if !open.any() {
            return;
        }
    }
}

fn check_protocol() -> Result<()> {
    let offered = std::env::var("PLUGIN_PROTOCOL_VERSIONS").unwrap_or_else(|_| PROTOCOL.into());
    if !offered.split(',').any(|version| version.trim() == PROTOCOL) {
        log::warn!("the client offers the protocol versions {offered}; this provider speaks {PROTOCOL}");
    }
    Ok(())
}

fn router(stop: &Arc<Notify>) -> tonic::transport::server::Router {
    let provider = ProviderServer::new(service::Service::new(Engine::new()))
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(MAX_MESSAGE);
    Server::builder()
        .add_service(provider)
        .add_service(GrpcControllerServer::new(support::Controller(stop.clone())))
        .add_service(GrpcStdioServer::new(support::Stdio))
        .add_service(GrpcBrokerServer::new(support::Broker))
        .add_service(HealthServer::new(support::Healthy))
}

/// Tells the client where to connect: go-plugin's one line, or for `--debug` the variable to set.
fn announce(path: &std::path::Path, tls: Option<&Tls>, debug: bool) -> Result<()> {
    let path = path.display();
    let text = if debug {
        let reattach = serde_json::json!({ADDRESS: {
            "Protocol": "grpc",
            "ProtocolVersion": 6,
            "Pid": std::process::id(),
            "Test": true,
            "Addr": {"Network": "unix", "String": path.to_string()},
        }});
        format!("Serving. Set this where Terraform runs, and interrupt to end:\n\n\tTF_REATTACH_PROVIDERS='{reattach}'\n")
    } else {
        let certificate = tls.map(|tls| STANDARD_NO_PAD.encode(&tls.certificate)).unwrap_or_default();
        format!("1|{PROTOCOL}|unix|{path}|grpc|{certificate}\n")
    };
    let mut stdout = std::io::stdout();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).context("cannot tell the client where to connect")
}
