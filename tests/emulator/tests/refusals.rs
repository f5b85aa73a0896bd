//! Refusals that no recording has: what Materialize's public sources say of options and clauses that do not go together.

mod slt;

use emulator::wire::{Options, spawn};
use std::path::Path;

fn refused(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/refusals").join(name).with_extension("slt");
    let records = slt::parse(&std::fs::read_to_string(path).expect("the file is there")).expect("it is readable");
    assert!(records.len() > 50, "there are only {} records", records.len());
    let emulator = spawn(Options::default()).expect("the emulator starts");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let mismatches = runtime.block_on(slt::play(&emulator, &records));
    assert!(
        mismatches.is_empty(),
        "{} of {} differ:\n\n{}\n",
        mismatches.len(),
        records.len(),
        mismatches.join("\n\n")
    );
}

#[test]
fn of_streams() {
    refused("streams");
}

#[test]
fn of_objects() {
    refused("objects");
}

#[test]
fn of_variables() {
    refused("variables");
}

#[test]
fn beyond_limits() {
    refused("limits");
}

#[test]
fn of_features_that_are_off() {
    refused("features");
}

#[test]
fn of_values() {
    refused("values");
}

#[test]
fn for_want_of_privileges() {
    refused("privileges");
}
