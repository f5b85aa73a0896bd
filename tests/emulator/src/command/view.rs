//! Views and materialized views.

use super::alter::{owner_to, rename_to};
use super::{Boxed, Command, Context, done, done_with, refresh};
use crate::catalog::Id;
use crate::catalog::change::{Object, now_ms};
use crate::catalog::item::{Column, Definition, MaterializedView, Refresh, View};
use crate::catalog::names::TEMPORARY;
use crate::catalog::privileges::{AclMode, ObjectKind};
use crate::datum::{Outcome, SqlError};
use crate::sql::doc::{Doc, lines, text};
use crate::sql::error::{Hint, plan, with_code};
use crate::sql::expr::Expr;
use crate::sql::options::{Options, Value};
use crate::sql::parser::{Parsed, Parser};
use crate::sql::plan::{Planner, Scope};
use crate::sql::print::{Mode, Printer, literal};
use crate::sql::query::{Query, query};
use crate::transaction::Company;
use std::sync::Arc;

/// What both kinds of view are given.
struct Body {
    name: Vec<String>,
    if_not_exists: bool,
    replace: bool,
    columns: Vec<String>,
    query: Query,
    /// Whether there is a `$1`, which a view cannot have.
    parameters: bool,
}

struct CreateView(Body);

fn names(p: &mut Parser) -> Parsed<Vec<String>> {
    if p.peek().is_some_and(|t| t.is_op("(")) { p.paren_list(Parser::ident) } else { Ok(Vec::new()) }
}

pub fn create_view(p: &mut Parser, replace: bool, temporary: bool) -> Parsed<Boxed> {
    let if_not_exists = !replace && p.if_not_exists()?;
    let name = new_name(p, temporary)?;
    let columns = names(p)?;
    p.expect_kw("AS")?;
    let query = query(p)?;
    let parameters = p.parameters > 0;
    Ok(Arc::new(CreateView(Body { name, if_not_exists, replace, columns, query, parameters })))
}

/// The name of something new; what is temporary is in the session's own schema.
pub fn new_name(p: &mut Parser, temporary: bool) -> Parsed<Vec<String>> {
    let name = p.name()?;
    match name.as_slice() {
        [own] if temporary => Ok(vec![TEMPORARY.into(), own.clone()]),
        [schema, _] if temporary && schema == TEMPORARY => Ok(name),
        _ if temporary => Err(plan("cannot create temporary item in non-temporary schema")),
        _ => Ok(name),
    }
}

impl Body {
    /// The view with its names looked up and its columns known.
    fn plan(&self, cx: &Context<'_>, what: &str) -> Result<View, SqlError> {
        let mut query = self.query.clone();
        let planner = Planner { catalog: cx.catalog, names: &cx.session.names };
        let relation = planner.query(&mut query, &Scope::default())?;
        if self.parameters {
            return Err(with_code("42P02", format!("{what}s cannot have parameters")));
        }
        let mut columns = relation.columns;
        let (schema, name) = cx.catalog.resolve_place(&cx.session.names, &self.name)?;
        let what = format!("{what} {}.{name}", cx.catalog.schema_path(schema).join("."));
        super::source_rules::rename(&what, &mut columns, &self.columns, true)?;
        for column in &mut columns {
            // Columns of views have no defaults and no versions.
            (column.default, column.added) = (None, 0);
        }
        for i in 0..columns.len() {
            if columns[..i].iter().any(|c| c.name == columns[i].name) {
                return Err(plan(format!("column \"{}\" specified more than once", columns[i].name)));
            }
        }
        Ok(View { names: self.columns.clone(), columns, keys: relation.keys, query })
    }

    /// The view's schema and name; what is there already and goes; None: IF NOT EXISTS applies.
    fn place(
        &self,
        cx: &Context<'_>,
        kind: ObjectKind,
        view: &View,
    ) -> Result<Option<(Id, String, Vec<Id>)>, SqlError> {
        cx.catalog.check_named(cx.session, &Definition::View(view.clone()))?;
        let (schema, name) = match kind {
            ObjectKind::View => cx.catalog.resolve_place(&cx.session.names, &self.name)?,
            _ => cx.catalog.resolve_new(&cx.session.names, &self.name)?,
        };
        let taken = cx.catalog.taken(schema, &name);
        if let Some(taken) = taken.filter(|_| !self.if_not_exists && !self.replace) {
            return Err(super::types::already_exists(cx, taken));
        }
        let replaced = match taken.filter(|_| self.replace) {
            Some(taken) => self.replaced(cx, kind, taken)?,
            None => Vec::new(),
        };
        cx.catalog.check_create_in(cx.session, schema)?;
        Ok((taken.is_none() || self.replace).then_some((schema, name, replaced)))
    }

    /// A view whose place another one takes, and its indexes, which go along. Nothing else may depend on it.
    fn replaced(&self, cx: &Context<'_>, kind: ObjectKind, taken: Id) -> Result<Vec<Id>, SqlError> {
        cx.catalog.check_kind(&cx.session.names, taken, kind, Some(("DROP", "remove")))?;
        let users = cx.catalog.items.get(&taken).map(|i| i.used_by.clone()).unwrap_or_default();
        let used = users.iter().filter_map(|u| cx.catalog.items.get(u));
        if let Some(user) = used.into_iter().find(|u| u.definition.kind() != ObjectKind::Index) {
            return Err(plan(format!(
                "cannot drop {} \"{}\": still depended upon by {} \"{}\"",
                kind.words(),
                cx.catalog.minimal_name(&cx.session.names, taken),
                user.definition.kind().words(),
                cx.catalog.minimal_name(&cx.session.names, user.id)
            )));
        }
        cx.catalog.check_owner(cx.session, Object::Item(taken))?;
        Ok([taken].into_iter().chain(users).collect())
    }
}

/// A view cannot be made of itself, nor of what waits to replace another.
fn check_uses(cx: &Context<'_>, view: &View, replaced: &[Id]) -> Result<(), SqlError> {
    let printer = Printer::new(cx.catalog, Mode::Stable);
    printer.query(&view.query);
    printer.used.into_inner().into_iter().try_for_each(|id| {
        if replaced.contains(&id) {
            let (kind, name) = (cx.catalog.kind_of(Object::Item(id)).words(), cx.catalog.dotted(id));
            return Err(plan(format!("cannot replace {kind} {name}: depended upon by new {name} definition")));
        }
        if replaced_by(cx, id).is_some() {
            let name = cx.catalog.minimal_name(&cx.session.names, id);
            return Err(plan(format!("{name} is a replacement materialized view, which cannot be depended upon")));
        }
        Ok(())
    })
}

/// The materialized view whose place this one is to take.
pub fn replaced_by(cx: &Context<'_>, id: Id) -> Option<Id> {
    match &cx.catalog.items.get(&id)?.definition {
        Definition::MaterializedView(view) => view.replaces,
        _ => None,
    }
}

/// Only a materialized view can be replaced, and by one at a time.
fn check_replaceable(cx: &Context<'_>, target: Id, by: &str) -> Result<(), SqlError> {
    let name = |id| cx.catalog.minimal_name(&cx.session.names, id);
    let kind = cx.catalog.items.get(&target).map(|item| item.definition.kind());
    if let Some(kind) = kind.filter(|kind| *kind != ObjectKind::MaterializedView) {
        return Err(plan(format!("cannot replace {} {} with materialized view {by}", kind.words(), name(target))));
    }
    match cx.catalog.items.keys().find(|id| replaced_by(cx, **id) == Some(target)) {
        Some(other) => {
            Err(plan(format!("cannot replace {} because it already has a replacement: {}", name(target), name(*other))))
        }
        None => Ok(()),
    }
}

/// A replacement gives the columns that its target gives.
fn check_schema(cx: &Context<'_>, target: &[Column], new: &[Column]) -> Result<(), SqlError> {
    let nullability = |column: &Column| if column.nullable { "NULL" } else { "NOT NULL" };
    let mut differences = Vec::new();
    for at in 0..target.len().max(new.len()) {
        let position = at + 1;
        differences.extend(match (target.get(at), new.get(at)) {
            (Some(old), None) => Some(format!("missing column \"{}\" at position {position}", old.name)),
            (None, Some(new)) => Some(format!("extra column \"{}\" at position {position}", new.name)),
            (Some(old), Some(new)) if old.name != new.name => Some(format!(
                "column at position {position}: name mismatch (target: \"{}\", replacement: \"{}\")",
                old.name, new.name
            )),
            (Some(old), Some(new)) if old.ty != new.ty => Some(format!(
                "column \"{}\" at position {position}: type mismatch (target: {}, replacement: {})",
                old.name,
                cx.catalog.type_long(&old.ty),
                cx.catalog.type_long(&new.ty)
            )),
            (Some(old), Some(new)) if old.nullable != new.nullable => Some(format!(
                "column \"{}\" at position {position}: nullability mismatch (target: {}, replacement: {})",
                old.name,
                nullability(old),
                nullability(new)
            )),
            _ => None,
        });
    }
    if differences.is_empty() {
        return Ok(());
    }
    Err(with_code("0A000", "replacement schema differs from target schema").detail(differences.join("\n")))
}

/// Puts a view into the catalog. One that is replaced hands its comments and privileges on no more than its name.
fn insert(
    cx: &mut Context<'_>,
    schema: Id,
    name: String,
    replaced: &[Id],
    definition: Definition,
) -> Result<(), SqlError> {
    if replaced.is_empty() {
        cx.catalog.check_room_for(schema, &definition)?;
    }
    let dependents = cx.catalog.dependents(replaced);
    cx.catalog.remove_items(&dependents);
    let id = cx.catalog.new_item_id();
    cx.catalog.insert_item(id, schema, name, cx.session.role, definition);
    Ok(())
}

impl Command for CreateView {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let view = self.0.plan(cx, "view")?;
        let Some((schema, name, replaced)) = self.0.place(cx, ObjectKind::View, &view)? else {
            return done_with("CREATE VIEW", format!("view \"{}\" already exists, skipping", self.0.name.join(".")));
        };
        if schema.is_temporary() {
            cx.catalog.make_temporary(schema, cx.session.role);
        }
        check_uses(cx, &view, &replaced)?;
        insert(cx, schema, name, &replaced, Definition::View(view))?;
        done("CREATE VIEW")
    }
}

pub fn print_view(p: &Printer, id: Id, v: &View) -> Doc {
    let name = p.idents(&p.catalog.full_name(id));
    let kind = if p.catalog.is_temporary(id) { "TEMPORARY VIEW" } else { "VIEW" };
    let title = text(format!("CREATE {kind} {name}{}", column_names(p, &v.names)));
    title.then(Doc::Line.then(text("AS ").then(p.query(&v.query))).nest()).group()
}

fn column_names(p: &Printer, names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|n| p.ident(n)).collect();
    if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) }
}

struct CreateMaterialized {
    body: Body,
    cluster: Option<String>,
    replica: Option<String>,
    options: Options,
    refresh: Vec<Refresh>,
    /// The view that this one is to replace.
    target: Option<Vec<String>>,
}

pub fn create_materialized(p: &mut Parser, replace: bool) -> Parsed<Boxed> {
    let if_not_exists = !replace && p.if_not_exists()?;
    let name = p.name()?;
    let columns = names(p)?;
    materialized(p, name, columns, if_not_exists, replace, None)
}

pub fn create_replacement(p: &mut Parser) -> Parsed<Boxed> {
    let if_not_exists = p.if_not_exists()?;
    let name = p.name()?;
    let columns = names(p)?;
    p.expect_kw("FOR")?;
    let target = p.name()?;
    materialized(p, name, columns, if_not_exists, false, Some(target))
}

fn materialized(
    p: &mut Parser,
    name: Vec<String>,
    columns: Vec<String>,
    if_not_exists: bool,
    replace: bool,
    target: Option<Vec<String>>,
) -> Parsed<Boxed> {
    let (mut cluster, mut replica) = (None, None);
    if p.kws("IN CLUSTER") {
        cluster = Some(p.ident()?);
        if p.kw("REPLICA") {
            replica = Some(p.ident()?);
        }
    }
    let (mut options, mut refresh) = (Options::default(), Vec::new());
    if p.kw("WITH") {
        p.expect_op("(")?;
        loop {
            match p.option_name(&["ASSERT NOT NULL", "PARTITION BY", "RETAIN HISTORY", "REFRESH"])? {
                "ASSERT NOT NULL" => {
                    p.op("=");
                    options.0.push(("ASSERT NOT NULL", Value::Ident(vec![p.ident()?])));
                }
                "PARTITION BY" => {
                    let value = crate::sql::options::option_value(p)?;
                    options.0.push(("PARTITION BY", value));
                }
                "RETAIN HISTORY" => {
                    let value = super::table::retain_history(p)?;
                    options.0.push(("RETAIN HISTORY", value));
                }
                _ => {
                    p.op("=");
                    refresh.push(refresh::strategy(p)?);
                }
            }
            if !p.op(",") {
                break;
            }
        }
        p.expect_op(")")?;
    }
    p.expect_kw("AS")?;
    let query = query(p)?;
    let body = Body { name, if_not_exists, replace, columns, query, parameters: p.parameters > 0 };
    Ok(Arc::new(CreateMaterialized { body, cluster, replica, options, refresh, target }))
}

impl CreateMaterialized {
    /// Columns that are never null: each has to be there, and is named once.
    fn check_asserted(&self, view: &View) -> Result<(), SqlError> {
        let asserted = self.options.0.iter().filter(|(name, _)| *name == "ASSERT NOT NULL");
        let name = |(_, value): &'_ (_, Value)| match value {
            Value::Ident(parts) => parts.first().cloned(),
            _ => None,
        };
        let names: Vec<String> = asserted.filter_map(name).collect();
        if let Some(name) = names.iter().find(|name| !view.columns.iter().any(|c| c.name == **name)) {
            return Err(plan(format!("column \"{name}\" in ASSERT NOT NULL option not found")));
        }
        match names.iter().enumerate().find(|(i, name)| names[..*i].contains(name)) {
            Some((_, name)) => Err(plan(format!("duplicate column \"{name}\" in non-null assertions"))),
            None => Ok(()),
        }
    }
}

impl Command for CreateMaterialized {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        const TAG: &str = "CREATE MATERIALIZED VIEW";
        // Clusters are names, too: an unknown one shows before the query is looked at.
        let cluster = cx.cluster_or_default(self.cluster.as_deref())?;
        let view = self.body.plan(cx, "materialized view")?;
        if self.target.is_some() {
            cx.catalog.require("enable_replacement_materialized_views")?;
        }
        if self.options.get("PARTITION BY").is_some() {
            cx.catalog.require("enable_collection_partition_by")?;
        }
        refresh::check(cx, &self.refresh)?;
        super::table::check_retained(cx, &self.options)?;
        self.check_asserted(&view)?;
        if let Some(replica) = &self.replica {
            let name = cx.catalog.cluster_name(cluster).to_owned();
            cx.catalog.replica(&name, replica)?;
        }
        let replaces = match &self.target {
            Some(target) => Some(cx.catalog.resolve_item(&cx.session.names, target)?),
            None => None,
        };
        if let Some(target) = replaces {
            check_replaceable(cx, target, self.body.name.last().map_or("", String::as_str))?;
        }
        let Some((schema, name, replaced)) = self.body.place(cx, ObjectKind::MaterializedView, &view)? else {
            return done_with(
                TAG,
                format!("materialized view \"{}\" already exists, skipping", self.body.name.join(".")),
            );
        };
        cx.catalog.check_privilege(cx.session, Object::Cluster(cluster), AclMode::CREATE)?;
        if !cluster.is_user() {
            return Err(plan(format!("system cluster '{}' cannot be modified", cx.catalog.cluster_name(cluster))));
        }
        check_uses(cx, &view, &replaced)?;
        super::materializable::check_query(cx.catalog, &view.query)?;
        let as_of = now_ms();
        let mut view = view;
        for (name, value) in &self.options.0 {
            if let ("ASSERT NOT NULL", Value::Ident(parts)) = (*name, value) {
                view.columns.iter_mut().filter(|c| parts.first() == Some(&c.name)).for_each(|c| c.nullable = false);
            }
        }
        if let Some(target) = replaces.and_then(|t| cx.catalog.columns(t)) {
            check_schema(cx, &target, &view.columns)?;
        }
        let mut refresh = self.refresh.clone();
        if refresh.is_empty() {
            refresh.push(Refresh::OnCommit);
        }
        for strategy in &mut refresh {
            match strategy {
                Refresh::AtCreation(at) | Refresh::Every(_, _, at) => *at = as_of,
                Refresh::OnCommit | Refresh::At(_) => {}
            }
        }
        let definition = MaterializedView {
            view,
            cluster,
            replica: self.replica.clone(),
            options: self.options.clone(),
            refresh,
            as_of,
            replaces,
        };
        insert(cx, schema, name, &replaced, Definition::MaterializedView(definition))?;
        done(TAG)
    }
}

pub fn print_materialized(p: &Printer, id: Id, m: &MaterializedView) -> Doc {
    let name = p.idents(&p.catalog.full_name(id));
    let replacement = if m.replaces.is_some() { "REPLACEMENT " } else { "" };
    let title = format!("CREATE {replacement}MATERIALIZED VIEW {name}{}", column_names(p, &m.view.names));
    let mut parts: Vec<Doc> = m.replaces.iter().map(|t| text(format!("FOR {}", p.item(*t)))).collect();
    let replica = m.replica.as_ref().map_or(String::new(), |r| format!(" REPLICA {}", p.ident(r)));
    parts.push(text(format!("IN CLUSTER {}{replica}", p.cluster(m.cluster))));
    let timestamp = |at: i64| {
        let ty = p.catalog.system_type("mz_timestamp");
        format!("{at}::{}", p.data_type(&ty))
    };
    let mut with: Vec<String> = Vec::new();
    for (name, value) in &m.options.0 {
        with.push(match (*name, super::table::retained(&m.options)) {
            ("RETAIN HISTORY", Some(span)) => format!("RETAIN HISTORY = FOR {}", literal(span)),
            _ => format!("{name} = {}", value.print(p)),
        });
    }
    for strategy in &m.refresh {
        with.push(match strategy {
            Refresh::OnCommit => "REFRESH = ON COMMIT".into(),
            Refresh::AtCreation(at) => format!("REFRESH = AT {}", timestamp(*at)),
            Refresh::At(e) => format!("REFRESH = AT {}", p.expr_line(e)),
            Refresh::Every(interval, aligned, at) => {
                let aligned = aligned.as_ref().map_or_else(|| timestamp(*at), |e| p.expr_line(e));
                format!("REFRESH = EVERY {} ALIGNED TO {aligned}", literal(interval))
            }
        });
    }
    parts.push(text(format!("WITH ({})", with.join(", "))));
    parts.push(text("AS ").then(p.query(&m.view.query)));
    if p.mode != Mode::Simple {
        parts.push(text(format!("AS OF {}", m.as_of)));
    }
    text(title).then(Doc::Line.then(lines(parts)).nest()).group()
}

struct ApplyReplacement {
    name: Vec<String>,
    if_exists: bool,
    replacement: Vec<String>,
}

pub fn alter_materialized(p: &mut Parser) -> Parsed<Boxed> {
    let kind = ObjectKind::MaterializedView;
    let if_exists = p.if_exists()?;
    let name = p.name()?;
    if p.kws("SET CLUSTER") {
        return super::set_cluster::set_cluster(p, kind, name, if_exists);
    }
    match p.expect_one_of(&["SET", "RENAME", "OWNER", "RESET", "APPLY"])? {
        "OWNER" => owner_to(p, kind, name, if_exists),
        "RENAME" => rename_to(p, kind, name, if_exists),
        "APPLY" => {
            p.expect_kw("REPLACEMENT")?;
            Ok(Arc::new(ApplyReplacement { name, if_exists, replacement: p.name()? }))
        }
        word => super::table::retain(p, kind, name, if_exists, word == "SET"),
    }
}

impl Command for ApplyReplacement {
    fn company(&self) -> Company {
        Company::None
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        const KIND: ObjectKind = ObjectKind::MaterializedView;
        let id = match cx.catalog.resolve_kind(&cx.session.names, &self.name, KIND) {
            Ok(id) => id,
            Err(_) if self.if_exists => return done("ALTER MATERIALIZED VIEW"),
            Err(e) => return Err(e),
        };
        let by = cx.catalog.resolve_kind(&cx.session.names, &self.replacement, KIND)?;
        cx.catalog.check_owners(cx.session, &[Object::Item(id), Object::Item(by)])?;
        let Some(Definition::MaterializedView(new)) = cx.catalog.items.get(&by).map(|i| i.definition.clone()) else {
            return done("ALTER MATERIALIZED VIEW");
        };
        if new.replaces != Some(id) {
            let [target, by] = [id, by].map(|id| cx.catalog.minimal_name(&cx.session.names, id));
            return Err(plan(format!("cannot replace materialized view {target} with materialized view {by}")));
        }
        cx.catalog.note_replacement(id, by);
        cx.catalog.forget_items(&[by]);
        if let Some(item) = cx.catalog.items.get_mut(&id) {
            item.definition = Definition::MaterializedView(MaterializedView { replaces: None, ..new });
        }
        cx.catalog.relink(id);
        done("ALTER MATERIALIZED VIEW")
    }
}

/// The definition that `mz_views` and `mz_materialized_views` show.
pub fn definition(catalog: &crate::catalog::Catalog, view: &View) -> String {
    format!("{};", Printer::new(catalog, Mode::Stable).query(&view.query).one_line())
}

/// Is the expression a plain column?
pub fn plain_column(e: &Expr) -> Option<&str> {
    match e {
        Expr::Column(parts) => parts.last().map(String::as_str),
        Expr::Nested(inner) => plain_column(inner),
        _ => None,
    }
}
