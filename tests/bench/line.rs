//! A long line: a proxy that delivers everything later, and counts round trips.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::Instant;

pub struct Line {
    /// Where to connect to, on the loopback address.
    pub port: u16,
    round_trips: Arc<AtomicUsize>,
    // Kept: dropping it ends the proxy.
    _runtime: tokio::runtime::Runtime,
}

impl Line {
    /// Leads to `port`; every byte arrives `delay` after it was sent, in either direction.
    pub fn new(port: u16, delay: Duration) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let own_port = listener.local_addr().expect("its address").port();
        let round_trips = Arc::new(AtomicUsize::new(0));
        let count = round_trips.clone();
        runtime.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { continue };
                let _ = client.set_nodelay(true);
                let _ = server.set_nodelay(true);
                let (client_in, client_out) = client.into_split();
                let (server_in, server_out) = server.into_split();
                // Whether the client has asked something since the last answer.
                let asking = Arc::new(AtomicBool::new(false));
                let (count, asked) = (count.clone(), asking.clone());
                tokio::spawn(carry(client_in, server_out, delay, move || {
                    if !asked.swap(true, Ordering::Relaxed) {
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                }));
                tokio::spawn(carry(server_in, client_out, delay, move || asking.store(false, Ordering::Relaxed)));
            }
        });
        Self { port: own_port, round_trips, _runtime: runtime }
    }

    /// Questions that waited for an answer since the last call. What is sent before the answer comes is the same one.
    pub fn take_round_trips(&self) -> usize {
        self.round_trips.swap(0, Ordering::Relaxed)
    }
}

/// Carries bytes with a delay that does not hold up what comes behind them. `on_arrival` runs for every piece.
async fn carry(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin + Send + 'static,
    delay: Duration,
    on_arrival: impl Fn(),
) {
    let (sender, mut receiver) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    tokio::spawn(async move {
        while let Some((due, bytes)) = receiver.recv().await {
            tokio::time::sleep_until(due).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
        let _ = to.shutdown().await;
    });
    let mut buffer = vec![0; 65536];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        on_arrival();
        if sender.send((Instant::now() + delay, buffer[..read].to_vec())).is_err() {
            return;
        }
    }
}
