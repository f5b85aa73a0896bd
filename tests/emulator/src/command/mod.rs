//! One file per command: its grammar, its effect on the catalog, its answer.

use crate::catalog::Catalog;
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
}
