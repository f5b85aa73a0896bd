//! The catalog client against servers that misbehave, over real sockets.

mod emulator;
mod fake;
mod sign_in;
mod tls;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use provider::catalog::{CatalogError, ErrorKind, Query, Session, Settings, SslMode};
use provider::sql::{Statement, item};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{sleep, timeout};

use self::fake::{Fake, Peer};

const SHORT: Duration = Duration::from_millis(300);

fn show() -> Statement {
    item().word("SHOW DATABASE")
}

fn write(text: &str) -> Statement {
    item().word("CREATE DATABASE").ident(text)
}

fn query() -> Arc<Query> {
    Arc::new(Query { columns: vec![("name", "d.name")], from: "mz_databases d", filter: None, order: None })
}

/// What a session with these settings says when it is used.
async fn failure(settings: Settings) -> CatalogError {
    Session::new(settings).execute(&show()).await.err().expect("a failure")
}

#[track_caller]
fn says(error: &CatalogError, kind: ErrorKind, words: &[&str]) {
    let text = format!("{} | {}", error.message, error.hint.as_deref().unwrap_or_default());
    assert_eq!(error.kind, kind, "{text}");
    for word in words {
        assert!(text.contains(word), "{word:?} in {text:?}");
    }
}

/// An HTTP server: it waits for a line, and answers.
async fn http() -> Fake {
    Fake::start(|_, mut stream| async move {
        let mut request = [0; 8];
        stream.read_exact(&mut request).await.ok()?;
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.ok()?;
        // It would take further requests.
        stream.read_to_end(&mut Vec::new()).await.ok().map(drop)
    })
    .await
}

#[tokio::test]
async fn an_http_port_is_recognised() {
    for sslmode in [SslMode::Disable, SslMode::Require, SslMode::VerifyFull] {
        let fake = http().await;
        let error = failure(Settings { sslmode, ..fake.settings() }).await;
        says(&error, ErrorKind::Connect, &["answers in HTTP", "MZ_PORT", "6875", &fake.port.to_string()]);
        assert_eq!(fake.connections(), 1, "there is no use in trying again");
    }
}

#[tokio::test]
async fn a_server_without_tls_is_recognised() {
    let fake = Fake::start(|_, mut stream| async move {
        let mut request = [0; 8];
        stream.read_exact(&mut request).await.ok()?;
        stream.write_all(b"N").await.ok()
    })
    .await;
    let error = failure(Settings { sslmode: SslMode::VerifyFull, ..fake.settings() }).await;
    says(&error, ErrorKind::Tls, &["does not offer TLS", "MZ_SSLMODE", "disable"]);
    assert_eq!(fake.connections(), 1);
}

#[tokio::test]
async fn a_port_that_nobody_listens_on_is_named() {
    let port = Fake::start(|_, _| async { None }).await.port;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let closed = listener.local_addr().expect("its address").port();
    drop(listener);
    assert_ne!(port, closed);
    let settings = Settings { host: "127.0.0.1".into(), port: closed, ..Settings::default() };
    let error = failure(settings).await;
    says(&error, ErrorKind::Connect, &[&format!("127.0.0.1:{closed}"), "refused", "MZ_HOST"]);
}

#[tokio::test]
async fn an_unknown_host_is_named() {
    let error = failure(Settings { host: "nowhere.invalid".into(), ..Settings::default() }).await;
    says(&error, ErrorKind::Connect, &["nowhere.invalid", "MZ_HOST"]);
    let error = failure(Settings { host: "not a host".into(), ..Settings::default() }).await;
    says(&error, ErrorKind::Connect, &["not a host"]);
}

#[tokio::test]
async fn silence_ends_with_the_time_limit() {
    let fake = Fake::start(|_, stream| async move {
        sleep(Duration::from_secs(60)).await;
        drop(stream);
        Some(())
    })
    .await;
    for sslmode in [SslMode::Disable, SslMode::VerifyFull] {
        let begun = Instant::now();
        let error = failure(Settings { sslmode, connect_timeout: SHORT, ..fake.settings() }).await;
        says(&error, ErrorKind::Connect, &["within 300ms", &fake.port.to_string()]);
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}

/// A server that is starting up closes connections, then answers.
#[tokio::test]
async fn a_connection_is_tried_again() {
    let fake = Fake::start(|n, stream| async move {
        let mut peer = Peer(Box::new(stream));
        peer.startup().await?;
        match n {
            1 => return None,
            2 => return peer.error("FATAL", &["C57P03", "Mthe database system is starting up"]).await,
            _ => peer.admit().await?,
        }
        peer.query().await?;
        peer.rows("database", &["materialize"]).await
    })
    .await;
    let rows = Session::new(fake.settings()).execute(&show()).await.expect("the third connection works");
    assert_eq!(rows[0].get("database"), Some("materialize"));
    assert_eq!(fake.connections(), 3);
}

#[tokio::test]
async fn a_server_that_always_closes_is_given_up() {
    let fake = Fake::start(|_, stream| async move { Peer(Box::new(stream)).startup().await.map(drop) }).await;
    let error = failure(fake.settings()).await;
    says(&error, ErrorKind::Connect, &["closed the connection", &fake.port.to_string()]);
    assert_eq!(fake.connections(), 3);
}

/// One attempt tells all, or a wrong password is tried hundreds of times.
#[tokio::test]
async fn a_wrong_password_is_tried_once() {
    let fake = Fake::start(|_, stream| async move {
        let mut peer = Peer(Box::new(stream));
        peer.startup().await?;
        peer.send(b'R', &[0, 0, 0, 3]).await?;
        let password = peer.message(b'p').await?;
        peer.error("FATAL", &["C28P01", &format!("Minvalid password {password:?}")]).await
    })
    .await;
    let session = Session::new(Settings { password: Some("hunter2".into()), ..fake.settings() });
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let session = session.clone();
        calls.spawn(async move { session.execute(&show()).await.err() });
    }
    for error in calls.join_all().await {
        let error = error.expect("a failure");
        says(&error, ErrorKind::Auth, &["cannot sign in", "\"materialize\"", "MZ_PASSWORD"]);
        assert!(!format!("{error:?}").contains("hunter2"));
        assert_eq!(error.code.as_deref(), Some("28P01"));
    }
    assert_eq!(fake.connections(), 1);
    let error = failure(fake.settings()).await;
    says(&error, ErrorKind::Auth, &["asks for a password", "MZ_PASSWORD"]);
}

#[tokio::test]
async fn a_session_says_who_it_is() {
    let seen = Arc::new(Mutex::new(None));
    let log = seen.clone();
    let fake = Fake::start(move |_, stream| {
        let log = log.clone();
        async move {
            let (mut peer, parameters) = Peer::welcome(stream).await?;
            *log.lock().unwrap() = Some(parameters);
            assert_eq!(peer.query().await?, "SELECT current_user AS \"name\"");
            peer.rows("name", &["joe"]).await?;
            peer.query().await.map(drop)
        }
    })
    .await;
    let options = vec![("cluster".to_owned(), "a b".to_owned())];
    let session = Session::new(Settings { user: "joe".into(), database: "d".into(), options, ..fake.settings() });
    assert_eq!(session.current_user().await.as_deref(), Ok("joe"));
    assert_eq!(session.current_user().await.as_deref(), Ok("joe"), "asked once");
    let seen = seen.lock().unwrap().take().expect("a startup message");
    assert_eq!((&seen["user"][..], &seen["database"][..]), ("joe", "d"));
    assert_eq!(seen["options"], r"--transaction_isolation=strict\ serializable --cluster=a\ b");
    assert!(seen["application_name"].starts_with("terraform-provider-materialize v"));
}

/// The connection breaks in the middle of a read, and of a write.
#[tokio::test]
async fn reads_are_repeated_and_writes_are_not() {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let log = sent.clone();
    let fake = Fake::start(move |n, stream| {
        let log = log.clone();
        async move {
            let (mut peer, _) = Peer::welcome(stream).await?;
            let text = peer.query().await?;
            log.lock().unwrap().push(text.clone());
            match n {
                1 => None,
                2 => peer.error("FATAL", &["C57P01", "Mterminating connection"]).await,
                _ if text.starts_with("SELECT") => {
                    peer.rows("name", &["a", "b"]).await?;
                    peer.query().await?;
                    None
                }
                _ => None,
            }
        }
    })
    .await;
    let session = Session::new(fake.settings());
    assert_eq!(session.all(&query()).await.expect("the third time it works").len(), 2);
    assert_eq!(sent.lock().unwrap().len(), 3);
    // The connection of the last read takes the statement and breaks.
    let error = session.execute(&write("x")).await.err().expect("a failure");
    says(&error, ErrorKind::Lost, &["was lost", "may or may not"]);
    assert_eq!((sent.lock().unwrap().len(), fake.connections()), (3, 3), "no second attempt");
    let error = session.execute(&write("y")).await.err().expect("a failure");
    says(&error, ErrorKind::Lost, &["was lost"]);
    assert_eq!(sent.lock().unwrap()[3..], ["CREATE DATABASE \"y\""]);
}

#[tokio::test]
async fn a_slow_read_is_not_waited_for() {
    let fake = Fake::start(|n, stream| async move {
        let (mut peer, _) = Peer::welcome(stream).await?;
        peer.query().await?;
        if n < 2 {
            // Until the client hangs up.
            return peer.query().await.map(drop);
        }
        peer.rows("database", &["materialize"]).await
    })
    .await;
    let session = Session::new(Settings { statement_timeout: SHORT, ..fake.settings() });
    says(&session.execute(&show()).await.err().expect("a failure"), ErrorKind::Timeout, &["within 300ms"]);
    session.execute(&show()).await.expect("a new connection");
    assert_eq!(fake.connections(), 2);
}

/// Some statements wait on purpose for much longer than a read may take.
#[tokio::test]
async fn a_slow_write_is_waited_for_an_hour() {
    let (arrived, mut arrival) = tokio::sync::mpsc::unbounded_channel();
    let answer = Arc::new(tokio::sync::Notify::new());
    let asked = answer.clone();
    let fake = Fake::start(move |_, stream| {
        let (arrived, asked) = (arrived.clone(), asked.clone());
        async move {
            let (mut peer, _) = Peer::welcome(stream).await?;
            loop {
                peer.query().await?;
                arrived.send(()).ok()?;
                asked.notified().await;
                peer.send(b'C', b"CREATE DATABASE\0").await?;
                peer.ready().await?;
            }
        }
    })
    .await;
    let session = Session::new(Settings { statement_timeout: SHORT, ..fake.settings() });
    for seconds in [3590, 3600] {
        let call = tokio::spawn({
            let session = session.clone();
            async move { session.execute(&write("x")).await.map(drop) }
        });
        arrival.recv().await.expect("the statement arrives");
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(seconds)).await;
        tokio::time::resume();
        if seconds < 3600 {
            answer.notify_one();
            assert_eq!(call.await.expect("an answer"), Ok(()));
        } else {
            let error = call.await.expect("an answer").expect_err("given up");
            says(&error, ErrorKind::Lost, &["within 3600s", "may or may not"]);
        }
    }
}

/// Both texts are there before the first is answered. A failed statement hides the read's answer.
#[tokio::test]
async fn a_statement_and_its_read_travel_together() {
    let fake = Fake::start(|_, stream| async move {
        let (mut peer, _) = Peer::welcome(stream).await?;
        loop {
            let (first, second) = (peer.query().await?, peer.query().await?);
            assert!(
                first.starts_with("CREATE DATABASE") && second.ends_with("WHERE ((d.name)::text IN ('x'))"),
                "{second}"
            );
            if first.contains("bad") {
                peer.error("ERROR", &["CXX000", "Mdatabase \"bad\" already exists", "Dd", "Hh", "P8"]).await?;
                peer.ready().await?;
            } else {
                peer.send(b'C', b"CREATE DATABASE\0").await?;
                peer.ready().await?;
            }
            peer.rows("name", &["x"]).await?;
        }
    })
    .await;
    let session = Session::new(fake.settings());
    for _ in 0..2 {
        let create = session.execute_then_rows(&write("x"), &query(), &["d.name"], vec!["x".into()]).await;
        assert_eq!(create.expect("created")[0].get("name"), Some("x"));
        let create = session.execute_then_rows(&write("bad"), &query(), &["d.name"], vec!["x".into()]).await;
        let error = create.err().expect("a failure");
        says(&error, ErrorKind::Server, &["already exists"]);
        assert_eq!(
            (error.code.as_deref(), error.detail.as_deref(), error.position),
            (Some("XX000"), Some("d"), Some(7))
        );
    }
    assert_eq!(fake.connections(), 1);
}

/// The statement happened, the connection broke before the read was answered: only the read is sent again.
#[tokio::test]
async fn a_read_lost_behind_its_statement_is_repeated() {
    let fake = Fake::start(|n, stream| async move {
        let (mut peer, _) = Peer::welcome(stream).await?;
        let text = peer.query().await?;
        if n == 1 {
            assert!(text.starts_with("CREATE"));
            peer.query().await?;
            peer.send(b'C', b"CREATE DATABASE\0").await?;
            return peer.ready().await;
        }
        assert!(text.starts_with("SELECT"), "{text}");
        peer.rows("key 0", &["x"]).await?;
        peer.query().await.map(drop)
    })
    .await;
    let session = Session::new(fake.settings());
    let create = session.execute_then_rows(&write("x"), &query(), &["d.name"], vec!["x".into()]).await;
    assert_eq!(create.expect("created").len(), 1);
    assert_eq!(fake.connections(), 2);
}

#[tokio::test]
async fn what_the_server_echoes_of_a_secret_is_masked() {
    let fake = Fake::start(|_, stream| async move {
        let (mut peer, _) = Peer::welcome(stream).await?;
        let text = peer.query().await?;
        peer.error("ERROR", &["C42601", &format!("Mfound {text}"), &format!("D{text:?}"), "Htry hunter2"]).await?;
        peer.ready().await?;
        peer.query().await.map(drop)
    })
    .await;
    let statement = item().word("CREATE SECRET").ident("s").word("AS").secret("hunter2");
    let error = Session::new(fake.settings()).execute(&statement).await.err().expect("a failure");
    assert_eq!(error.message, "found CREATE SECRET \"s\" AS '<REDACTED>'");
    assert!(!format!("{error:?}").contains("hunter2"));
}

/// Answers every query after a while, and counts those that are under way.
async fn slow(log: Arc<Mutex<Vec<String>>>) -> Fake {
    Fake::start(move |_, stream| {
        let log = log.clone();
        async move {
            let (mut peer, _) = Peer::welcome(stream).await?;
            loop {
                let text = peer.query().await?;
                log.lock().unwrap().push(text);
                sleep(SHORT).await;
                peer.rows("name", &["x"]).await?;
            }
        }
    })
    .await
}

#[tokio::test]
async fn there_are_no_more_connections_than_allowed() {
    let log = Arc::default();
    let fake = slow(log).await;
    let session = Session::new(Settings { max_connections: 2, ..fake.settings() });
    let mut calls = tokio::task::JoinSet::new();
    for i in 0..6 {
        let session = session.clone();
        calls.spawn(async move { session.execute(&write(&i.to_string())).await.map(drop) });
    }
    assert!(calls.join_all().await.iter().all(Result::is_ok));
    assert_eq!(fake.connections(), 2);
}

/// Two statements are under way, others wait for a connection or in a lane.
#[tokio::test]
async fn stop_cancels_what_waits_and_nothing_else() {
    let log = Arc::default();
    let fake = slow(Arc::clone(&log)).await;
    let session = Session::new(Settings { max_connections: 1, ..fake.settings() });
    let call = |text: &'static str| {
        let session = session.clone();
        tokio::spawn(async move { session.execute(&write(text)).await.map(drop) })
    };
    let sent = call("sent");
    while log.lock().unwrap().is_empty() {
        sleep(Duration::from_millis(5)).await;
    }
    let queued = call("queued");
    let lane = tokio::spawn({
        let session = session.clone();
        async move { session.all(&query()).await.map(drop) }
    });
    sleep(Duration::from_millis(50)).await;
    let begun = Instant::now();
    session.stop();
    for waiting in [queued, lane] {
        assert_eq!(waiting.await.unwrap().expect_err("cancelled").kind, ErrorKind::Cancelled);
    }
    assert!(begun.elapsed() < SHORT / 2, "at once");
    assert_eq!(sent.await.unwrap(), Ok(()));
    session.execute(&write("later")).await.expect("later calls work");
    session.all(&query()).await.expect("in lanes too");
    let writes: Vec<_> = log.lock().unwrap().iter().filter(|text| text.starts_with("CREATE")).cloned().collect();
    assert_eq!(writes, ["CREATE DATABASE \"sent\"", "CREATE DATABASE \"later\""]);
}

#[tokio::test]
async fn stop_cancels_connecting() {
    let fake = Fake::start(|_, stream| async move {
        sleep(Duration::from_secs(60)).await;
        drop(stream);
        Some(())
    })
    .await;
    let session = Session::new(fake.settings());
    let call = tokio::spawn({
        let session = session.clone();
        async move { session.execute(&show()).await.map(drop) }
    });
    while fake.connections() == 0 {
        sleep(Duration::from_millis(5)).await;
    }
    session.stop();
    let error = timeout(Duration::from_secs(5), call).await.expect("at once").unwrap().expect_err("cancelled");
    assert_eq!(error.kind, ErrorKind::Cancelled);
}

/// The caller stops waiting: the statement goes on, and its connection is used again.
#[tokio::test]
async fn a_dropped_call_leaves_the_connection_in_order() {
    let log = Arc::default();
    let fake = slow(Arc::clone(&log)).await;
    let session = Session::new(Settings { max_connections: 1, ..fake.settings() });
    for _ in 0..3 {
        timeout(SHORT / 2, session.execute(&write("x"))).await.err().expect("still running");
        timeout(SHORT / 2, session.all(&query())).await.err().expect("still waiting");
    }
    assert_eq!(session.all(&query()).await.expect("an answer").len(), 1);
    assert_eq!(fake.connections(), 1);
    assert!(log.lock().unwrap().iter().filter(|text| text.starts_with("CREATE")).count() >= 1);
}

/// Whatever bytes come for an answer: an answer or an error, but no panic and no waiting.
#[tokio::test]
async fn garbage_is_survived() {
    let fake = Fake::start(|n, stream| async move {
        let mut random = fastrand::Rng::with_seed(n as u64);
        let (mut peer, _) = Peer::welcome(stream).await?;
        peer.query().await?;
        let mut answer = b"T\0\0\0\x1d\0\x01name\0".to_vec();
        answer.extend([0; 18]);
        answer.extend(b"D\0\0\0\x0e\0\x01\0\0\0\x04text");
        answer.extend(b"E\0\0\0\x13SERROR\0Mwrong\0\0Z\0\0\0\x05I");
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..answer.len());
            match random.u8(..3) {
                0 => answer[at] = random.u8(..),
                1 => answer.truncate(at),
                _ => answer.insert(at, random.u8(..)),
            }
            answer.push(b'Z');
        }
        peer.0.write_all(&answer).await.ok()
    })
    .await;
    let (mut answers, mut errors) = (0, 0);
    for _ in 0..400 {
        // Each time a new session: a failed connection is remembered.
        match timeout(Duration::from_secs(5), Session::new(fake.settings()).execute(&write("x")))
            .await
            .expect("in time")
        {
            Ok(rows) => {
                rows.iter().for_each(|row| assert!(row.get("name").unwrap_or_default().len() < 100));
                answers += 1;
            }
            Err(error) => errors += usize::from(!error.message.contains("report this")),
        }
    }
    assert!(errors > 300, "{answers} answers, {errors} errors");
    assert_eq!(fake.connections(), 400);
}
