//! The wire protocol as clients meet it: both query protocols, sign-in, encryption, cancellation, faults.

use emulator::wire::{Options, Password, Running, spawn};
use std::io::{BufRead, BufReader, Write};
use std::time::{Duration, Instant};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage};

fn start(options: Options) -> Running {
    spawn(options).expect("the emulator starts")
}

fn config(emulator: &Running) -> Config {
    let mut config = Config::new();
    config.host(emulator.addr.ip().to_string()).port(emulator.addr.port()).user("mz_system");
    config
}

async fn connect(config: &Config) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn value(client: &Client, sql: &str) -> String {
    let messages = client.simple_query(sql).await.expect(sql);
    let row = messages.into_iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    row.expect("a row").get(0).unwrap_or("NULL").to_owned()
}

/// Sends one line to the control port and collects the answer up to its last line.
fn control(emulator: &Running, line: &str) -> Vec<serde_json::Value> {
    let mut stream = std::net::TcpStream::connect(emulator.control.expect("a control port")).expect("it answers");
    writeln!(stream, "{line}").expect("it listens");
    let mut answer = Vec::new();
    for line in BufReader::new(stream).lines() {
        let line: serde_json::Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let last = line.get("ok").is_some() || line.get("error").is_some();
        answer.push(line);
        if last {
            break;
        }
    }
    answer
}

fn with_control() -> Running {
    start(Options { control: Some("127.0.0.1:0".parse().expect("an address")), ..Options::default() })
}

#[tokio::test]
async fn several_statements_in_one_string() {
    let emulator = start(Options::default());
    let client = connect(&config(&emulator)).await.unwrap();
    let messages = client.simple_query("SELECT 1 AS x; SELECT 'é' AS y").await.unwrap();
    let rows: Vec<_> = messages
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some((row.columns()[0].name().to_owned(), row.get(0).map(str::to_owned))),
            _ => None,
        })
        .collect();
    assert_eq!(rows, [("x".into(), Some("1".into())), ("y".into(), Some("é".into()))]);

    // Nothing runs when one of them does not parse; the first error ends the rest, and undoes what was before.
    client.simple_query("CREATE TABLE t (a int)").await.unwrap();
    client.simple_query("INSERT INTO t VALUES (1); SELEC 1").await.unwrap_err();
    client.simple_query("INSERT INTO t VALUES (2); SELECT nope; INSERT INTO t VALUES (3)").await.unwrap_err();
    client.simple_query("INSERT INTO t VALUES (4); INSERT INTO t VALUES (5)").await.unwrap();
    assert_eq!(value(&client, "SELECT string_agg(a::text, ',' ORDER BY a) FROM t").await, "4,5");

    // They are one transaction, which no statement may be in that is carried out at once.
    let error = client.simple_query("CREATE DATABASE d; SELECT 1").await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::ACTIVE_SQL_TRANSACTION));
    assert!(matches!(client.simple_query("").await.unwrap()[..], [SimpleQueryMessage::CommandComplete(0)]));
}

#[tokio::test]
async fn extended_protocol() {
    let emulator = start(Options::default());
    let client = connect(&config(&emulator)).await.unwrap();
    client.execute("CREATE DATABASE shop", &[]).await.unwrap();

    let statement =
        client.prepare("SELECT id, name, name <> 'x' AS differs FROM mz_databases WHERE name = $1").await.unwrap();
    let types: Vec<_> = statement.columns().iter().map(|column| column.type_().name().to_owned()).collect();
    assert_eq!(types, ["text", "text", "bool"]);
    let row = client.query_one(&statement, &[&"shop"]).await.unwrap();
    assert_eq!((row.get::<_, String>(1), row.get::<_, bool>(2)), ("shop".into(), true));
    assert!(client.query_opt(&statement, &[&"none"]).await.unwrap().is_none());

    let row = client.query_one("SELECT 7, 8::bigint, NULL::text, ARRAY['a', NULL], 1.5::float8", &[]).await.unwrap();
    assert_eq!((row.get::<_, i32>(0), row.get::<_, i64>(1), row.get::<_, Option<String>>(2)), (7, 8, None));
    assert_eq!(row.get::<_, Vec<Option<String>>>(3), [Some("a".into()), None]);
    assert_eq!(row.get::<_, f64>(4), 1.5);

    // An error inside an extended exchange leaves the connection usable.
    let error = client.query("SELECT nope FROM mz_databases", &[]).await.unwrap_err();
    assert_eq!(error.as_db_error().unwrap().message(), "column \"nope\" does not exist");
    let error = client.prepare("SELECT 1; SELECT 2").await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::SYNTAX_ERROR));
    assert_eq!(client.query_one("SELECT 1", &[]).await.unwrap().get::<_, i32>(0), 1);

    // Pipelined.
    let (a, b) = tokio::join!(client.query_one(&statement, &[&"shop"]), client.query_one("SELECT 2", &[]));
    assert_eq!((a.unwrap().get::<_, String>(1), b.unwrap().get::<_, i32>(0)), ("shop".into(), 2));
}

#[tokio::test]
async fn portals_answer_in_parts() {
    let emulator = start(Options::default());
    let mut client = connect(&config(&emulator)).await.unwrap();
    let transaction = client.transaction().await.unwrap();
    let portal = transaction.bind("SELECT name FROM mz_schemas", &[]).await.unwrap();
    let all = transaction.query("SELECT name FROM mz_schemas", &[]).await.unwrap().len();
    let first = transaction.query_portal(&portal, 3).await.unwrap().len();
    let rest = transaction.query_portal(&portal, 0).await.unwrap().len();
    assert_eq!((first, rest), (3, all - 3));
}

#[tokio::test]
async fn startup_options_reach_the_session() {
    let emulator = start(Options { database: Some("shop".into()), ..Options::default() });
    let mut config = config(&emulator);
    let client = connect(&config).await.unwrap();
    assert_eq!(value(&client, "SHOW database").await, "shop");
    config.application_name("tests").dbname("materialize").options("-c cluster=quickstart --search_path=x");
    let client = connect(&config).await.unwrap();
    assert_eq!(value(&client, "SHOW application_name").await, "tests");
    assert_eq!(value(&client, "SHOW database").await, "materialize");
    assert_eq!(value(&client, "SHOW cluster").await, "quickstart");
    assert_eq!(value(&client, "SHOW search_path").await, "x");
}

#[tokio::test]
async fn passwords() {
    let known = Password { user: "mz_system".into(), password: "right".into() };
    assert!(!format!("{known:?}").contains("right"));
    let emulator = start(Options { passwords: vec![known], ..Options::default() });
    let mut config = config(&emulator);
    let error = connect(config.password("wrong")).await.err().unwrap();
    assert_eq!(error.code(), Some(&SqlState::INVALID_PASSWORD));
    let client = connect(config.password("right")).await.unwrap();

    // Roles sign in with the password that SQL gave them.
    client.simple_query("CREATE ROLE dev WITH LOGIN PASSWORD 'pw'").await.unwrap();
    client.simple_query("CREATE ROLE none").await.unwrap();
    connect(config.user("dev").password("pw")).await.unwrap();
    connect(config.user("none").password("pw")).await.err().unwrap();
    client.simple_query("ALTER ROLE dev PASSWORD 'new'").await.unwrap();
    connect(config.user("dev").password("pw")).await.err().unwrap();
    connect(config.user("dev").password("new")).await.unwrap();
}

#[tokio::test]
async fn an_unknown_role_is_refused() {
    let emulator = start(Options::default());
    let error = connect(config(&emulator).user("nobody")).await.err().unwrap();
    assert!(error.as_db_error().unwrap().message().contains("nobody"), "{error}");
}

#[tokio::test]
async fn tls() {
    let folder = std::env::temp_dir().join(format!("emulator-tls-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let pair = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    std::fs::write(&cert, pair.cert.pem()).unwrap();
    std::fs::write(&key, pair.signing_key.serialize_pem()).unwrap();
    let options = Options { tls_cert: Some(cert), tls_key: Some(key), tls_required: true, ..Options::default() };
    let emulator = start(options);
    std::fs::remove_dir_all(&folder).unwrap();

    let mut roots = rustls::RootCertStore::empty();
    roots.add(pair.cert.der().clone()).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tls = tokio_postgres_rustls::MakeRustlsConnect::new(client);
    let mut secure = Config::new();
    secure.host("localhost").hostaddr(emulator.addr.ip()).port(emulator.addr.port()).user("mz_system");
    secure.ssl_mode(tokio_postgres::config::SslMode::Require);
    let (client, connection) = secure.connect(tls).await.unwrap();
    tokio::spawn(connection);
    assert_eq!(value(&client, "SELECT 1").await, "1");

    let error = connect(&config(&emulator)).await.err().unwrap();
    assert_eq!(error.as_db_error().unwrap().message(), "TLS encryption is required");
}

#[tokio::test]
async fn a_cancel_request_ends_the_statement() {
    let emulator = with_control();
    let client = connect(&config(&emulator)).await.unwrap();
    control(&emulator, "delay 60000");
    let token = client.cancel_token();
    let began = Instant::now();
    let (answer, ()) = tokio::join!(client.simple_query("SELECT 1"), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        token.cancel_query(NoTls).await.unwrap();
    });
    assert_eq!(answer.unwrap_err().code(), Some(&SqlState::QUERY_CANCELED));
    assert!(began.elapsed() < Duration::from_secs(30));
    control(&emulator, "delay 0");
    assert_eq!(value(&client, "SELECT 1").await, "1");
}

#[tokio::test]
async fn thousands_of_pipelined_statements() {
    let emulator = with_control();
    let client = connect(&config(&emulator)).await.unwrap();
    let began = Instant::now();
    let statements: Vec<String> = (0..2000).map(|i| format!("CREATE ROLE r{i}")).collect();
    let creates = statements.iter().map(|sql| client.simple_query(sql));
    for answer in futures_of(creates).await {
        answer.unwrap();
    }
    assert!(began.elapsed() < Duration::from_secs(20), "2000 statements took {:?}", began.elapsed());
    assert_eq!(value(&client, "SELECT count(*) FROM mz_roles WHERE name LIKE 'r%'").await, "2000");
    let log = control(&emulator, "statements");
    assert_eq!(log.last().unwrap()["ok"], 2001);
    assert_eq!(log[7]["sql"], "CREATE ROLE r7");
    assert_eq!(log[7]["user"], "mz_system");
    control(&emulator, "reset");
    assert_eq!(control(&emulator, "statements").len(), 1);
}

/// Polls all futures together, so that their statements are on the wire at once.
async fn futures_of<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut pending: Vec<_> = futures.map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = pending.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, slot) in pending.iter_mut().zip(&mut done) {
            if slot.is_none()
                && let std::task::Poll::Ready(output) = future.as_mut().poll(context)
            {
                *slot = Some(output);
            }
        }
        if done.iter().all(Option::is_some) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}

#[tokio::test]
async fn cut_connections() {
    let emulator = with_control();
    let first = connect(&config(&emulator)).await.unwrap();
    control(&emulator, "cut before 2");
    first.simple_query("CREATE DATABASE kept").await.unwrap();
    assert!(first.simple_query("CREATE DATABASE never").await.unwrap_err().is_closed());

    let second = connect(&config(&emulator)).await.unwrap();
    control(&emulator, "cut match after lost_answer");
    assert!(second.simple_query("CREATE DATABASE lost_answer").await.unwrap_err().is_closed());

    let third = connect(&config(&emulator)).await.unwrap();
    let names = value(&third, "SELECT string_agg(name, ',' ORDER BY name) FROM mz_databases").await;
    assert_eq!(names, "kept,lost_answer,materialize");

    control(&emulator, "refuse on");
    connect(&config(&emulator)).await.err().unwrap();
    control(&emulator, "refuse off");
    connect(&config(&emulator)).await.unwrap();
}

#[tokio::test]
async fn a_statement_fails_on_demand() {
    let emulator = with_control();
    let client = connect(&config(&emulator)).await.unwrap();
    control(&emulator, "fail match mz_tables");
    client.batch_execute("CREATE TABLE t (a int)").await.unwrap();
    let error = client.batch_execute("SELECT * FROM mz_tables").await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::INTERNAL_ERROR));
    assert_eq!(value(&client, "SELECT name FROM mz_tables WHERE id = 'u1'").await, "t");
}

#[tokio::test]
async fn tables_are_written() {
    let emulator = start(Options::default());
    let client = connect(&config(&emulator)).await.unwrap();
    let run = async |sql: &str| client.execute(sql, &[]).await;
    run("CREATE TABLE t (a int NOT NULL, b text DEFAULT 'x', c timestamp DEFAULT now())").await.unwrap();
    assert_eq!(run("INSERT INTO t VALUES (1, 'a'), (1 + 1, 'b')").await.unwrap(), 2);
    assert_eq!(run("INSERT INTO t (a) SELECT a + 2 FROM t").await.unwrap(), 2);
    assert_eq!(run("UPDATE t AS x SET b = x.b || '!', a = 9 WHERE a > 3").await.unwrap(), 1);
    assert_eq!(run("DELETE FROM t WHERE a = 1").await.unwrap(), 1);
    let rows = "SELECT array_agg(a || b ORDER BY a)::text FROM t WHERE c IS NOT NULL";
    assert_eq!(value(&client, rows).await, "{2b,3x,9x!}");
    let error = run("UPDATE t SET a = NULL").await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::NOT_NULL_VIOLATION));
    assert!(run("UPDATE t SET nope = 1").await.is_err());
    assert!(run("DELETE FROM mz_tables").await.is_err());
}

#[tokio::test]
async fn newer_servers_resize_in_the_background() {
    let strategy = "AUTO SCALING STRATEGY = (ON HYDRATION (HYDRATION SIZE = '200cc', LINGER DURATION = '15s'))";
    let recorded = with_control();
    let client = connect(&config(&recorded)).await.unwrap();
    let error = client.batch_execute(&format!("CREATE CLUSTER c (SIZE '25cc', {strategy})")).await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::SYNTAX_ERROR));
    assert!(client.batch_execute("SELECT * FROM mz_internal.mz_cluster_reconfigurations").await.is_err());

    let emulator = start(Options { newer: true, control: Some("127.0.0.1:0".parse().unwrap()), ..Options::default() });
    let client = connect(&config(&emulator)).await.unwrap();
    client.batch_execute(&format!("CREATE CLUSTER c (SIZE '25cc', {strategy})")).await.unwrap();
    let linger = "SELECT strategy->'on_hydration'->'linger_duration'->>'secs' FROM mz_internal.mz_cluster_auto_scaling_strategies";
    assert_eq!(value(&client, linger).await, "15");
    let size = "SELECT size FROM mz_clusters WHERE name = 'c'";
    let change = "SELECT status || ' ' || (target->>'size') FROM mz_internal.mz_cluster_reconfigurations";

    client.batch_execute("ALTER CLUSTER c SET (SIZE '50cc')").await.unwrap();
    assert_eq!(
        (value(&client, size).await.as_str(), value(&client, change).await.as_str()),
        ("50cc", "finalized 50cc")
    );
    control(&emulator, "resize hold on");
    client.batch_execute("ALTER CLUSTER c SET (SIZE '100cc')").await.unwrap();
    assert_eq!(
        (value(&client, size).await.as_str(), value(&client, change).await.as_str()),
        ("50cc", "in_progress 100cc")
    );
    client.batch_execute("ALTER CLUSTER c SET (SIZE '50cc')").await.unwrap();
    assert_eq!(
        (value(&client, size).await.as_str(), value(&client, change).await.as_str()),
        ("50cc", "cancelled 50cc")
    );
    client.batch_execute("ALTER CLUSTER c SET (SIZE '100cc')").await.unwrap();
    control(&emulator, "resize hold off");
    assert_eq!(
        (value(&client, size).await.as_str(), value(&client, change).await.as_str()),
        ("100cc", "finalized 100cc")
    );
}

#[tokio::test]
async fn slow_and_late_answers() {
    let emulator = with_control();
    let client = connect(&config(&emulator)).await.unwrap();
    control(&emulator, "latency 80");
    let began = Instant::now();
    let answers = futures_of((0..20).map(|_| client.simple_query("SELECT 1"))).await;
    assert!(answers.iter().all(Result::is_ok));
    let took = began.elapsed();
    assert!(took >= Duration::from_millis(80), "latency was not added: {took:?}");
    assert!(took < Duration::from_millis(1500), "pipelined statements each paid the latency: {took:?}");
    control(&emulator, "latency 0");
    control(&emulator, "slow 5");
    let began = Instant::now();
    client.simple_query("SELECT 'a long enough answer to take its time'").await.unwrap();
    assert!(began.elapsed() >= Duration::from_millis(50));
}

#[test]
fn the_control_port_stops_the_emulator() {
    let mut emulator = with_control();
    assert!(control(&emulator, "dance")[0]["error"].is_string());
    control(&emulator, "stop");
    emulator.wait();
    assert!(std::net::TcpStream::connect(emulator.addr).is_err());
}

#[tokio::test]
async fn garbage_does_not_stop_the_emulator() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let emulator = start(Options::default());
    let startup = b"\0\0\0\x19\0\x03\0\0user\0mz_system\0\0";
    let mut startup = startup.to_vec();
    startup[3] = startup.len() as u8;
    for garbage in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        b"\0\0\0\0\0\0\0\0",
        b"\xff\xff\xff\xff\0\x03\0\0",
        b"Q\0\0\0\x01",
        b"B\0\0\0\x06\0",
    ] {
        for prefix in [&[][..], &startup] {
            let mut socket = tokio::net::TcpStream::connect(emulator.addr).await.unwrap();
            socket.write_all(&[prefix, garbage].concat()).await.unwrap();
            socket.shutdown().await.unwrap();
            let mut answer = Vec::new();
            let _ = socket.read_to_end(&mut answer).await;
        }
    }
    let client = connect(&config(&emulator)).await.unwrap();
    assert_eq!(value(&client, "SELECT 1").await, "1");
}

#[tokio::test]
async fn several_renames_and_swaps_are_one_change() {
    let emulator = start(Options::default());
    let client = connect(&config(&emulator)).await.unwrap();
    let run =
        async |sql: &str| client.batch_execute(sql).await.map_err(|e| e.as_db_error().unwrap().message().to_owned());
    let names = async || {
        value(&client, "SELECT s.name FROM mz_tables t JOIN mz_schemas s ON s.id = t.schema_id WHERE t.name = 't'")
            .await
    };
    run("CREATE SCHEMA a").await.unwrap();
    run("CREATE SCHEMA b").await.unwrap();
    run("CREATE TABLE a.t (n int)").await.unwrap();
    for (end, then) in [("ROLLBACK", "a"), ("COMMIT", "c")] {
        for sql in ["BEGIN", "ALTER SCHEMA a SWAP WITH b", "ALTER SCHEMA b RENAME TO c", end] {
            run(sql).await.unwrap();
        }
        assert_eq!(names().await, then, "after {end}");
    }
    // What is no rename is alone.
    for sql in ["BEGIN", "ALTER SCHEMA c RENAME TO d"] {
        run(sql).await.unwrap();
    }
    assert_eq!(
        run("CREATE SCHEMA e").await.unwrap_err(),
        "transactions which modify objects are restricted to just modifying objects"
    );
    run("ROLLBACK").await.unwrap();
    assert_eq!(names().await, "c");
}

#[tokio::test]
async fn logical_types_of_avro_are_types_of_columns() {
    let schema = r#"{"type": "record", "name": "r", "fields": [
        {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}},
        {"name": "day", "type": ["null", {"type": "int", "logicalType": "date"}]},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        {"name": "token", "type": {"type": "string", "logicalType": "uuid"}},
        {"name": "tags", "type": {"type": "array", "items": "string"}},
        {"name": "counts", "type": {"type": "map", "values": "long"}},
        {"name": "raw", "type": "bytes"}]}"#;
    let upstreams = concat!(env!("CARGO_MANIFEST_DIR"), "/../conformance/upstreams.json").into();
    let emulator = start(Options { upstreams: Some(upstreams), ..Options::default() });
    let client = connect(&config(&emulator)).await.unwrap();
    let sql = [
        "CREATE CONNECTION k TO KAFKA (BROKER '127.0.0.1:9092', SECURITY PROTOCOL PLAINTEXT) WITH (VALIDATE = false)"
            .to_owned(),
        format!(
            "CREATE SOURCE s IN CLUSTER quickstart FROM KAFKA CONNECTION k (TOPIC 'events') \
             FORMAT AVRO USING SCHEMA '{schema}' ENVELOPE NONE"
        ),
    ];
    for sql in sql {
        client.batch_execute(&sql).await.unwrap();
    }
    let columns = "SELECT string_agg(c.name || ' ' || c.type, ', ' ORDER BY c.position) FROM mz_columns c \
                   JOIN mz_sources s ON s.id = c.id WHERE s.name = 's'";
    assert_eq!(
        value(&client, columns).await,
        "price numeric, day date, at timestamp without time zone, token uuid, tags list, counts map, raw bytea"
    );
}

#[tokio::test]
async fn keys_of_streams_are_columns() {
    const KEY: &str = r#"{"type": "record", "name": "k", "fields": [
        {"name": "id", "type": "long"}, {"name": "region", "type": ["null", "string"]}]}"#;
    const ID: &str = r#"{"type": "record", "name": "k", "fields": [{"name": "id", "type": "long"}]}"#;
    const VALUE: &str = r#"{"type": "record", "name": "v", "fields": [{"name": "total", "type": "double"}]}"#;
    // What protoc makes of `message Order { Item item = 1; repeated Item more = 2; int32 n = 3; }`,
    // `message Item { string s = 1; }` and `message Loop { Loop inner = 1; }`.
    const MESSAGES: &str = "\\x0a80010a07612e70726f746f223c0a054f7264657212130a046974656d18012001280b32052e4974656d12130a\
        046d6f726518022003280b32052e4974656d12090a016e18032001280522110a044974656d12090a0173180120012809221c0a044c6f6f7012\
        140a05696e6e657218012001280b32052e4c6f6f70620670726f746f33";
    let upstreams = concat!(env!("CARGO_MANIFEST_DIR"), "/../conformance/upstreams.json").into();
    let emulator = start(Options { upstreams: Some(upstreams), ..Options::default() });
    let client = connect(&config(&emulator)).await.unwrap();
    for sql in [
        "CREATE CONNECTION k TO KAFKA (BROKER '127.0.0.1:9092', SECURITY PROTOCOL PLAINTEXT) WITH (VALIDATE = false)",
        "CREATE CONNECTION c TO CONFLUENT SCHEMA REGISTRY (URL 'http://127.0.0.1:8081') WITH (VALIDATE = false)",
    ] {
        client.batch_execute(sql).await.unwrap();
    }
    let inline = |key: &str| format!("KEY FORMAT AVRO USING SCHEMA '{key}' VALUE FORMAT AVRO USING SCHEMA '{VALUE}'");
    let registry = format!(
        "FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION c SEED KEY SCHEMA '{KEY}' VALUE SCHEMA '{VALUE}'"
    );
    for (format, columns) in [
        (format!("{} ENVELOPE NONE", inline(KEY)), "total double precision false"),
        (
            format!("{} INCLUDE KEY ENVELOPE NONE", inline(KEY)),
            "id bigint false, region text true, total double precision false",
        ),
        (format!("{} INCLUDE KEY AS k ENVELOPE NONE", inline(KEY)), "k record false, total double precision false"),
        (format!("{} INCLUDE KEY AS k ENVELOPE UPSERT", inline(ID)), "k bigint false, total double precision false"),
        (format!("{registry} ENVELOPE UPSERT"), "id bigint false, region text true, total double precision false"),
        ("KEY FORMAT TEXT VALUE FORMAT JSON ENVELOPE UPSERT".to_owned(), "key text false, data jsonb false"),
        ("KEY FORMAT TEXT VALUE FORMAT JSON ENVELOPE NONE".to_owned(), "data jsonb false"),
        (
            format!("FORMAT PROTOBUF MESSAGE 'Order' USING SCHEMA '{MESSAGES}' ENVELOPE NONE"),
            "item record true, more list false, n integer false",
        ),
    ] {
        let create = format!("CREATE SOURCE s IN CLUSTER quickstart FROM KAFKA CONNECTION k (TOPIC 'events') {format}");
        client.batch_execute(&create).await.unwrap_or_else(|e| panic!("{create}: {e:?}"));
        let listed = "SELECT string_agg(c.name || ' ' || c.type || ' ' || c.nullable::text, ', ' ORDER BY c.position) \
                      FROM mz_columns c JOIN mz_sources s ON s.id = c.id WHERE s.name = 's'";
        assert_eq!(value(&client, listed).await, columns, "{format}");
        client.batch_execute("DROP SOURCE s").await.unwrap();
    }
    let recursive = format!(
        "CREATE SOURCE s IN CLUSTER quickstart FROM KAFKA CONNECTION k (TOPIC 'events') \
         FORMAT PROTOBUF MESSAGE 'Loop' USING SCHEMA '{MESSAGES}' ENVELOPE NONE"
    );
    let error = client.batch_execute(&recursive).await.unwrap_err();
    assert_eq!(error.as_db_error().unwrap().message(), "Recursive types are not supported: Loop");
}

#[tokio::test]
async fn a_replacement_waits_for_its_turn_alone() {
    let emulator = start(Options::default());
    let client = connect(&config(&emulator)).await.unwrap();
    let run =
        async |sql: &str| client.batch_execute(sql).await.map_err(|e| e.as_db_error().unwrap().message().to_owned());
    for sql in [
        "SET cluster = quickstart",
        "CREATE TABLE t (n int)",
        "CREATE MATERIALIZED VIEW mv AS SELECT n FROM t",
        "CREATE MATERIALIZED VIEW other AS SELECT n FROM t",
        "CREATE REPLACEMENT MATERIALIZED VIEW rp FOR mv AS SELECT n FROM t WHERE n > 1",
    ] {
        run(sql).await.unwrap();
    }
    for (sql, error) in [
        (
            "CREATE REPLACEMENT MATERIALIZED VIEW r2 FOR other AS SELECT n AS m FROM t",
            "replacement schema differs from target schema",
        ),
        (
            "CREATE REPLACEMENT MATERIALIZED VIEW r2 FOR other WITH (ASSERT NOT NULL n) AS SELECT n FROM t",
            "replacement schema differs from target schema",
        ),
        (
            "CREATE REPLACEMENT MATERIALIZED VIEW r2 FOR mv AS SELECT n FROM t",
            "cannot replace mv because it already has a replacement: rp",
        ),
        (
            "CREATE REPLACEMENT MATERIALIZED VIEW r2 FOR t AS SELECT n FROM t",
            "cannot replace table t with materialized view r2",
        ),
        ("CREATE VIEW v AS SELECT n FROM rp", "rp is a replacement materialized view, which cannot be depended upon"),
        (
            "CREATE DEFAULT INDEX ON rp",
            "index cannot be created on materialize.public.rp because it is a replacement materialized view",
        ),
        (
            "ALTER MATERIALIZED VIEW other APPLY REPLACEMENT rp",
            "cannot replace materialized view other with materialized view rp",
        ),
        (
            "DROP MATERIALIZED VIEW mv",
            "cannot drop materialized view \"mv\": still depended upon by materialized view \"rp\"",
        ),
    ] {
        assert_eq!(run(sql).await.unwrap_err(), error, "{sql}");
    }
    run("ALTER MATERIALIZED VIEW mv APPLY REPLACEMENT rp").await.unwrap();
    run("CREATE DEFAULT INDEX ON mv").await.unwrap();
    run("CREATE REPLACEMENT MATERIALIZED VIEW rp FOR mv AS SELECT n FROM t").await.unwrap();
}
