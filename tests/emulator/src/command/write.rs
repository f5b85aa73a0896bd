//! INSERT, UPDATE and DELETE. Literals are put into the table at once; all else is a query for the engine, whose answer
//! is what the table then holds.

use super::{Boxed, Command, Context, QueryText, done};
use crate::catalog::Id;
use crate::catalog::change::Object;
use crate::catalog::item::{Column, Definition};
use crate::catalog::privileges::AclMode;
use crate::datum::{Datum, Outcome, Returning, SqlError, Write};
use crate::sql::error::{plan, unsupported, with_code};
use crate::sql::expr::{Expr, expr};
use crate::sql::parser::{Parsed, Parser};
use crate::sql::print::{Mode, Printer, quoted};
use crate::transaction::{Company, Pending};
use std::sync::Arc;

struct Insert {
    table: Vec<String>,
    columns: Vec<String>,
    /// The rows of VALUES, if it is that; with the text of each expression.
    rows: Option<Vec<Vec<(Expr, String)>>>,
    query: QueryText,
    /// The list after RETURNING.
    returning: Option<String>,
}

pub fn insert(p: &mut Parser) -> Parsed<Boxed> {
    p.expect_kw("INTO")?;
    let table = p.name()?;
    let select = p.peek_at(1).is_some_and(|t| ["SELECT", "WITH", "VALUES", "TABLE"].iter().any(|w| t.is_word(w)));
    let named = p.peek().is_some_and(|t| t.is_op("(")) && !select;
    let columns = if named { p.paren_list(Parser::ident)? } else { Vec::new() };
    let mark = p.mark();
    let rows = match p.kw("VALUES") {
        true => Some(p.list(|p| p.paren_list(spelt))?),
        false => None,
    };
    p.back_to(mark);
    let query = QueryText::read(p)?;
    let returning = match p.kw("RETURNING") {
        true => Some(returning(p)?),
        false => None,
    };
    Ok(Arc::new(Insert { table, columns, rows, query, returning }))
}

/// The list after RETURNING, as it is written.
fn returning(p: &mut Parser) -> Parsed<String> {
    let start = p.offset();
    p.list(|p| {
        if !p.op("*") {
            expr(p)?;
            if p.kw("AS") {
                p.ident()?;
            }
        }
        Ok(())
    })?;
    Ok(p.text.get(start..p.end_offset()).unwrap_or_default().to_owned())
}

/// The value of a literal, None when it takes more to find it.
fn literal(e: &Expr, long: &str, params: &[Datum]) -> Result<Option<Datum>, SqlError> {
    let text = match e {
        Expr::Null => return Ok(Some(Datum::Null)),
        Expr::Bool(b) => b.to_string(),
        Expr::Number(n) => n.clone(),
        Expr::Str(s) => s.clone(),
        Expr::Unary(op, inner) if op == "-" => match &**inner {
            // Of zero; any other negative number is a literal.
            Expr::Number(n) => n.clone(),
            _ => return Ok(None),
        },
        Expr::Nested(inner) => return literal(inner, long, params),
        Expr::Parameter(n) => match params.get(n.wrapping_sub(1)) {
            Some(Datum::Text(s)) => s.clone(),
            Some(d) => return Ok(Some(d.clone())),
            None => return Err(plan(format!("there is no parameter ${n}"))),
        },
        _ => return Ok(None),
    };
    let invalid = || crate::sql::error::invalid_input(long, &text);
    Ok(Some(match long {
        "smallint" => Datum::Int(text.parse::<i16>().map_err(|_| invalid())?.into()),
        "integer" => Datum::Int(text.parse::<i32>().map_err(|_| invalid())?.into()),
        "bigint" => Datum::Int(text.parse().map_err(|_| invalid())?),
        "uint2" => Datum::Uint(text.parse::<u16>().map_err(|_| invalid())?.into()),
        "uint4" | "oid" => Datum::Uint(text.parse::<u32>().map_err(|_| invalid())?.into()),
        "uint8" => Datum::Uint(text.parse().map_err(|_| invalid())?),
        "boolean" => Datum::Bool(crate::catalog::parameters::boolean(&text).ok_or_else(invalid)?),
        "real" | "double precision" => Datum::Float(text.parse().map_err(|_| invalid())?),
        "numeric" => {
            text.parse::<f64>().map_err(|_| invalid())?;
            Datum::Numeric(text)
        }
        _ if long.starts_with("timestamp") => return Ok(None),
        _ if long.ends_with("[]") || long.ends_with("list") => {
            return Err(unsupported(&format!("values of type {long}")));
        }
        _ => Datum::Text(text),
    }))
}

/// The table that a statement writes to, with its columns.
fn target<'a>(cx: &'a Context<'_>, name: &[String], mode: AclMode, verb: &str) -> Result<(Id, &'a [Column]), SqlError> {
    let id = cx.catalog.resolve_item(&cx.session.names, name)?;
    let dotted = || cx.catalog.dotted(id);
    let Some(Definition::Table(table)) = cx.catalog.items.get(&id).map(|i| &i.definition) else {
        return Err(plan(format!("cannot {verb} non-table '{}'", dotted())));
    };
    if table.from.is_some() {
        return Err(plan(format!("cannot {verb} table '{}' that reads from a source", dotted())));
    }
    cx.catalog.check_around(cx.session, Object::Item(id), AclMode::USAGE)?;
    cx.catalog.check_privilege(cx.session, Object::Item(id), mode)?;
    // Rows are made, found and changed on a cluster.
    if !cx.catalog.unchecked(cx.session) {
        let cluster = cx.cluster_or_default(None)?;
        cx.catalog.check_privilege(cx.session, Object::Cluster(cluster), AclMode::USAGE)?;
    }
    Ok((id, &table.columns))
}

/// An expression's value as a column's type, where the engine can cast to it.
fn cast(cx: &Context<'_>, value: &str, column: &Column) -> String {
    let long = cx.catalog.type_long(&column.ty);
    let plain = long.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ' || c == '_');
    match plain && !["interval", "jsonb", "bytea", "list", "map", "record"].contains(&long.as_str()) {
        true => format!("CAST({value} AS {long})"),
        false => value.to_owned(),
    }
}

fn unknown(columns: &[Column], name: &str) -> SqlError {
    crate::sql::plan::unknown_column(None, name, columns.iter().map(|c| c.name.as_str()))
}

/// Refuses nulls where none may be.
pub fn check_nulls(columns: &[Column], row: &[Datum]) -> Result<(), SqlError> {
    match columns.iter().zip(row).find(|(column, value)| **value == Datum::Null && !column.nullable) {
        Some((column, _)) => {
            let message = format!("null value in column \"{}\" violates not-null constraint", column.name);
            Err(with_code("23502", message))
        }
        None => Ok(()),
    }
}

impl Command for Insert {
    fn returns_rows(&self) -> bool {
        self.returning.is_some()
    }
    /// Rows that are found by reading are not known before they are written.
    fn company(&self) -> Company {
        match self.returning.is_some() || self.query.reads() {
            true => Company::None,
            false => Company::Writes,
        }
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let (id, columns) = target(cx, &self.table, AclMode::INSERT, "insert into")?;
        let columns = &columns.to_vec();
        let query = if self.rows.is_none() { self.query.sql(cx)? } else { String::new() };
        let order: Vec<usize> = match self.columns.as_slice() {
            [] => (0..columns.len()).collect(),
            names => {
                let find = |n: &String| columns.iter().position(|c| c.name == *n).ok_or_else(|| unknown(columns, n));
                let order = names.iter().map(find).collect::<Result<Vec<_>, _>>()?;
                if let Some((_, twice)) = names.iter().enumerate().find(|(i, name)| names[..*i].contains(name)) {
                    return Err(plan(format!("column {} specified more than once", quoted(twice))));
                }
                order
            }
        };
        let mut done_rows = Some(Vec::new());
        for given in self.rows.iter().flatten() {
            if given.len() > order.len() {
                return Err(plan("INSERT has more expressions than target columns"));
            }
            let mut row = vec![Datum::Null; columns.len()];
            for (i, column) in columns.iter().enumerate() {
                let position = order.iter().position(|o| *o == i).filter(|at| *at < given.len());
                let Some(value) = position.map(|at| &given[at].0).or(column.default.as_ref()) else { continue };
                match literal(value, &cx.catalog.type_long(&column.ty), cx.params)? {
                    Some(value) => row[i] = value,
                    None => done_rows = None,
                }
            }
            if let Some(rows) = &mut done_rows {
                check_nulls(columns, &row)?;
                rows.push(row);
            }
        }
        if let (Some(rows), Some(_), None) = (done_rows, &self.rows, &self.returning) {
            let count = rows.len();
            if cx.session.transaction.is_block() {
                let write = Write { table: id, sql: String::new(), replaces: false, tag: "INSERT 0", returning: None };
                cx.session.pending.push(Pending::Rows(write, rows));
            } else {
                cx.catalog.data.entry(id).or_default().extend(rows);
            }
            return done(format!("INSERT 0 {count}"));
        }
        let printer = Printer::new(cx.catalog, Mode::Simple);
        let select = |given: &[String]| {
            let value = |(i, column): (usize, &Column)| {
                let given = order.iter().take(given.len()).position(|o| *o == i).map(|at| given[at].clone());
                let value = given.or_else(|| column.default.as_ref().map(|d| printer.expr_line(d)));
                cast(cx, value.as_deref().unwrap_or("NULL"), column) + &format!(" AS c{i}")
            };
            format!("SELECT {}", columns.iter().enumerate().map(value).collect::<Vec<_>>().join(", "))
        };
        let sql = match &self.rows {
            Some(rows) => {
                let texts = |row: &Vec<(Expr, String)>| row.iter().map(|(_, text)| text.clone()).collect::<Vec<_>>();
                rows.iter().map(|row| select(&texts(row))).collect::<Vec<_>>().join(" UNION ALL ")
            }
            None => {
                let names: Vec<String> = (0..order.len()).map(|i| format!("v{i}")).collect();
                format!("{} FROM ({}) AS given ({})", select(&names), query, names.join(", "))
            }
        };
        let returning = self.returning.as_ref().map(|list| Returning {
            list: list.clone(),
            table: quoted(self.table.last().map_or("", String::as_str)),
            columns: columns.iter().map(|c| (quoted(&c.name), cx.catalog.type_long(&c.ty))).collect(),
        });
        Ok(Outcome::Write(Write { table: id, sql, replaces: false, tag: "INSERT 0", returning }))
    }
}

struct Change {
    table: Vec<String>,
    alias: Option<String>,
    /// Columns and what they become; None: the rows go.
    set: Option<Vec<(String, String)>>,
    condition: Option<String>,
}

/// An expression and its text.
fn spelt(p: &mut Parser) -> Parsed<(Expr, String)> {
    let start = p.offset();
    let expr = expr(p)?;
    Ok((expr, p.text.get(start..p.end_offset()).unwrap_or_default().to_owned()))
}

fn change(p: &mut Parser, update: bool) -> Parsed<Boxed> {
    let table = p.name()?;
    let alias = match p.kw("AS") || !(p.is_kw("SET") || p.is_kw("WHERE") || p.is_kw("USING") || p.at_end()) {
        true => Some(p.ident()?),
        false => None,
    };
    let set = match update {
        true => {
            p.expect_kw("SET")?;
            Some(p.list(|p| {
                let column = p.ident()?;
                p.expect_op("=")?;
                Ok((column, spelt(p)?.1))
            })?)
        }
        false => None,
    };
    if p.is_kw("USING") {
        return Err(unsupported("DELETE … USING"));
    }
    let condition = if p.kw("WHERE") { Some(spelt(p)?.1) } else { None };
    Ok(Arc::new(Change { table, alias, set, condition }))
}

pub fn update(p: &mut Parser) -> Parsed<Boxed> {
    change(p, true)
}

pub fn delete(p: &mut Parser) -> Parsed<Boxed> {
    p.expect_kw("FROM")?;
    change(p, false)
}

impl Command for Change {
    fn company(&self) -> Company {
        Company::None
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let (mode, verb, tag) = match self.set {
            Some(_) => (AclMode::UPDATE, "mutate", "UPDATE"),
            None => (AclMode::DELETE, "mutate", "DELETE"),
        };
        let (id, columns) = target(cx, &self.table, mode, verb)?;
        for (name, _) in self.set.iter().flatten() {
            if !columns.iter().any(|c| c.name == *name) {
                return Err(unknown(columns, name));
            }
        }
        let hit = self.condition.as_ref().map_or("true".to_owned(), |c| format!("COALESCE(({c}), false)"));
        let value = |(i, column): (usize, &Column)| {
            let old = quoted(&column.name);
            let new = self.set.iter().flatten().find(|(name, _)| *name == column.name);
            let value = match new {
                Some((_, new)) => format!("CASE WHEN {hit} THEN {} ELSE {old} END", cast(cx, new, column)),
                None => old,
            };
            format!("{value} AS c{i}")
        };
        let mut values: Vec<String> = columns.iter().enumerate().map(value).collect();
        values.push(format!("{hit} AS hit"));
        let table: Vec<String> = cx.catalog.full_name(id).iter().map(|part| quoted(part)).collect();
        let alias = self.alias.as_ref().or(self.table.last()).map(|a| quoted(a)).unwrap_or_default();
        let sql = format!("SELECT {} FROM {} AS {alias}", values.join(", "), table.join("."));
        Ok(Outcome::Write(Write { table: id, sql, replaces: true, tag, returning: None }))
    }
}
