//! Materialize on the PostgreSQL wire protocol, in memory.

pub mod catalog;
pub mod cloud;
pub mod command;
pub mod datum;
pub mod faults;
pub mod query;
pub mod relations;
pub mod session;
pub mod sql;
pub mod transaction;
pub mod wire;
