//! What a declaration is made of: attributes, rules, and the tables that resources and data sources are.

mod attr;
mod check;
pub mod columns;
mod data_source;
mod found;
pub mod remote;
mod resource;
mod rule;
pub mod same;
pub mod scope;
mod sql_option;
mod values;

pub use attr::*;
pub use check::Check;
pub use data_source::{Before, DataSource, Filter};
pub use found::Found;
pub use resource::{
    Alter, Change, Ephemeral, IdForm, Key, Lookup, Parts, Resource, Spread, Wait, covers, noted, on, on_options,
};
pub use rule::Rule;
pub use scope::Scope;
pub use sql_option::{
    Form, alter_options, clause_value, option_changes, option_items, read_items, reference_block, with_options,
};
pub use values::Values;
