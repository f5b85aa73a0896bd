//! Tables: CREATE, ALTER.

use super::alter::{owner_to, rename_to};
use super::table_source::Columns;
use super::{Boxed, Command, Context, done, done_with};
use crate::catalog::Id;
use crate::catalog::change::Object;
use crate::catalog::item::{Column, ColumnsShown, Definition, Key, Table, TableFrom};
use crate::catalog::privileges::ObjectKind;
use crate::datum::{Datum, Outcome, SqlError};
use crate::sql::doc::{Doc, bracket, comma, lines, text, titled};
use crate::sql::error::{plan, unsupported, with_code};
use crate::sql::expr::{Expr, expr};
use crate::sql::options::{Options, Value, option_value};
use crate::sql::parser::{Parsed, Parser};
use crate::sql::plan::{Planner, Scope};
use crate::sql::print::{Mode, Printer};
use crate::sql::types::{DataType, data_type};
use crate::transaction::Company;
use serde_json::json;
use std::sync::Arc;

struct CreateTable {
    name: Vec<String>,
    if_not_exists: bool,
    columns: Vec<Column>,
    keys: Vec<Key>,
    /// How many primary keys are the table's own. Those of columns the server does not count.
    primaries: usize,
    options: Options,
}

pub fn create_table(p: &mut Parser, temporary: bool) -> Parsed<Boxed> {
    let if_not_exists = p.if_not_exists()?;
    let name = super::view::new_name(p, temporary)?;
    if temporary && !p.peek().is_some_and(|t| t.is_op("(")) {
        return p.expected("a list of columns in parentheses");
    }
    if p.kws("FROM WEBHOOK") {
        return super::webhook::create_table(p, name, if_not_exists);
    }
    let (mut columns, mut keys, mut primaries) = (Vec::new(), Vec::new(), 0);
    if p.kws("FROM SOURCE") {
        return super::table_source::create(p, name, if_not_exists, Columns::Given(Vec::new()));
    }
    if let Some(names) = names_before_source(p)? {
        return super::table_source::create(p, name, if_not_exists, Columns::Named(names));
    }
    if !p.op("(") {
        return p.expected("a list of columns in parentheses");
    }
    if !p.op(")") {
        loop {
            if let Some(key) = table_key(p)? {
                primaries += usize::from(key.primary);
                keys.push(key);
            } else if p.at_end() || p.peek().is_some_and(|t| t.is_op(")")) {
                return p.expected("column name or constraint definition");
            } else {
                let (column, key) = column_def(p)?;
                keys.extend(key);
                columns.push(column);
            }
            if !p.op(",") {
                break;
            }
        }
        p.expect_op(")")?;
    }
    if p.kws("FROM SOURCE") {
        return super::table_source::create(p, name, if_not_exists, Columns::Given(columns));
    }
    let options = if p.kw("WITH") { table_options(p)? } else { Options::default() };
    Ok(Arc::new(CreateTable { name, if_not_exists, columns, keys, primaries, options }))
}

/// `(a, b) FROM SOURCE`: names without types are only for what comes from a source.
fn names_before_source(p: &mut Parser) -> Parsed<Option<Vec<String>>> {
    let op = |p: &Parser, at: usize, sign: &str| p.peek_at(at).is_some_and(|token| token.is_op(sign));
    if !op(p, 0, "(") || !(op(p, 2, ",") || op(p, 2, ")")) {
        return Ok(None);
    }
    let names = p.paren_list(Parser::ident)?;
    p.expect_kw("FROM")?;
    p.expect_kw("SOURCE")?;
    Ok(Some(names))
}

/// `(RETAIN HISTORY FOR '1h', PARTITION BY (a))` after WITH.
pub fn table_options(p: &mut Parser) -> Parsed<Options> {
    p.paren_list(|p| {
        let name = p.option_name(&["PARTITION BY", "RETAIN HISTORY", "REDACTED"])?;
        if name == "RETAIN HISTORY" {
            return Ok(("RETAIN HISTORY", retain_history(p)?));
        }
        Ok((name, option_value(p)?))
    })
    .map(Options)
}

/// `FOR '1h'` after RETAIN HISTORY; printed as `RETAIN HISTORY = FOR '1h'`.
pub fn retain_history(p: &mut Parser) -> Parsed<Value> {
    p.op("=");
    p.expect_kw("FOR")?;
    let span = p.string()?;
    Ok(Value::Expr(Box::new(Expr::Column(vec![span]))))
}

/// Whether the span of RETAIN HISTORY, where there is one, is a span that the server keeps.
pub fn check_retained(cx: &Context<'_>, options: &Options) -> Result<(), SqlError> {
    let Some(span) = retained(options) else { return Ok(()) };
    let ms = crate::sql::interval::parse_duration("RETAIN HISTORY", span)?;
    cx.catalog.check_retained(ms)
}

/// The span of a RETAIN HISTORY option.
pub fn retained(options: &Options) -> Option<&str> {
    match options.get("RETAIN HISTORY") {
        Some(Value::Expr(e)) => match &**e {
            Expr::Column(parts) => parts.first().map(String::as_str),
            _ => None,
        },
        _ => None,
    }
}

/// WITH options, RETAIN HISTORY among them.
pub fn print_with(p: &Printer, options: &Options) -> Option<Doc> {
    let mut shown = Vec::new();
    for (name, value) in &options.0 {
        match (*name, retained(options)) {
            ("RETAIN HISTORY", Some(span)) => {
                shown.push(format!("RETAIN HISTORY = FOR {}", crate::sql::print::literal(span)))
            }
            _ => shown.push(format!("{name} = {}", value.print(p))),
        }
    }
    (!shown.is_empty()).then(|| text(format!("WITH ({})", shown.join(", "))))
}

fn table_key(p: &mut Parser) -> Parsed<Option<Key>> {
    let name = if p.kw("CONSTRAINT") { Some(p.ident()?) } else { None };
    let primary = p.kws("PRIMARY KEY");
    let unique = p.is_kw("UNIQUE") && p.peek_at(1).is_some_and(|t| t.is_op("("));
    if !primary && !unique {
        return if name.is_some() { p.expected("PRIMARY, UNIQUE, FOREIGN, or CHECK") } else { Ok(None) };
    }
    if !primary {
        p.kw("UNIQUE");
    }
    let columns = p.paren_list(Parser::ident)?;
    Ok(Some(Key { name, primary, columns }))
}

fn column_def(p: &mut Parser) -> Parsed<(Column, Option<Key>)> {
    let name = p.ident()?;
    let ty = data_type(p)?;
    if p.kw("COLLATE") {
        return Err(unsupported("COLLATE"));
    }
    let mut column = Column::new(name, ty, true);
    let mut key = None;
    loop {
        if p.kws("NOT NULL") {
            column.nullable = false;
        } else if p.kw("NULL") {
            column.nullable = true;
        } else if p.kw("DEFAULT") {
            column.default = Some(expr(p)?);
        } else if p.kws("PRIMARY KEY") {
            key = Some(Key { name: None, primary: true, columns: vec![column.name.clone()] });
        } else if p.kw("UNIQUE") {
            key = Some(Key { name: None, primary: false, columns: vec![column.name.clone()] });
        } else if p.at_end() || p.peek().is_some_and(|t| t.is_op(")") || t.is_op(",")) {
            return Ok((column, key));
        } else {
            return p.expected("column option");
        }
    }
}

/// Types and defaults looked up, names all different.
pub fn resolve_columns(cx: &Context<'_>, columns: &mut [Column]) -> Result<(), SqlError> {
    let planner = Planner { catalog: cx.catalog, names: &cx.session.names };
    for i in 0..columns.len() {
        if columns[..i].iter().any(|c| c.name == columns[i].name) {
            return Err(plan(format!("column \"{}\" specified more than once", columns[i].name)));
        }
    }
    for column in columns {
        cx.catalog.resolve_data_type(&cx.session.names, &mut column.ty)?;
        check_modifiers(&column.ty)?;
        if let Some(default) = &mut column.default {
            let query = |e: &Expr| matches!(e, Expr::Subquery(_) | Expr::Exists(_) | Expr::InQuery(..));
            if default.any(&query) {
                return Err(plan("DEFAULT does not allow subqueries"));
            }
            planner.expr(default, &Scope::default())?;
        }
    }
    Ok(())
}

fn check_modifiers(ty: &DataType) -> Result<(), SqlError> {
    let DataType::Named(name, modifiers) = ty else { return Ok(()) };
    match (name.parts.last().map(String::as_str), modifiers.as_slice()) {
        (Some("numeric"), [precision, ..]) if !(1..=39).contains(precision) => {
            Err(plan("precision for type numeric must be between 1 and 39"))
        }
        (Some("timestamp" | "timestamptz"), [precision]) if !(0..=6).contains(precision) => {
            Err(plan("precision for type timestamp or timestamptz must be between 0 and 6"))
        }
        (Some("numeric"), [precision, scale]) if scale > precision || *scale < 0 => {
            Err(plan(format!("scale for type numeric must be between 0 and precision {precision}")))
        }
        (Some(n @ ("varchar" | "bpchar" | "char")), [length]) if !(1..=10_485_760).contains(length) => {
            let n = if n == "varchar" { "character varying" } else { "character" };
            Err(plan(format!("length for type {n} must be between 1 and 10485760")))
        }
        _ => Ok(()),
    }
}

impl Command for CreateTable {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let mut columns = self.columns.clone();
        resolve_columns(cx, &mut columns)?;
        if self.primaries > 1 {
            let name = Printer::new(cx.catalog, Mode::Stable).idents(&self.name);
            return Err(plan(format!("multiple primary keys for table {name} are not allowed")));
        }
        for key in &self.keys {
            if let Some(missing) = key.columns.iter().find(|k| !columns.iter().any(|c| c.name == **k)) {
                return Err(plan(format!("unknown column in constraint: {missing}")));
            }
            if key.primary {
                columns.iter_mut().filter(|c| key.columns.contains(&c.name)).for_each(|c| c.nullable = false);
            }
        }
        check_retained(cx, &self.options)?;
        if self.options.get("PARTITION BY").is_some() {
            cx.catalog.require("enable_collection_partition_by")?;
        }
        let table = Table { columns, keys: self.keys.clone(), version: 0, from: None, options: self.options.clone() };
        let definition = Definition::Table(table);
        let (schema, name, taken) = super::types::place(cx, &self.name, self.if_not_exists, &definition)?;
        if taken {
            return done_with("CREATE TABLE", format!("table \"{name}\" already exists, skipping"));
        }
        cx.catalog.check_room_for(schema, &definition)?;
        if schema.is_temporary() {
            cx.catalog.make_temporary(schema, cx.session.role);
        }
        let id = cx.catalog.new_item_id();
        cx.catalog.insert_item(id, schema, name, cx.session.role, definition);
        done("CREATE TABLE")
    }
}

/// The columns and keys between the brackets of a CREATE.
pub fn print_columns(p: &Printer, columns: &[Column], keys: &[Key]) -> Doc {
    let column = |c: &Column| {
        let mut out = format!("{} {}", p.ident(&c.name), p.data_type(&c.ty));
        if !c.nullable {
            out += " NOT NULL";
        }
        if let Some(default) = &c.default {
            out += &format!(" DEFAULT {}", p.expr_line(default));
        }
        if c.added > 0 {
            out += &format!(" VERSION ADDED {}", c.added);
        }
        text(out)
    };
    let key = |k: &Key| {
        let name = k.name.as_ref().map_or(String::new(), |n| format!("CONSTRAINT {} ", p.ident(n)));
        let columns: Vec<String> = k.columns.iter().map(|c| p.ident(c)).collect();
        text(format!("{name}{} ({})", if k.primary { "PRIMARY KEY" } else { "UNIQUE" }, columns.join(", ")))
    };
    bracket("(", comma(columns.iter().map(column).chain(keys.iter().map(key))), ")")
}

pub fn print(p: &Printer, id: Id, t: &Table) -> Doc {
    let name = p.idents(&p.catalog.full_name(id));
    match &t.from {
        None => {
            let mut inner = text(name).then(Doc::Line.then(print_columns(p, &t.columns, &t.keys)).nest());
            if let Some(with) = print_with(p, &t.options) {
                inner = Doc::Cat(vec![inner, Doc::Line, with]);
            }
            titled(if p.catalog.is_temporary(id) { "CREATE TEMPORARY TABLE" } else { "CREATE TABLE" }, inner)
        }
        Some(TableFrom::Webhook(w)) => {
            let mut parts = vec![text(format!("CREATE TABLE {name}")), text("FROM WEBHOOK")];
            parts.extend(super::webhook::print(p, w));
            lines(parts).group()
        }
        Some(TableFrom::Source { source, reference, ingest, shown }) => {
            let mut title = text(format!("CREATE TABLE {name}"));
            match shown {
                ColumnsShown::Nothing => {}
                ColumnsShown::Names(count) => {
                    let names: Vec<String> = t.columns.iter().take(*count).map(|c| p.ident(&c.name)).collect();
                    title = Doc::Cat(vec![title, text(format!(" ({})", names.join(", ")))]);
                }
                ColumnsShown::Definitions => {
                    title = Doc::Cat(vec![title, text(" "), print_columns(p, &t.columns, &t.keys)]);
                }
            }
            let from = format!("FROM SOURCE {} (REFERENCE = {})", p.item(*source), p.idents(reference));
            let mut parts = vec![title, text(from)];
            parts.extend(super::source_formats::print(p, ingest));
            parts.extend(print_with(p, &t.options));
            lines(parts).group()
        }
    }
}

enum TableChange {
    AddColumn(Box<Column>, bool),
    Retain(Option<Value>),
}
struct AlterTable {
    kind: ObjectKind,
    name: Vec<String>,
    if_exists: bool,
    change: TableChange,
}

pub fn alter_table(p: &mut Parser) -> Parsed<Boxed> {
    let if_exists = p.if_exists()?;
    let name = p.name()?;
    let kind = ObjectKind::Table;
    let change = match p.expect_one_of(&["SET", "RENAME", "OWNER", "RESET", "ADD"])? {
        "OWNER" => return owner_to(p, kind, name, if_exists),
        "RENAME" => return rename_to(p, kind, name, if_exists),
        "ADD" => {
            p.expect_kw("COLUMN")?;
            let if_not_exists = p.if_not_exists()?;
            let column = p.ident()?;
            TableChange::AddColumn(Box::new(Column::new(column, data_type(p)?, true)), if_not_exists)
        }
        set_or_reset => return retain(p, kind, name, if_exists, set_or_reset == "SET"),
    };
    Ok(Arc::new(AlterTable { kind, name, if_exists, change }))
}

/// `SET (RETAIN HISTORY FOR …)` and `RESET (RETAIN HISTORY)` of any kind that has it.
pub fn retain(p: &mut Parser, kind: ObjectKind, name: Vec<String>, if_exists: bool, set: bool) -> Parsed<Boxed> {
    p.expect_op("(")?;
    p.expect_kw("RETAIN HISTORY")?;
    let value = if set { Some(retain_history(p)?) } else { None };
    p.expect_op(")")?;
    Ok(Arc::new(AlterTable { kind, name, if_exists, change: TableChange::Retain(value) }))
}

impl Command for AlterTable {
    fn company(&self) -> Company {
        Company::None
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let tag = super::alter::tag(self.kind);
        let id = match cx.catalog.resolve_kind(&cx.session.names, &self.name, self.kind) {
            Ok(id) => id,
            Err(_) if self.if_exists => return done(tag),
            Err(e) => return Err(e),
        };
        super::alter::check_not_system(cx, Object::Item(id))?;
        cx.catalog.check_owner(cx.session, Object::Item(id))?;
        match &self.change {
            TableChange::Retain(value) => {
                let given = Options(value.iter().map(|v| ("RETAIN HISTORY", v.clone())).collect());
                check_retained(cx, &given)?;
                let shown = |options: &Options| retained(options).map(crate::sql::print::literal);
                let (mut old, new) = (None, shown(&given));
                if let Some(options) = cx.catalog.items.get_mut(&id).and_then(|i| i.definition.with_options()) {
                    old = shown(options).map(|span| format!("FOR {span}"));
                    match value {
                        Some(value) => options.set("RETAIN HISTORY", value.clone()),
                        None => options.remove("RETAIN HISTORY"),
                    }
                }
                let details = json!({ "id": id.to_string(), "old_history": old, "new_history": new });
                cx.catalog.note_altered_with(id, details);
            }
            TableChange::AddColumn(column, if_not_exists) => {
                cx.catalog.require("enable_alter_table_add_column")?;
                let mut column = (**column).clone();
                resolve_columns(cx, std::slice::from_mut(&mut column))?;
                let dotted = cx.catalog.dotted(id);
                let details = json!({
                    "id": id.to_string(), "column": column.name, "column_type": cx.catalog.type_long(&column.ty),
                    "nullable": column.nullable,
                });
                if let Some(item) = cx.catalog.items.get_mut(&id)
                    && let Definition::Table(table) = &mut item.definition
                {
                    if table.from.is_some() {
                        return Err(plan(format!("cannot add a column to {dotted}: it is read from a source")));
                    }
                    if table.columns.iter().any(|c| c.name == column.name) {
                        if *if_not_exists {
                            return done_with(
                                tag,
                                format!(
                                    "column \"{}\" of relation \"{}\" already exists, skipping",
                                    column.name, item.name
                                ),
                            );
                        }
                        return Err(with_code(
                            "42701",
                            format!("column \"{}\" of relation \"{}\" already exists", column.name, item.name),
                        ));
                    }
                    table.version += 1;
                    column.added = table.version;
                    table.columns.push(column);
                    // Others say which version they read.
                    cx.catalog.renamed += 1;
                }
                for row in cx.catalog.data.get_mut(&id).into_iter().flatten() {
                    row.push(Datum::Null);
                }
                cx.catalog.relink(id);
                cx.catalog.note_altered_with(id, details);
            }
        }
        done(tag)
    }
}
