//! The SQL language: tokens, statements, expressions, types, printing.

pub mod doc;
pub mod error;
pub mod expr;
pub mod functions;
pub mod interval;
pub mod keywords;
pub mod lexer;
pub mod options;
pub mod parser;
pub mod plan;
pub mod print;
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
        f.debug_struct("Statement")
            .field("kind", &self.kind)
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}

/// Parses a whole simple-query string into its statements; empty statements are left out.
/// Errors: `42601` with the position in `text`; nothing of the string is to be carried out then.
pub fn split(text: &str) -> Result<Vec<Statement>, SqlError> {
    let mut p = parser::Parser::new(text)?;
    let mut out = Vec::new();
    loop {
        while p.op(";") {}
        if p.at_end() {
            return Ok(out);
        }
        let start = p.offset();
        p.parameters = 0;
        let command = crate::command::statement(&mut p)?;
        if !p.at_end() {
            return p.expected("end of statement");
        }
        let text = text.get(start..p.end_offset()).unwrap_or_default().to_owned();
        out.push(Statement { text, kind: command.kind(), parameters: p.parameters, command });
    }
}
