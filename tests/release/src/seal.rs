//! The files beside the zips.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail};
use aws_lc_rs::digest::{SHA256, digest};

use crate::name;
use crate::signature::Signer;

/// The SHA-256 of a file's content in hexadecimal.
pub fn sum(content: &[u8]) -> String {
    digest(&SHA256, content).as_ref().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Completes a folder that holds the zips of a version: adds the manifest, the sums of all of them, and their signature.
/// A signature of earlier sums is removed. Returns the names of the files in it.
pub fn seal(folder: &Path, version: &str, manifest: &Path, signer: Option<&Signer>) -> Result<Vec<String>> {
    let start = format!("{}_{version}_", name::PROVIDER);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot look into {}", folder.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.starts_with(&start) && name.ends_with(".zip") {
            files.push(name);
        }
    }
    if files.is_empty() {
        bail!("there is no zip of version {version} in {}", folder.display());
    }
    let about = name::beside(version, "manifest.json");
    std::fs::copy(manifest, folder.join(&about)).with_context(|| format!("cannot copy {}", manifest.display()))?;
    files.push(about);
    files.sort();
    let mut sums = String::new();
    for file in &files {
        let content = std::fs::read(folder.join(file)).with_context(|| format!("cannot read {file}"))?;
        let _ = writeln!(sums, "{}  {file}", sum(&content));
    }
    let (listed, signature) = (name::beside(version, "SHA256SUMS"), name::beside(version, "SHA256SUMS.sig"));
    std::fs::write(folder.join(&listed), &sums)?;
    files.push(listed);
    match signer {
        Some(signer) => {
            std::fs::write(folder.join(&signature), signer.sign(sums.as_bytes())?)?;
            files.push(signature);
        }
        None if folder.join(&signature).exists() => std::fs::remove_file(folder.join(&signature))?,
        None => {}
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_that_sha256sum_prints() {
        assert_eq!(sum(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn everything_in_the_folder_is_listed_and_signed() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = folder.path().join("terraform-registry-manifest.json");
        std::fs::write(&manifest, "{}").unwrap();
        let nothing = seal(folder.path(), "1.2.3", &manifest, None).unwrap_err().to_string();
        assert!(nothing.contains("no zip of version 1.2.3"), "{nothing}");

        let zip = name::zip("1.2.3", "linux", "amd64");
        std::fs::write(folder.path().join(&zip), "abc").unwrap();
        std::fs::write(folder.path().join(name::zip("1.2.2", "linux", "amd64")), "of another version").unwrap();
        std::fs::write(folder.path().join(name::beside("1.2.3", "SHA256SUMS.sig")), "of other sums").unwrap();
        let files = seal(folder.path(), "1.2.3", &manifest, None).unwrap();
        let [about, listed] = ["manifest.json", "SHA256SUMS"].map(|what| name::beside("1.2.3", what));
        assert_eq!(files, [zip.clone(), about.clone(), listed.clone()]);
        let sums = std::fs::read_to_string(folder.path().join(listed)).unwrap();
        assert_eq!(sums, format!("{}  {zip}\n{}  {about}\n", sum(b"abc"), sum(b"{}")));
        assert!(!folder.path().join(name::beside("1.2.3", "SHA256SUMS.sig")).exists(), "it is not of these sums");
    }
}
