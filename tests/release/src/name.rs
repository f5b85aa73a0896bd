//! The names of files in a release.

/// The provider's own name, with which every file begins.
pub const PROVIDER: &str = "terraform-provider-materialize";

/// The program inside the zip.
pub fn program(version: &str) -> String {
    format!("{PROVIDER}_v{version}")
}

/// The zip of one platform, in Go's words for it: `linux`, `amd64`.
pub fn zip(version: &str, os: &str, arch: &str) -> String {
    format!("{PROVIDER}_{version}_{os}_{arch}.zip")
}

/// A file beside the zips: `manifest.json`, `SHA256SUMS`.
pub fn beside(version: &str, what: &str) -> String {
    format!("{PROVIDER}_{version}_{what}")
}
