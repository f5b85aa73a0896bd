//! What a declaration is made of: attributes, rules, and the tables that resources and data sources are.

mod attr;
mod check;
mod sql_option;

pub use attr::*;
pub use check::Check;
pub use sql_option::{Form, SqlOption};
