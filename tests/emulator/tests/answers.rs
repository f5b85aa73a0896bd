//! Answers that no recording has: what Materialize's public sources and definitions say that queries and SHOW give.

mod slt;

use emulator::wire::{Options, spawn};
use std::path::Path;

fn answered(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/answers").join(name).with_extension("slt");
    let records = slt::parse(&std::fs::read_to_string(path).expect("the file is there")).expect("it is readable");
    assert!(records.len() > 10, "there are only {} records", records.len());
    let emulator = spawn(Options::default()).expect("the emulator starts");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let mismatches = runtime.block_on(slt::play(&emulator, &records));
    let (wrong, all) = (mismatches.len(), records.len());
    assert!(mismatches.is_empty(), "{wrong} of {all} answers of {name} differ:\n\n{}\n", mismatches.join("\n\n"));
}

#[test]
fn of_show() {
    answered("show");
}

#[test]
fn of_functions() {
    answered("functions");
}

#[test]
fn of_json_functions() {
    answered("json");
}

#[test]
fn of_postgres_catalogs() {
    answered("postgres");
}

#[test]
fn of_views() {
    answered("views");
}

#[test]
fn of_transactions() {
    answered("transactions");
}

#[test]
fn of_queries() {
    answered("queries");
}

#[test]
fn of_history() {
    answered("history");
}

#[test]
fn of_temporary_things() {
    answered("temporary");
}
