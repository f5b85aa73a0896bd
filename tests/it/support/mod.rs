//! What the tests share: a server, a Terraform in a folder of its own, and the language of the case files.

pub mod case;
pub mod certificate;
pub mod drift;
pub mod folder;
pub mod hcl;
pub mod plan;
pub mod registry;
pub mod runner;
pub mod server;
pub mod sql;
pub mod terraform;

use std::path::{Path, PathBuf};

/// A path below the repository's root.
pub fn root(relative: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// The text of a file below the repository's root.
pub fn read(relative: &str) -> String {
    let path = root(relative);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

/// The files below a folder that have this extension.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}
