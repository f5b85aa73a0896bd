//! Materialize on the PostgreSQL wire protocol, in memory.

pub mod datum;
