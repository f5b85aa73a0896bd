//! Indexes.

use super::alter::{owner_to, rename_to};
use super::{Boxed, Command, Context, done, done_with};
use crate::catalog::change::Object;
use crate::catalog::item::{Definition, Index};
use crate::catalog::privileges::{AclMode, ObjectKind};
use crate::datum::{Outcome, SqlError};
use crate::sql::doc::{Doc, text};
use crate::sql::error::plan;
use crate::sql::expr::{Expr, expr};
use crate::sql::options::Options;
use crate::sql::parser::{Parsed, Parser};
use crate::sql::plan::{Planner, Scope};
use crate::sql::print::Printer;
use std::sync::Arc;

struct CreateIndex {
    name: Option<String>,
    if_not_exists: bool,
    cluster: Option<String>,
    on: Vec<String>,
    /// None: the default index.
    keys: Option<Vec<Expr>>,
    options: Options,
}

pub fn create_index(p: &mut Parser, default: bool) -> Parsed<Boxed> {
    let if_not_exists = p.if_not_exists()?;
    let name = if p.is_kw("ON") || p.are_kws("IN CLUSTER") { None } else { Some(p.ident()?) };
    if if_not_exists && name.is_none() && !default {
        return p.expected("index name");
    }
    let cluster = if p.kws("IN CLUSTER") { Some(p.ident()?) } else { None };
    p.expect_kw("ON")?;
    let on = p.name()?;
    if p.kw("USING") && !p.ident()?.eq_ignore_ascii_case("arrangement") {
        return p.expected("ARRANGEMENT");
    }
    let keys = if default { None } else { Some(p.paren_list(expr)?) };
    let mut options = Options::default();
    if p.kw("WITH") {
        p.expect_op("(")?;
        p.expect_kw("RETAIN HISTORY")?;
        let value = super::table::retain_history(p)?;
        options.set("RETAIN HISTORY", value);
        p.expect_op(")")?;
    }
    Ok(Arc::new(CreateIndex { name, if_not_exists, cluster, on, keys, options }))
}

impl Command for CreateIndex {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let on = cx.catalog.resolve_item(&cx.session.names, &self.on);
        let cluster = cx.cluster_or_default(self.cluster.as_deref());
        let (on, cluster) = (on?, cluster?);
        let planner = Planner { catalog: cx.catalog, names: &cx.session.names };
        if cx.catalog.columns(on).is_none() {
            let (name, kind) = (cx.catalog.dotted(on), cx.catalog.kind_of(Object::Item(on)).words());
            return Err(plan(format!("index cannot be created on {name} because it is a {kind}")));
        }
        if super::view::replaced_by(cx, on).is_some() {
            let name = cx.catalog.dotted(on);
            let kind = "replacement materialized view";
            return Err(plan(format!("index cannot be created on {name} because it is a {kind}")));
        }
        if !self.options.0.is_empty() {
            cx.catalog.require("enable_index_options")?;
        }
        super::table::check_retained(cx, &self.options)?;
        let relation = planner.relation(on)?;
        let mut keys = match &self.keys {
            Some(keys) => keys.clone(),
            None => {
                let all = || (0..relation.columns.len()).collect::<Vec<usize>>();
                let key = relation.keys.first().cloned().unwrap_or_else(all);
                key.iter()
                    .filter_map(|i| relation.columns.get(*i))
                    .map(|c| Expr::Column(vec![c.name.clone()]))
                    .collect()
            }
        };
        let scope = Scope::of(&relation.columns);
        let mut positions = Vec::new();
        for key in &mut keys {
            let (_, nullable) = planner.expr(key, &scope)?;
            if let Expr::Number(n) = key
                && n.parse::<usize>().is_ok_and(|n| !(1..=relation.columns.len()).contains(&n))
            {
                let last = relation.columns.len();
                return Err(plan(format!("column reference {n} in CREATE INDEX is out of range (1 - {last})")));
            }
            // A number is the position of a column.
            if let Expr::Number(n) = key
                && let Some(column) =
                    n.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).and_then(|i| relation.columns.get(i))
            {
                *key = Expr::Column(vec![column.name.clone()]);
            }
            let column = super::view::plain_column(key);
            let position = column.and_then(|n| relation.columns.iter().position(|c| c.name == n));
            positions.push((position.map(|i| i + 1), position.map_or(nullable, |i| relation.columns[i].nullable)));
        }
        let Some(schema) = cx.catalog.items.get(&on).map(|i| i.schema) else { return done("CREATE INDEX") };
        let name = match &self.name {
            Some(name) => name.clone(),
            None => self.new_name(cx, on, schema, &keys, &positions),
        };
        let taken = cx.catalog.taken(schema, &name);
        if let Some(taken) = taken.filter(|_| !self.if_not_exists) {
            return Err(super::types::already_exists(cx, taken));
        }
        cx.catalog.check_owner(cx.session, Object::Item(on))?;
        cx.catalog.check_create_in(cx.session, schema)?;
        cx.catalog.check_privilege(cx.session, Object::Cluster(cluster), AclMode::CREATE)?;
        if taken.is_some() {
            return done_with("CREATE INDEX", format!("index \"{name}\" already exists, skipping"));
        }
        if let Some(Definition::View(view)) = cx.catalog.items.get(&on).map(|i| &i.definition) {
            super::materializable::check_query(cx.catalog, &view.query)?;
        }
        keys.iter().try_for_each(|key| super::materializable::check_expr(cx.catalog, key))?;
        let owner = cx.catalog.owner(Object::Item(on)).unwrap_or(cx.session.role);
        let definition = Definition::Index(Index { on, cluster, keys, positions, options: self.options.clone() });
        cx.catalog.check_room_for(schema, &definition)?;
        let id = cx.catalog.new_item_id();
        cx.catalog.insert_item(id, schema, name, owner, definition);
        done("CREATE INDEX")
    }
}

impl CreateIndex {
    /// `t_primary_idx`, or `t_a_b_idx`, or `t_expr_idx`, with a number when taken.
    fn new_name(
        &self,
        cx: &Context<'_>,
        on: crate::catalog::Id,
        schema: crate::catalog::Id,
        keys: &[Expr],
        positions: &[(Option<usize>, bool)],
    ) -> String {
        let table = cx.catalog.items.get(&on).map_or("", |i| &i.name);
        let base = match self.keys {
            None => format!("{table}_primary_idx"),
            Some(_) => {
                let parts = keys.iter().zip(positions).map(|(k, (position, _))| match position {
                    Some(_) => super::view::plain_column(k).unwrap_or("expr").to_owned(),
                    None => "expr".to_owned(),
                });
                format!("{table}_{}_idx", parts.collect::<Vec<_>>().join("_"))
            }
        };
        super::source::free_name(cx.catalog, schema, &base)
    }
}

pub fn print(p: &Printer, name: &str, i: &Index) -> Doc {
    let keys: Vec<String> = i.keys.iter().map(|k| p.expr_line(k)).collect();
    let with = super::table::print_with(p, &i.options).map_or(String::new(), |d| format!(" {}", d.one_line()));
    text(format!(
        "CREATE INDEX {} IN CLUSTER {} ON {} ({}){with}",
        p.ident(name),
        p.cluster(i.cluster),
        p.relation(i.on),
        keys.join(", ")
    ))
}

pub fn alter_index(p: &mut Parser) -> Parsed<Boxed> {
    let kind = ObjectKind::Index;
    let if_exists = p.if_exists()?;
    let name = p.name()?;
    match p.expect_one_of(&["SET", "RESET", "RENAME", "OWNER"])? {
        "OWNER" => owner_to(p, kind, name, if_exists),
        "RENAME" => rename_to(p, kind, name, if_exists),
        word => super::table::retain(p, kind, name, if_exists, word == "SET"),
    }
}
