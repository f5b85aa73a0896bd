//! A platform's zip.

use std::io::{Cursor, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use object::{Object, ObjectSection};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// A file to be packed: its name in the zip, whether it is a program, and what is in it.
pub struct Entry {
    pub name: String,
    pub program: bool,
    pub content: Vec<u8>,
}

impl Entry {
    /// A file from the disk under its own name.
    pub fn read(file: &Path) -> Result<Self> {
        let name = file.file_name().with_context(|| format!("{} is no file", file.display()))?;
        let content = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        Ok(Self { name: name.to_string_lossy().into_owned(), program: false, content })
    }
}

/// A zip of these files. The same files make the same bytes: their order, times and modes are fixed.
pub fn pack(mut entries: Vec<Entry>) -> Result<Vec<u8>> {
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(9))
            .last_modified_time(DateTime::DEFAULT)
            .unix_permissions(if entry.program { 0o755 } else { 0o644 });
        zip.start_file(&entry.name, options)?;
        zip.write_all(&entry.content)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Refuses a program for Linux that needs shared libraries or holds symbols: it would not run everywhere, or be larger
/// than it need be.
pub fn check_linux(program: &[u8]) -> Result<()> {
    let file = object::File::parse(program).context("the program is not in a known format")?;
    if file.section_by_name(".interp").is_some() {
        bail!("the program is linked dynamically: build it with `-C target-feature=+crt-static`");
    }
    if file.section_by_name(".symtab").is_some_and(|symbols| symbols.size() > 0) {
        bail!("the program holds symbols: build it with the release profile, which strips them");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries() -> Vec<Entry> {
        let entry = |name: &str, program| Entry { name: name.into(), program, content: name.repeat(1000).into_bytes() };
        vec![entry("program", true), entry("LICENSE", false)]
    }

    #[test]
    fn the_same_files_make_the_same_bytes_in_any_order() {
        let mut turned = entries();
        turned.reverse();
        let packed = pack(entries()).unwrap();
        assert_eq!(packed, pack(turned).unwrap());
        assert!(packed.len() < 2000, "they are compressed");
    }

    #[test]
    fn what_is_packed_comes_out_again() {
        let mut zip = zip::ZipArchive::new(Cursor::new(pack(entries()).unwrap())).unwrap();
        let mut program = zip.by_name("program").unwrap();
        assert_eq!(program.unix_mode().map(|mode| mode & 0o777), Some(0o755));
        let mut content = String::new();
        std::io::Read::read_to_string(&mut program, &mut content).unwrap();
        assert_eq!(content, "program".repeat(1000));
    }

    #[test]
    fn a_program_that_needs_shared_libraries_is_refused() {
        // This test is one.
        let this = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        if cfg!(all(target_os = "linux", not(target_feature = "crt-static"))) {
            assert!(check_linux(&this).unwrap_err().to_string().contains("dynamically"));
        }
        assert!(check_linux(b"#!/bin/sh").unwrap_err().to_string().contains("format"));
    }
}
