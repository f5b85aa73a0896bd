//! SQL as a tree: built by resources, printed for the server, parsed from what the server prints.

mod array;
mod compare;
mod kind;
mod lookup;
mod name;
mod node;
mod parse;
mod print;
mod types;

pub use array::array_items;
pub use compare::{column_type, same_resolved_query, without_ids};
pub use kind::Kind;
pub use name::Name;
pub use node::{Node, Statement, item};
pub use parse::{ParseError, parse};
pub use print::{quote_ident, quote_text};
pub use lookup::*;
pub use types::*;
