//! The provider's process, and a client that connects to it as go-plugin's does.

use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hyper_util::rt::TokioIo;
use provider::plugin::proto::goplugin::Empty;
use provider::plugin::proto::goplugin::grpc_controller_client::GrpcControllerClient;
use provider::plugin::proto::tfplugin6::provider_client::ProviderClient;
use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint};

pub use crate::support::folder::Folder;
use crate::support::terraform::provider_binary;

pub const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// What the provider must not see of the environment of the tests.
const CLEARED: [&str; 3] = ["MZ_", "PLUGIN_", "TF_"];

/// The provider's command in a clean environment whose temporary folder is `folder`.
pub fn command(folder: &Folder) -> Command {
    let mut command = Command::new(provider_binary());
    for (name, _) in std::env::vars_os() {
        if CLEARED.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    command.env("TMPDIR", &folder.0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A certificate with its key.
pub struct Identity {
    pub certificate: CertificateDer<'static>,
    pub pem: String,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// Made as go-plugin makes its client's: self-signed, P-521, a certificate authority.
    pub fn like_go_plugin() -> Self {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P521_SHA512).expect("a key");
        let mut params = CertificateParams::new(["localhost".to_owned()]).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, "localhost");
        params.distinguished_name.push(DnType::OrganizationName, "HashiCorp");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
            KeyUsagePurpose::KeyAgreement,
            KeyUsagePurpose::KeyCertSign,
        ];
        let made = params.self_signed(&key).expect("a certificate");
        let der = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        Self { certificate: made.der().clone(), pem: made.pem(), key: der }
    }
}

/// A started provider.
pub struct Plugin {
    child: Child,
    pub folder: Folder,
    /// What it printed first.
    pub line: String,
    rest: Option<JoinHandle<String>>,
    stderr: Option<JoinHandle<String>>,
}

/// How a provider ended, and all it printed after its first line.
pub struct Ended {
    pub code: Option<i32>,
    pub signal: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub after: Duration,
}

impl Plugin {
    /// Starts the provider as a client does, with the variables given.
    pub fn start(env: &[(&str, &str)]) -> Self {
        let folder = Folder::new();
        let mut command = command(&folder);
        command.env(COOKIE.0, COOKIE.1).env("PLUGIN_PROTOCOL_VERSIONS", "5,6").envs(env.iter().copied());
        Self::spawn(command, folder, |line| line.starts_with("1|"))
    }

    /// Starts the provider with the argument `--debug`.
    pub fn debug() -> Self {
        let folder = Folder::new();
        let mut command = command(&folder);
        command.arg("--debug");
        Self::spawn(command, folder, |line| line.contains("TF_REATTACH_PROVIDERS="))
    }

    /// Waits for the line that tells where to connect.
    fn spawn(mut command: Command, folder: Folder, is_it: fn(&str) -> bool) -> Self {
        let mut child = command.spawn().expect("the provider starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout"));
        let mut stderr = child.stderr.take().expect("stderr");
        let stderr = std::thread::spawn(move || {
            let mut all = String::new();
            stderr.read_to_string(&mut all).map(|_| all).unwrap_or_else(|error| error.to_string())
        });
        let mut line = String::new();
        while !is_it(&line) {
            line.clear();
            if stdout.read_line(&mut line).expect("stdout is text") == 0 {
                panic!("the provider said nothing: {}", stderr.join().unwrap_or_default());
            }
        }
        let rest = std::thread::spawn(move || {
            let mut all = String::new();
            stdout.read_to_string(&mut all).map(|_| all).unwrap_or_else(|error| error.to_string())
        });
        Self { child, folder, line, rest: Some(rest), stderr: Some(stderr) }
    }

    /// The six fields of the handshake.
    pub fn fields(&self) -> Vec<&str> {
        self.line.trim_end_matches('\n').split('|').collect()
    }

    pub fn socket(&self) -> &Path {
        Path::new(self.fields()[3])
    }

    /// The certificate that the handshake announces.
    pub fn certificate(&self) -> CertificateDer<'static> {
        CertificateDer::from(STANDARD_NO_PAD.decode(self.fields()[5]).expect("base64 without padding"))
    }

    pub fn signal(&self, name: &str) {
        let done = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(done.expect("kill runs").success());
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("the process can be asked").is_none()
    }

    /// Waits, up to a generous limit, for the process to end by itself.
    pub async fn ended(&mut self) -> Ended {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("the process can be asked") {
                break status;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "the provider does not end");
            tokio::time::sleep(Duration::from_millis(1)).await;
        };
        let after = began.elapsed();
        let text = |thread: Option<JoinHandle<String>>| thread.and_then(|t| t.join().ok()).unwrap_or_default();
        let (stdout, stderr) = (text(self.rest.take()), text(self.stderr.take()));
        Ended { code: status.code(), signal: status.signal(), stdout, stderr, after }
    }

    /// Connects in plain text.
    pub async fn connect(&self) -> Client {
        connect(self.socket()).await
    }

    /// Connects with TLS, as the holder of `identity`. The provider's refusal shows at the latest in the first call.
    pub async fn connect_tls(&self, identity: Option<&Identity>) -> io::Result<Client> {
        let mut stream = Some(self.handshake(identity).await?);
        let connector = tower::service_fn(move |_| {
            let stream = stream.take().map(TokioIo::new);
            async move { stream.ok_or_else(|| io::Error::other("one connection only")) }
        });
        let endpoint = Endpoint::from_static("http://localhost");
        endpoint.connect_with_connector(connector).await.map(Client).map_err(io::Error::other)
    }

    /// The TLS handshake alone: trusts only the announced certificate, for the name that go-plugin expects.
    pub async fn handshake(
        &self,
        identity: Option<&Identity>,
    ) -> io::Result<tokio_rustls::client::TlsStream<UnixStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate()).map_err(io::Error::other)?;
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(roots);
        let mut config = match identity {
            Some(identity) => config
                .with_client_auth_cert(vec![identity.certificate.clone()], identity.key.clone_key())
                .map_err(io::Error::other)?,
            None => config.with_no_client_auth(),
        };
        config.alpn_protocols = vec![b"h2".to_vec()];
        let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
        TlsConnector::from(Arc::new(config)).connect(name, UnixStream::connect(self.socket()).await?).await
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One connection to the provider.
#[derive(Clone)]
pub struct Client(pub Channel);

/// Connects in plain text to a socket.
pub async fn connect(socket: &Path) -> Client {
    let stream = UnixStream::connect(socket).await.expect("the provider listens");
    let mut stream = Some(stream);
    let connector = tower::service_fn(move |_| {
        let stream = stream.take().map(TokioIo::new);
        async move { stream.ok_or_else(|| io::Error::other("one connection only")) }
    });
    let endpoint = Endpoint::from_static("http://localhost");
    Client(endpoint.connect_with_connector(connector).await.expect("the provider speaks HTTP/2"))
}

impl Client {
    /// The provider's calls, with the limits that Terraform sets.
    pub fn provider(&self) -> ProviderClient<Channel> {
        ProviderClient::new(self.0.clone()).max_decoding_message_size(64 << 20)
    }

    /// Asks the provider to end. As for go-plugin, it does not matter whether the answer arrives.
    pub async fn shutdown(&self) {
        let _ = GrpcControllerClient::new(self.0.clone()).shutdown(Empty {}).await;
    }
}
