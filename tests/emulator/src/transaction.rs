//! What statements may stand together in a transaction.
//!
//! A transaction reads, or writes rows, or changes objects, or holds one statement that is carried out at COMMIT: what its
//! first statement does, all do. Values that depend on nothing may be asked for between reads and writes.

use crate::catalog::Catalog;
use crate::command::Context;
use crate::datum::{Datum, SqlError, Write};
use crate::session::State;
use crate::sql::Statement;
use crate::sql::error::{Hint, plan, with_code};
use crate::sql::lexer::{Token, tokens};

/// Where a session stands with respect to transactions, as ReadyForQuery tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transaction {
    Idle,
    /// Of the statements of one simple query; ends with it.
    Implicit,
    Open,
    Failed,
}

impl Transaction {
    /// Whether several statements may follow each other in it.
    pub fn is_block(self) -> bool {
        matches!(self, Transaction::Implicit | Transaction::Open)
    }
}

/// How a statement bears others in its transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Company {
    /// It goes with everything.
    Any,
    /// It goes with its like: renames, swaps, new sources and their tables.
    Changes,
    /// Rows that are written go with rows that are written.
    Writes,
    /// A transaction may hold it and nothing else.
    Alone,
    /// What it answers is known only when it is carried out: no transaction may hold it.
    None,
}

/// What a transaction has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Work {
    #[default]
    Nothing,
    /// Queries; constant: none of them read a relation.
    Reads {
        constant: bool,
    },
    Writes,
    Alone,
    /// Changes of objects since that version of the catalog.
    Changes {
        version: u64,
    },
}

/// What an open transaction has still to do, at COMMIT.
#[derive(Clone)]
pub enum Pending {
    Statement(Statement, Vec<Datum>),
    Rows(Write, Vec<Vec<Datum>>),
}

impl Pending {
    /// Does it, in a catalog that may have changed since. Errors: it cannot be done any more.
    pub fn carry_out(&self, session: &mut State, catalog: &mut Catalog) -> Result<(), SqlError> {
        match self {
            Pending::Statement(statement, params) => {
                statement.command.run(&mut Context { session, catalog, params }).map(drop)
            }
            Pending::Rows(write, rows) => {
                if !catalog.items.contains_key(&write.table) {
                    return Err(plan(format!("unknown catalog item '{}'", write.table)));
                }
                let data = catalog.data.entry(write.table).or_default();
                if write.replaces {
                    data.clear();
                }
                data.extend(rows.iter().cloned());
                Ok(())
            }
        }
    }
}

impl Work {
    /// What the transaction has done when it does `more`. Errors: it may not.
    pub fn and(self, more: Work, read_only: bool) -> Result<Work, SqlError> {
        const CONSTANT: Work = Work::Reads { constant: true };
        Ok(match (self, more) {
            (Work::Nothing | CONSTANT, Work::Writes) if read_only => return Err(reads_only()),
            (Work::Nothing, more) => more,
            (CONSTANT, Work::Writes) => Work::Writes,
            (Work::Reads { constant: a }, Work::Reads { constant: b }) => Work::Reads { constant: a && b },
            (Work::Reads { .. }, _) => return Err(reads_only()),
            (Work::Writes, Work::Writes | CONSTANT) => Work::Writes,
            (Work::Writes, _) => return Err(with_code("25000", "transaction in write-only mode")),
            (Work::Alone, _) => {
                return Err(with_code("25000", "this transaction can only execute a single statement"));
            }
            (Work::Changes { version }, Work::Changes { version: now }) if version == now => self,
            (Work::Changes { .. }, Work::Changes { .. }) => {
                let message = "another session modified the catalog while this DDL transaction was open";
                return Err(with_code("40001", message));
            }
            (Work::Changes { .. }, _) => {
                let message = "transactions which modify objects are restricted to just modifying objects";
                return Err(with_code("25000", message));
            }
        })
    }
}

fn reads_only() -> SqlError {
    with_code("25006", "transaction in read-only mode")
        .detail("SELECT queries cannot be combined with other query types, including SUBSCRIBE.")
}

/// The refusal of a statement that no transaction may hold.
pub fn prohibited(statement: &Statement) -> SqlError {
    with_code("25001", format!("{} cannot be run inside a transaction block", normal(&statement.text)))
}

/// A statement's text in the usual form: keywords in capitals, single spaces.
fn normal(text: &str) -> String {
    let mut out = String::new();
    let mut before = String::new();
    for spanned in tokens(text).unwrap_or_default() {
        let token = match spanned.token {
            Token::Word(word) => match type_word(&word) {
                Some(name) => name.to_owned(),
                None if crate::sql::keywords::is_keyword(&word) => word.to_uppercase(),
                None => word,
            },
            Token::Quoted(name) => crate::sql::print::spared(&name),
            Token::Str(value) => crate::sql::print::literal(&value),
            Token::Op(op) => op,
            _ => text.get(spanned.start..spanned.end).unwrap_or_default().to_owned(),
        };
        let tight = matches!(token.as_str(), ")" | "]" | "," | "." | "::" | ";" | "[")
            || matches!(before.as_str(), "" | "(" | "[" | "." | "::");
        if !tight {
            out.push(' ');
        }
        out.push_str(&token);
        before = token;
    }
    out
}

/// The name of the type that a word stands for.
fn type_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "int" | "integer" => "int4",
        "bigint" => "int8",
        "smallint" => "int2",
        "boolean" => "bool",
        "text" => "text",
        _ => return None,
    })
}
