//! SQL as a tree: built by resources, printed for the server, parsed from what the server prints.

mod kind;
mod name;
mod node;
mod parse;
mod print;

pub use kind::Kind;
pub use name::Name;
pub use node::{Node, Statement, item};
pub use parse::{ParseError, parse};
pub use print::quote_ident;
