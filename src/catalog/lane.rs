//! Reads in lanes. While a query is in flight, later reads of its lane wait; when it returns, all that wait go out as
//! one. So every answer comes from a query begun after its request, and nothing is stale. A busy lane, and any lane of a
//! busy session that is asked for more than one thing, fetches its whole relation once and answers from that until this
//! session writes, or [`FRESH`] has passed; what is missing there is asked for again, because it may have been made by
//! somebody else since, unless the request says that there need be none.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout};

use super::query::{Index, Rows};
use super::{CatalogError, ErrorKind, Query, Row};

/// A lane is busy from this batch on,
const BUSY_BATCHES: usize = 3;
/// or when it has been asked for so many keys.
const BUSY_KEYS: usize = 50;
/// The session is busy when all its lanes together have been asked for so many: a plan walks from what others depend
/// on to what depends on them, and what is still to come will be as much.
const BUSY_SESSION: usize = 20;
/// From here on even a lane that is asked for one thing only: it is one of many, and the first of its kind.
const CROWDED_SESSION: usize = 100;
/// How long a whole relation may serve, and how long a lane stays busy with nothing to do.
const FRESH: Duration = Duration::from_secs(30);

/// What lanes read from.
pub(super) trait Source: Send + Sync + 'static {
    /// Sends reads together; an answer for each.
    fn fetch(&self, texts: Vec<String>) -> impl Future<Output = Result<Vec<Rows>, CatalogError>> + Send;

    /// A number that changes when a write begins and when it ends: what was read before says nothing after.
    fn epoch(&self) -> u64;

    /// Counts keys that a lane was asked for in this epoch; those that all lanes were asked for in it.
    fn count(&self, epoch: u64, keys: usize) -> usize;
}

pub(super) type Answer = Result<Arc<Vec<Row>>, CatalogError>;

/// One request: the values of the lane's key.
pub(super) struct Ask {
    pub values: Vec<String>,
    /// Whether there being no rows is an answer as good as any. Else it is the last word on something, and always fresh.
    pub optional: bool,
    pub answer: oneshot::Sender<Answer>,
}

/// Starts a lane. It ends when the sender is dropped, or when it is not used for [`FRESH`]. A lane without a key answers
/// with all rows, always fresh.
pub(super) fn open<S: Source>(
    source: Arc<S>,
    query: Arc<Query>,
    key: &'static [&'static str],
) -> mpsc::UnboundedSender<Ask> {
    let (sender, mut asks) = mpsc::unbounded_channel();
    let (epoch, used) = (source.epoch(), Instant::now());
    let mut lane = Lane { source, query, key, epoch, batches: 0, keys: 0, used, whole: Whole::Unknown };
    tokio::spawn(async move {
        let mut batch = Vec::new();
        loop {
            match timeout(FRESH, asks.recv_many(&mut batch, usize::MAX)).await {
                Ok(0) => break,
                Ok(_) => lane.serve(std::mem::take(&mut batch)).await,
                // Nothing to do: what is held here is better given back. What comes at this moment is still served.
                Err(_) => asks.close(),
            }
        }
    });
    sender
}

struct Lane<S> {
    source: Arc<S>,
    query: Arc<Query>,
    key: &'static [&'static str],
    /// The rest holds for this epoch only.
    epoch: u64,
    batches: usize,
    keys: usize,
    /// When the whole relation was asked for, else when the last batch ended.
    used: Instant,
    whole: Whole,
}

/// The whole relation.
enum Whole {
    Unknown,
    Known(Index),
    /// The server does not want to give it (too large).
    Refused,
}

impl<S: Source> Lane<S> {
    async fn serve(&mut self, mut batch: Vec<Ask>) {
        let epoch = self.source.epoch();
        if self.epoch != epoch || self.used.elapsed() > FRESH {
            (self.epoch, self.batches, self.keys, self.whole) = (epoch, 0, 0, Whole::Unknown);
        }
        batch.retain(|ask| !ask.answer.is_closed());
        let asked = self.source.count(epoch, batch.len());
        let crowd = asked >= BUSY_SESSION && batch.len() > 1 || asked >= CROWDED_SESSION;
        if let Whole::Known(index) = &self.whole {
            batch = batch.into_iter().filter_map(|ask| reply(ask, std::slice::from_ref(index), false)).collect();
        }
        if batch.is_empty() {
            return;
        }
        self.batches += 1;
        self.keys += batch.len();
        let shows = self.query.shows(); // Its whole relation is all that can be asked for.
        let busy = !self.key.is_empty() && (shows || crowd || self.batches >= BUSY_BATCHES || self.keys >= BUSY_KEYS);
        let began = Instant::now();
        let mut all = busy && matches!(self.whole, Whole::Unknown);
        let mut answer = self.ask(if all { &[] } else { &batch }).await;
        if all && !shows && answer.as_ref().is_err_and(|error| error.kind == ErrorKind::Server) {
            (all, self.whole) = (false, Whole::Refused);
            answer = self.ask(&batch).await;
        }
        if !matches!(self.whole, Whole::Known(_)) {
            self.used = Instant::now();
        }
        match answer {
            Ok(mut found) => {
                batch.into_iter().for_each(|ask| drop(reply(ask, &found, true)));
                if let Some(index) = found.pop().filter(|_| all) {
                    (self.whole, self.used) = (Whole::Known(index), began);
                }
            }
            Err(error) => batch.into_iter().for_each(|ask| drop(ask.answer.send(Err(error.clone())))),
        }
    }

    /// Asks for the keys of these requests, or for everything if there are none.
    async fn ask(&self, batch: &[Ask]) -> Result<Vec<Index>, CatalogError> {
        let mut keys: Vec<_> = batch.iter().map(|ask| ask.values.clone()).filter(|key| !key.is_empty()).collect();
        keys.sort();
        keys.dedup();
        let answers = self.source.fetch(self.query.texts(self.key, &keys)).await?;
        answers.into_iter().map(|rows| self.query.index(rows, self.key)).collect()
    }
}

/// Answers with what was found. If that is nothing, and it is not the last word, the request comes back.
fn reply(ask: Ask, found: &[Index], last: bool) -> Option<Ask> {
    let rows: Vec<Row> = found.iter().flat_map(|index| index.find(&ask.values)).collect();
    if rows.is_empty() && !last && !ask.optional {
        return Some(ask);
    }
    // Who asked may be gone.
    ask.answer.send(Ok(Arc::new(rows))).ok();
    None
}
