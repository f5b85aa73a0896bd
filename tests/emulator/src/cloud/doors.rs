//! Where requests come in: connections with or without TLS, each of which can be cut.

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::wire::TlsAcceptor;

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Cuts the connection that a request came by, before anything more is sent over it.
#[derive(Clone, Debug, Default)]
pub struct Scissors(Arc<AtomicBool>);

impl Scissors {
    pub fn cut(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A connection whose handshake is done.
pub struct Door {
    stream: Box<dyn Stream>,
    scissors: Scissors,
}

impl Door {
    /// The stream, unless it was cut.
    fn whole(&mut self) -> Result<Pin<&mut Box<dyn Stream>>> {
        match self.scissors.0.load(Ordering::Relaxed) {
            true => Err(Error::new(ErrorKind::ConnectionReset, "cut on demand")),
            false => Ok(Pin::new(&mut self.stream)),
        }
    }
}

impl AsyncRead for Door {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        self.whole()?.poll_read(cx, buffer)
    }
}

impl AsyncWrite for Door {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        self.whole()?.poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.whole()?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.whole()?.poll_shutdown(cx)
    }
}

impl Connected<IncomingStream<'_, Doors>> for Scissors {
    fn connect_info(stream: IncomingStream<'_, Doors>) -> Self {
        stream.io().scissors.clone()
    }
}

/// Accepts connections. Handshakes happen side by side: who is slow at it keeps nobody else waiting.
pub struct Doors {
    open: Receiver<(Door, SocketAddr)>,
    address: SocketAddr,
}

impl Doors {
    pub fn new(listener: TcpListener, tls: Option<TlsAcceptor>) -> Result<Self> {
        let address = listener.local_addr()?;
        let (sender, open) = channel(16);
        tokio::spawn(accept(listener, tls, sender));
        Ok(Self { open, address })
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, open: Sender<(Door, SocketAddr)>) {
    loop {
        let Ok((socket, address)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let (tls, open) = (tls.clone(), open.clone());
        tokio::spawn(async move {
            let stream: Box<dyn Stream> = match tls {
                None => Box::new(socket),
                Some(tls) => match tokio::time::timeout(Duration::from_secs(5), tls.accept(socket)).await {
                    Ok(Ok(stream)) => Box::new(stream),
                    // A client that does not like the certificate goes away: the next one may like it.
                    _ => return,
                },
            };
            open.send((Door { stream, scissors: Scissors::default() }, address)).await.ok();
        });
    }
}

impl Listener for Doors {
    type Io = Door;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Door, SocketAddr) {
        match self.open.recv().await {
            Some(open) => open,
            // The task that accepts never ends.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> Result<SocketAddr> {
        Ok(self.address)
    }
}
