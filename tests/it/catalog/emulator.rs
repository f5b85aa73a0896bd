//! The catalog client against the emulator, or the server that `MZ_HOST` names.

use std::collections::HashSet;
use std::sync::Arc;

use provider::catalog::{ErrorKind, Query, Session, Settings, SslMode};
use provider::sql::{Kind, Name, Statement, item};
use tokio::task::JoinSet;

use crate::support::server::Server;

fn settings(server: &Server) -> Settings {
    let sslmode = if server.is_emulator() { SslMode::Disable } else { SslMode::Require };
    let (host, port, user, password) = (server.host.clone(), server.port, server.user.clone(), server.password.clone());
    Settings { host, port, user, password, sslmode, ..Settings::default() }
}

fn schemas() -> Arc<Query> {
    Arc::new(Query {
        columns: vec![("id", "s.id"), ("name", "s.name"), ("database_name", "d.name"), ("nothing", "NULL")],
        from: "mz_catalog.mz_schemas s JOIN mz_catalog.mz_databases d ON d.id = s.database_id",
        filter: Some("s.id LIKE 'u%'".into()),
        order: Some("s.name"),
    })
}

const BY_ID: &[&str] = &["s.id"];
const BY_NAME: &[&str] = &["d.name", "s.name"];

#[tokio::test]
async fn objects_are_made_read_and_dropped() {
    let server = Server::given().unwrap_or_else(|| Server::emulator(&[]));
    let session = Session::new(settings(&server));
    assert_eq!(session.current_user().await, Ok(server.user.clone()));
    assert_eq!(session.has_column("mz_catalog", "mz_schemas", "name").await, Ok(true));
    assert_eq!(session.has_column("mz_internal", "mz_comments", "comment").await, Ok(true));
    assert_eq!(session.has_column("mz_internal", "mz_comments", "target").await, Ok(false));
    assert_eq!(session.has_column("mz_catalog", "mz_comments", "comment").await, Ok(false));

    let prefix = format!("it{}'\" é ", std::process::id());
    let name = |i: usize| Name::new(["materialize".to_owned(), format!("{prefix}{i}")]);
    let mut ids = Vec::new();
    for i in 0..20 {
        let create = Statement::create(Kind::Schema, &name(i));
        let rows = session.execute_then_rows(&create, &schemas(), BY_NAME, name(i).parts).await.expect("made");
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].get("name"), Some(name(i).last()));
        assert_eq!((rows[0].get("database_name"), rows[0].get("nothing")), (Some("materialize"), None));
        ids.push(rows[0].get("id").expect("an id").to_owned());
    }
    let error = session.execute(&Statement::create(Kind::Schema, &name(3))).await.err().expect("there is one already");
    assert!(error.kind == ErrorKind::Server && error.message.contains("already exists"), "{error:?}");

    // Many readers, by id and by name, of what is there and what is not; then of what was dropped since.
    for dropped in [false, true] {
        let mut readers = JoinSet::new();
        for (i, id) in ids.iter().cloned().enumerate() {
            let (session, parts) = (session.clone(), name(i).parts);
            readers.spawn(async move {
                let by_id = session.rows(&schemas(), BY_ID, vec![id]).await.expect("an answer");
                let by_name = session.rows(&schemas(), BY_NAME, parts.clone()).await.expect("an answer");
                let none = session.rows(&schemas(), BY_ID, vec!["u999999'".into()]).await.expect("an answer");
                assert!(none.is_empty());
                let names: HashSet<_> =
                    by_id.iter().chain(&by_name).map(|row| row.get("name").map(str::to_owned)).collect();
                (by_id.len() + by_name.len(), names.len(), names.contains(&Some(parts[1].clone())))
            });
        }
        let expected = if dropped { (0, 0, false) } else { (2, 1, true) };
        assert_eq!(readers.join_all().await, vec![expected; ids.len()]);
        let all = session.all(&schemas()).await.expect("an answer");
        let ours = all.iter().filter(|row| row.get("name").is_some_and(|name| name.starts_with(&prefix))).count();
        assert_eq!(ours, if dropped { 0 } else { ids.len() });
        if !dropped {
            for i in 0..ids.len() {
                session.execute(&Statement::drop(Kind::Schema, &name(i))).await.expect("dropped");
            }
        }
    }
}

#[tokio::test]
async fn errors_are_the_servers_own() {
    let server = Server::given().unwrap_or_else(|| Server::emulator(&[]));
    let session = Session::new(settings(&server));
    let error = session.execute(&item().word("SELEC 1")).await.err().expect("a syntax error");
    assert_eq!((error.kind, error.code.as_deref()), (ErrorKind::Server, Some("42601")), "{error:?}");
    assert_eq!(error.position, Some(0));
    let rows = session.execute(&item().word("SHOW TRANSACTION_ISOLATION")).await.expect("a value");
    assert_eq!(rows[0].get("transaction_isolation"), Some("strict serializable"));
}

/// What is shown is read like a relation, also behind the statement that changes it.
#[tokio::test]
async fn settings_are_shown() {
    let server = Server::emulator(&[]);
    let session = Session::new(settings(&server));
    let database = Query { columns: vec![("name", "database")], from: "SHOW database", ..Query::default() };
    let rows = session.all(&Arc::new(database)).await.expect("an answer");
    assert_eq!(rows.iter().map(|row| row.get("name")).collect::<Vec<_>>(), [Some("materialize")]);

    let all = Arc::new(Query { columns: vec![("value", "setting")], from: "SHOW ALL", ..Query::default() });
    let set = item().word("ALTER SYSTEM SET").ident("max_tables").word("TO").text("123");
    let before = session.rows(&all, &["name"], vec!["max_tables".into()]).await.expect("an answer");
    assert!(before.len() == 1 && before[0].get("value").is_some_and(|value| value != "123"));
    let made = session.execute_then_rows(&set, &all, &["name"], vec!["max_tables".into()]).await.expect("set");
    let after = session.rows(&all, &["name"], vec!["max_tables".into()]).await.expect("an answer");
    for rows in [made, after] {
        let shown: Vec<_> = rows.iter().map(|row| (row.get("name"), row.get("value"))).collect();
        assert_eq!(shown, [(Some("max_tables"), Some("123"))]);
    }
    assert!(session.rows(&all, &["name"], vec!["no_such_setting".into()]).await.expect("an answer").is_empty());
    assert!(session.all(&all).await.expect("an answer").len() > 20);
}

/// A password, on the emulator: another server's users are not ours to know.
#[tokio::test]
async fn the_emulator_wants_its_password() {
    let server = Server::emulator(&["--password", "mz_system=hunter2"]);
    let with = |password: Option<&str>| Settings { password: password.map(str::to_owned), ..settings(&server) };
    assert_eq!(Session::new(with(Some("hunter2"))).current_user().await.as_deref(), Ok("mz_system"));
    for wrong in [Some("hunter3"), None] {
        let error = Session::new(with(wrong)).current_user().await.expect_err("refused");
        assert_eq!(error.kind, ErrorKind::Auth, "{error}");
        assert!(error.hint.is_some_and(|hint| hint.contains("MZ_PASSWORD")));
    }
}
