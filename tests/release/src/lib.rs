//! What a provider registry serves of a version: a zip for each platform, the sums of all files, and their signature. The
//! names and the form are those that Terraform's registries demand.

pub mod archive;
pub mod name;
pub mod seal;
pub mod signature;
