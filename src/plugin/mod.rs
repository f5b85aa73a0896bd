//! The wire: go-plugin's handshake and Terraform's plugin protocol, version 6, over gRPC.
//!
//! A client starts the process, reads one line from its stdout, and connects to the socket named there. Nothing else
//! is ever printed on stdout.

mod calls;
pub mod codec;
#[cfg(test)]
mod codec_tests;
mod function;
mod identity;
mod list;
mod logging;
pub mod proto;
mod schema;
#[cfg(test)]
mod schema_tests;
mod service;
#[cfg(test)]
mod service_tests;
mod support;
mod transport;

use std::io::Write;
use std::panic::Location;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::timeout;
use tonic::transport::Server;

use crate::engine::Engine;
use proto::goplugin::grpc_broker_server::GrpcBrokerServer;
use proto::goplugin::grpc_controller_server::GrpcControllerServer;
use proto::goplugin::grpc_stdio_server::GrpcStdioServer;
use proto::health::health_server::HealthServer;
use proto::tfplugin6::provider_server::ProviderServer;
use transport::{Connection, Socket, Tls, accept};

/// The provider's source address, said here and nowhere else: builds and tests take it from here, and a test compares
/// what examples and pages say. It is not the official provider's, so that a state tells which one wrote it.
pub const ADDRESS: &str = "materialize-rs/materialize";

/// go-plugin's sign that the process was started by a client, not by hand.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

const PROTOCOL: &str = "6";

/// Messages larger than this, in bytes, are refused.
const MAX_MESSAGE: usize = 256 << 20;

/// What the answer to Shutdown is given to leave. Terraform waits for the exit, once per provider and walk.
const LAST_MOMENT: Duration = Duration::from_millis(2);

/// A client that has not connected by then was killed; it itself gives a provider a minute to start.
const FIRST_CONNECTION: Duration = Duration::from_secs(60);

/// How long after the last connection closed another may follow.
const NEXT_CONNECTION: Duration = Duration::from_secs(1);

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
    let args: Vec<String> = std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
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
        ["debug", other, ..] | [other, ..] => {
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
    std::io::stdout().write_all(text.as_bytes()).map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
}

/// Writes to stderr, where the reader may be gone already.
fn complain(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn run(debug: bool) -> Result<()> {
    logging::start();
    std::panic::set_hook(Box::new(|info| complain(&last_words(info.payload().downcast_ref(), info.location()))));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let outcome = runtime.block_on(serve(debug));
    logging::flush();
    // What still runs must not delay the exit: Terraform waits for it.
    runtime.shutdown_background();
    outcome
}

/// What a panic leaves on stderr. Terraform collects what follows `panic: ` and, if the command fails, shows it, also
/// when nothing is logged. Only fixed text is quoted: text made at run time may hold a value, which may be a secret.
fn last_words(message: Option<&&'static str>, at: Option<&Location<'_>>) -> String {
    let message = message.unwrap_or(&"a broken assumption");
    let place = at.map_or_else(|| "an unknown place".to_owned(), Location::to_string);
    format!("panic: {message}, at {place} of version {}\n", env!("CARGO_PKG_VERSION"))
}

/// Serves until told to end, or until nobody is left to serve.
async fn serve(debug: bool) -> Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    if !debug {
        // If the terminal goes, Terraform may stay (`nohup`), or goes too, which shows in the connection.
        let _ = signal(SignalKind::hangup())?;
        check_protocol();
    }
    let client = std::env::var_os("PLUGIN_CLIENT_CERT").filter(|cert| !cert.is_empty() && !debug);
    let tls = client.map(|client| Tls::new(&client.to_string_lossy())).transpose()?;
    let (socket, listener) = Socket::bind()?;
    let (count, open) = watch::channel(0);
    let incoming = accept(listener, tls.as_ref().map(|tls| tls.acceptor.clone()), count);
    announce(&socket.path, tls.as_ref(), debug)?;
    tokio::select! {
        () = answer(incoming, debug) => Ok(()),
        _ = terminate.recv() => Ok(()),
        () = interrupted(&mut interrupt, debug) => Ok(()),
        () = abandoned(open), if !debug => Ok(()),
    }
}

/// Serves the connections as they come, until Shutdown. When debugging, every connection is a provider of its own:
/// Terraform opens one for each configuration of the provider, and expects each to keep its own settings.
async fn answer(mut incoming: mpsc::Receiver<Connection>, debug: bool) {
    let stop = Arc::new(Notify::new());
    let shared = Engine::new();
    let serving = async {
        while let Some(connection) = incoming.recv().await {
            let engine = if debug { Engine::new() } else { shared.clone() };
            let only = futures_util::stream::iter([std::io::Result::Ok(connection)]);
            tokio::spawn(router(engine, &stop).serve_with_incoming(only));
        }
    };
    tokio::select! {
        () = serving => {}
        // The answer to Shutdown is on its way; give it a moment to leave. Whether it arrives matters to nobody.
        () = stop.notified() => tokio::time::sleep(LAST_MOMENT).await,
    }
}

/// Ctrl-C reaches the provider too, but the decision is Terraform's: it asks with StopProvider and Shutdown.
async fn interrupted(interrupt: &mut Signal, debug: bool) {
    while interrupt.recv().await.is_some() {
        if debug {
            return;
        }
    }
    std::future::pending().await
}

/// Ends when no connection came in time, or when the last one has closed and no other follows: the client was killed.
async fn abandoned(mut open: watch::Receiver<usize>) {
    let mut patience = FIRST_CONNECTION;
    while matches!(timeout(patience, open.wait_for(|count| *count > 0)).await, Ok(Ok(_))) {
        if open.wait_for(|count| *count == 0).await.is_err() {
            break;
        }
        patience = NEXT_CONNECTION;
    }
}

fn check_protocol() {
    let offered = std::env::var("PLUGIN_PROTOCOL_VERSIONS").unwrap_or_else(|_| PROTOCOL.into());
    if !offered.split(',').any(|version| version.trim() == PROTOCOL) {
        // The client compares, and tells the user better than this process could.
        log::warn!("the client offers the protocol versions {offered}; this provider speaks {PROTOCOL}");
    }
}

fn router(engine: Arc<Engine>, stop: &Arc<Notify>) -> tonic::transport::server::Router {
    let provider = ProviderServer::new(service::Service::new(engine))
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
        format!(
            "Serving. Set this where Terraform runs, and interrupt to end:\n\n\tTF_REATTACH_PROVIDERS='{reattach}'\n"
        )
    } else {
        let certificate = tls.map(|tls| STANDARD_NO_PAD.encode(&tls.certificate)).unwrap_or_default();
        format!("1|{PROTOCOL}|unix|{path}|grpc|{certificate}\n")
    };
    let mut stdout = std::io::stdout();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).context("cannot tell the client where to connect")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_words_begin_as_terraform_expects_and_quote_only_fixed_text() {
        let here = Location::caller();
        let words = last_words(Some(&"index out of order"), Some(here));
        assert!(words.starts_with("panic: index out of order, at src/plugin/mod.rs:"), "{words}");
        assert!(words.ends_with(concat!(" of version ", env!("CARGO_PKG_VERSION"), "\n")), "{words}");
        // Text made at run time is no `&'static str`, and may hold a secret.
        let made = std::panic::catch_unwind(|| panic!("{}", "hunter2".to_lowercase())).expect_err("it panics");
        assert!(last_words(made.downcast_ref(), None).starts_with("panic: a broken assumption, at an unknown place"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_never_connects_or_disappears_is_noticed() {
        let (count, open) = watch::channel(0);
        let began = tokio::time::Instant::now();
        abandoned(open).await;
        assert_eq!(began.elapsed().as_secs(), FIRST_CONNECTION.as_secs());

        let open = count.subscribe();
        let began = tokio::time::Instant::now();
        let life = async {
            // One connection, a short gap, another, and the end.
            for (seconds, connections) in [(50, 1), (500, 0), (0, 1), (500, 2), (500, 1), (500, 0)] {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                count.send_replace(connections);
            }
        };
        tokio::join!(life, abandoned(open));
        assert_eq!(began.elapsed().as_secs(), 2050 + NEXT_CONNECTION.as_secs());
    }
}
