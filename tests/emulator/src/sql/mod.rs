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
pub mod walk;

#[cfg(test)]
mod tests;

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
    /// May nest deeper than a small stack bears.
    pub(crate) deep: bool,
    pub(crate) command: Arc<dyn Command>,
}

impl Statement {
    /// The two words it begins with: the tag of most that change something.
    pub fn first_words(&self) -> String {
        self.text.split_whitespace().take(2).map(str::to_uppercase).collect::<Vec<_>>().join(" ")
    }
}

impl std::fmt::Debug for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Statement")
            .field("kind", &self.kind)
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}

/// Texts of more tokens than this are handled on a stack of their own: they may nest deeper than a small stack bears.
const FEW_TOKENS: usize = 100;
/// Enough for the deepest statement that the parser lets through. Only what is used of it takes memory.
const LARGE_STACK: usize = 256 << 20;

/// Runs `work` on a stack of its own, where deep recursion is safe.
pub(crate) fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        // Without a thread for it, which is out of memory, nothing else would go on either.
        let thread = std::thread::Builder::new().stack_size(LARGE_STACK).spawn_scoped(scope, work);
        let result = thread.map(std::thread::ScopedJoinHandle::join);
        match result {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(e) => std::panic::resume_unwind(Box::new(format!("no thread for a deep statement: {e}"))),
        }
    })
}

/// Parses a whole simple-query string into its statements; empty statements are left out.
/// Errors: `42601` with the position in `text`; nothing of the string is to be carried out then.
pub fn split(text: &str) -> Result<Vec<Statement>, SqlError> {
    split_for(text, false)
}

/// The same as a newer server does it.
pub fn split_for(text: &str, newer: bool) -> Result<Vec<Statement>, SqlError> {
    let mut p = parser::Parser::new(text)?;
    p.newer = newer;
    if p.len() > FEW_TOKENS { on_large_stack(|| statements(p)) } else { statements(p) }
}

fn statements(mut p: parser::Parser) -> Result<Vec<Statement>, SqlError> {
    let mut out = Vec::new();
    loop {
        while p.op(";") {}
        if p.at_end() {
            return Ok(out);
        }
        let start = p.mark();
        let first = p.offset();
        p.start();
        let command = crate::command::statement(&mut p)?;
        if !p.at_end() {
            return p.expected("end of statement");
        }
        if command.kind() != Kind::Query {
            p.check_kept()?;
        }
        let text = p.text.get(first..p.end_offset()).unwrap_or_default().to_owned();
        let deep = p.mark() - start > FEW_TOKENS;
        out.push(Statement { text, kind: command.kind(), parameters: p.parameters, deep, command });
    }
}
