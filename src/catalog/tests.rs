//! Lanes against a server of the test's own, in paused time; texts of queries; what an error may say.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{advance, sleep};

use super::lane::{self, Answer, Ask, Source};
use super::query::Rows;
use super::{CatalogError, ErrorKind, Query, Settings, SslMode};
use crate::sql::item;

const KEY: &[&str] = &["o.id"];

/// A relation of `id`s, whose answer takes 10 ms and shows what it held when the query began.
#[derive(Default)]
struct Server {
    rows: Mutex<Vec<(String, String)>>,
    texts: Mutex<Vec<String>>,
    epoch: AtomicU64,
    /// What other lanes were asked for.
    crowd: AtomicUsize,
    fail: Mutex<Vec<CatalogError>>,
}

impl Server {
    fn with(ids: impl IntoIterator<Item = String>) -> Arc<Self> {
        let rows = ids.into_iter().map(|id| (format!("name of {id}"), id)).collect();
        Arc::new(Self { rows: Mutex::new(rows), ..Self::default() })
    }

    fn sent(&self) -> Vec<String> {
        std::mem::take(&mut *self.texts.lock().unwrap())
    }
}

impl Source for Server {
    async fn fetch(&self, texts: Vec<String>) -> Result<Vec<Rows>, CatalogError> {
        let begun = self.rows.lock().unwrap().clone();
        self.texts.lock().unwrap().extend(texts.iter().cloned());
        sleep(Duration::from_millis(10)).await;
        if let Some(error) = self.fail.lock().unwrap().pop() {
            return Err(error);
        }
        let answer = |text: &String| {
            let mut rows = Rows::new(vec!["name".into(), "key 0".into()]);
            for (name, id) in &begun {
                if !text.contains(" IN (") || text.contains(&format!("'{id}'")) {
                    rows.push(Some(name)).unwrap();
                    rows.push(Some(id)).unwrap();
                }
            }
            rows
        };
        Ok(texts.iter().map(answer).collect())
    }

    fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::SeqCst)
    }

    fn count(&self, _: u64, _: usize) -> usize {
        self.crowd.load(Ordering::SeqCst)
    }
}

fn query() -> Arc<Query> {
    Arc::new(Query {
        columns: vec![("name", "o.name")],
        from: "mz_objects o",
        filter: Some("o.id LIKE 'u%'".into()),
        order: Some("o.id"),
    })
}

fn ask(lane: &mpsc::UnboundedSender<Ask>, value: &str) -> oneshot::Receiver<Answer> {
    send(lane, vec![value.to_owned()], false)
}

fn send(lane: &mpsc::UnboundedSender<Ask>, values: Vec<String>, optional: bool) -> oneshot::Receiver<Answer> {
    let (answer, answered) = oneshot::channel();
    lane.send(Ask { values, optional, answer }).unwrap();
    answered
}

async fn names(answered: oneshot::Receiver<Answer>) -> Vec<String> {
    answered.await.unwrap().unwrap().iter().map(|row| row.get("name").unwrap().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn what_waits_goes_out_together() {
    let server = Server::with(["u1", "u2", "u3"].map(String::from));
    let lane = lane::open(server.clone(), query(), KEY);
    let first = ask(&lane, "u1");
    sleep(Duration::from_millis(1)).await;
    let later = ["u3", "u2", "u3", "u9"].map(|id| ask(&lane, id));
    assert_eq!(names(first).await, ["name of u1"]);
    let mut found = Vec::new();
    for answered in later {
        found.extend(names(answered).await);
    }
    assert_eq!(found, ["name of u3", "name of u2", "name of u3"]);
    let select = "SELECT o.name AS \"name\", (o.id)::text AS \"key 0\" FROM mz_objects o WHERE (o.id LIKE 'u%') AND ";
    let expected = ["(o.id)::text IN ('u1')", "(o.id)::text IN ('u2', 'u3', 'u9')"];
    assert_eq!(server.sent(), expected.map(|keys| format!("{select}({keys}) ORDER BY o.id")));
}

/// A thousand objects at Terraform's concurrency of ten: the third batch takes the whole relation.
#[tokio::test(start_paused = true)]
async fn a_busy_lane_reads_everything_once() {
    let server = Server::with((0..1000).map(|i| format!("u{i}")));
    let lane = lane::open(server.clone(), query(), KEY);
    let next = Arc::new(AtomicU64::new(0));
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let (lane, next) = (lane.clone(), next.clone());
        workers.spawn(async move {
            loop {
                let i = next.fetch_add(1, Ordering::SeqCst);
                if i >= 1000 {
                    return;
                }
                assert_eq!(names(ask(&lane, &format!("u{i}"))).await, [format!("name of u{i}")]);
            }
        });
    }
    workers.join_all().await;
    let sent = server.sent();
    assert!(sent.len() <= 4, "{} queries", sent.len());
    assert!(!sent[sent.len() - 1].contains(" IN ("), "{}", sent[sent.len() - 1]);
}

/// Fetches the whole relation by asking for many keys.
async fn busy(server: &Arc<Server>) -> mpsc::UnboundedSender<Ask> {
    let lane = lane::open(server.clone(), query(), KEY);
    let asked: Vec<_> = (0..60).map(|i| ask(&lane, &format!("u{i}"))).collect();
    for answered in asked {
        assert_eq!(names(answered).await.len(), 1);
    }
    assert!(!server.sent().concat().contains(" IN ("));
    names(ask(&lane, "u7")).await;
    assert_eq!(server.sent().len(), 0, "answered from what is known");
    lane
}

#[tokio::test(start_paused = true)]
async fn a_lane_of_a_busy_session_reads_everything_at_once() {
    let server = Server::with(["u1", "u2", "u3"].map(String::from));
    server.crowd.store(20, Ordering::SeqCst);
    let lane = lane::open(server.clone(), query(), KEY);
    // One request alone does not ask for thousands of rows.
    assert_eq!(names(ask(&lane, "u1")).await, ["name of u1"]);
    assert!(server.sent()[0].contains("IN ('u1')"));
    let (second, third) = (ask(&lane, "u2"), ask(&lane, "u3"));
    assert_eq!((names(second).await, names(third).await), (vec!["name of u2".into()], vec!["name of u3".into()]));
    assert!(!server.sent()[0].contains(" IN ("));
}

#[tokio::test(start_paused = true)]
async fn a_miss_is_asked_again() {
    let server = Server::with((0..60).map(|i| format!("u{i}")));
    let lane = busy(&server).await;
    server.rows.lock().unwrap().push(("made elsewhere".into(), "u99".into()));
    assert_eq!(names(ask(&lane, "u99")).await, ["made elsewhere"]);
    assert!(names(ask(&lane, "u98")).await.is_empty());
    let sent = server.sent();
    assert!(sent.len() == 2 && sent.iter().all(|text| text.contains(" IN (")), "{sent:?}");
}

#[tokio::test(start_paused = true)]
async fn a_write_voids_what_is_known() {
    let server = Server::with((0..60).map(|i| format!("u{i}")));
    let lane = busy(&server).await;
    server.rows.lock().unwrap()[7].0 = "renamed".into();
    server.epoch.fetch_add(1, Ordering::SeqCst);
    assert_eq!(names(ask(&lane, "u7")).await, ["renamed"]);
    assert!(server.sent()[0].contains(" IN ('u7')"), "one key is no reason to read everything again");
}

/// The relation is read while a write is under way: it may or may not be in the answer.
#[tokio::test(start_paused = true)]
async fn a_write_under_way_voids_what_is_read() {
    let server = Server::with((0..60).map(|i| format!("u{i}")));
    let lane = lane::open(server.clone(), query(), KEY);
    let asked: Vec<_> = (0..60).map(|i| ask(&lane, &format!("u{i}"))).collect();
    sleep(Duration::from_millis(5)).await;
    server.rows.lock().unwrap()[7].0 = "renamed".into();
    server.epoch.fetch_add(1, Ordering::SeqCst);
    for answered in asked {
        names(answered).await;
    }
    assert_eq!(names(ask(&lane, "u7")).await, ["renamed"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_known_grows_old() {
    let server = Server::with((0..60).map(|i| format!("u{i}")));
    let lane = busy(&server).await;
    server.rows.lock().unwrap()[7].0 = "renamed".into();
    advance(Duration::from_secs(20)).await;
    assert_eq!(names(ask(&lane, "u7")).await, ["name of u7"]);
    assert!(names(ask(&lane, "u99")).await.is_empty(), "a read by key makes the rest no younger");
    advance(Duration::from_secs(11)).await;
    assert_eq!(names(ask(&lane, "u7")).await, ["renamed"]);
}

#[tokio::test(start_paused = true)]
async fn an_unused_lane_ends() {
    let server = Server::with([]);
    let lane = lane::open(server.clone(), query(), KEY);
    names(ask(&lane, "u1")).await;
    sleep(Duration::from_secs(31)).await;
    assert!(lane.is_closed());
    assert_eq!(Arc::strong_count(&server), 1);
}

/// Who stops waiting holds up nobody, and is not asked for.
#[tokio::test(start_paused = true)]
async fn a_dropped_request_leaves_the_lane_in_order() {
    let server = Server::with(["u1", "u2", "u3"].map(String::from));
    let lane = lane::open(server.clone(), query(), KEY);
    let first = ask(&lane, "u1");
    sleep(Duration::from_millis(1)).await;
    drop(first);
    drop(ask(&lane, "u2"));
    assert_eq!(names(ask(&lane, "u3")).await, ["name of u3"]);
    assert!(!server.sent()[1].contains("'u2'"));
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_to_all_and_forgotten() {
    let server = Server::with(["u1", "u2"].map(String::from));
    let lane = lane::open(server.clone(), query(), KEY);
    let error = CatalogError::new(ErrorKind::Timeout, "no answer");
    server.fail.lock().unwrap().push(error.clone());
    let asked = [ask(&lane, "u1"), ask(&lane, "u2")];
    for answered in asked {
        assert_eq!(answered.await.unwrap().err(), Some(error.clone()));
    }
    assert_eq!(names(ask(&lane, "u2")).await, ["name of u2"]);
}

/// Few objects have comments: that there is none is known from all that there are.
#[tokio::test(start_paused = true)]
async fn that_there_is_nothing_may_be_known_already() {
    let server = Server::with(["u1".to_owned()]);
    let lane = lane::open(server.clone(), query(), KEY);
    let asked: Vec<_> = (0..60).map(|i| send(&lane, vec![format!("u{i}")], true)).collect();
    let mut found = 0;
    for answered in asked {
        found += names(answered).await.len();
    }
    assert_eq!((found, names(send(&lane, vec!["u70".into()], true)).await.len(), server.sent().len()), (1, 0, 1));
    assert_eq!((names(ask(&lane, "u70")).await.len(), server.sent().len()), (0, 1), "asked again");
}

/// A relation that is too large to be read at once is read by key.
#[tokio::test(start_paused = true)]
async fn a_refused_relation_is_read_by_key() {
    let server = Server::with((0..60).map(|i| format!("u{i}")));
    server.fail.lock().unwrap().push(CatalogError::new(ErrorKind::Server, "result exceeds max size"));
    let lane = lane::open(server.clone(), query(), KEY);
    let asked: Vec<_> = (0..60).map(|i| ask(&lane, &format!("u{i}"))).collect();
    for answered in asked {
        assert_eq!(names(answered).await.len(), 1);
    }
    names(ask(&lane, "u1")).await;
    let by_key: Vec<_> = server.sent().iter().map(|text| text.contains(" IN (")).collect();
    assert_eq!(by_key, [false, true, true]);
}

#[tokio::test(start_paused = true)]
async fn a_lane_without_key_reads_all_afresh() {
    let server = Server::with(["u1", "u2"].map(String::from));
    let lane = lane::open(server.clone(), query(), &[]);
    for round in 0..5 {
        let asked = [(); 3].map(|()| send(&lane, Vec::new(), false));
        for answered in asked {
            assert_eq!(names(answered).await.len(), 2 + round);
        }
        server.rows.lock().unwrap().push(("more".into(), format!("v{round}")));
    }
    assert_eq!(server.sent().len(), 5);
}

/// The server of settings that `SHOW ALL` has.
struct Shown(Server);

impl Source for Shown {
    async fn fetch(&self, texts: Vec<String>) -> Result<Vec<Rows>, CatalogError> {
        let mut rows = Rows::new(["name", "setting", "description"].map(String::from).to_vec());
        for (name, setting) in &*self.0.rows.lock().unwrap() {
            for cell in [Some(name.as_str()), Some(setting), None] {
                rows.push(cell)?;
            }
        }
        self.0.texts.lock().unwrap().extend(texts);
        Ok(vec![rows])
    }

    fn epoch(&self) -> u64 {
        self.0.epoch()
    }

    fn count(&self, epoch: u64, keys: usize) -> usize {
        self.0.count(epoch, keys)
    }
}

fn shown() -> Arc<Shown> {
    let rows = [("b", "on"), ("a", "1"), ("c", "")].map(|(name, setting)| (name.to_owned(), setting.to_owned()));
    Arc::new(Shown(Server { rows: Mutex::new(rows.to_vec()), ..Server::default() }))
}

fn show_all(column: &'static str) -> Arc<Query> {
    Arc::new(Query { columns: vec![("value", column)], from: "SHOW ALL", ..Query::default() })
}

/// `SHOW ALL` is a whole relation, from the first request for one of its rows until this session writes.
#[tokio::test(start_paused = true)]
async fn what_is_shown_is_searched_by_key() {
    let server = shown();
    let lane = lane::open(server.clone(), show_all("setting"), &["name"]);
    for (name, value) in [("a", Some("1")), ("b", Some("on")), ("c", Some("")), ("d", None)] {
        let rows = ask(&lane, name).await.unwrap().unwrap();
        assert_eq!(rows.first().map(|row| row.get("name").unwrap()), value.and(Some(name)));
        assert_eq!(rows.first().map(|row| row.get("value").unwrap()), value);
        assert!(rows.iter().all(|row| row.get("setting") == row.get("value") && row.get("description").is_none()));
    }
    assert_eq!(server.0.sent(), ["SHOW ALL"; 2], "once for all, and once more for what was missing");
    server.0.rows.lock().unwrap()[1].1 = "2".into();
    assert_eq!(ask(&lane, "a").await.unwrap().unwrap()[0].get("value"), Some("1"));
    server.0.epoch.fetch_add(1, Ordering::SeqCst);
    assert_eq!(ask(&lane, "a").await.unwrap().unwrap()[0].get("value"), Some("2"));

    server.0.rows.lock().unwrap()[0].0 = "B".into();
    server.0.epoch.fetch_add(1, Ordering::SeqCst);
    let any_case = lane::open(server.clone(), show_all("setting"), &["lower(name)"]);
    assert_eq!(ask(&any_case, "b").await.unwrap().unwrap()[0].get("name"), Some("B"));

    let all = lane::open(server.clone(), show_all("setting"), &[]);
    let answered = send(&all, Vec::new(), false);
    let values: Vec<_> = answered.await.unwrap().unwrap().iter().map(|row| row.get("value").unwrap().len()).collect();
    assert_eq!(values, [2, 1, 0], "in the server's order");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_shown_is_an_error() {
    for (column, key) in [("value", &["name"]), ("setting", &["id"])] {
        let lane = lane::open(shown(), show_all(column), key);
        let error = ask(&lane, "a").await.unwrap().err().expect("a failure");
        assert_eq!(error.kind, ErrorKind::Server);
        assert!(error.message.starts_with("SHOW ALL has no column"), "{error}");
    }
}

#[test]
fn keys_of_several_expressions_are_quoted_and_balanced() {
    let keys = ["a", "b'; DROP TABLE t --", "c"].map(|name| vec!["d".to_owned(), name.to_owned()]);
    let text = query().texts(&["d.name", "o.name"], &keys).pop().unwrap();
    let pair = |name: &str| format!("((d.name)::text = 'd' AND (o.name)::text = {name})");
    let expected = format!("AND (({} OR ({} OR {})))", pair("'a'"), pair("'b''; DROP TABLE t --'"), pair("'c'"));
    assert!(text.contains(&expected), "{text}\n{expected}");
    let many: Vec<_> = (0..500).map(|i| vec!["d".to_owned(), i.to_string()]).collect();
    let text = query().texts(&["d.name", "o.name"], &many).pop().unwrap();
    let mut depth = 0;
    let deepest = text.chars().filter(|c| "()".contains(*c)).map(|c| {
        depth += if c == '(' { 1 } else { -1 };
        depth
    });
    assert!(deepest.max() < Some(16));
}

#[test]
fn no_text_is_too_long() {
    for (width, length) in [(1, 4), (1, 255), (1, 9000), (2, 255), (3, 9000)] {
        let key = &["a.x", "b.y", "c.z"][..width];
        let keys: Vec<_> = (0..3000).map(|i| vec![format!("{i:>length$}"); width]).collect();
        let texts = query().texts(key, &keys);
        assert!(texts.iter().all(|text| text.len() <= 256 * 1024), "{:?}", texts.iter().map(String::len).max());
        let asked: HashSet<_> = texts.iter().flat_map(|text| text.split('\'')).filter(|v| v.len() == length).collect();
        assert!(keys.iter().all(|values| asked.contains(values[0].as_str())), "every key is asked for");
    }
}

#[test]
fn rows_tell_null_from_empty() {
    let mut rows = Rows::new(vec!["a".into(), "b".into(), "c".into()]);
    for cell in [Some("x"), None, Some(""), None, Some("ÿ"), Some("z")] {
        rows.push(cell).unwrap();
    }
    let rows = super::query::rows(rows.settle());
    let cells: Vec<_> = rows.iter().map(|row| ["a", "b", "c", "none"].map(|column| row.get(column))).collect();
    assert_eq!(cells, [[Some("x"), None, Some(""), None], [None, Some("ÿ"), Some("z"), None]]);
}

#[test]
fn startup_options_are_escaped_and_sorted() {
    let options = [("search_path", r"a\b c"), ("cluster", "q")].map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec();
    let settings = Settings { options, password: Some("hunter2".into()), ..Settings::default() };
    let expected = r"--transaction_isolation=strict\ serializable --cluster=q --search_path=a\\b\ c";
    assert_eq!(settings.startup_options(), expected);
    assert!(!format!("{settings:?}").contains("hunter2"));
}

#[test]
fn sslmode_has_the_words_of_libpq() {
    for mode in [SslMode::Disable, SslMode::Require, SslMode::VerifyCa, SslMode::VerifyFull] {
        assert_eq!(mode.word().parse(), Ok(mode));
    }
    assert_eq!(SslMode::default(), SslMode::VerifyFull);
    for word in ["prefer", "allow"] {
        assert_eq!(word.parse(), Ok(SslMode::Require), "never unencrypted");
    }
    assert!("VERIFY".parse::<SslMode>().is_err());
}

#[test]
fn an_error_never_shows_a_secret() {
    let pem = "-----BEGIN KEY-----\nMIIsecretline\n-----END KEY-----";
    let statement = item().word("CREATE SECRET").ident("s").word("AS").secret("it's hush").secret(pem).secret("R");
    let exposed = statement.expose();
    let mut error = CatalogError::new(ErrorKind::Server, format!("found \"it's hush\" in {exposed}"));
    error.detail = Some("line MIIsecretline, R, REDACTED R it\\'s hush".into());
    error.hint = Some(format!("{pem:?}"));
    let error = error.about(&statement);
    let shown = format!("{error} {error:?}");
    for secret in ["hush", "MIIsecretline", " R,", "'R'"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert!(error.message.contains("CREATE SECRET"), "ordinary words stay: {error}");
}
