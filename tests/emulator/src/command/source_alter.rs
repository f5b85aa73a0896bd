//! ALTER SOURCE.

use super::alter::{owner_to, rename_to};
use super::source::{TableList, check_interval, insert_subsource, plan_subsource, qualify, subsource_of};
use super::{Boxed, Command, Context, done, source_upstream};
use crate::catalog::change::Object;
use crate::catalog::item::{Definition, SourceFrom};
use crate::catalog::limits::New;
use crate::catalog::privileges::ObjectKind;
use crate::datum::{Outcome, SqlError};
use crate::sql::error::plan;
use crate::sql::options::{Options, Value, flag_value};
use crate::sql::parser::{Parsed, Parser};
use crate::sql::print::{Mode, Printer};
use crate::transaction::Company;
use serde_json::json;
use std::sync::Arc;

enum SourceChange {
    AddSubsources(TableList, Options),
    DropSubsource,
    RefreshReferences,
    Interval(Option<Value>),
}
struct AlterSource {
    name: Vec<String>,
    if_exists: bool,
    change: SourceChange,
}

pub fn alter_source(p: &mut Parser) -> Parsed<Boxed> {
    let kind = ObjectKind::Source;
    let if_exists = p.if_exists()?;
    let name = p.name()?;
    let change = match p.expect_one_of(&["ADD", "DROP", "RESET", "SET", "RENAME", "OWNER", "REFRESH"])? {
        "OWNER" => return owner_to(p, kind, name, if_exists),
        "RENAME" => return rename_to(p, kind, name, if_exists),
        "REFRESH" => {
            p.expect_kw("REFERENCES")?;
            SourceChange::RefreshReferences
        }
        "ADD" => {
            if p.expect_one_of(&["SUBSOURCE", "TABLE"])? == "TABLE" {
                return Err(plan("ALTER SOURCE...ADD TABLE no longer supported; use ALTER SOURCE...ADD SUBSOURCE"));
            }
            let list = p.list(|p| {
                let reference = p.name()?;
                let name = if p.kw("AS") || p.kw("INTO") { Some(p.name()?) } else { None };
                Ok((reference, name))
            })?;
            let options = crate::sql::options::with_options(p, &["TEXT COLUMNS", "EXCLUDE COLUMNS", "DETAILS"])?;
            SourceChange::AddSubsources(list, options)
        }
        "DROP" => {
            p.expect_one_of(&["SUBSOURCE", "TABLE"])?;
            p.if_exists()?;
            p.list(Parser::name)?;
            p.drop_behaviour()?;
            SourceChange::DropSubsource
        }
        word => {
            if word == "SET" && p.kw("CLUSTER") {
                return super::set_cluster::set_cluster(p, kind, name, if_exists);
            } else if p.peek_at(1).is_some_and(|t| t.is_word("RETAIN")) {
                return super::table::retain(p, kind, name, if_exists, word == "SET");
            } else {
                p.expect_op("(")?;
                p.option_name(&["TIMESTAMP INTERVAL", "RETAIN HISTORY"])?;
                let value = if word == "SET" { Some(flag_value(p)?) } else { None };
                if p.peek().is_some_and(|t| t.is_op(",")) {
                    return Err(plan("TIMESTAMP INTERVAL must be only option"));
                }
                p.expect_op(")")?;
                SourceChange::Interval(value)
            }
        }
    };
    Ok(Arc::new(AlterSource { name, if_exists, change }))
}

impl Command for AlterSource {
    fn company(&self) -> Company {
        Company::None
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        const TAG: &str = "ALTER SOURCE";
        if let SourceChange::DropSubsource = self.change {
            return Err(plan("ALTER SOURCE...DROP SUBSOURCE no longer supported; use DROP SOURCE"));
        }
        let id = match cx.catalog.resolve_kind(&cx.session.names, &self.name, ObjectKind::Source) {
            Ok(id) => id,
            Err(_) if self.if_exists => return done(TAG),
            Err(e) => return Err(e),
        };
        super::alter::check_not_system(cx, Object::Item(id))?;
        cx.catalog.check_owner(cx.session, Object::Item(id))?;
        let Some(item) = cx.catalog.items.get(&id) else { return done(TAG) };
        let (schema, owner) = (item.schema, item.owner);
        let Definition::Source(source) = &item.definition else { return done(TAG) };
        match &self.change {
            SourceChange::Interval(value) => {
                if let Some(value) = value {
                    check_interval(cx, value)?;
                }
                let old = source.with.get("TIMESTAMP INTERVAL").cloned();
                if let Some(Definition::Source(source)) = cx.catalog.items.get_mut(&id).map(|i| &mut i.definition) {
                    match value {
                        Some(value) => source.with.set("TIMESTAMP INTERVAL", value.clone()),
                        None => source.with.remove("TIMESTAMP INTERVAL"),
                    }
                }
                let shown = |value: Option<&Value>| value.map(|v| v.print(&Printer::new(cx.catalog, Mode::Simple)));
                let details = json!({
                    "id": id.to_string(), "old_interval": shown(old.as_ref()), "new_interval": shown(value.as_ref()),
                });
                cx.catalog.note_altered_with(id, details);
            }
            SourceChange::RefreshReferences => {
                let SourceFrom::Connection { kind, connection, options } = &source.from else { return done(TAG) };
                if *kind != "KAFKA"
                    && let Some(Definition::Connection(c)) = cx.catalog.items.get(connection).map(|i| &i.definition)
                {
                    let references = source_upstream::references(cx, c, options)?;
                    if let Some(Definition::Source(source)) = cx.catalog.items.get_mut(&id).map(|i| &mut i.definition) {
                        source.references = references;
                    }
                }
            }
            SourceChange::AddSubsources(list, options) => {
                if !matches!(&source.from, SourceFrom::Connection { kind, .. } if *kind != "KAFKA") {
                    let name = cx.catalog.minimal_name(&cx.session.names, id);
                    return Err(plan(format!("source {name} does not support ALTER SOURCE.")));
                }
                let mut options = options.clone();
                qualify(&mut options, &source.references)?;
                let (cluster, references) = (source.cluster, source.references.clone());
                let mut planned = Vec::new();
                for (reference, name) in list {
                    let found = source_upstream::find(&references, reference)?;
                    planned.push(plan_subsource(cx, schema, name.as_deref(), found, &options, true)?);
                }
                let parts: Vec<_> = planned.iter().map(|p| (p.schema, subsource_of(p))).collect();
                let new: Vec<New<'_>> = parts.iter().map(|(schema, part)| New::Item(*schema, part)).collect();
                cx.catalog.check_room(&new)?;
                cx.catalog.note_altered(id);
                for planned in planned {
                    insert_subsource(cx, id, cluster, owner, planned);
                }
                if let Some(Definition::Source(source)) = cx.catalog.items.get_mut(&id).map(|i| &mut i.definition)
                    && let SourceFrom::Connection { options: own, .. } = &mut source.from
                {
                    merge_columns(own, &options);
                }
            }
            SourceChange::DropSubsource => {}
        }
        done(TAG)
    }
}

/// The source itself lists the columns of all its subsources.
fn merge_columns(own: &mut Options, added: &Options) {
    for (name, value) in &added.0 {
        let Value::List(more) = value else { continue };
        let mut list = match own.get(name) {
            Some(Value::List(list)) => list.clone(),
            _ => Vec::new(),
        };
        list.extend(more.iter().cloned());
        match own.0.iter_mut().find(|(n, _)| n == name) {
            Some((_, value)) => *value = Value::List(list),
            None => {
                let before = own.0.iter().position(|(n, _)| *n == "DETAILS").unwrap_or(own.0.len());
                own.0.insert(before, (name, Value::List(list)));
            }
        }
    }
}
