//! A server of files over HTTPS, which is all that registries and mirrors of providers are.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use axum::response::IntoResponse;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

use super::certificate::Certificates;
use super::folder::Folder;

/// By path: the type of what is there, and what it is.
type Files = Arc<Mutex<HashMap<String, (&'static str, Vec<u8>)>>>;

pub struct Registry {
    pub port: u16,
    /// The authority that a client must trust, as a file of PEM.
    pub authority: PathBuf,
    files: Files,
    _folder: Folder,
    _runtime: Runtime,
}

impl Registry {
    /// Serves on `localhost`, on a port that the system picks.
    pub fn start() -> Self {
        let (folder, certificates) = (Folder::new(), Certificates::make("localhost"));
        let authority = folder.0.join("authority.pem");
        std::fs::write(&authority, &certificates.authority).expect("a file");
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let (runtime, files) = (runtime.expect("a runtime"), Files::default());
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let service = Router::new().fallback(serve).with_state(files.clone());
        let listener = Tls { listener, acceptor: acceptor(&certificates) };
        runtime.spawn(async move { axum::serve(listener, service).await });
        Self { port, authority, files, _folder: folder, _runtime: runtime }
    }

    /// Puts a file there, in place of another of that path.
    pub fn put(&self, path: &str, content: impl Into<Vec<u8>>) {
        self.add(path, "application/octet-stream", content.into());
    }

    /// The same with JSON, which Terraform takes only by its right name.
    pub fn put_json(&self, path: &str, content: &serde_json::Value) {
        self.add(path, "application/json", content.to_string().into_bytes());
    }

    fn add(&self, path: &str, kind: &'static str, content: Vec<u8>) {
        self.files.lock().expect("no panic while held").insert(path.to_owned(), (kind, content));
    }
}

async fn serve(State(files): State<Files>, uri: Uri) -> Result<impl IntoResponse, StatusCode> {
    let found = files.lock().expect("no panic while held").get(uri.path()).cloned();
    found.map(|(kind, content)| ([(CONTENT_TYPE, kind)], content)).ok_or(StatusCode::NOT_FOUND)
}

fn acceptor(certificates: &Certificates) -> TlsAcceptor {
    let chain = CertificateDer::pem_slice_iter(certificates.chain.as_bytes()).collect::<Result<_, _>>();
    let key = PrivateKeyDer::from_pem_slice(certificates.key.as_bytes()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_no_client_auth()
        .with_single_cert(chain.expect("certificates"), key)
        .expect("a certificate");
    TlsAcceptor::from(Arc::new(config))
}

/// Connections that begin with a handshake.
struct Tls {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl axum::serve::Listener for Tls {
    type Io = tokio_rustls::server::TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            if let Ok((socket, address)) = self.listener.accept().await
                && let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_secs(5), self.acceptor.accept(socket)).await
            {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}
