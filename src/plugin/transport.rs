//! The socket that Terraform connects to, and the TLS on it.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{mpsc, watch};
use tokio_rustls::TlsAcceptor;
use tonic::transport::server::Connected;

/// How long a client may take over its TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long to wait before accepting again after that failed.
const RETRY: Duration = Duration::from_millis(100);

/// A path longer than this, in bytes, does not fit into a socket address on every system.
const MAX_PATH: usize = 100;

/// The file of a listening socket, which goes when this is dropped.
pub struct Socket {
    pub path: PathBuf,
}

impl Socket {
    /// Listens in the folder that the client asks for, else in the system's for temporary files.
    pub fn bind() -> Result<(Self, UnixListener)> {
        let asked = std::env::var_os("PLUGIN_UNIX_SOCKET_DIR").filter(|dir| !dir.is_empty()).map(PathBuf::from);
        let folder = asked.unwrap_or_else(std::env::temp_dir);
        let name = format!("plugin-{}-{:08x}", std::process::id(), fastrand::u32(..));
        let mut path = folder.join(&name);
        // The client reads the path from a line of fields between bars.
        if !path.to_str().is_some_and(|path| path.len() <= MAX_PATH && !path.contains(['|', '\n', '\r'])) {
            path = Path::new("/tmp").join(&name);
        }
        let listener = UnixListener::bind(&path).with_context(|| format!("cannot listen on {}", path.display()))?;
        let socket = Self { path };
        // Without TLS this is all that keeps other users out.
        let mode = if set_group(&socket.path)? { 0o660 } else { 0o600 };
        std::fs::set_permissions(&socket.path, Permissions::from_mode(mode)).context("cannot protect the socket")?;
        Ok((socket, listener))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Gives the socket to a group, by name or number, where the client asks for that; whether it does.
fn set_group(path: &Path) -> Result<bool> {
    let Some(group) = std::env::var("PLUGIN_UNIX_SOCKET_GROUP").ok().filter(|group| !group.is_empty()) else {
        return Ok(false);
    };
    let id = match group.parse::<u32>() {
        Ok(id) => id,
        Err(_) => {
            let groups = std::fs::read_to_string("/etc/group").context("cannot read the groups")?;
            let line = groups.lines().find(|line| line.split(':').next() == Some(group.as_str()));
            let id = line.and_then(|line| line.split(':').nth(2)?.parse().ok());
            id.with_context(|| format!("there is no group {group}"))?
        }
    };
    chown(path, None, Some(id)).context("cannot give the socket to its group")?;
    Ok(true)
}

/// A certificate of our own and the configuration that serves it, to the holder of the client's certificate only.
pub struct Tls {
    /// The leaf, DER.
    pub certificate: Vec<u8>,
    pub acceptor: TlsAcceptor,
}

impl Tls {
    /// `client`: the certificate, PEM, that the client will show; no other is accepted.
    pub fn new(client: &str) -> Result<Self> {
        let Ok(client) = CertificateDer::from_pem_slice(client.as_bytes()) else {
            bail!("PLUGIN_CLIENT_CERT holds no certificate");
        };
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).context("cannot make a certificate")?;
        let certificate = own.cert.der().clone();
        let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).map_err(anyhow::Error::msg)?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = Arc::new(Pinned { client, provider: provider.clone() });
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![certificate.clone()], key)?;
        // Newer Go clients refuse a server that does not choose HTTP/2.
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(Self { certificate: certificate.to_vec(), acceptor: TlsAcceptor::from(Arc::new(config)) })
    }
}

/// Accepts the one certificate that the client announced. It is a certificate authority shown as an end entity, which
/// the usual verification refuses; comparing it byte by byte is stricter than any chain.
#[derive(Debug)]
struct Pinned {
    client: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ClientCertVerifier for Pinned {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if end_entity.as_ref() == self.client.as_ref() {
            return Ok(ClientCertVerified::assertion());
        }
        Err(rustls::CertificateError::ApplicationVerificationFailure.into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Counts a connection for as long as it lives. Terraform has one for its whole life: when that goes, so has Terraform.
struct Counted(Arc<watch::Sender<usize>>);

impl Counted {
    fn new(count: Arc<watch::Sender<usize>>) -> Self {
        count.send_modify(|count| *count += 1);
        Self(count)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// An accepted connection, encrypted or not.
pub struct Connection {
    io: Box<dyn Io>,
    _counted: Counted,
}

/// Accepts connections as they come; `count` tells how many are open. A client that fails its handshake disturbs no
/// other.
pub fn accept(
    listener: UnixListener,
    tls: Option<TlsAcceptor>,
    count: watch::Sender<usize>,
) -> mpsc::Receiver<Connection> {
    let (sender, receiver) = mpsc::channel(16);
    let count = Arc::new(count);
    tokio::spawn(async move {
        loop {
            let stream = match listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Too many open files, say: that may pass.
                    log::warn!("cannot accept a connection: {error}");
                    tokio::time::sleep(RETRY).await;
                    continue;
                }
            };
            let (sender, tls, count) = (sender.clone(), tls.clone(), count.clone());
            tokio::spawn(async move {
                if let Some(io) = secure(stream, tls).await {
                    let _ = sender.send(Connection { io, _counted: Counted::new(count) }).await;
                }
            });
        }
    });
    receiver
}

async fn secure(stream: UnixStream, tls: Option<TlsAcceptor>) -> Option<Box<dyn Io>> {
    let Some(tls) = tls else { return Some(Box::new(stream)) };
    match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
        Ok(Ok(stream)) => Some(Box::new(stream)),
        Ok(Err(error)) => {
            log::warn!("a client failed its TLS handshake: {error}");
            None
        }
        Err(_) => None,
    }
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
