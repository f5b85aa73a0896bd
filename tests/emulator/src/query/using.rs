//! `JOIN … USING (column)`: the column is one, whichever table it is taken from. The engine does not see that everywhere,
//! so it is told which table to take it from.

use super::rewrite::normal;
use datafusion::sql::sqlparser::ast::{
    Expr, GroupByExpr, Ident, JoinConstraint, JoinOperator, ObjectName, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, TableFactor, TableWithJoins, VisitMut, VisitorMut,
};
use std::collections::HashMap;
use std::ops::ControlFlow;

/// Says of each joined column of a SELECT where it comes from.
pub fn qualify(select: &mut Select) {
    let mut origin = Origin { tables: HashMap::new(), depth: 0 };
    for from in &select.from {
        let first = name(&from.relation);
        for join in &from.joins {
            let (constraint, table) = match &join.join_operator {
                JoinOperator::Join(c) | JoinOperator::Inner(c) => (c, first.clone()),
                JoinOperator::Left(c) | JoinOperator::LeftOuter(c) => (c, first.clone()),
                JoinOperator::Right(c) | JoinOperator::RightOuter(c) => (c, name(&join.relation)),
                _ => continue,
            };
            let (JoinConstraint::Using(columns), Some(table)) = (constraint, table) else { continue };
            for column in columns.iter().filter_map(|column| column.0.last()?.as_ident()) {
                origin.tables.entry(column.value.clone()).or_insert_with(|| table.clone());
            }
        }
    }
    if origin.tables.is_empty() {
        return;
    }
    for item in &mut select.projection {
        if let SelectItem::UnnamedExpr(e) | SelectItem::ExprWithAlias { expr: e, .. } = item {
            origin.tell(e);
        }
    }
    select.selection.iter_mut().chain(&mut select.having).for_each(|e| origin.tell(e));
    if let GroupByExpr::Expressions(list, _) = &mut select.group_by {
        list.iter_mut().for_each(|e| origin.tell(e));
    }
}

/// Calls the table of each `t.*` as FROM does: the engine does not find it by less or more of its name.
pub fn wildcards(select: &mut Select) {
    let named = |table: &TableFactor| match table {
        TableFactor::Table { name, alias: None, .. } => Some(name.clone()),
        _ => None,
    };
    let factors = |from: &TableWithJoins| {
        let joined = from.joins.iter().map(|join| named(&join.relation));
        std::iter::once(named(&from.relation)).chain(joined).flatten().collect::<Vec<_>>()
    };
    let tables: Vec<ObjectName> = select.from.iter().flat_map(factors).collect();
    let parts = |name: &ObjectName| name.0.iter().filter_map(|part| part.as_ident()).map(normal).collect::<Vec<_>>();
    for item in &mut select.projection {
        let SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) = item else {
            continue;
        };
        let called = parts(name);
        let meant = |table: &&ObjectName| parts(table).ends_with(&called) || called.ends_with(&parts(table));
        if let Some(table) = tables.iter().find(meant) {
            *name = table.clone();
        }
    }
}

/// What a table is called in the query.
pub fn name(table: &TableFactor) -> Option<Ident> {
    match table {
        TableFactor::Table { name, alias, .. } => {
            alias.as_ref().map(|a| a.name.clone()).or_else(|| name.0.last()?.as_ident().cloned())
        }
        TableFactor::Derived { alias, .. } => alias.as_ref().map(|a| a.name.clone()),
        _ => None,
    }
}

struct Origin {
    tables: HashMap<String, Ident>,
    /// How many queries deep: those inside have names of their own.
    depth: usize,
}

impl Origin {
    fn tell(&mut self, expr: &mut Expr) {
        let _ = expr.visit(self);
    }
}

impl VisitorMut for Origin {
    type Break = ();

    fn pre_visit_query(&mut self, _: &mut Query) -> ControlFlow<()> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &mut Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Identifier(column) = expr
            && self.depth == 0
            && let Some(table) = self.tables.get(&column.value)
        {
            *expr = Expr::CompoundIdentifier(vec![table.clone(), column.clone()]);
        }
        ControlFlow::Continue(())
    }
}
