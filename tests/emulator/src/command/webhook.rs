//! Webhooks: sources and tables that take HTTP requests.

use super::{Boxed, Command, Context, done, done_with};
use crate::catalog::Catalog;
use crate::catalog::item::{Check, CheckInput, Column, Definition, Table, TableFrom, Webhook};
use crate::datum::{Outcome, SqlError};
use crate::sql::doc::{Doc, text};
use crate::sql::error::plan;
use crate::sql::expr::{Expr, expr};
use crate::sql::functions::is_keyword_call;
use crate::sql::options::Options;
use crate::sql::parser::{Parsed, Parser};
use crate::sql::plan::{Planner, Scope};
use crate::sql::print::{Mode, Printer, literal};
use crate::sql::types::DataType;
use std::sync::Arc;

/// A webhook as written; the check's secrets are still names.
#[derive(Clone)]
pub struct Written {
    body: &'static str,
    array: bool,
    mapped: Vec<(String, String, bool)>,
    headers: Option<Vec<(bool, String)>>,
    check: Option<(Vec<WrittenInput>, Expr)>,
}

#[derive(Clone)]
struct WrittenInput {
    /// None: HEADERS or BODY.
    secret: Option<Vec<String>>,
    headers: bool,
    alias: Option<String>,
    bytes: bool,
}

/// What follows FROM WEBHOOK.
pub fn webhook(p: &mut Parser) -> Parsed<Written> {
    p.expect_kw("BODY FORMAT")?;
    let body = p.expect_one_of(&["JSON", "TEXT", "BYTES"])?;
    let array = body == "JSON" && p.kw("ARRAY");
    let (mut mapped, mut headers) = (Vec::new(), None);
    while p.kw("INCLUDE") {
        if p.expect_one_of(&["HEADER", "HEADERS"])? == "HEADER" {
            let header = p.string()?;
            p.expect_kw("AS")?;
            let column = p.ident()?;
            mapped.push((header, column, p.kw("BYTES")));
        } else {
            let mut filters = Vec::new();
            if p.peek().is_some_and(|t| t.is_op("(")) {
                filters = p.paren_list(|p| Ok((p.kw("NOT"), p.string()?)))?;
            }
            headers = Some(filters);
        }
    }
    let mut check = None;
    if p.kw("CHECK") {
        p.expect_op("(")?;
        let mut with = Vec::new();
        if p.kw("WITH") {
            with = p.paren_list(|p| {
                let (secret, headers) = match p.expect_one_of(&["HEADERS", "BODY", "SECRET"])? {
                    "SECRET" => (Some(p.name()?), false),
                    word => (None, word == "HEADERS"),
                };
                let alias = if p.kw("AS") { Some(p.ident()?) } else { None };
                Ok(WrittenInput { secret, headers, alias, bytes: p.kw("BYTES") })
            })?;
        }
        let condition = expr(p)?;
        p.expect_op(")")?;
        check = Some((with, condition));
    }
    Ok(Written { body, array, mapped, headers, check })
}

impl Written {
    /// The webhook with its names looked up.
    pub fn resolve(&self, cx: &Context<'_>) -> Result<Webhook, SqlError> {
        let mut out = Webhook {
            body: self.body,
            array: self.array,
            mapped: self.mapped.clone(),
            headers: self.headers.clone(),
            check: None,
        };
        let given = columns(cx.catalog, &out);
        if let Some((_, twice)) = given.iter().enumerate().find(|(i, c)| given[..*i].iter().any(|d| d.name == c.name)) {
            return Err(plan(format!("column reference \"{}\" is ambiguous", twice.name)));
        }
        let Some((inputs, condition)) = &self.check else { return Ok(out) };
        let ty = |name: &str| cx.catalog.system_type(name);
        let (mut with, mut columns) = (Vec::new(), Vec::new());
        for input in inputs {
            let plain = if input.bytes { "bytea" } else { "text" };
            let (what, name, column) = match &input.secret {
                Some(parts) => {
                    let id = cx.catalog.resolve_item(&cx.session.names, parts)?;
                    if !matches!(cx.catalog.items.get(&id).map(|i| &i.definition), Some(Definition::Secret)) {
                        return Err(plan(format!("{} is not a secret", cx.catalog.dotted(id))));
                    }
                    let name = parts.last().cloned().unwrap_or_default();
                    (CheckInput::Secret(id), name, ty(plain))
                }
                None if input.headers => {
                    let map = DataType::Map(Box::new(ty("text")), Box::new(ty(plain)));
                    (CheckInput::Headers, "headers".to_owned(), map)
                }
                None => (CheckInput::Body, "body".to_owned(), ty(plain)),
            };
            columns.push(Column::new(input.alias.clone().unwrap_or(name), column, false));
            with.push((what, input.alias.clone(), input.bytes));
        }
        if with.is_empty() {
            // Without WITH, both are there.
            let map = DataType::Map(Box::new(ty("text")), Box::new(ty("text")));
            columns = vec![Column::new("headers", map, false), Column::new("body", ty("text"), false)];
        }
        let mut condition = condition.clone();
        let query = |e: &Expr| {
            use Expr::{Exists, InQuery, QuantifiedQuery, SequenceQuery, Subquery};
            matches!(e, Subquery(_) | Exists(_) | InQuery(..) | QuantifiedQuery(..) | SequenceQuery(..))
        };
        if condition.any(&query) {
            return Err(plan("WEBHOOK CHECK does not allow subqueries"));
        }
        let planner = Planner { catalog: cx.catalog, names: &cx.session.names };
        let (result, _) = planner.expr(&mut condition, &Scope::of(&columns))?;
        let result = cx.catalog.type_long(&result);
        if result != "boolean" {
            return Err(plan(format!("WEBHOOK CHECK must have type boolean, not type {result}")));
        }
        if !condition.any(&|e| matches!(e, Expr::Column(parts) if !is_keyword_call(parts))) {
            return Err(plan("expression provided in CHECK does not reference any columns"));
        }
        if condition.any(&is_ephemeral) {
            return Err(plan("expression provided in CHECK is not deterministic"));
        }
        out.check = Some(Check { with, expr: condition });
        Ok(out)
    }
}

/// Calls whose result depends on more than their arguments. `now()` is allowed: some requests are only good for a while.
fn is_ephemeral(e: &Expr) -> bool {
    const FUNCTIONS: [&str; 12] = [
        "current_database", "current_role", "current_schema", "current_schemas", "current_user", "mz_environment_id",
        "mz_now", "mz_uptime", "mz_version", "mz_version_num", "pg_backend_pid", "session_user",
    ];
    let parts = match e {
        Expr::Call(call) => &call.name.parts,
        Expr::Column(parts) if is_keyword_call(parts) => parts,
        _ => return false,
    };
    parts.last().is_some_and(|name| FUNCTIONS.contains(&name.as_str()))
}

/// The columns that requests give.
pub fn columns(catalog: &Catalog, w: &Webhook) -> Vec<Column> {
    let ty = |name: &str| catalog.system_type(name);
    let body = match w.body {
        "JSON" => "jsonb",
        "TEXT" => "text",
        _ => "bytea",
    };
    let mut out = vec![Column::new("body", ty(body), false)];
    if w.headers.is_some() {
        out.push(Column::new("headers", DataType::Map(Box::new(ty("text")), Box::new(ty("text"))), false));
    }
    for (_, column, bytes) in &w.mapped {
        out.push(Column::new(column.clone(), ty(if *bytes { "bytea" } else { "text" }), true));
    }
    out
}

/// The clauses after FROM WEBHOOK.
pub fn print(p: &Printer, w: &Webhook) -> Vec<Doc> {
    let array = if w.array { " ARRAY" } else { "" };
    let mut out = vec![text(format!("BODY FORMAT {}{array}", w.body))];
    for (header, column, bytes) in &w.mapped {
        let bytes = if *bytes { " BYTES" } else { "" };
        out.push(text(format!("INCLUDE HEADER {} AS {}{bytes}", literal(header), p.ident(column))));
    }
    if let Some(filters) = &w.headers {
        let one = |(not, name): &(bool, String)| format!("{}{}", if *not { "NOT " } else { "" }, literal(name));
        let list: Vec<String> = filters.iter().map(one).collect();
        let list = if list.is_empty() { String::new() } else { format!(" ({})", list.join(", ")) };
        out.push(text(format!("INCLUDE HEADERS{list}")));
    }
    if let Some(check) = &w.check {
        let one = |(what, alias, bytes): &(CheckInput, Option<String>, bool)| {
            let what = match what {
                CheckInput::Headers => "HEADERS".to_owned(),
                CheckInput::Body => "BODY".to_owned(),
                CheckInput::Secret(id) => format!("SECRET {}", p.item(*id)),
            };
            let alias = alias.as_ref().map_or(String::new(), |a| format!(" AS {}", p.ident(a)));
            format!("{what}{alias}{}", if *bytes { " BYTES" } else { "" })
        };
        // The server keeps a list of each kind, and so forgets their order among each other.
        let kind = |input: &CheckInput| match input {
            CheckInput::Headers => 0,
            CheckInput::Body => 1,
            CheckInput::Secret(_) => 2,
        };
        let mut inputs: Vec<_> = check.with.iter().collect();
        inputs.sort_by_key(|(input, ..)| kind(input));
        let with: Vec<String> = inputs.into_iter().map(one).collect();
        let with = if with.is_empty() { String::new() } else { format!("WITH ({}) ", with.join(", ")) };
        // SHOW CREATE pads the brackets.
        let pad = if p.mode == Mode::Simple { " " } else { "" };
        out.push(text(format!("CHECK ({pad}{with}{}{pad})", p.expr_line(&check.expr))));
    }
    out
}

struct CreateTable {
    name: Vec<String>,
    if_not_exists: bool,
    webhook: Written,
}

pub fn create_table(p: &mut Parser, name: Vec<String>, if_not_exists: bool) -> Parsed<Boxed> {
    Ok(Arc::new(CreateTable { name, if_not_exists, webhook: webhook(p)? }))
}

impl Command for CreateTable {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let webhook = self.webhook.resolve(cx)?;
        let columns = columns(cx.catalog, &webhook);
        let from = Some(TableFrom::Webhook(webhook));
        let table = Table { columns, keys: Vec::new(), version: 0, from, options: Options::default() };
        let definition = Definition::Table(table);
        let (schema, name, taken) = super::types::place(cx, &self.name, self.if_not_exists, &definition)?;
        if taken {
            return done_with("CREATE TABLE", format!("table \"{name}\" already exists, skipping"));
        }
        cx.catalog.check_room_for(schema, &definition)?;
        let id = cx.catalog.new_item_id();
        cx.catalog.insert_item(id, schema, name, cx.session.role, definition);
        done("CREATE TABLE")
    }
}
