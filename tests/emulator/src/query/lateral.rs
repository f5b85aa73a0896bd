//! `FROM r, unnest(r.list) AS e`: the rows of a list beside the row that holds it. The engine does not unnest what it has
//! to look up in another table, so the table is given the elements as a column more.

use super::rewrite::{call, normal, parse};
use super::using::name;
use datafusion::sql::sqlparser::ast::{
    Expr, Ident, JoinOperator, Select, SelectItem, SetExpr, TableAlias, TableFactor, TableWithJoins, Visit, VisitMut,
    Visitor, VisitorMut,
};
use std::ops::ControlFlow;

/// Puts the elements into the tables whose lists they are of.
pub fn unnest(select: &mut Select) {
    let mut renamed = Vec::new();
    let mut at = 0;
    while at < select.from.len() {
        let (before, rest) = select.from.split_at_mut(at);
        if rest[0].joins.is_empty() && take_in(before, &rest[0].relation, &mut renamed) {
            select.from.remove(at);
            continue;
        }
        let mut join = 0;
        while join < select.from[at].joins.len() {
            let from = &select.from[at].joins[join];
            let crossed = matches!(from.join_operator, JoinOperator::CrossJoin(_));
            let factor = from.relation.clone();
            if crossed && take_in(&mut select.from[..=at], &factor, &mut renamed) {
                select.from[at].joins.remove(join);
            } else {
                join += 1;
            }
        }
        at += 1;
    }
    if !renamed.is_empty() {
        let _ = select.visit(&mut Rename(renamed));
    }
}

/// Gives one of the tables the elements of a list of its own. Answers whether it did.
fn take_in(tables: &mut [TableWithJoins], factor: &TableFactor, renamed: &mut Vec<(String, Ident)>) -> bool {
    let TableFactor::UNNEST { alias, array_exprs, with_ordinality: false, .. } = factor else { return false };
    let [list] = array_exprs.as_slice() else { return false };
    let mut columns = Columns(Vec::new());
    let _ = list.visit(&mut columns);
    let Some(qualifier) = columns.0.into_iter().next() else { return false };
    let own: Vec<&mut TableFactor> = tables
        .iter_mut()
        .flat_map(|t| std::iter::once(&mut t.relation).chain(t.joins.iter_mut().map(|join| &mut join.relation)))
        .collect();
    let meant = |table: &&mut TableFactor| match &qualifier {
        Some(wanted) => name(table).is_some_and(|name| normal(&name) == *wanted),
        None => true,
    };
    let Some(table) = own.into_iter().rfind(meant) else { return false };
    let Some(called) = name(table) else { return false };
    let new = alias.as_ref().map_or_else(|| Ident::with_quote('"', "unnest"), |a| a.name.clone());
    let column = alias.as_ref().and_then(|a| a.columns.first()).map_or_else(|| new.clone(), |c| c.name.clone());
    let Ok(mut query) = parse("SELECT * FROM x") else { return false };
    let SetExpr::Select(inner) = query.body.as_mut() else { return false };
    let expr = call("unnest", vec![list.clone()]);
    let alias = Ident::with_quote('"', normal(&column));
    inner.projection.push(SelectItem::ExprWithAlias { expr, alias });
    let [TableWithJoins { relation, .. }] = inner.from.as_mut_slice() else { return false };
    std::mem::swap(relation, table);
    let alias = TableAlias { explicit: true, name: called.clone(), columns: Vec::new(), at: None };
    *table = TableFactor::Derived { lateral: false, subquery: Box::new(query), alias: Some(alias), sample: None };
    renamed.push((normal(&new), Ident::with_quote('"', normal(&called))));
    true
}

/// The tables by which columns are called; None for a column without.
struct Columns(Vec<Option<String>>);

impl Visitor for Columns {
    type Break = ();
    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::Identifier(_) => self.0.push(None),
            Expr::CompoundIdentifier(parts) => self.0.push(parts.len().checked_sub(2).map(|i| normal(&parts[i]))),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// Calls columns of one table by another.
struct Rename(Vec<(String, Ident)>);

impl VisitorMut for Rename {
    type Break = ();
    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::CompoundIdentifier(parts) = expr
            && let [table, _] = parts.as_mut_slice()
            && let Some((_, new)) = self.0.iter().find(|(old, _)| *old == normal(table))
        {
            *table = new.clone();
        }
        ControlFlow::Continue(())
    }
}
