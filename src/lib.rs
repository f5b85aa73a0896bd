//! The Materialize provider for Terraform.
//!
//! Modules in reading order; an arrow means "may use":
//!
//! ```text
//! value, path, diag           plain data, used by all
//! plugin  -> engine           ring 1: the wire (gRPC, TLS, msgpack); nothing else knows it
//! engine  -> declare, sql, catalog    ring 2: the verbs, written once
//! resources, data_sources -> declare, sql     tables and pure functions: no IO
//! functions -> declare, sql   what configurations may call: pure
//! sql                         ring 3: statements, printed and parsed
//! catalog -> sql              ring 3: connections, reads in lanes, server errors
//! cloud   -> catalog, declare ring 3: HTTP: sign-in, regions, the organisation
//! ```

pub mod diag;
pub mod path;
pub mod value;

pub mod catalog;
pub mod cloud;
pub mod data_sources;
pub mod declare;
pub mod docs;
pub mod engine;
pub mod functions;
pub mod plugin;
pub mod provider;
pub mod resources;
pub mod sql;

#[cfg(test)]
mod invariants;
