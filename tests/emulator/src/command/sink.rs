//! Sinks: CREATE and ALTER.

use super::alter::{owner_to, rename_to};
use super::{Boxed, Command, Context, done, done_with, sink_rules, source_formats};
use crate::catalog::Id;
use crate::catalog::change::Object;
use crate::catalog::item::{Definition, Formats, Ingest, Sink};
use crate::catalog::privileges::{AclMode, ObjectKind};
use crate::datum::{Outcome, SqlError};
use crate::sql::doc::{Doc, lines, text, titled};
use crate::sql::error::{Hint, plan};
use crate::sql::expr::expr;
use crate::sql::options::{Options, Value, flag_value, print_list};
use crate::sql::parser::{Parsed, Parser};
use crate::sql::plan::{Planner, Scope};
use crate::sql::print::Printer;
use crate::transaction::Company;
use std::collections::BTreeSet;
use std::sync::Arc;

struct CreateSink {
    /// Empty: named after what it reads from.
    name: Vec<String>,
    if_not_exists: bool,
    cluster: Option<String>,
    from: Vec<String>,
    connection: Vec<String>,
    aws: Option<Vec<String>>,
    sink: Sink,
}

const KAFKA_OPTIONS: &[&str] = &[
    "COMPRESSION TYPE", "PARTITION BY", "PROGRESS GROUP ID PREFIX", "TOPIC", "TOPIC CONFIG",
    "TOPIC METADATA REFRESH INTERVAL", "TOPIC PARTITION COUNT", "TOPIC REPLICATION FACTOR", "TRANSACTIONAL ID PREFIX",
    "LEGACY IDS",
];
const ICEBERG_OPTIONS: &[&str] = &["NAMESPACE", "TABLE"];

pub fn create_sink(p: &mut Parser) -> Parsed<Boxed> {
    let if_not_exists = p.if_not_exists()?;
    let name = if p.is_kw("FROM") || p.are_kws("IN CLUSTER") { Vec::new() } else { p.name()? };
    let cluster = if p.kws("IN CLUSTER") { Some(p.ident()?) } else { None };
    p.expect_kw("FROM")?;
    let from = p.name()?;
    p.expect_kw("INTO")?;
    let (kind, names) = match p.expect_one_of(&["KAFKA", "ICEBERG"])? {
        "KAFKA" => ("KAFKA", KAFKA_OPTIONS),
        _ => {
            p.expect_kw("CATALOG")?;
            ("ICEBERG CATALOG", ICEBERG_OPTIONS)
        }
    };
    p.expect_kw("CONNECTION")?;
    let connection = p.name()?;
    let mut options = Options::default();
    if p.peek().is_some_and(|t| t.is_op("(")) {
        options = p
            .paren_list(|p| {
                let name = p.option_name(names)?;
                if name == "PARTITION BY" {
                    p.op("=");
                    return Ok((name, Value::Expr(Box::new(expr(p)?))));
                }
                Ok((name, flag_value(p)?))
            })
            .map(Options)?;
    }
    let mut aws = None;
    if kind == "ICEBERG CATALOG" && p.kws("USING AWS CONNECTION") {
        aws = Some(p.name()?);
    }
    // KEY before FORMAT belongs to the format.
    let mut key = None;
    if !p.are_kws("KEY FORMAT") && p.kw("KEY") {
        let columns = p.paren_list(Parser::ident)?;
        key = Some((columns, p.kws("NOT ENFORCED")));
    }
    let headers = if p.kw("HEADERS") { Some(p.ident()?) } else { None };
    let format = source_formats::formats(p)?;
    let mut envelope = None;
    if p.kw("ENVELOPE") {
        envelope = Some(if p.expect_one_of(&["DEBEZIUM", "UPSERT"])? == "DEBEZIUM" { "debezium" } else { "upsert" });
    }
    let mode = if p.kw("MODE") {
        Some(if p.expect_one_of(&["UPSERT", "APPEND"])? == "UPSERT" { "UPSERT" } else { "APPEND" })
    } else {
        None
    };
    let with = crate::sql::options::with_options(p, &["COMMIT INTERVAL", "PARTITION STRATEGY", "SNAPSHOT", "VERSION"])?;
    let unknown = Id::User(0);
    let sink = Sink {
        cluster: unknown,
        from: unknown,
        kind,
        connection: unknown,
        options,
        aws: None,
        key,
        headers,
        format,
        envelope,
        mode,
        with,
        version: 0,
    };
    Ok(Arc::new(CreateSink { name, if_not_exists, cluster, from, connection, aws, sink }))
}

fn connection(cx: &Context<'_>, name: &[String], kind: &str) -> Result<Id, SqlError> {
    let id = cx.catalog.resolve_item(&cx.session.names, name)?;
    match cx.catalog.items.get(&id).map(|i| &i.definition) {
        Some(Definition::Connection(c)) if c.kind == kind => {}
        _ => return Err(plan(format!("{} is not a {} connection", cx.catalog.dotted(id), kind.to_lowercase()))),
    }
    Ok(id)
}

/// What may be sunk is a relation.
fn relation(cx: &Context<'_>, name: &[String]) -> Result<Id, SqlError> {
    let id = cx.catalog.resolve_item(&cx.session.names, name)?;
    let kind = cx.catalog.kind_of(Object::Item(id));
    let wrong = match kind {
        ObjectKind::MaterializedView => super::view::replaced_by(cx, id).map(|_| "replacement materialized view"),
        ObjectKind::Table | ObjectKind::Source => None,
        kind => Some(kind.words()),
    };
    if let Some(wrong) = wrong {
        let name = cx.catalog.minimal_name(&cx.session.names, id);
        return Err(plan(format!("{name} is a {wrong}, which cannot be exported as a sink")));
    }
    if !id.is_user() {
        return Err(plan("creating a sink directly on a catalog object not yet supported"));
    }
    Ok(id)
}

/// Checks the key of a sink against what it reads from.
fn check_key(cx: &Context<'_>, sink: &Sink) -> Result<(), SqlError> {
    let upsert = sink.envelope == Some("upsert") || sink.mode == Some("UPSERT");
    let Some((key, not_enforced)) = &sink.key else {
        let hint = "See: https://materialize.com/s/sink-key-selection";
        return if upsert { Err(plan("upsert sinks must specify a key").hint(hint)) } else { Ok(()) };
    };
    let columns = cx.catalog.columns(sink.from).unwrap_or_default();
    if let Some((_, twice)) = key.iter().enumerate().find(|(i, name)| key[..*i].contains(name)) {
        return Err(plan(format!("duplicate column referenced in KEY: {twice}")));
    }
    let mut positions = Vec::new();
    for name in key {
        match columns.iter().position(|c| c.name == *name) {
            Some(i) => positions.push(i),
            None => return Err(plan(format!("column referenced in KEY does not exist: {name}"))),
        }
    }
    let keys = cx.catalog.keys(sink.from);
    if !upsert || *not_enforced || keys.iter().any(|k| k.iter().all(|i| positions.contains(i))) {
        return Ok(());
    }
    let quoted = |names: Vec<&String>| names.iter().map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(", ");
    let valid: Vec<String> = keys
        .iter()
        .map(|k| format!("({})", quoted(k.iter().filter_map(|i| columns.get(*i)).map(|c| &c.name).collect())))
        .collect();
    let valid = match valid.as_slice() {
        [] => "There are no known valid unique keys for the underlying relation.".to_owned(),
        many => {
            format!("The following keys are known to be unique for the underlying relation:\n  {}", many.join("\n  "))
        }
    };
    Err(plan("upsert key could not be validated as unique")
        .detail(format!(
            "Materialize could not prove that the specified upsert envelope key ({}) was a unique key of the underlying relation \"{}\". {valid}",
            quoted(key.iter().collect()),
            cx.catalog.dotted(sink.from)
        ))
        .hint("See: https://materialize.com/s/sink-key-selection"))
}

impl CreateSink {
    fn plan(&self, cx: &Context<'_>) -> Result<Sink, SqlError> {
        let mut sink = self.sink.clone();
        sink.from = relation(cx, &self.from)?;
        sink.connection = connection(cx, &self.connection, sink.kind)?;
        sink.aws = self.aws.as_ref().map(|name| connection(cx, name, "AWS")).transpose()?;
        sink.options.once()?;
        let mut ingest = Ingest { format: sink.format.take(), ..Ingest::default() };
        source_formats::resolve(cx, &mut ingest, None)?;
        sink.format = ingest.format;
        if sink.headers.is_some() {
            cx.catalog.require("enable_kafka_sink_headers")?;
        }
        if sink.kind != "KAFKA" {
            cx.catalog.require("enable_iceberg_sink")?;
        }
        if sink.kind == "KAFKA" && sink.envelope.is_none() {
            return Err(plan("ENVELOPE clause is required"));
        }
        check_key(cx, &sink)?;
        let columns = cx.catalog.columns(sink.from).unwrap_or_default().into_owned();
        sink_rules::headers(&sink, &columns)?;
        if sink.kind == "KAFKA" {
            sink_rules::kafka(&sink, columns.len())?;
        } else {
            let given = |name: &&&str| sink.options.get(name).is_some() || sink.with.get(name).is_some();
            let needed = ["TABLE", "NAMESPACE", "COMMIT INTERVAL"];
            if let Some(missing) = needed.iter().find(|name| !given(name)) {
                return Err(plan(format!("Iceberg sink must specify {missing}")));
            }
        }
        for (name, value) in &mut sink.options.0 {
            if let ("PARTITION BY", Value::Expr(e)) = (*name, value) {
                let planner = Planner { catalog: cx.catalog, names: &cx.session.names };
                planner.expr(e, &Scope::of(&columns))?;
            }
        }
        Ok(sink)
    }
}

impl Command for CreateSink {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let cluster = cx.cluster_or_default(self.cluster.as_deref())?;
        let mut sink = self.plan(cx)?;
        sink.cluster = cluster;
        let (schema, name) = match self.name.as_slice() {
            [] => {
                let (schema, _) = cx.catalog.resolve_new(&cx.session.names, &["sink".into()])?;
                let base = format!("{}_sink", self.from.last().map_or("", String::as_str));
                (schema, super::source::free_name(cx.catalog, schema, &base))
            }
            name => cx.catalog.resolve_new(&cx.session.names, name)?,
        };
        let from = BTreeSet::from([sink.from]);
        let definition = Definition::Sink(Box::new(sink));
        let taken = super::types::free(cx, schema, &name, self.if_not_exists, &definition)?;
        cx.catalog.check_read(cx.session.role, &from, None)?;
        if !cluster.is_user() {
            return Err(plan(format!("system cluster '{}' cannot be modified", cx.catalog.cluster_name(cluster))));
        }
        cx.catalog.check_privilege(cx.session, Object::Cluster(cluster), AclMode::CREATE)?;
        if taken {
            return done_with("CREATE SINK", format!("sink \"{name}\" already exists, skipping"));
        }
        cx.catalog.check_room_for(schema, &definition)?;
        let id = cx.catalog.new_item_id();
        cx.catalog.insert_item(id, schema, name, cx.session.role, definition);
        done("CREATE SINK")
    }
}

pub fn print(p: &Printer, id: Id, s: &Sink) -> Doc {
    let name = p.idents(&p.catalog.full_name(id));
    let mut into = format!("{} CONNECTION {}", s.kind, p.item(s.connection));
    if !s.options.0.is_empty() {
        into += &format!(" ({})", print_list(&s.options, p));
    }
    if let Some(aws) = s.aws {
        into += &format!(" USING AWS CONNECTION {}", p.item(aws));
    }
    if let Some((key, not_enforced)) = &s.key {
        let key: Vec<String> = key.iter().map(|k| p.ident(k)).collect();
        into += &format!(" KEY ({}){}", key.join(", "), if *not_enforced { " NOT ENFORCED" } else { "" });
    }
    if let Some(headers) = &s.headers {
        into += &format!(" HEADERS {}", p.ident(headers));
    }
    let mut parts = vec![
        text(format!("CREATE SINK {name}")),
        titled("IN CLUSTER", text(p.cluster(s.cluster))),
        titled("FROM", text(p.relation(s.from))),
        titled("INTO", text(into)),
    ];
    parts.extend(s.format.as_ref().map(|f: &Formats| source_formats::print_formats(p, f)));
    parts.extend(s.envelope.map(|e| text(format!("ENVELOPE {}", e.to_uppercase()))));
    parts.extend(s.mode.map(|m| text(format!("MODE {m}"))));
    let mut with = s.with.clone();
    if s.version > 0 {
        with.set("VERSION", Value::Number(s.version.to_string()));
    }
    if !with.0.is_empty() {
        parts.push(text(format!("WITH ({})", print_list(&with, p))));
    }
    lines(parts).group()
}

struct AlterSink {
    name: Vec<String>,
    if_exists: bool,
    from: Vec<String>,
}

pub fn alter_sink(p: &mut Parser) -> Parsed<Boxed> {
    let kind = ObjectKind::Sink;
    let if_exists = p.if_exists()?;
    let name = p.name()?;
    match p.expect_one_of(&["RESET", "SET", "RENAME", "OWNER"])? {
        "OWNER" => owner_to(p, kind, name, if_exists),
        "RENAME" => rename_to(p, kind, name, if_exists),
        "SET" if p.kw("CLUSTER") => super::set_cluster::set_cluster(p, kind, name, if_exists),
        "SET" if p.kw("FROM") => Ok(Arc::new(AlterSink { name, if_exists, from: p.name()? })),
        _ => p.expected("FROM"),
    }
}

impl Command for AlterSink {
    fn company(&self) -> Company {
        Company::None
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        const TAG: &str = "ALTER SINK";
        let id = match cx.catalog.resolve_kind(&cx.session.names, &self.name, ObjectKind::Sink) {
            Ok(id) => id,
            Err(_) if self.if_exists => {
                return done_with(TAG, format!("sink \"{}\" does not exist, skipping", self.name.join(".")));
            }
            Err(e) => return Err(e),
        };
        let from = relation(cx, &self.from)?;
        let Some(Definition::Sink(sink)) = cx.catalog.items.get(&id).map(|i| i.definition.clone()) else {
            return done(TAG);
        };
        let new = Sink { from, version: sink.version + 1, ..*sink };
        check_key(cx, &new)?;
        cx.catalog.check_owner(cx.session, Object::Item(id))?;
        cx.catalog.check_read(cx.session.role, &BTreeSet::from([from]), None)?;
        cx.catalog.check_privilege(cx.session, Object::Cluster(new.cluster), AclMode::CREATE)?;
        if let Some(item) = cx.catalog.items.get_mut(&id) {
            item.definition = Definition::Sink(Box::new(new));
        }
        cx.catalog.relink(id);
        cx.catalog.note_altered(id);
        done(TAG)
    }
}
