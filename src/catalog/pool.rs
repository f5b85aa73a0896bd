//! The connections of a session: opened when needed, at most so many, kept for the next statement.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout_at};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_util::sync::CancellationToken;

use super::query::Rows;
use super::wire::{self, Refusal, Wire};
use super::{CatalogError, ErrorKind, Settings, tls};

/// A connection unused for longer is not used again: gateways forget it, and only the next statement would find out.
const IDLE: Duration = Duration::from_secs(120);
/// For so long after a failed attempt to connect nobody tries again: with hundreds of objects that would take hours,
/// and a wrong password might lock the account.
const REMEMBER: Duration = Duration::from_secs(5);
/// Attempts to connect, and to read what a lost connection did not answer.
pub(super) const ATTEMPTS: u32 = 3;

pub(super) struct Pool {
    pub settings: Settings,
    /// Callers wait here in line.
    line: Arc<Semaphore>,
    state: Mutex<State>,
    tls: OnceCell<MakeRustlsConnect>,
    /// Held while the first connection is opened, so that one attempt tells all.
    first: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    idle: Vec<(Wire, Instant)>,
    connected: bool,
    failure: Option<(Instant, CatalogError)>,
    stop: CancellationToken,
}

/// A connection of the pool, for one caller.
pub(super) struct Lease {
    wire: Wire,
    pool: Arc<Pool>,
    _place: OwnedSemaphorePermit,
}

impl Pool {
    pub fn new(settings: Settings) -> Arc<Self> {
        let line = Arc::new(Semaphore::new(settings.max_connections.clamp(1, Semaphore::MAX_PERMITS)));
        Arc::new(Self { settings, line, state: Mutex::default(), tls: OnceCell::new(), first: Default::default() })
    }

    /// What is cancelled by the next [`Pool::stop`].
    pub fn token(&self) -> CancellationToken {
        self.state().stop.clone()
    }

    /// Cancels those who wait for a connection. Later ones are served again.
    pub fn stop(&self) {
        std::mem::take(&mut self.state().stop).cancel();
    }

    /// A connection, when it is this caller's turn.
    pub async fn take(self: &Arc<Self>) -> Result<Lease, CatalogError> {
        let stop = self.token();
        tokio::select! {
            biased;
            () = stop.cancelled() => Err(cancelled()),
            lease = async {
                // The semaphore is never closed; if it were, that would be the end of the session too.
                let place = self.line.clone().acquire_owned().await.map_err(|_| cancelled())?;
                Ok(Lease { wire: self.wire().await?, pool: self.clone(), _place: place })
            } => lease,
        }
    }

    async fn wire(&self) -> Result<Wire, CatalogError> {
        let _alone = if self.state().connected { None } else { Some(self.first.lock().await) };
        let started = Instant::now();
        {
            let mut state = self.state();
            while let Some((mut wire, since)) = state.idle.pop() {
                if since.elapsed() < IDLE && wire.is_idle() {
                    return Ok(wire);
                }
            }
            if let Some((_, error)) = state.failure.as_ref().filter(|(at, _)| at.elapsed() < REMEMBER) {
                return Err(error.clone());
            }
        }
        let wire = self.connect(started + self.settings.connect_timeout).await;
        let mut state = self.state();
        state.connected = wire.is_ok();
        state.failure = wire.as_ref().err().map(|error| (Instant::now(), error.clone()));
        wire
    }

    /// Tries until it works, there is no hope, or no time.
    async fn connect(&self, deadline: Instant) -> Result<Wire, CatalogError> {
        let tls = self.tls.get_or_try_init(async || tls::config(&self.settings)).await?;
        let mut attempt = 1;
        loop {
            let Ok(result) = timeout_at(deadline, wire::connect(&self.settings, tls.clone())).await else {
                let Settings { host, port, connect_timeout, .. } = &self.settings;
                let why = format!("no session on {host}:{port} within {connect_timeout:?}");
                return Err(CatalogError::new(ErrorKind::Connect, why)
                    .hint("check `host` and `port` (MZ_HOST, MZ_PORT); the SQL port is usually 6875"));
            };
            let pause = pause(attempt);
            match result {
                Ok(wire) => return Ok(wire),
                Err(Refusal { error, again }) if !again || attempt == ATTEMPTS || Instant::now() + pause > deadline => {
                    return Err(error);
                }
                Err(_) => sleep(pause).await,
            }
            attempt += 1;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease {
    /// Sends the texts together; see [`Wire::run`]. A connection that is still good goes back to the pool.
    pub async fn run(mut self, texts: &[(String, Duration)]) -> Vec<Result<Rows, CatalogError>> {
        let answers = self.wire.run(texts).await;
        if answers.iter().all(wire::usable) {
            self.pool.state().idle.push((self.wire, Instant::now()));
        }
        answers
    }
}

/// How long to wait after a failed attempt: 0.25 s, 1 s, 4 s, …, give or take a half, so that not all come back at once.
pub(super) fn pause(attempt: u32) -> Duration {
    Duration::from_millis(250).mul_f64(4f64.powi(attempt.saturating_sub(1).min(4) as i32) * (0.5 + fastrand::f64()))
}

pub(super) fn cancelled() -> CatalogError {
    CatalogError::new(ErrorKind::Cancelled, "cancelled before it was sent")
}
