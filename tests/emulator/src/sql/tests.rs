//! Hostile statements end in an error, never in a crash: these run on the small stacks that tests have.

use super::split;
use crate::catalog::{Catalog, Shared, Upstreams};
use crate::session::Session;
use std::collections::BTreeMap;

/// Runs statements in a fresh environment; the message of the first error.
fn run(sql: &str) -> Result<(), String> {
    let shared = Shared::new(Catalog::new("test-0", Upstreams::default()));
    let mut session = Session::new(shared.clone(), "mz_system", &BTreeMap::new()).map_err(|e| e.message)?;
    for statement in split(sql).map_err(|e| e.message)? {
        session.execute(&statement, &[]).map_err(|e| e.message)?;
    }
    crate::relations::rows(&crate::relations::Scope::all(&shared.read()), "mz_catalog", "mz_views")
        .map(|_| ())
        .ok_or_else(|| "not served".into())
}

#[test]
fn nesting_is_bounded() {
    let nested = |n: usize| format!("CREATE VIEW v AS SELECT {}1{}; SHOW CREATE VIEW v", "(".repeat(n), ")".repeat(n));
    assert_eq!(run(&nested(120)), Ok(()));
    let message = run(&nested(100_000)).expect_err("too deep");
    assert!(message.contains("nested expression limit"), "{message}");
    assert!(run(&format!("SELECT {}true", "NOT ".repeat(5000))).is_err());
    assert!(run(&format!("SELECT 1 FROM {}a", "(".repeat(50))).is_err());
}

#[test]
fn rows_of_operators_are_bounded() {
    let view = |n: usize| format!("CREATE VIEW v AS SELECT 1{} AS a; ALTER VIEW v RENAME TO w", " + 1".repeat(n));
    assert_eq!(run(&view(400)), Ok(()));
    assert!(run(&view(401)).is_err());
    assert_eq!(run(&format!("SELECT 1{}", " + 1".repeat(10_000))), Ok(()));
    assert!(run(&format!("SELECT 1{}", " + 1".repeat(200_000))).is_err());
    assert!(run(&format!("CREATE TABLE t (a int{})", " list".repeat(100_000))).is_err());
}

#[test]
fn broken_text_is_an_error() {
    for text in [
        "'", "\"", "/*", "$", "\\", "x'", "e'\\", "SELECT '", "CREATE TABLE \"", "SELECT $99999999999999999999",
        "é\u{0}", ".", "1e",
    ] {
        assert!(split(text).is_err(), "{text}");
    }
    assert!(split("  ;; -- nothing\n /* nor /* here */ */ ;").is_ok_and(|s| s.is_empty()));
}
