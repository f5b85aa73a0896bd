//! The server: listens, signs clients in, carries their statements to the session and the query engine.

mod connection;
mod extended;
mod io;
mod startup;
mod types;

use crate::catalog::{Catalog, Shared, Upstreams};
use crate::faults::Faults;
use crate::query::Engine;
use std::collections::HashMap;
use std::fmt;
use std::io::{Error, Result};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
pub use tokio_rustls::TlsAcceptor;

/// The stack of a thread that plans queries: planning recurses with the depth of the query.
const STACK_BYTES: usize = 16 << 20;

/// How an emulator runs; the same as flags and in process.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:6875")]
    pub listen: SocketAddr,
    /// What mz_environment_id() answers
    #[arg(long, value_name = "ID", default_value = "emulator-local-00000000-0000-4000-8000-000000000000-0")]
    pub environment_id: String,
    /// JSON file with what stands outside: brokers and topics, databases and tables
    #[arg(long, value_name = "FILE")]
    pub upstreams: Option<PathBuf>,
    /// Database of sessions that name none
    #[arg(long, value_name = "NAME")]
    pub database: Option<String>,
    /// Ask for passwords; this role signs in with this one, others with what CREATE ROLE … PASSWORD gave them
    #[arg(long = "password", value_name = "USER=PASSWORD")]
    pub passwords: Vec<Password>,
    /// Certificate chain (PEM) to offer TLS with
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key (PEM) of the certificate
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Offer TLS with a certificate for localhost of a new authority, whose own certificate is written to this file
    #[arg(long, value_name = "FILE", conflicts_with = "tls_cert")]
    pub tls_authority: Option<PathBuf>,
    /// Refuse connections without TLS
    #[arg(long)]
    pub tls_required: bool,
    /// Be a server newer than the recorded one: resizes in the background, auto scaling, rules for
    /// brokers, AWS Glue and Google Cloud
    #[arg(long)]
    pub newer: bool,
    /// Address of the control port for faults on demand (see the documentation of `faults`)
    #[arg(long, value_name = "ADDRESS")]
    pub control: Option<SocketAddr>,
    /// A control command to carry out at the start, for example "latency 40"
    #[arg(long = "fault", value_name = "COMMAND")]
    pub faults: Vec<String>,
    /// Who else may sign in, in process only
    #[arg(skip)]
    pub authenticator: Option<Authenticator>,
    /// What TLS is offered with where several share it, in process only
    #[arg(skip)]
    pub acceptor: Option<Acceptor>,
}

/// How TLS is offered.
#[derive(Clone)]
pub struct Acceptor(pub TlsAcceptor);

impl fmt::Debug for Acceptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Acceptor")
    }
}

/// Decides about a user and a password: `None` is refused, else whether a superuser. Whoever is new gets a role.
#[derive(Clone)]
pub struct Authenticator(Arc<Decide>);

type Decide = dyn Fn(&str, &str) -> Option<bool> + Send + Sync;

impl Authenticator {
    pub fn new(decide: impl Fn(&str, &str) -> Option<bool> + Send + Sync + 'static) -> Self {
        Self(Arc::new(decide))
    }
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authenticator")
    }
}

impl Default for Options {
    /// The flags' defaults, on a free port.
    fn default() -> Self {
        #[derive(clap::Parser)]
        struct Flags {
            #[command(flatten)]
            options: Options,
        }
        let Flags { options } = clap::Parser::parse_from(["emulator", "--listen", "127.0.0.1:0"]);
        options
    }
}

/// A role with its password; the password does not show.
#[derive(Clone)]
pub struct Password {
    pub user: String,
    pub password: String,
}

impl FromStr for Password {
    type Err = &'static str;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let (user, password) = text.split_once('=').ok_or("expected USER=PASSWORD")?;
        Ok(Self { user: user.into(), password: password.into() })
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=…", self.user)
    }
}

/// What all connections of one emulator share.
pub(crate) struct Server {
    options: Options,
    catalog: Arc<Shared>,
    engine: Engine,
    faults: Arc<Faults>,
    tls: Option<TlsAcceptor>,
    /// Process id of a connection to its cancellation key and bell.
    cancels: Mutex<HashMap<i32, (i32, Arc<Notify>)>>,
    connections: AtomicU32,
}

/// A running emulator; dropping it stops it.
pub struct Running {
    pub addr: SocketAddr,
    /// Where the control port listens, when asked for.
    pub control: Option<SocketAddr>,
    /// The same faults as behind the control port, for tests in process.
    pub faults: Arc<Faults>,
    pub catalog: Arc<Shared>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Running {
    /// Ends every connection and waits for the emulator's threads.
    pub fn stop(&mut self) {
        self.faults.stop();
        self.wait();
    }

    /// Waits until somebody stops the emulator over its control port.
    pub fn wait(&mut self) {
        if let Some(thread) = self.thread.take() {
            // A panic in there was already printed.
            let _ = thread.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Starts an emulator on threads of its own, so that it needs no async runtime of the caller.
pub fn spawn(options: Options) -> Result<Running> {
    let tls = tls(&options)?;
    let upstreams = match &options.upstreams {
        Some(file) => {
            serde_json::from_slice(&std::fs::read(file).map_err(|e| at(file, e))?).map_err(|e| at(file, e))?
        }
        None => Upstreams::default(),
    };
    let mut catalog = Catalog::new(&options.environment_id, upstreams);
    if options.newer {
        catalog.renew();
    }
    let catalog = Shared::new(catalog);
    let faults = Arc::new(Faults::of(catalog.clone()));
    for command in &options.faults {
        let answer = faults.command(command);
        if answer.contains("\"error\"") {
            return Err(Error::other(answer.trim().to_owned()));
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(STACK_BYTES)
        .thread_name("emulator")
        .enable_all()
        .build()?;
    let engine = Engine::new(catalog.clone());
    let server = Server {
        options,
        catalog: catalog.clone(),
        engine,
        faults: faults.clone(),
        tls,
        cancels: Mutex::default(),
        connections: AtomicU32::default(),
    };
    let (ready, bound) = std::sync::mpsc::channel();
    let thread = std::thread::Builder::new().name("emulator".into()).spawn(move || {
        runtime.block_on(serve(Arc::new(server), ready));
        runtime.shutdown_background();
    })?;
    let (addr, control) = bound.recv().map_err(Error::other)??;
    Ok(Running { addr, control, faults, catalog, thread: Some(thread) })
}

type Bound = Result<(SocketAddr, Option<SocketAddr>)>;

async fn serve(server: Arc<Server>, ready: std::sync::mpsc::Sender<Bound>) {
    let bind = async {
        let listener = TcpListener::bind(server.options.listen).await?;
        let control = match server.options.control {
            Some(address) => Some(TcpListener::bind(address).await?),
            None => None,
        };
        let addresses = (listener.local_addr()?, control.as_ref().map(TcpListener::local_addr).transpose()?);
        Ok((listener, control, addresses))
    };
    let (listener, control) = match bind.await {
        Ok((listener, control, addresses)) => {
            let _ = ready.send(Ok(addresses));
            (listener, control)
        }
        Err(e) => {
            let _ = ready.send(Err(e));
            return;
        }
    };
    tokio::task::spawn_blocking(crate::query::warm_up);
    if let Some(control) = control {
        tokio::spawn(accept_control(server.clone(), control));
    }
    tokio::select! {
        () = server.faults.stopped() => {}
        () = accept(server.clone(), listener) => {}
    }
}

async fn accept(server: Arc<Server>, listener: TcpListener) {
    loop {
        let Ok((socket, _)) = listener.accept().await else {
            // Out of file descriptors: wait for some to close.
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            continue;
        };
        if !server.faults.refuses() {
            let _ = socket.set_nodelay(true);
            tokio::spawn(serve_client(server.clone(), socket));
        }
    }
}

async fn serve_client(server: Arc<Server>, socket: TcpStream) {
    let id = server.connections.fetch_add(1, Ordering::Relaxed) + 1;
    // An error here is a broken connection: nobody is left to tell.
    if let Ok(Some(client)) = startup::sign_in(&server, socket, id).await {
        let process = client.process;
        let _ = client.run().await;
        server.cancels().remove(&process);
    }
}

async fn accept_control(server: Arc<Server>, listener: TcpListener) {
    while let Ok((socket, _)) = listener.accept().await {
        let faults = server.faults.clone();
        tokio::spawn(async move {
            let (input, mut output) = socket.into_split();
            let mut lines = BufReader::new(input).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                if output.write_all(faults.command(&line).as_bytes()).await.is_err() {
                    break;
                }
            }
        });
    }
}

impl Server {
    fn cancels(&self) -> std::sync::MutexGuard<'_, HashMap<i32, (i32, Arc<Notify>)>> {
        self.cancels.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// Rings the bell of the connection that a cancel request names, if the key is right.
    fn cancel(&self, process: i32, key: Option<i32>) {
        if let Some((expected, bell)) = self.cancels().get(&process)
            && key == Some(*expected)
        {
            bell.notify_one();
        }
    }
}

/// What TLS is offered with, if it is.
pub fn tls(options: &Options) -> Result<Option<TlsAcceptor>> {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    if let Some(Acceptor(acceptor)) = &options.acceptor {
        return Ok(Some(acceptor.clone()));
    }
    let (chain, secret) = match (&options.tls_authority, &options.tls_cert, &options.tls_key) {
        (Some(file), ..) => authority(file)?,
        (_, Some(cert), Some(key)) => {
            let chain = CertificateDer::pem_file_iter(cert).and_then(|certificates| certificates.collect());
            (chain.map_err(|e| at(cert, e))?, PrivateKeyDer::from_pem_file(key).map_err(|e| at(key, e))?)
        }
        _ => return Ok(None),
    };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, secret))
        .map_err(Error::other)?;
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}

type Identity = (Vec<rustls::pki_types::CertificateDer<'static>>, rustls::pki_types::PrivateKeyDer<'static>);

/// A certificate for this machine and its key, of a new authority whose certificate goes into the file.
fn authority(file: &std::path::Path) -> Result<Identity> {
    use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
    let made = || {
        let (key, own) = (KeyPair::generate()?, KeyPair::generate()?);
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "the emulator's authority");
        let pem = params.self_signed(&key)?.pem();
        let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
        let certificate = CertificateParams::new(names)?.signed_by(&own, &Issuer::new(params, key))?;
        Ok::<_, rcgen::Error>((pem, certificate.der().clone(), own.serialize_der()))
    };
    let (pem, certificate, key) = made().map_err(Error::other)?;
    std::fs::write(file, pem).map_err(|e| at(file, e))?;
    Ok((vec![certificate], rustls::pki_types::PrivatePkcs8KeyDer::from(key).into()))
}

fn at(file: &std::path::Path, error: impl fmt::Display) -> Error {
    Error::other(format!("{}: {error}", file.display()))
}
