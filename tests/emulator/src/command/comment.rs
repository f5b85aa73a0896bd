//! COMMENT ON.

use super::alter::object;
use super::{Boxed, Command, Context, done};
use crate::catalog::Id;
use crate::catalog::change::Object;
use crate::catalog::item::{Column, Definition, TypeDefinition};
use crate::catalog::privileges::ObjectKind;
use crate::datum::{Outcome, SqlError};
use crate::sql::error::plan;
use crate::sql::parser::{Parsed, Parser};
use std::borrow::Cow;
use std::sync::Arc;

struct Comment {
    /// None: a column.
    kind: Option<ObjectKind>,
    name: Vec<String>,
    text: Option<String>,
}

/// The kinds in the order in which the grammar lists them.
const KINDS: [(&str, ObjectKind); 17] = [
    ("TABLE", ObjectKind::Table),
    ("VIEW", ObjectKind::View),
    ("COLUMN", ObjectKind::Func),
    ("MATERIALIZED", ObjectKind::MaterializedView),
    ("SOURCE", ObjectKind::Source),
    ("SINK", ObjectKind::Sink),
    ("INDEX", ObjectKind::Index),
    ("FUNCTION", ObjectKind::Func),
    ("CONNECTION", ObjectKind::Connection),
    ("TYPE", ObjectKind::Type),
    ("SECRET", ObjectKind::Secret),
    ("ROLE", ObjectKind::Role),
    ("DATABASE", ObjectKind::Database),
    ("SCHEMA", ObjectKind::Schema),
    ("CLUSTER", ObjectKind::Cluster),
    ("CONTINUAL", ObjectKind::ContinualTask),
    ("NETWORK", ObjectKind::NetworkPolicy),
];

pub fn comment(p: &mut Parser) -> Parsed<Boxed> {
    p.expect_kw("ON")?;
    let words: Vec<&'static str> = KINDS.iter().map(|(w, _)| *w).collect();
    let word = p.expect_one_of(&words)?;
    let mut kind = KINDS.iter().find(|(w, _)| *w == word).map(|(_, k)| *k);
    match word {
        "MATERIALIZED" => p.expect_kw("VIEW")?,
        "CONTINUAL" => p.expect_kw("TASK")?,
        "NETWORK" => p.expect_kw("POLICY")?,
        "CLUSTER" if p.kw("REPLICA") => kind = Some(ObjectKind::ClusterReplica),
        "COLUMN" => kind = None,
        _ => {}
    }
    let name = p.name()?;
    p.expect_kw("IS")?;
    let text = if p.kw("NULL") { None } else { Some(p.string()?) };
    Ok(Arc::new(Comment { kind, name, text }))
}

/// Longest comment, in bytes.
const LIMIT: usize = 1024;

impl Command for Comment {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        if let Some(length) = self.text.as_ref().map(String::len).filter(|length| *length > LIMIT) {
            return Err(plan(format!("provided comment was {length} bytes long, max size is {LIMIT} bytes")));
        }
        let (object, column) = match self.kind {
            Some(kind) => (commented(cx, kind, &self.name)?, None),
            None => {
                let (id, position) = column(cx, &self.name)?;
                (Object::Item(id), Some(position))
            }
        };
        match object {
            Object::Role(_) => cx.catalog.check_privilege(
                cx.session,
                Object::System,
                crate::catalog::privileges::AclMode::CREATEROLE,
            )?,
            object => {
                super::alter::check_not_system(cx, object)?;
                cx.catalog.check_owner(cx.session, object)?;
            }
        }
        let id = match object {
            Object::Item(id)
            | Object::Database(id)
            | Object::Schema(id)
            | Object::Cluster(id)
            | Object::Policy(id)
            | Object::Role(id) => id,
            Object::Replica(id, index) => match cx.catalog.clusters.get(&id).and_then(|c| c.replicas.get(index)) {
                Some(replica) => replica.id,
                None => return done("COMMENT"),
            },
            Object::System => return done("COMMENT"),
        };
        let key = (id, cx.catalog.kind_of(object), column);
        match &self.text {
            Some(text) => cx.catalog.comments.insert(key, text.clone()),
            None => cx.catalog.comments.remove(&key),
        };
        cx.catalog.note_comment(object);
        done("COMMENT")
    }
}

/// What a comment is for. An item of another kind is told of in other words than elsewhere.
fn commented(cx: &Context<'_>, kind: ObjectKind, name: &[String]) -> Result<Object, SqlError> {
    let items = [
        ObjectKind::Table,
        ObjectKind::View,
        ObjectKind::MaterializedView,
        ObjectKind::Source,
        ObjectKind::Sink,
        ObjectKind::Index,
        ObjectKind::Secret,
        ObjectKind::Connection,
    ];
    if items.contains(&kind)
        && let Ok(id) = cx.catalog.resolve_any(&cx.session.names, name)
    {
        let actual = cx.catalog.kind_of(Object::Item(id));
        if actual != kind {
            let name = name.last().map_or("", String::as_str);
            return Err(plan(format!("{} {name} is not a {}", actual.keyword(), kind.keyword())));
        }
    }
    object(cx, kind, name)
}

/// The relation and the position from 1 of `t.column`.
fn column(cx: &Context<'_>, name: &[String]) -> Result<(Id, usize), SqlError> {
    let [relation @ .., column] = name else { return Err(plan("column name expected")) };
    if relation.is_empty() {
        return Err(plan("need to specify an object and a column"));
    }
    let id = cx.catalog.resolve_any(&cx.session.names, relation)?;
    let fields: Option<Vec<Column>> = match cx.catalog.items.get(&id).map(|item| &item.definition) {
        Some(Definition::Type(TypeDefinition::Record(fields))) => {
            Some(fields.iter().map(|(name, ty)| Column::new(name.clone(), ty.clone(), true)).collect())
        }
        _ => None,
    };
    let Some(columns) = fields.map(Cow::Owned).or_else(|| cx.catalog.columns(id)) else {
        let kind = cx.catalog.kind_of(Object::Item(id)).words();
        return Err(plan(format!("{kind} \"{}\" does not have columns", cx.catalog.dotted(id))));
    };
    match columns.iter().position(|c| c.name == *column) {
        Some(index) => Ok((id, index + 1)),
        None => {
            let table = relation.last().map_or("", String::as_str);
            let names: Vec<String> = columns.iter().map(|c| c.name.clone()).collect();
            Err(crate::sql::plan::unknown_column(Some(table), column, names.iter().map(String::as_str)))
        }
    }
}
