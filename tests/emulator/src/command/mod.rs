//! One file per command: its grammar, its effect on the catalog, its answer.

mod access;
mod alter;
mod cluster;
mod cluster_options;
mod cluster_replica;
pub mod cluster_resize;
mod comment;
mod connection;
mod connection_check;
mod drop;
mod index;
mod materializable;
mod namespace;
mod network_policy;
mod parse;
mod protobuf;
mod refresh;
mod role;
mod secret;
mod session;
mod set_cluster;
mod show;
mod show_create;
mod sink;
mod sink_rules;
mod source;
mod source_alter;
mod source_formats;
mod source_generators;
mod source_rules;
mod source_upstream;
mod system;
mod table;
mod table_source;
mod types;
mod view;
mod webhook;
pub mod write;

pub use parse::statement;
pub use show_create::{create_sql, create_text};
pub use table::retained;
pub use view::definition as view_definition;

use crate::catalog::{Catalog, Id};
use crate::datum::{Datum, Outcome, SqlError};
use crate::session::State;
use crate::sql::Kind;

/// What a command may see and change.
pub struct Context<'a> {
    pub session: &'a mut State,
    pub catalog: &'a mut Catalog,
    pub params: &'a [Datum],
}

/// A parsed statement that can be carried out.
pub trait Command: Send + Sync {
    fn kind(&self) -> Kind {
        Kind::Ddl
    }
    /// Carries the command out. An error leaves the catalog as it was.
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError>;
    /// COMMIT or ROLLBACK.
    fn ends_transaction(&self) -> bool {
        false
    }
    fn commits(&self) -> bool {
        false
    }
    /// Whether a transaction may hold several such: renames, swaps, new sources and their tables. Any other change of
    /// the catalog is alone in its transaction.
    fn joins_others(&self) -> bool {
        false
    }
}

/// The sizes that clusters may have.
pub fn cluster_sizes() -> &'static [&'static str] {
    &cluster_options::SIZES
}

/// A command, boxed by its parser.
pub(crate) type Boxed = std::sync::Arc<dyn Command>;

fn done(tag: impl Into<String>) -> Result<Outcome, SqlError> {
    Ok(Outcome::Done { tag: tag.into(), notices: Vec::new() })
}
fn done_with(tag: impl Into<String>, notice: String) -> Result<Outcome, SqlError> {
    Ok(Outcome::Done { tag: tag.into(), notices: vec![notice] })
}

impl Context<'_> {
    /// The cluster named, else the session's.
    fn cluster_or_default(&self, name: Option<&str>) -> Result<Id, SqlError> {
        match name {
            Some(name) => self.catalog.cluster(name),
            None => {
                let name = self.session.parameter(self.catalog, "cluster").unwrap_or_default();
                self.catalog.cluster(&name)
            }
        }
    }
}
