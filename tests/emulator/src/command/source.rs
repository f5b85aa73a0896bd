//! Sources: CREATE and ALTER.

use super::source_generators::GENERATORS;
use super::{
    Boxed, Command, Context, done, done_with, source_formats, source_generators, source_rules, source_upstream, webhook,
};
use crate::catalog::change::{Object, now_ms};
use crate::catalog::item::{Column, Definition, Envelope, Ingest, Key, Reference, Source, SourceFrom};
use crate::catalog::limits::New;
use crate::catalog::privileges::AclMode;
use crate::catalog::{Catalog, Id};
use crate::datum::{Outcome, SqlError};
use crate::sql::doc::{Doc, lines, text, titled};
use crate::sql::error::plan;
use crate::sql::options::{Options, Value, flag_value, print_list};
use crate::sql::parser::{Parsed, Parser};
use crate::sql::print::{Mode, Printer, literal};
use crate::transaction::Company;
use std::sync::Arc;

/// Where a source reads from, as written.
enum From {
    LoadGenerator(&'static str, Options),
    Connection(&'static str, Vec<String>, Options),
    Webhook(webhook::Written),
}

/// References of upstream tables, and the names that their subsources get.
pub type TableList = Vec<(Vec<String>, Option<Vec<String>>)>;

/// Which tables of the upstream become subsources.
enum Tables {
    None,
    All,
    Schemas(Vec<String>),
    /// reference, name
    Some(TableList),
}

struct CreateSource {
    name: Vec<String>,
    if_not_exists: bool,
    columns: Vec<String>,
    key: Option<Vec<String>>,
    cluster: Option<String>,
    from: From,
    ingest: Ingest,
    tables: Tables,
    progress: Option<Vec<String>>,
    with: Options,
}

const GENERATOR_OPTIONS: &[&str] = &[
    "SCALE FACTOR", "TICK INTERVAL", "AS OF", "UP TO", "MAX CARDINALITY", "KEYS", "SNAPSHOT ROUNDS",
    "TRANSACTIONAL SNAPSHOT", "VALUE SIZE", "SEED", "PARTITIONS", "BATCH SIZE",
];
const KAFKA_OPTIONS: &[&str] =
    &["GROUP ID PREFIX", "TOPIC", "TOPIC METADATA REFRESH INTERVAL", "START OFFSET", "START TIMESTAMP"];
const DATABASE_OPTIONS: &[&str] = &["DETAILS", "PUBLICATION", "TEXT COLUMNS", "EXCLUDE COLUMNS", "IGNORE COLUMNS"];

pub fn create_source(p: &mut Parser) -> Parsed<Boxed> {
    let if_not_exists = p.if_not_exists()?;
    let name = p.name()?;
    let (columns, key) = columns(p)?;
    let cluster = if p.kws("IN CLUSTER") { Some(p.ident()?) } else { None };
    p.expect_kw("FROM")?;
    let from = match p.expect_one_of(&["KAFKA", "POSTGRES", "SQL", "MYSQL", "LOAD", "WEBHOOK"])? {
        "WEBHOOK" => From::Webhook(webhook::webhook(p)?),
        "LOAD" => {
            p.expect_kw("GENERATOR")?;
            let generator = match p.expect_one_of(&GENERATORS)? {
                "KEY" => {
                    p.expect_kw("VALUE")?;
                    "KEY VALUE"
                }
                generator => generator,
            };
            From::LoadGenerator(generator, bracketed(p, GENERATOR_OPTIONS)?)
        }
        kind => {
            let kind = if kind == "SQL" {
                p.expect_kw("SERVER")?;
                "SQL SERVER"
            } else {
                kind
            };
            p.expect_kw("CONNECTION")?;
            let connection = p.name()?;
            let options = bracketed(p, if kind == "KAFKA" { KAFKA_OPTIONS } else { DATABASE_OPTIONS })?;
            From::Connection(kind, connection, options)
        }
    };
    let ingest = source_formats::ingest(p)?;
    let tables = if p.kws("FOR ALL TABLES") {
        Tables::All
    } else if p.kws("FOR TABLES") {
        Tables::Some(table_list(p)?)
    } else if p.kws("FOR SCHEMAS") {
        Tables::Schemas(p.paren_list(Parser::ident)?)
    } else {
        Tables::None
    };
    let progress = if p.kws("EXPOSE PROGRESS AS") { Some(p.name()?) } else { None };
    let mut with = Options::default();
    if p.kw("WITH") {
        with = p
            .paren_list(|p| {
                let name = p.option_name(&["IGNORE KEYS", "RETAIN HISTORY", "TIMELINE", "TIMESTAMP INTERVAL"])?;
                let value = if name == "RETAIN HISTORY" { super::table::retain_history(p)? } else { flag_value(p)? };
                Ok((name, value))
            })
            .map(Options)?;
    }
    Ok(Arc::new(CreateSource { name, if_not_exists, columns, key, cluster, from, ingest, tables, progress, with }))
}

/// `(a, b, PRIMARY KEY (a) NOT ENFORCED)` behind the name.
fn columns(p: &mut Parser) -> Parsed<(Vec<String>, Option<Vec<String>>)> {
    let (mut columns, mut key) = (Vec::new(), None);
    if !p.op("(") {
        return Ok((columns, key));
    }
    loop {
        if p.kws("PRIMARY KEY") {
            key = Some(p.paren_list(Parser::ident)?);
            p.expect_kw("NOT ENFORCED")?;
            break;
        }
        columns.push(p.ident()?);
        if !p.op(",") {
            break;
        }
    }
    p.expect_op(")")?;
    Ok((columns, key))
}

fn bracketed(p: &mut Parser, names: &[&'static str]) -> Parsed<Options> {
    if p.peek().is_some_and(|t| t.is_op("(")) { crate::sql::options::options(p, names) } else { Ok(Options::default()) }
}

fn table_list(p: &mut Parser) -> Parsed<TableList> {
    p.expect_op("(")?;
    let tables = p.list(|p| {
        let reference = p.name()?;
        let name = if p.kw("AS") || p.kw("INTO") { Some(p.name()?) } else { None };
        Ok((reference, name))
    })?;
    p.expect_op(")")?;
    Ok(tables)
}

/// The name, with a number behind it when it is taken.
pub fn free_name(catalog: &Catalog, schema: Id, base: &str) -> String {
    let free = |n: &String| catalog.taken(schema, n).is_none();
    std::iter::once(base.to_owned()).chain((1..).map(|i| format!("{base}{i}"))).find(free).unwrap_or_default()
}

/// The columns of a source's progress.
fn progress_columns(catalog: &Catalog, from: &SourceFrom) -> Vec<Column> {
    source_generators::columns(
        catalog,
        match from {
            SourceFrom::Connection { kind: "KAFKA", .. } => "partition:numrange offset:uint8?",
            SourceFrom::Connection { kind: "POSTGRES", .. } => "lsn:uint8?",
            SourceFrom::Connection { kind: "MYSQL", .. } => {
                "source_id_lower:uuid source_id_upper:uuid transaction_id:uint8?"
            }
            SourceFrom::Connection { .. } => "lsn:bytea?",
            _ => "offset:uint8?",
        },
    )
}

/// The names of the columns of one table that an option lists as `schema.table.column`, or bare.
fn of_table(options: &Options, name: &str, reference: &Reference) -> Vec<String> {
    let Some(Value::List(list)) = options.get(name) else { return Vec::new() };
    let one = |v: &Value| match v {
        Value::Ident(parts) => match parts.split_last() {
            Some((column, table)) if reference.path.ends_with(table) => Some(column.clone()),
            _ => None,
        },
        _ => None,
    };
    list.iter().filter_map(one).collect()
}

/// What an option lists, with the table's full path: `shop.public.customers.note`.
pub fn qualify(options: &mut Options, references: &[Reference]) -> Result<(), SqlError> {
    // IGNORE COLUMNS is the old word.
    for (name, _) in &mut options.0 {
        if *name == "IGNORE COLUMNS" {
            *name = "EXCLUDE COLUMNS";
        }
    }
    for (name, value) in &mut options.0 {
        let ("TEXT COLUMNS" | "EXCLUDE COLUMNS", Value::List(list)) = (*name, value) else { continue };
        for v in list.iter_mut() {
            if let Value::Ident(parts) = v
                && let Some((column, table)) = parts.split_last()
            {
                if table.is_empty() {
                    return Err(plan(format!(
                        "invalid {name} option value: column name '{column}' must have at least a table qualification"
                    )));
                }
                let found = source_upstream::find(references, table)
                    .map_err(|_| plan(format!("invalid {name} option value: {} not found", parts.join("."))))?;
                let full: Vec<String> = found.path.iter().cloned().chain([column.clone()]).collect();
                *parts = full;
            }
        }
        list.sort_by_key(|v| if let Value::Ident(parts) = v { parts.clone() } else { Vec::new() });
    }
    Ok(())
}

/// A subsource to be made: its schema, name, table and columns.
pub struct Planned {
    pub schema: Id,
    name: String,
    reference: Reference,
    columns: Vec<Column>,
    details: String,
    options: Options,
}

pub fn plan_subsource(
    cx: &Context<'_>,
    schema: Id,
    name: Option<&[String]>,
    reference: &Reference,
    options: &Options,
    database: bool,
) -> Result<Planned, SqlError> {
    let (schema, name) = match name {
        Some([only]) => (schema, only.clone()),
        Some(parts) => cx.catalog.resolve_new(&cx.session.names, parts)?,
        None => (schema, reference.name.clone()),
    };
    if let Some(taken) = cx.catalog.taken(schema, &name) {
        return Err(super::types::already_exists(cx, taken));
    }
    cx.catalog.check_create_in(cx.session, schema)?;
    let (text, exclude) =
        (of_table(options, "TEXT COLUMNS", reference), of_table(options, "EXCLUDE COLUMNS", reference));
    let (columns, details) = match database {
        true => source_upstream::apply(cx, reference, &text, &exclude)?,
        false => (reference.columns.clone().unwrap_or_default(), reference.details.clone()),
    };
    let mut shown = Options::default();
    for (name, list) in [("TEXT COLUMNS", text), ("EXCLUDE COLUMNS", exclude)] {
        if !list.is_empty() {
            shown.0.push((name, Value::List(list.into_iter().map(|c| Value::Ident(vec![c])).collect())));
        }
    }
    Ok(Planned { schema, name, reference: reference.clone(), columns, details, options: shown })
}

/// A subsource as far as limits are concerned.
pub fn subsource_of(planned: &Planned) -> Definition {
    let from = SourceFrom::Subsource {
        of: planned.schema,
        reference: planned.reference.path.clone(),
        details: String::new(),
        options: Options::default(),
    };
    Definition::Source(Box::new(Source { kind: "subsource", ..bare(from) }))
}

pub fn insert_subsource(cx: &mut Context<'_>, source: Id, cluster: Option<Id>, owner: Id, planned: Planned) {
    let id = cx.catalog.new_item_id();
    let from = SourceFrom::Subsource {
        of: source,
        reference: planned.reference.path,
        details: planned.details,
        options: planned.options,
    };
    let keys: Vec<Key> = planned.reference.keys;
    let subsource = Source { kind: "subsource", cluster, columns: planned.columns, keys, ..bare(from) };
    cx.catalog.insert_item(id, planned.schema, planned.name, owner, Definition::Source(Box::new(subsource)));
}

fn bare(from: SourceFrom) -> Source {
    Source {
        kind: "progress",
        cluster: None,
        columns: Vec::new(),
        keys: Vec::new(),
        from,
        ingest: Ingest::default(),
        progress: None,
        with: Options::default(),
        references: Vec::new(),
        all_tables: false,
        names: Vec::new(),
        key: None,
    }
}

impl CreateSource {
    /// What the server may have switched off.
    fn check_features(&self, cx: &Context<'_>) -> Result<(), SqlError> {
        let flags = [
            match &self.from {
                From::LoadGenerator("CLOCK", _) => Some("enable_load_generator_clock"),
                From::LoadGenerator("COUNTER", _) => Some("enable_load_generator_counter"),
                From::LoadGenerator("DATUMS", _) => Some("enable_load_generator_datums"),
                From::LoadGenerator("KEY VALUE", _) => Some("enable_load_generator_key_value"),
                From::Connection("SQL SERVER", ..) => Some("enable_sql_server_source"),
                _ => None,
            },
            match &self.ingest.envelope {
                Some(Envelope::Materialize) => Some("enable_envelope_materialize"),
                Some(Envelope::Upsert(Some(_))) => Some("enable_envelope_upsert_inline_errors"),
                _ => None,
            },
            self.key.as_ref().map(|_| "enable_primary_key_not_enforced"),
        ];
        flags.into_iter().flatten().try_for_each(|flag| cx.catalog.require(flag))
    }

    /// The source with its names looked up; its upstream asked for its tables.
    fn plan(&self, cx: &Context<'_>) -> Result<Source, SqlError> {
        let mut ingest = self.ingest.clone();
        self.check_features(cx)?;
        super::table::check_retained(cx, &self.with)?;
        let mut out = match &self.from {
            From::Webhook(w) => {
                let webhook = w.resolve(cx)?;
                let columns = webhook::columns(cx.catalog, &webhook);
                Source { kind: "webhook", columns, ..bare(SourceFrom::Webhook(webhook)) }
            }
            From::LoadGenerator(generator, options) => {
                let mut options = options.clone();
                options.once()?;
                source_rules::no_formats(&ingest, "load generator", *generator == "KEY VALUE", true)?;
                source_rules::generator(generator, &options, &ingest)?;
                if *generator == "CLOCK" && options.get("AS OF").is_none() {
                    options.set("AS OF", Value::Number(now_ms().to_string()));
                }
                let (references, several) = source_generators::references(cx.catalog, generator);
                let columns = match several || (ingest.envelope.is_none() && self.progress.is_none()) {
                    true => Vec::new(),
                    false => source_generators::output(cx.catalog, generator),
                };
                if !several {
                    self.no_tables(["FOR TABLES (..) unsupported", "FOR SCHEMAS (..) unsupported"])?;
                }
                Source {
                    kind: "load-generator",
                    columns,
                    references,
                    ..bare(SourceFrom::LoadGenerator { generator, options })
                }
            }
            From::Connection(kind, name, options) => {
                self.plan_connection(cx, kind, name, options.clone(), &mut ingest)?
            }
        };
        out.ingest = ingest;
        out.with = self.with.clone();
        if let Some(value) = out.with.get("TIMESTAMP INTERVAL") {
            check_interval(cx, value)?;
        }
        let what = format!("source {}", self.name.join("."));
        source_rules::rename(&what, &mut out.columns, &self.columns, false)?;
        out.names.clone_from(&self.columns);
        if let Some(key) = &self.key {
            source_rules::key(key, &out.columns)?;
            out.keys = vec![Key { name: None, primary: true, columns: key.clone() }];
            out.key = Some(key.clone());
        }
        if out.columns.is_empty() && matches!(self.tables, Tables::None) && out.ingest.format.is_none() {
            out.columns = progress_columns(cx.catalog, &out.from);
        }
        Ok(out)
    }

    fn plan_connection(
        &self,
        cx: &Context<'_>,
        kind: &'static str,
        name: &[String],
        mut options: Options,
        ingest: &mut Ingest,
    ) -> Result<Source, SqlError> {
        let id = cx.catalog.resolve_item(&cx.session.names, name)?;
        let connection = match cx.catalog.items.get(&id).map(|i| &i.definition) {
            Some(Definition::Connection(c)) if c.kind == kind => c,
            _ => return Err(plan(format!("{} is not a {} connection", cx.catalog.dotted(id), kind.to_lowercase()))),
        };
        options.once()?;
        let lower = match kind {
            "KAFKA" => "kafka",
            "POSTGRES" => "postgres",
            "MYSQL" => "mysql",
            _ => "sql-server",
        };
        if kind == "KAFKA" {
            let Some(topic) = options.text("TOPIC")? else { return Err(plan("KAFKA CONNECTION without TOPIC")) };
            if let Some(start) = options.get("START OFFSET")
                && !matches!(start, Value::List(_))
            {
                options.set("START OFFSET", Value::List(vec![start.clone()]));
            }
            let single = "is only valid for multi-output sources";
            self.no_tables([&format!("FOR TABLES (..) {single}"), &format!("FOR SCHEMAS (..) {single}")])?;
            super::connection_check::reach(cx.catalog, connection)?;
            if !cx.catalog.upstreams.kafka.iter().any(|k| k.topics.contains(&topic)) {
                return Err(plan("Topic does not exist"));
            }
            source_formats::resolve(cx, ingest, Some(&topic))?;
            source_rules::kafka(&options, ingest)?;
            let columns = source_formats::columns(cx.catalog, ingest)?;
            let keys = upsert_key(cx, ingest)?;
            let reference = Reference {
                path: vec![topic.clone()],
                namespace: None,
                name: topic,
                columns: None,
                keys: Vec::new(),
                details: "2200".into(),
            };
            let from = SourceFrom::Connection { kind, connection: id, options };
            return Ok(Source { kind: lower, columns, keys, references: vec![reference], ..bare(from) });
        }
        let called = match kind {
            "POSTGRES" => "Postgres",
            "MYSQL" => "MySQL",
            _ => "SQL Server",
        };
        source_rules::no_formats(ingest, called, false, false)?;
        let references = source_upstream::references(cx, connection, &options)?;
        qualify(&mut options, &references)?;
        if kind == "POSTGRES" {
            let database = connection.options.text("DATABASE")?.unwrap_or_default();
            options.set("DETAILS", Value::Str(source_upstream::source_details(&database)));
        }
        Ok(Source { kind: lower, references, ..bare(SourceFrom::Connection { kind, connection: id, options }) })
    }

    /// Refuses tables for what has one output.
    fn no_tables(&self, messages: [&str; 2]) -> Result<(), SqlError> {
        match self.tables {
            Tables::None => Ok(()),
            Tables::All => Err(plan("FOR ALL TABLES is only valid for multi-output sources")),
            Tables::Some(_) => Err(plan(messages[0])),
            Tables::Schemas(_) => Err(plan(messages[1])),
        }
    }

    /// The subsources that were asked for.
    fn subsources(&self, cx: &Context<'_>, schema: Id, source: &Source) -> Result<Vec<Planned>, SqlError> {
        let (options, database) = match &source.from {
            SourceFrom::Connection { options, .. } => (options.clone(), true),
            _ => (Options::default(), false),
        };
        let one = |r: &Reference, name: Option<&[String]>| plan_subsource(cx, schema, name, r, &options, database);
        let planned: Vec<Planned> = match &self.tables {
            Tables::None => Vec::new(),
            Tables::All => source.references.iter().map(|r| one(r, None)).collect::<Result<_, _>>()?,
            Tables::Schemas(schemas) => {
                let of = source.references.iter().filter(|r| r.namespace.as_ref().is_some_and(|n| schemas.contains(n)));
                of.map(|r| one(r, None)).collect::<Result<_, _>>()?
            }
            Tables::Some(list) => {
                let find = |(reference, name): &(Vec<String>, Option<Vec<String>>)| {
                    one(source_upstream::find(&source.references, reference)?, name.as_deref())
                };
                list.iter().map(find).collect::<Result<_, SqlError>>()?
            }
        };
        for (i, p) in planned.iter().enumerate() {
            if planned[..i].iter().any(|q| (q.schema, &q.name) == (p.schema, &p.name)) {
                return Err(plan(format!("multiple subsources would be named {}", p.name)));
            }
        }
        Ok(planned)
    }
}

/// What identifies the rows of a stream that is read with ENVELOPE UPSERT.
fn upsert_key(cx: &Context<'_>, ingest: &Ingest) -> Result<Vec<Key>, SqlError> {
    if !matches!(ingest.envelope, Some(Envelope::Upsert(_))) {
        return Ok(Vec::new());
    }
    let columns: Vec<String> =
        source_formats::key_columns(cx.catalog, ingest)?.into_iter().map(|column| column.name).collect();
    Ok(if columns.is_empty() { Vec::new() } else { vec![Key { name: None, primary: false, columns }] })
}

pub fn check_interval(cx: &Context<'_>, value: &Value) -> Result<(), SqlError> {
    let (Value::Str(text) | Value::Interval(text)) = value else {
        return Err(plan("invalid TIMESTAMP INTERVAL: cannot use value as interval"));
    };
    let ms = crate::sql::interval::parse_duration("TIMESTAMP INTERVAL", text)?;
    let bound = |name: &str| {
        let value = cx.catalog.parameters.get(name).map(|p| p.value.clone()).unwrap_or_default();
        crate::catalog::parameter_values::duration_ms(&value).unwrap_or(1000)
    };
    let (low, high) = (bound("min_timestamp_interval"), bound("max_timestamp_interval"));
    if !(low..=high).contains(&ms) {
        return Err(plan(format!("invalid timestamp interval of {ms}ms, must be in the range [{low}ms, {high}ms]")));
    }
    Ok(())
}

impl Command for CreateSource {
    fn company(&self) -> Company {
        Company::Changes
    }

    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        const TAG: &str = "CREATE SOURCE";
        let cluster = cx.cluster_or_default(self.cluster.as_deref())?;
        let mut source = self.plan(cx)?;
        let definition = Definition::Source(Box::new(source.clone()));
        let (schema, name, taken) = super::types::place(cx, &self.name, self.if_not_exists, &definition)?;
        if taken {
            return done_with(TAG, format!("source \"{name}\" already exists, skipping"));
        }
        if !cluster.is_user() {
            return Err(plan(format!("system cluster '{}' cannot be modified", cx.catalog.cluster_name(cluster))));
        }
        cx.catalog.check_privilege(cx.session, Object::Cluster(cluster), AclMode::CREATE)?;
        let subsources = self.subsources(cx, schema, &source)?;
        source.cluster = Some(cluster);
        source.all_tables = matches!(self.tables, Tables::All);
        // A source that gives rows itself, or through subsources, shows its progress apart.
        let own = !matches!(self.tables, Tables::None) || source.ingest.format.is_some() || self.progress.is_some();
        let own = own || (matches!(source.from, SourceFrom::LoadGenerator { .. }) && source.ingest.envelope.is_some());
        let owner = cx.session.role;
        let mut progress = None;
        if own && !matches!(source.from, SourceFrom::Webhook(_)) {
            let (progress_schema, progress_name) = match &self.progress {
                Some(parts) => {
                    let (schema, name) = cx.catalog.resolve_new(&cx.session.names, parts)?;
                    if let Some(taken) = cx.catalog.taken(schema, &name) {
                        return Err(super::types::already_exists(cx, taken));
                    }
                    (schema, name)
                }
                None => (schema, free_name(cx.catalog, schema, &format!("{name}_progress"))),
            };
            let columns = progress_columns(cx.catalog, &source.from);
            let definition = Definition::Source(Box::new(Source { columns, ..bare(SourceFrom::Progress) }));
            progress = Some((progress_schema, progress_name, definition));
        }
        let whole = Definition::Source(Box::new(source.clone()));
        let parts: Vec<(Id, Definition)> = subsources.iter().map(|s| (s.schema, subsource_of(s))).collect();
        let mut new = vec![New::Item(schema, &whole)];
        new.extend(progress.iter().map(|(schema, _, definition)| New::Item(*schema, definition)));
        new.extend(parts.iter().map(|(schema, definition)| New::Item(*schema, definition)));
        cx.catalog.check_room(&new)?;
        if let Some((schema, name, definition)) = progress {
            let id = cx.catalog.new_item_id();
            cx.catalog.insert_item(id, schema, name, owner, definition);
            source.progress = Some(id);
        }
        let id = cx.catalog.new_item_id();
        cx.catalog.insert_item(id, schema, name, owner, Definition::Source(Box::new(source)));
        for planned in subsources {
            insert_subsource(cx, id, Some(cluster), owner, planned);
        }
        done(TAG)
    }
}

pub fn print(p: &Printer, id: Id, s: &Source) -> Doc {
    let name = p.idents(&p.catalog.full_name(id));
    let columns = || super::table::print_columns(p, &s.columns, &s.keys);
    match &s.from {
        SourceFrom::Progress => {
            let title = text(format!("CREATE SUBSOURCE {name} ")).then(columns());
            return lines([title, text("WITH (PROGRESS = true)")]).group();
        }
        SourceFrom::Subsource { of, reference, details, options } => {
            let title = text(format!("CREATE SUBSOURCE {name} ")).then(columns());
            let mut with = format!("EXTERNAL REFERENCE = {}, DETAILS = {}", p.idents(reference), literal(details));
            if !options.0.is_empty() {
                with += &format!(", {}", print_list(options, p));
            }
            return lines([title, text(format!("OF SOURCE {}", p.item(*of))), text(format!("WITH ({with})"))]).group();
        }
        _ => {}
    }
    let idents = |names: &[String]| names.iter().map(|n| p.ident(n)).collect::<Vec<_>>();
    let key = s.key.as_ref().map(|key| format!("PRIMARY KEY ({}) NOT ENFORCED", idents(key).join(", ")));
    let names: Vec<String> = idents(&s.names).into_iter().chain(key).collect();
    let names = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
    let mut parts = vec![text(format!("CREATE SOURCE {name}{names}"))];
    parts.extend(s.cluster.map(|k| titled("IN CLUSTER", text(p.cluster(k)))));
    let bracket = |options: &Options| match options.0.as_slice() {
        [] => String::new(),
        _ => format!(" ({})", print_list(options, p)),
    };
    match &s.from {
        SourceFrom::Webhook(w) => {
            parts.push(text("FROM WEBHOOK"));
            parts.extend(webhook::print(p, w));
        }
        SourceFrom::LoadGenerator { generator, options } => {
            parts.push(titled("FROM", text(format!("LOAD GENERATOR {generator}{}", bracket(options)))));
        }
        SourceFrom::Connection { kind, connection, options } => {
            let connection = p.item(*connection);
            parts.push(titled("FROM", text(format!("{kind} CONNECTION {connection}{}", bracket(options)))));
        }
        SourceFrom::Subsource { .. } | SourceFrom::Progress => {}
    }
    parts.extend(source_formats::print(p, &s.ingest));
    if p.mode == Mode::Simple {
        parts.extend(shown_tables(p, id, s));
    }
    parts.extend(s.progress.map(|id| text(format!("EXPOSE PROGRESS AS {}", p.item(id)))));
    parts.extend(super::table::print_with(p, &s.with));
    lines(parts).group()
}

/// SHOW CREATE says which tables there are, `create_sql` does not.
fn shown_tables(p: &Printer, id: Id, s: &Source) -> Option<Doc> {
    if matches!(s.from, SourceFrom::LoadGenerator { .. }) {
        return s.all_tables.then(|| text("FOR ALL TABLES"));
    }
    let users = p.catalog.items.get(&id).map(|i| i.used_by.as_slice()).unwrap_or_default();
    let one = |user: &Id| match p.catalog.items.get(user).map(|i| &i.definition) {
        Some(Definition::Source(sub)) => match &sub.from {
            SourceFrom::Subsource { reference, .. } => {
                Some(format!("{} AS {}", p.idents(reference), p.idents(&p.catalog.full_name(*user))))
            }
            _ => None,
        },
        _ => None,
    };
    let list: Vec<String> = users.iter().filter_map(one).collect();
    (!list.is_empty()).then(|| text(format!("FOR TABLES ({})", list.join(", "))))
}
