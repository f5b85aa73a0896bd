//! Connections to a region's catalog: statements sent once, reads in lanes, errors that say what to do.

mod error;
mod lane;
mod pool;
mod query;
mod session;
mod settings;
mod tls;
mod wire;

pub use error::{CatalogError, ErrorKind};
pub use query::{Query, Row};
pub use session::Session;
pub use settings::{Settings, SslMode};

#[cfg(test)]
mod tests;
