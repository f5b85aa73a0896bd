//! What holds for the source itself: who may know what. The rings are drawn in `lib.rs`.

use std::fs::{read_dir, read_to_string};
use std::path::{Path, PathBuf};

/// Every source file of the provider with its text, without its unit tests.
fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, out: &mut Vec<PathBuf>) {
        for entry in read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, out) } else { out.push(path) }
        }
    }
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    walk(&root.join("src"), &mut files);
    let rust = files.into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    rust.map(|file| {
        let text = read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
        (file.strip_prefix(&root).unwrap().display().to_string(), code)
    })
    .filter(|(file, _)| !file.ends_with("invariants.rs"))
    .collect()
}

/// Fails for every file that holds a word, unless it is in one of the folders that may.
fn only_in(folders: &[&str], words: &[&str]) {
    let strangers: Vec<String> = sources()
        .iter()
        .filter(|(file, _)| !folders.iter().any(|folder| file.starts_with(folder)))
        .flat_map(|(file, code)| {
            words.iter().filter(|word| code.contains(**word)).map(move |word| format!("{file} knows {word}"))
        })
        .collect();
    assert!(strangers.is_empty(), "{strangers:#?}");
}

#[test]
fn only_the_wire_knows_grpc_and_msgpack() {
    only_in(&["src/plugin"], &["tonic", "prost", "rmpv", "rmp::"]);
}

#[test]
fn only_the_client_sees_secrets() {
    only_in(&["src/catalog", "src/sql"], &[".expose()"]);
}

#[test]
fn resources_do_no_io() {
    let guilty: Vec<String> = sources()
        .into_iter()
        .filter(|(file, _)| file.starts_with("src/resources/") || file.starts_with("src/data_sources/"))
        .filter(|(_, code)| {
            ["async ", ".await", "std::fs", "std::net::Tcp", "tokio"].iter().any(|word| code.contains(word))
        })
        .map(|(file, _)| file)
        .collect();
    assert!(guilty.is_empty(), "{guilty:?}");
}

/// What the emulator shares with the provider it cannot witness.
#[test]
fn the_emulator_uses_nothing_of_the_provider() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/emulator");
    let manifest = read_to_string(root.join("Cargo.toml")).unwrap();
    assert!(!manifest.contains("terraform-provider-materialize"), "the emulator depends on the provider");
}

#[test]
fn every_module_says_what_it_is() {
    let silent: Vec<String> =
        sources().into_iter().filter(|(_, code)| !code.trim_start().starts_with("//!")).map(|(file, _)| file).collect();
    assert!(silent.is_empty(), "{silent:?}");
}
