//! A server that a test scripts message by message, on a socket of its own.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use provider::catalog::{Settings, SslMode};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A listening server. Its tasks end with the test's runtime.
pub struct Fake {
    pub port: u16,
    /// How many connections came.
    pub connections: Arc<AtomicUsize>,
}

impl Fake {
    /// Serves each connection, counted from 1, with this script.
    pub async fn start<F, S>(script: S) -> Self
    where
        F: Future<Output = Option<()>> + Send + 'static,
        S: Fn(usize, TcpStream) -> F + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = connections.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(script(count.fetch_add(1, Ordering::SeqCst) + 1, stream));
            }
        });
        Self { port, connections }
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub fn settings(&self) -> Settings {
        Settings { host: "127.0.0.1".into(), port: self.port, sslmode: SslMode::Disable, ..Settings::default() }
    }
}

/// The server's side of one connection. `None`: the client has gone.
pub struct Peer(pub Box<dyn Stream>);

impl Peer {
    /// A client that signed in, and the parameters of its startup message.
    pub async fn welcome(stream: impl Stream + 'static) -> Option<(Self, HashMap<String, String>)> {
        let mut peer = Self(Box::new(stream));
        let parameters = peer.startup().await?;
        peer.admit().await?;
        Some((peer, parameters))
    }

    /// The startup message.
    pub async fn startup(&mut self) -> Option<HashMap<String, String>> {
        let body = self.body().await?;
        let mut words = body[4..].split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned());
        let mut parameters = HashMap::new();
        while let (Some(name), Some(value)) = (words.next(), words.next()) {
            parameters.insert(name, value);
        }
        Some(parameters)
    }

    /// AuthenticationOk, a parameter, ReadyForQuery.
    pub async fn admit(&mut self) -> Option<()> {
        self.send(b'R', &[0, 0, 0, 0]).await?;
        self.send(b'S', b"server_version\x009.5\x00").await?;
        self.ready().await
    }

    /// The text of the next query.
    pub async fn query(&mut self) -> Option<String> {
        self.message(b'Q').await
    }

    /// The text of the next message, which must be of this type.
    pub async fn message(&mut self, expected: u8) -> Option<String> {
        let kind = self.0.read_u8().await.ok()?;
        assert_eq!(kind as char, expected as char, "the type of the client's message");
        let body = self.body().await?;
        Some(String::from_utf8_lossy(&body).trim_end_matches('\0').to_owned())
    }

    async fn body(&mut self) -> Option<Vec<u8>> {
        let length = self.0.read_u32().await.ok()? as usize;
        let mut body = vec![0; length - 4];
        self.0.read_exact(&mut body).await.ok()?;
        Some(body)
    }

    /// Answers with rows of one column.
    pub async fn rows(&mut self, column: &str, cells: &[&str]) -> Option<()> {
        let mut description = vec![0, 1];
        description.extend(column.as_bytes());
        description.push(0);
        description.extend([0; 18]);
        self.send(b'T', &description).await?;
        for cell in cells {
            let mut row = vec![0, 1];
            row.extend((cell.len() as u32).to_be_bytes());
            row.extend(cell.as_bytes());
            self.send(b'D', &row).await?;
        }
        self.send(b'C', b"SELECT\0").await?;
        self.ready().await
    }

    /// An ErrorResponse with these fields: `["CXX000", "Mmessage"]`.
    pub async fn error(&mut self, severity: &str, fields: &[&str]) -> Option<()> {
        let mut body = format!("S{severity}\0V{severity}\0").into_bytes();
        for field in fields {
            body.extend(field.as_bytes());
            body.push(0);
        }
        body.push(0);
        self.send(b'E', &body).await
    }

    pub async fn ready(&mut self) -> Option<()> {
        self.send(b'Z', b"I").await
    }

    pub async fn send(&mut self, kind: u8, body: &[u8]) -> Option<()> {
        let mut message = vec![kind];
        message.extend((body.len() as u32 + 4).to_be_bytes());
        message.extend(body);
        self.0.write_all(&message).await.ok()?;
        self.0.flush().await.ok()
    }
}
