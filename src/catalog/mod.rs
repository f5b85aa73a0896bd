//! Connections to a region's catalog: statements sent once, reads in lanes, errors that say what to do.
//!
//! From the inside out: [`Settings`]; `tls` and `wire`, one connection; `pool`, a bounded number of them; [`Query`] and
//! `lane`, many reads as one; [`Session`], all the rest of the provider sees; [`CatalogError`].

mod error;
mod lane;
mod pool;
mod query;
mod session;
mod settings;
mod tls;
mod wire;

pub use error::{CatalogError, ErrorKind, masked};
pub use query::{Query, Row};
pub use session::Session;
pub use settings::{Settings, SslMode};
pub use tls::{refusal as tls_refusal, verified_tls};

#[cfg(test)]
mod tests;
