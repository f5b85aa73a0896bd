//! Statements about the session: SET, RESET, transactions, DISCARD.

use super::{Boxed, Command, Context, done, done_with};
use crate::catalog::parameters;
use crate::datum::{Outcome, SqlError};
use crate::session::Transaction;
use crate::sql::Kind;
use crate::sql::lexer::Token;
use crate::sql::parser::{Parsed, Parser};
use std::sync::Arc;

/// The values after `SET name`: None is DEFAULT.
pub fn set_values(p: &mut Parser) -> Parsed<Option<Vec<String>>> {
    if !p.op("=") && !p.kw("TO") {
        return p.expected("equals sign or TO");
    }
    if p.kw("DEFAULT") {
        return Ok(None);
    }
    p.list(|p| match p.peek().cloned() {
        Some(Token::Str(s) | Token::Number(s)) => {
            p.bump();
            Ok(s)
        }
        Some(Token::Op(op)) if op == "-" => {
            p.bump();
            p.number().map(|n| format!("-{n}"))
        }
        Some(Token::Word(w) | Token::Quoted(w)) => {
            p.bump();
            Ok(w)
        }
        _ => p.expected("variable value"),
    })
    .map(Some)
}

enum SetChange {
    Set(String, Option<Vec<String>>),
    ResetAll,
}
struct SetVariable {
    local: bool,
    reset: bool,
    change: SetChange,
}

pub fn set(p: &mut Parser) -> Parsed<Boxed> {
    let modifier = ["SESSION", "LOCAL"].into_iter().find(|w| p.kw(w));
    if p.kw("TRANSACTION") || p.kws("CHARACTERISTICS AS TRANSACTION") {
        let mut levels = p.list(|p| {
            if p.kws("ISOLATION LEVEL") {
                return isolation(p);
            }
            if p.kw("READ") {
                p.expect_one_of(&["ONLY", "WRITE"])?;
                return Err(crate::sql::error::unsupported("SET TRANSACTION with an access mode"));
            }
            p.expected("transaction mode")
        })?;
        // The last one counts.
        let level = levels.pop().unwrap_or_default();
        let change = SetChange::Set("transaction_isolation".into(), Some(vec![level]));
        return Ok(Arc::new(SetVariable { local: modifier.is_none(), reset: false, change }));
    }
    // As in PostgreSQL, the schema alone: `SET SCHEMA [TO] 'name'`.
    if p.kw("SCHEMA") {
        if !p.op("=") {
            p.kw("TO");
        }
        let value = match p.peek().cloned() {
            Some(Token::Word(w)) if w.eq_ignore_ascii_case("DEFAULT") => None,
            Some(Token::Str(s) | Token::Word(s) | Token::Quoted(s)) => Some(vec![s]),
            _ => return p.expected("variable value"),
        };
        p.bump();
        let change = SetChange::Set("search_path".into(), value);
        return Ok(Arc::new(SetVariable { local: modifier == Some("LOCAL"), reset: false, change }));
    }
    let name = if p.kws("TIME ZONE") {
        let value = match p.peek().cloned() {
            Some(Token::Str(s) | Token::Word(s) | Token::Quoted(s)) => {
                p.bump();
                s
            }
            _ => return p.expected("a time zone"),
        };
        let change = SetChange::Set("timezone".into(), Some(vec![value]));
        return Ok(Arc::new(SetVariable { local: modifier == Some("LOCAL"), reset: false, change }));
    } else {
        p.ident()?
    };
    let change = SetChange::Set(name, set_values(p)?);
    Ok(Arc::new(SetVariable { local: modifier == Some("LOCAL"), reset: false, change }))
}

pub fn reset(p: &mut Parser) -> Parsed<Boxed> {
    let change = if p.kw("ALL") { SetChange::ResetAll } else { SetChange::Set(p.ident()?, None) };
    Ok(Arc::new(SetVariable { local: false, reset: true, change }))
}

fn isolation(p: &mut Parser) -> Parsed<String> {
    for level in ["SERIALIZABLE", "REPEATABLE READ", "READ COMMITTED", "READ UNCOMMITTED", "STRICT SERIALIZABLE"] {
        if p.kws(level) {
            return Ok(level.to_lowercase());
        }
    }
    p.expected("isolation level")
}

impl Command for SetVariable {
    fn kind(&self) -> Kind {
        Kind::Session
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let tag = if self.reset { "RESET" } else { "SET" };
        let (name, values) = match &self.change {
            SetChange::Set(name, values) => (name, values),
            SetChange::ResetAll => {
                for key in parameters::SESSION {
                    cx.session.set_variable(cx.catalog, key, None);
                }
                return done(tag);
            }
        };
        let key = match name.to_lowercase().as_str() {
            // PostgreSQL's own name for it.
            "schema" => "search_path".to_owned(),
            key => key.to_owned(),
        };
        let Some(parameter) = cx.catalog.parameters.get(&key) else { return Err(parameters::unrecognized(name)) };
        if !parameters::SESSION.contains(&key.as_str()) {
            return Err(crate::sql::error::with_code("55P02", format!("parameter \"{name}\" cannot be changed now")));
        }
        let value = values.as_ref().map(|v| parameters::parse(parameter, v)).transpose()?;
        let mut notices = Vec::new();
        if let Some(value) = &value {
            let missing = match key.as_str() {
                "cluster" if cx.catalog.cluster(value).is_err() => Some("cluster"),
                "database" if cx.catalog.database(value).is_err() => Some("database"),
                _ => None,
            };
            notices.extend(missing.map(|what| format!("{what} \"{value}\" does not exist")));
        }
        if self.local {
            if cx.session.transaction == Transaction::Idle {
                return done_with(tag, "SET LOCAL can only be used in transaction blocks".into());
            }
            let old = cx.session.variables.get(&key).cloned();
            cx.session.local.entry(key.clone()).or_insert(old);
        }
        cx.session.set_variable(cx.catalog, &key, value);
        Ok(Outcome::Done { tag: tag.into(), notices })
    }
}

enum TransactionCommand {
    Begin,
    Commit,
    Rollback,
}

pub fn begin(p: &mut Parser) -> Parsed<Boxed> {
    if !p.kw("WORK") {
        p.kw("TRANSACTION");
    }
    while !p.at_end() {
        if p.kws("ISOLATION LEVEL") {
            isolation(p)?;
        } else if p.kw("READ") {
            p.expect_one_of(&["ONLY", "WRITE"])?;
        } else if !p.op(",") {
            return p.expected("end of statement");
        }
    }
    Ok(Arc::new(TransactionCommand::Begin))
}
pub fn commit(p: &mut Parser) -> Parsed<Boxed> {
    chain(p)?;
    Ok(Arc::new(TransactionCommand::Commit))
}
pub fn rollback(p: &mut Parser) -> Parsed<Boxed> {
    chain(p)?;
    Ok(Arc::new(TransactionCommand::Rollback))
}
fn chain(p: &mut Parser) -> Parsed<()> {
    if !p.kw("WORK") {
        p.kw("TRANSACTION");
    }
    if p.kws("AND NO") {
        p.expect_kw("CHAIN")?;
    }
    Ok(())
}

impl Command for TransactionCommand {
    fn kind(&self) -> Kind {
        Kind::Session
    }
    fn ends_transaction(&self) -> bool {
        !matches!(self, TransactionCommand::Begin)
    }
    fn commits(&self) -> bool {
        matches!(self, TransactionCommand::Commit)
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let before = cx.session.transaction;
        let none = || "there is no transaction in progress".to_owned();
        match self {
            TransactionCommand::Begin if before != Transaction::Idle => {
                done_with("BEGIN", "there is already a transaction in progress".into())
            }
            TransactionCommand::Begin => {
                cx.session.transaction = Transaction::Open;
                done("BEGIN")
            }
            TransactionCommand::Commit | TransactionCommand::Rollback => {
                cx.session.end_transaction(cx.catalog);
                let committed = self.commits() && before != Transaction::Failed;
                let tag = if committed { "COMMIT" } else { "ROLLBACK" };
                if before == Transaction::Idle { done_with(tag, none()) } else { done(tag) }
            }
        }
    }
}

struct Discard(&'static str);

pub fn discard(p: &mut Parser) -> Parsed<Boxed> {
    Ok(Arc::new(Discard(match p.expect_one_of(&["ALL", "PLANS", "SEQUENCES", "TEMP", "TEMPORARY"])? {
        "ALL" => "DISCARD ALL",
        "PLANS" => "DISCARD PLANS",
        "SEQUENCES" => "DISCARD SEQUENCES",
        _ => "DISCARD TEMP",
    })))
}

impl Command for Discard {
    fn kind(&self) -> Kind {
        Kind::Session
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        if self.0 == "DISCARD ALL" {
            for key in parameters::SESSION {
                cx.session.set_variable(cx.catalog, key, None);
            }
        }
        done(self.0)
    }
}
