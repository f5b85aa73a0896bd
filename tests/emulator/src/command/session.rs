//! Statements about the session: SET, RESET, transactions, DISCARD.

use super::{Boxed, Command, Context, done, done_with};
use crate::catalog::{parameter_values, parameters};
use crate::datum::{Outcome, SqlError};
use crate::sql::Kind;
use crate::sql::error::{plan, with_code};
use crate::sql::lexer::Token;
use crate::sql::parser::{Parsed, Parser};
use crate::transaction::{Transaction, Work};
use std::sync::Arc;

const ISOLATION: &str = "transaction_isolation";

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

struct SetVariable {
    local: bool,
    reset: bool,
    name: String,
    /// None: its default.
    values: Option<Vec<String>>,
}

pub fn set(p: &mut Parser) -> Parsed<Boxed> {
    let modifier = ["SESSION", "LOCAL"].into_iter().find(|w| p.kw(w));
    if p.kw("TRANSACTION") || p.kws("CHARACTERISTICS AS TRANSACTION") {
        return transaction_modes(p, modifier.is_none());
    }
    let local = modifier == Some("LOCAL");
    let set = |name: &str, values| Arc::new(SetVariable { local, reset: false, name: name.into(), values });
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
        return Ok(set("search_path", value));
    }
    if p.kws("TIME ZONE") {
        let value = match p.peek().cloned() {
            Some(Token::Word(w)) if ["DEFAULT", "LOCAL"].iter().any(|d| w.eq_ignore_ascii_case(d)) => None,
            Some(Token::Str(s) | Token::Word(s) | Token::Quoted(s) | Token::Number(s)) => Some(vec![s]),
            _ => return p.expected("variable value"),
        };
        p.bump();
        return Ok(set("timezone", value));
    }
    let name = p.ident()?;
    let values = set_values(p)?;
    Ok(set(&name, values))
}

fn transaction_modes(p: &mut Parser, local: bool) -> Parsed<Boxed> {
    let mut levels = p.list(|p| {
        if p.kws("ISOLATION LEVEL") {
            return isolation(p).map(Some);
        }
        if p.kw("READ") {
            p.expect_one_of(&["ONLY", "WRITE"])?;
            return Ok(None);
        }
        p.expected("transaction mode")
    })?;
    if levels.contains(&None) {
        return Ok(Arc::new(AccessMode));
    }
    // The last one counts.
    let values = levels.pop().flatten().map(|level| vec![level]);
    Ok(Arc::new(SetVariable { local, reset: false, name: ISOLATION.into(), values }))
}

/// SET TRANSACTION READ ONLY: the server has the grammar, and refuses it.
struct AccessMode;

impl Command for AccessMode {
    fn kind(&self) -> Kind {
        Kind::Session
    }
    fn run(&self, _: &mut Context<'_>) -> Result<Outcome, SqlError> {
        Err(with_code("0A000", "SET TRANSACTION <access-mode> are not supported"))
    }
}

pub fn reset(p: &mut Parser) -> Parsed<Boxed> {
    let name = if p.kw("SCHEMA") { "search_path".into() } else { p.ident()? };
    Ok(Arc::new(SetVariable { local: false, reset: true, name, values: None }))
}

fn isolation(p: &mut Parser) -> Parsed<String> {
    for level in [
        "SERIALIZABLE", "REPEATABLE READ", "READ COMMITTED", "READ UNCOMMITTED", "STRONG SESSION SERIALIZABLE",
        "STRICT SERIALIZABLE",
    ] {
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
        let key = match self.name.to_lowercase().as_str() {
            // PostgreSQL's own name for it.
            "schema" => "search_path".to_owned(),
            key => key.to_owned(),
        };
        parameters::check_changeable(&key)?;
        let Some(parameter) = cx.catalog.parameters.get(&key).filter(|_| parameters::of_session(&key)) else {
            return Err(parameters::unrecognized(&self.name));
        };
        let gate = match key.as_str() {
            "real_time_recency" | "real_time_recency_timeout" => Some("allow_real_time_recency"),
            "enable_session_cardinality_estimates" => Some("enable_cardinality_estimates"),
            _ => None,
        };
        if let Some(gate) = gate {
            cx.catalog.require(gate).map_err(|e| SqlError { code: "55P02", ..e })?;
        }
        let value = self.values.as_ref().map(|v| parameter_values::parse(parameter, v)).transpose()?;
        if value.as_deref() == Some("strong session serializable") {
            cx.catalog.require("enable_session_timelines")?;
        }
        let mut notices = Vec::new();
        if let Some(value) = &value {
            let missing = match key.as_str() {
                "cluster" if cx.catalog.cluster(value).is_err() => Some("cluster"),
                "database" if cx.catalog.database(value).is_err() => Some("database"),
                _ => None,
            };
            notices.extend(missing.map(|what| format!("{what} \"{value}\" does not exist")));
        }
        if cx.session.work != Work::Nothing {
            match key.as_str() {
                "cluster" => {
                    return Err(with_code("25001", "SET cluster cannot be called in an active transaction"));
                }
                ISOLATION => {
                    let message = "SET TRANSACTION ISOLATION LEVEL must be called before any query";
                    return Err(with_code("25001", message));
                }
                _ => {}
            }
        }
        if self.local && cx.session.transaction == Transaction::Idle {
            notices.push("SET LOCAL can only be used in transaction blocks".into());
        }
        cx.session.set_variable(cx.catalog, &key, value, self.local);
        Ok(Outcome::Done { tag: tag.into(), notices })
    }
}

enum TransactionCommand {
    /// With an isolation level, for this transaction alone, and READ ONLY (true) or READ WRITE (false).
    Begin(Option<String>, Option<bool>),
    Commit,
    Rollback,
}

pub fn begin(p: &mut Parser) -> Parsed<Boxed> {
    if !p.kw("WORK") {
        p.kw("TRANSACTION");
    }
    let (mut level, mut read_only) = (None, None);
    while !p.at_end() {
        if p.kws("ISOLATION LEVEL") {
            level = Some(isolation(p)?);
        } else if p.kw("READ") {
            read_only = Some(p.expect_one_of(&["ONLY", "WRITE"])? == "ONLY");
        } else if !p.op(",") {
            return p.expected("end of statement");
        }
    }
    Ok(Arc::new(TransactionCommand::Begin(level, read_only)))
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
    } else if p.kw("AND") {
        p.expect_kw("CHAIN")?;
        return Err(plan("CHAIN not yet supported"));
    }
    Ok(())
}

impl Command for TransactionCommand {
    fn kind(&self) -> Kind {
        Kind::Session
    }
    fn ends_transaction(&self) -> bool {
        !matches!(self, TransactionCommand::Begin(..))
    }
    fn commits(&self) -> bool {
        matches!(self, TransactionCommand::Commit)
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let before = cx.session.transaction;
        let none = || "there is no transaction in progress".to_owned();
        match self {
            TransactionCommand::Begin(level, read_only) => {
                if *read_only == Some(false)
                    && cx.session.read_only == Some(true)
                    && matches!(cx.session.work, Work::Reads { .. })
                {
                    return Err(with_code("25000", "transaction read-write mode must be set before any query"));
                }
                cx.session.read_only = read_only.or(cx.session.read_only);
                // A transaction of several statements in one string goes on as this one.
                cx.session.transaction = Transaction::Open;
                if let Some((level, parameter)) = level.as_ref().zip(cx.catalog.parameters.get(ISOLATION)) {
                    let level = parameter_values::parse(parameter, std::slice::from_ref(level))?;
                    cx.session.set_variable(cx.catalog, ISOLATION, Some(level), true);
                }
                match before {
                    Transaction::Open => done_with("BEGIN", "there is already a transaction in progress".into()),
                    _ => done("BEGIN"),
                }
            }
            TransactionCommand::Commit | TransactionCommand::Rollback => {
                let committed = self.commits() && before != Transaction::Failed;
                cx.session.end_transaction(cx.catalog, committed);
                let tag = if committed { "COMMIT" } else { "ROLLBACK" };
                if matches!(before, Transaction::Idle) { done_with(tag, none()) } else { done(tag) }
            }
        }
    }
}

fn drop_temporary(cx: &mut Context<'_>) {
    if let Some(schema) = cx.session.names.temporary {
        cx.catalog.drop_temporary(schema);
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
        match self.0 {
            "DISCARD PLANS" | "DISCARD SEQUENCES" => return Err(plan(format!("{} not yet supported", self.0))),
            "DISCARD ALL" if cx.session.transaction != Transaction::Idle => {
                return Err(with_code("25001", "DISCARD ALL cannot be run inside a transaction block"));
            }
            "DISCARD ALL" => {
                drop_temporary(cx);
                for key in parameters::session_keys() {
                    cx.session.set_variable(cx.catalog, key, None, false);
                }
            }
            _ => drop_temporary(cx),
        }
        done(self.0)
    }
}
