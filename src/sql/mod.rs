//! SQL as a tree: built by resources, printed for the server, parsed from what the server prints.

mod array;
mod canonical;
mod compare;
mod kind;
mod lex;
mod lookup;
mod name;
mod node;
mod parse;
mod print;
#[cfg(test)]
mod tests;
mod types;
mod written;

pub use array::array_items;
pub use compare::{names_in_query, same_expression, same_query, same_resolved_query, without_ids};
pub use kind::Kind;
pub use lookup::*;
pub use name::Name;
pub use node::{Node, Statement, item};
pub use parse::{ParseError, parse};
pub use print::{quote_ident, quote_text};
pub use types::{accepted_type, canonical_type, column_type, same_type};
pub use written::{renamed_in_query, same_spelled_query};
