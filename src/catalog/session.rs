//! A region's session, as the engine uses it.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OnceCell, mpsc, oneshot};
use tokio::time::{sleep, timeout};

use super::lane::{self, Ask, Source};
use super::pool::{ATTEMPTS, Pool, cancelled, pause};
use super::query::{self, Rows};
use super::{CatalogError, ErrorKind, Query, Row, Settings};
use crate::sql::{Node, Statement, array_items, item};

/// SQL expressions whose values tell rows apart.
pub type Key = &'static [&'static str];

type Lanes = HashMap<(Arc<Query>, Key), mpsc::UnboundedSender<Ask>>;

/// The way to one region: a bounded pool of connections that open when used, and lanes of reads. One per region,
/// shared by all. A call may be dropped at any time: a statement that was sent goes on, and nothing is left half done.
pub struct Session {
    core: Arc<Core>,
    lanes: Mutex<Lanes>,
    user: OnceCell<String>,
    place: OnceCell<(String, Vec<String>)>,
    /// Columns of system relations that were asked for, by schema, relation and name, and whether there are such.
    relations: Mutex<HashMap<[String; 3], bool>>,
    /// Ids of objects that the server named, each known to who made it.
    claimed: Mutex<HashSet<String>>,
}

struct Core {
    pool: Arc<Pool>,
    epoch: AtomicU64,
    /// An epoch, and the keys that lanes were asked for in it.
    crowd: Mutex<(u64, usize)>,
}

impl Session {
    pub fn new(settings: Settings) -> Arc<Self> {
        Arc::new(Self {
            core: Arc::new(Core { pool: Pool::new(settings), epoch: AtomicU64::new(0), crowd: Mutex::default() }),
            lanes: Mutex::default(),
            user: OnceCell::new(),
            place: OnceCell::new(),
            relations: Mutex::default(),
            claimed: Mutex::default(),
        })
    }

    /// The rows whose `key` expressions have these values (compared as text). Reads travel in a lane per query and
    /// key: while one is in flight later ones wait, then all that wait go out as one.
    ///
    /// # Panics
    /// If there are not as many values as expressions.
    pub async fn rows(&self, query: &Arc<Query>, key: Key, values: Vec<String>) -> Result<Vec<Row>, CatalogError> {
        self.keyed(query, key, values, false).await
    }

    /// The same of what belongs to something that was just read, such as its comments: that there are none may be known
    /// from the whole relation, which was read with others' a short while ago.
    pub async fn rows_if_any(
        &self,
        query: &Arc<Query>,
        key: Key,
        values: Vec<String>,
    ) -> Result<Vec<Row>, CatalogError> {
        self.keyed(query, key, values, true).await
    }

    async fn keyed(
        &self,
        query: &Arc<Query>,
        key: Key,
        values: Vec<String>,
        optional: bool,
    ) -> Result<Vec<Row>, CatalogError> {
        assert_eq!(key.len(), values.len(), "values of the key {key:?} of {}", query.from);
        if values.iter().any(|value| value.contains('\0')) {
            return Ok(Vec::new()); // No text of the server has one, and it cannot be sent.
        }
        self.ride(query, key, values, optional).await.map(Arc::unwrap_or_clone)
    }

    /// Every row of a query, from a read begun after this call; those that wait are answered together.
    pub async fn all(&self, query: &Arc<Query>) -> Result<Arc<Vec<Row>>, CatalogError> {
        self.ride(query, &[], Vec::new(), false).await
    }

    async fn ride(&self, query: &Arc<Query>, key: Key, values: Vec<String>, optional: bool) -> lane::Answer {
        let stop = self.core.pool.token();
        let (answer, mut answered) = oneshot::channel();
        {
            let mut lanes = lock(&self.lanes);
            let mut ask = Some(Ask { values, optional, answer });
            if let Some(lane) = lanes.get(&(query.clone(), key)) {
                ask = ask.and_then(|ask| lane.send(ask).err()).map(|refused| refused.0);
            }
            if let Some(ask) = ask {
                lanes.retain(|_, lane| !lane.is_closed());
                let lane = lane::open(self.core.clone(), query.clone(), key);
                lane.send(ask).ok();
                lanes.insert((query.clone(), key), lane);
            }
        }
        tokio::select! {
            biased;
            answer = &mut answered => answer.unwrap_or_else(|_| Err(vanished())),
            () = stop.cancelled() => Err(cancelled()),
        }
    }

    /// One statement; its rows if it has any (`SHOW …`).
    pub async fn execute(&self, statement: &Statement) -> Result<Vec<Row>, CatalogError> {
        Ok(self.send(statement, None).await?.0)
    }

    /// Asks until there is a row, at most so long. `false`: there was none.
    pub async fn until_row(&self, query: &Statement, within: Duration) -> Result<bool, CatalogError> {
        let stop = self.core.pool.token();
        let asking = async {
            let mut pause = Duration::from_millis(100);
            while self.execute(query).await?.is_empty() {
                sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(5));
            }
            Ok(true)
        };
        tokio::select! {
            biased;
            () = stop.cancelled() => Err(cancelled()),
            answer = timeout(within, asking) => answer.unwrap_or(Ok(false)),
        }
    }

    /// A statement and, in the same round trip, a read of what it made by natural key. If the statement fails, the
    /// read's answer is dropped. If only the read fails the error is of kind [`ErrorKind::Unread`]: something was made.
    pub async fn execute_then_rows(
        &self,
        statement: &Statement,
        query: &Arc<Query>,
        key: Key,
        values: Vec<String>,
    ) -> Result<Vec<Row>, CatalogError> {
        assert_eq!(key.len(), values.len(), "values of the key {key:?} of {}", query.from);
        let read = query.texts(key, std::slice::from_ref(&values)).pop();
        let rows = match self.send(statement, read).await?.1 {
            Some(Err(error)) if error.kind == ErrorKind::Server => Err(error),
            Some(Ok(rows)) => query.index(rows, key).map(|index| index.find(&values).collect()),
            _ => self.rows(query, key, values).await,
        };
        rows.map_err(|error| CatalogError { kind: ErrorKind::Unread, ..error }.hint("the statement was carried out"))
    }

    /// Sends a statement, with a read behind it. What was not carried out for sure is an error of kind
    /// [`ErrorKind::Lost`], and is never sent again.
    async fn send(
        &self,
        statement: &Statement,
        read: Option<String>,
    ) -> Result<(Vec<Row>, Option<Result<Rows, CatalogError>>), CatalogError> {
        let writes = !matches!(statement.nodes.first(), Some(Node::Word(word)) if word == "SHOW" || word == "SELECT");
        let limit = |writes| self.core.pool.settings.limit(writes);
        let first = (statement.expose(), limit(writes));
        let texts: Arc<[_]> = std::iter::once(first).chain(read.map(|read| (read, limit(false)))).collect();
        let mut attempt = 1;
        log::debug!("sending {statement}");
        loop {
            let lease = self.core.pool.take().await?;
            let (sent, core) = (texts.clone(), self.core.clone());
            // On its own, because the caller may stop waiting.
            let answers = tokio::spawn(async move {
                let _turn = writes.then(|| Turn::new(core));
                lease.run(&sent).await
            });
            let mut answers = answers.await.unwrap_or_default().into_iter();
            match answers.next().unwrap_or_else(|| Err(vanished())) {
                Ok(rows) => return Ok((query::rows(rows), answers.next())),
                Err(error) if error.kind == ErrorKind::Lost && !writes && attempt < ATTEMPTS => {
                    sleep(pause(attempt)).await
                }
                Err(mut error) => {
                    if writes && !matches!(error.kind, ErrorKind::Server) {
                        error.kind = ErrorKind::Lost;
                        error.hint = Some("the statement may or may not have been carried out".to_owned());
                    }
                    return Err(error.about(statement));
                }
            }
            attempt += 1;
        }
    }

    /// Whether this is the first time that anybody asks for this id: what the server named is told apart by it.
    pub fn claim(&self, id: &str) -> bool {
        lock(&self.claimed).insert(id.to_owned())
    }

    /// The role that this session acts as. Asked once.
    pub async fn current_user(&self) -> Result<String, CatalogError> {
        let ask = async || {
            let rows = self.execute(&item().word("SELECT current_user AS").ident("name")).await?;
            let name = rows.first().and_then(|row| row.get("name")).map(str::to_owned);
            name.ok_or_else(|| CatalogError::new(ErrorKind::Server, "the server does not tell the current user"))
        };
        self.user.get_or_try_init(ask).await.cloned()
    }

    /// The database and the schemas in which this session looks for objects whose names leave them out, in order.
    /// Asked once.
    pub async fn search_path(&self) -> Result<&(String, Vec<String>), CatalogError> {
        let ask = async || {
            let ask = item().word("SELECT current_database() AS").ident("database").symbol(",");
            let ask = ask.word("current_schemas(false) AS").ident("schemas");
            let rows = self.execute(&ask).await?;
            let row = rows.first().and_then(|row| Some((row.get("database")?, row.get("schemas")?)));
            let place = row.map(|(database, schemas)| (database.to_owned(), array_items(schemas)));
            place.ok_or_else(|| CatalogError::new(ErrorKind::Server, "the server does not tell the search path"))
        };
        self.place.get_or_try_init(ask).await
    }

    /// Whether this server has a column of a system relation: newer ones have more. Each is asked for once.
    pub async fn has_column(&self, schema: &str, relation: &str, column: &str) -> Result<bool, CatalogError> {
        let names = [schema, relation, column].map(str::to_owned);
        if let Some(known) = lock(&self.relations).get(&names) {
            return Ok(*known);
        }
        let query = Query {
            columns: vec![("id", "r.id")],
            from: "mz_catalog.mz_columns c JOIN mz_catalog.mz_relations r ON r.id = c.id JOIN mz_catalog.mz_schemas s ON \
                   s.id = r.schema_id",
            filter: Some("r.id LIKE 's%'".into()),
            order: None,
        };
        let found = self.rows(&Arc::new(query), &["s.name", "r.name", "c.name"], names.to_vec()).await?;
        Ok(*lock(&self.relations).entry(names).or_insert(!found.is_empty()))
    }

    /// Cancels what waits: for a connection, in line, in a lane. A statement that was sent is let finish. Later calls
    /// are served again.
    pub fn stop(&self) {
        self.core.pool.stop();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// While it lives a write is under way, and what lanes read before it or during it is void.
struct Turn(Arc<Core>);

impl Turn {
    fn new(core: Arc<Core>) -> Self {
        core.epoch.fetch_add(1, Ordering::SeqCst);
        Self(core)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.epoch.fetch_add(1, Ordering::SeqCst);
    }
}

impl Source for Core {
    async fn fetch(&self, texts: Vec<String>) -> Result<Vec<Rows>, CatalogError> {
        let mut found = Vec::new();
        let mut attempt = 1;
        // One by one: a server that waits for its answer to be read takes no further text.
        while let Some(text) = texts.get(found.len()) {
            let text = (text.clone(), self.pool.settings.limit(false));
            let answer = self.pool.take().await?.run(&[text]).await.pop();
            match answer.unwrap_or_else(|| Err(vanished())) {
                Ok(rows) => found.push(rows),
                Err(error) if error.kind == ErrorKind::Lost && attempt < ATTEMPTS => {
                    sleep(pause(attempt)).await;
                    attempt += 1;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::SeqCst)
    }

    fn count(&self, epoch: u64, keys: usize) -> usize {
        let mut crowd = lock(&self.crowd);
        if crowd.0 != epoch {
            *crowd = (epoch, 0);
        }
        crowd.1 += keys;
        crowd.1
    }
}

/// A task ended without an answer: it panicked, or the process is on its way out.
fn vanished() -> CatalogError {
    CatalogError::new(ErrorKind::Lost, "the request ended without an answer; please report this")
}
