//! Materialize's cloud over HTTP: sign-in, the organisation, and its regions.
//!
//! From the inside out: [`AppPassword`] and `token`, who signs in; `http`, one request; [`Cloud`], requests that are
//! repeated where they may be, and lists that are read once for all; `region`, the SQL sessions.

mod app_password;
mod error;
mod http;
mod organization;
mod region;
mod settings;
mod token;

pub use app_password::AppPassword;
pub use error::{CloudError, CloudErrorKind};
pub use organization::Cloud;
pub use settings::{CloudSettings, service};
