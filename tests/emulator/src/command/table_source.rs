//! CREATE TABLE … FROM SOURCE.

use super::{Boxed, Command, Context, done, done_with, source_formats, source_upstream};
use crate::catalog::item::{Column, ColumnsShown, Definition, Ingest, SourceFrom, Table, TableFrom};
use crate::datum::{Outcome, SqlError};
use crate::sql::error::plan;
use crate::sql::options::{Options, Value, flag_value};
use crate::sql::parser::{Parsed, Parser};
use crate::transaction::Company;
use std::sync::Arc;

struct CreateTableFromSource {
    name: Vec<String>,
    if_not_exists: bool,
    columns: Columns,
    source: Vec<String>,
    reference: Option<Vec<String>>,
    ingest: Ingest,
    options: Options,
}

/// What the statement says of the columns before FROM SOURCE.
pub enum Columns {
    Given(Vec<Column>),
    Named(Vec<String>),
}

/// The statement from behind FROM SOURCE.
pub fn create(p: &mut Parser, name: Vec<String>, if_not_exists: bool, columns: Columns) -> Parsed<Boxed> {
    let source = p.name()?;
    let mut reference = None;
    if p.op("(") {
        p.expect_kw("REFERENCE")?;
        p.op("=");
        reference = Some(p.name()?);
        p.expect_op(")")?;
    }
    let ingest = source_formats::ingest(p)?;
    let mut options = Options::default();
    if p.kw("WITH") {
        options = p
            .paren_list(|p| {
                let name =
                    p.option_name(&["TEXT COLUMNS", "EXCLUDE COLUMNS", "DETAILS", "PARTITION BY", "RETAIN HISTORY"])?;
                let value = if name == "RETAIN HISTORY" { super::table::retain_history(p)? } else { flag_value(p)? };
                Ok((name, value))
            })
            .map(Options)?;
    }
    Ok(Arc::new(CreateTableFromSource { name, if_not_exists, columns, source, reference, ingest, options }))
}

fn listed(options: &Options, name: &str) -> Vec<String> {
    match options.get(name) {
        Some(Value::List(list)) => {
            let one = |v: &Value| if let Value::Ident(parts) = v { parts.last().cloned() } else { None };
            list.iter().filter_map(one).collect()
        }
        _ => Vec::new(),
    }
}

impl Command for CreateTableFromSource {
    fn company(&self) -> Company {
        Company::Changes
    }

    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let id = cx.catalog.resolve_item(&cx.session.names, &self.source)?;
        let Some(Definition::Source(source)) = cx.catalog.items.get(&id).map(|i| &i.definition) else {
            return Err(plan(format!("{} is not a source", cx.catalog.dotted(id))));
        };
        let reference = match (&self.reference, source.references.as_slice()) {
            (Some(parts), references) => source_upstream::find(references, parts)?,
            (None, [only]) => only,
            (None, _) => return Err(plan("multi-output sources require an external reference")),
        };
        let mut ingest = self.ingest.clone();
        let (text, exclude) = (listed(&self.options, "TEXT COLUMNS"), listed(&self.options, "EXCLUDE COLUMNS"));
        let mut options = self.options.clone();
        let (mut columns, details, mut shown) = match &source.from {
            SourceFrom::Connection { kind: "KAFKA", .. } => {
                if ingest.format.is_none() {
                    return Err(plan("Source format must be specified"));
                }
                source_formats::resolve(cx, &mut ingest, reference.path.last().map(String::as_str))?;
                (source_formats::columns(cx.catalog, &ingest)?, reference.details.clone(), ColumnsShown::Nothing)
            }
            SourceFrom::Connection { .. } => {
                let (columns, details) = source_upstream::apply(cx, reference, &text, &exclude)?;
                (columns, details, ColumnsShown::Definitions)
            }
            SourceFrom::LoadGenerator { generator, .. } => {
                let shown = if reference.columns.is_some() { ColumnsShown::Definitions } else { ColumnsShown::Nothing };
                let columns = reference
                    .columns
                    .clone()
                    .unwrap_or_else(|| super::source_generators::output(cx.catalog, generator));
                (columns, reference.details.clone(), shown)
            }
            _ => return Err(plan(format!("{} is not a source that tables can read from", cx.catalog.dotted(id)))),
        };
        match &self.columns {
            Columns::Given(given) if given.is_empty() => {}
            Columns::Given(given) => {
                let mut given = given.clone();
                super::table::resolve_columns(cx, &mut given)?;
                let shape =
                    |c: &[Column]| c.iter().map(|c| (c.name.clone(), cx.catalog.type_long(&c.ty))).collect::<Vec<_>>();
                if shape(&given) != shape(&columns) {
                    return Err(plan("the columns given do not match those of the source"));
                }
            }
            Columns::Named(_) if shown == ColumnsShown::Definitions => {
                let which = match source.from {
                    SourceFrom::Connection { kind: "POSTGRES", .. } => "Postgres",
                    SourceFrom::Connection { kind: "MYSQL", .. } => "MySQL",
                    SourceFrom::Connection { .. } => "SQL Server",
                    _ => "multi-output load generator",
                };
                return Err(plan(format!("columns cannot be named for {which} sources")));
            }
            Columns::Named(names) => {
                let what = format!("source table {}", self.name.join("."));
                super::source_rules::rename(&what, &mut columns, names, false)?;
                shown = ColumnsShown::Names(names.len());
            }
        }
        cx.catalog.require("enable_create_table_from_source")?;
        super::table::check_retained(cx, &options)?;
        options.set("DETAILS", Value::Str(details));
        let keys =
            reference.keys.iter().filter(|k| k.columns.iter().all(|n| columns.iter().any(|c| c.name == *n))).cloned();
        let from = TableFrom::Source { source: id, reference: reference.path.clone(), ingest, shown };
        let table = Table { keys: keys.collect(), columns, version: 0, from: Some(from), options };
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
