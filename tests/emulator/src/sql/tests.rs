//! Hostile statements end in an error, never in a crash: these run on the small stacks that tests have.

use super::expr::expr;
use super::parser::Parser;
use super::plan::{Planner, Scope};
use super::print::{Mode, Printer};
use super::split;
use crate::catalog::item::Column;
use crate::catalog::names::NameScope;
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

/// An expression over the columns `a`, `b`, `c` (text) and `t` (timestamp with time zone) as the server keeps it, and
/// its type.
fn kept(text: &str) -> Result<(String, String), String> {
    let shared = Shared::new(Catalog::new("test-0", Upstreams::default()));
    let names = NameScope { database: "materialize".into(), search_path: vec!["public".into()], temporary: None };
    let catalog = shared.read();
    let columns = [("a", "text"), ("b", "text"), ("c", "text"), ("t", "timestamptz")];
    let columns = columns.map(|(name, ty)| Column::new(name, catalog.system_type(ty), true));
    let mut parser = Parser::new(text).map_err(|e| e.message)?;
    let mut e = expr(&mut parser).map_err(|e| e.message)?;
    let planner = Planner { catalog: &catalog, names: &names };
    let (ty, _) = planner.expr(&mut e, &Scope::of(&columns)).map_err(|e| e.message)?;
    Ok((Printer::new(&catalog, Mode::Stable).expr_line(&e), catalog.type_long(&ty)))
}

#[test]
fn forms_are_kept_in_one_spelling() {
    let call = |name: &str, args: &str| format!("\"pg_catalog\".\"{name}\"({args})");
    for (text, printed, ty) in [
        ("t AT TIME ZONE 'UTC'", call("timezone", "'UTC', \"t\""), "timestamp without time zone"),
        (
            "t AT TIME ZONE 'UTC' AT TIME ZONE a",
            call("timezone", &format!("\"a\", {}", call("timezone", "'UTC', \"t\""))),
            "timestamp with time zone",
        ),
        ("EXTRACT(YEAR FROM t)", call("extract", "'year', \"t\""), "numeric"),
        ("POSITION('x' IN a)", call("position", "'x', \"a\""), "integer"),
        ("SUBSTRING(a FROM 1 FOR 2)", call("substring", "\"a\", 1, 2"), "text"),
        ("substring(a for 2)", call("substring", "\"a\", 1, 2"), "text"),
        ("substring(a, 2)", call("substring", "\"a\", 2"), "text"),
        ("TRIM(LEADING 'x' FROM a)", call("ltrim", "\"a\", 'x'"), "text"),
        ("TRIM(TRAILING FROM a)", call("rtrim", "\"a\""), "text"),
        ("TRIM(BOTH a)", call("btrim", "\"a\""), "text"),
        ("trim(a)", call("btrim", "\"a\""), "text"),
        ("normalize(a)", call("normalize", "\"a\", 'NFC'"), "text"),
        ("CURRENT_TIMESTAMP", "\"current_timestamp\"".into(), "timestamp with time zone"),
        ("INTERVAL '1' DAYS", "INTERVAL '1' DAY".into(), "interval"),
        ("INTERVAL '1' SECOND", "INTERVAL '1'".into(), "interval"),
        ("interval '1 2' day to hours", "INTERVAL '1 2' DAY TO HOUR".into(), "interval"),
        ("E'a\\nb' || a", "'a\nb' || \"a\"".into(), "text"),
        ("CAST(a || b AS text)", "(\"a\" || \"b\")::[s46 AS \"pg_catalog\".\"text\"]".into(), "text"),
        ("CAST(-1 AS text)", "-1::[s46 AS \"pg_catalog\".\"text\"]".into(), "text"),
        ("- 1", "-1".into(), "integer"),
        ("- 0", "- 0".into(), "integer"),
        ("a != b", "\"a\" <> \"b\"".into(), "boolean"),
        ("a ISNULL", "\"a\" IS NULL".into(), "boolean"),
        ("count(*) FILTER (WHERE a = b)", call("count", "*") + " FILTER (WHERE \"a\" = \"b\")", "bigint"),
        ("count(*) OVER ()", call("count", "*") + " OVER ()", "bigint"),
        (
            "lag(a) ignore nulls over (partition by b order by t rows between 2 preceding and current row)",
            call("lag", "\"a\"")
                + " IGNORE NULLS OVER (PARTITION BY \"b\" ORDER BY \"t\" ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)",
            "text",
        ),
        ("max(a) over (range unbounded preceding)", call("max", "\"a\"") + " OVER (RANGE UNBOUNDED PRECEDING)", "text"),
    ] {
        assert_eq!(kept(text), Ok((printed, ty.to_owned())), "{text}");
    }
    assert!(kept("trim(a, b)").is_err() && kept("position(a, b)").is_err());
}
