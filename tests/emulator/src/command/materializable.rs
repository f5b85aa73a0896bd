//! What cannot be kept up to date: calls whose result depends on when and by whom they are made.

use crate::catalog::Catalog;
use crate::catalog::item::Definition;
use crate::datum::SqlError;
use crate::sql::error::{Hint, with_code};
use crate::sql::expr::Expr;
use crate::sql::query::{Body, Factor, Query, Select, TableWithJoins};
use std::cell::RefCell;

/// Functions, and what the server calls them in its refusal.
const FUNCTIONS: [(&str, &str); 13] = [
    ("current_database", "current_database"),
    ("current_role", "current_user"),
    ("current_schema", "current_schema"),
    ("current_timestamp", "current_timestamp"),
    ("current_user", "current_user"),
    ("mz_environment_id", "mz_environment_id"),
    ("mz_now", "mz_now"),
    ("mz_uptime", "mz_uptime"),
    ("mz_version", "mz_version"),
    ("mz_version_num", "mz_version_num"),
    ("now", "current_timestamp"),
    ("pg_backend_pid", "pg_backend_pid"),
    ("session_user", "session_user"),
];

/// Errors: `0A000`, for a query that is to be materialized, with the views that it reads.
pub fn check_query(catalog: &Catalog, query: &Query) -> Result<(), SqlError> {
    let walk = Walk { catalog, found: RefCell::new(None) };
    walk.query(query);
    refuse(walk.found.into_inner())
}

/// Errors: `0A000`, for an expression that is to be materialized.
pub fn check_expr(catalog: &Catalog, e: &Expr) -> Result<(), SqlError> {
    let walk = Walk { catalog, found: RefCell::new(None) };
    walk.expr(e, false);
    refuse(walk.found.into_inner())
}

fn refuse(found: Option<&'static str>) -> Result<(), SqlError> {
    let Some(function) = found else { return Ok(()) };
    let error = with_code("0A000", format!("cannot materialize call to {function}"));
    Err(match function {
        "current_timestamp" => error
            .detail("See: https://materialize.com/docs/sql/functions/now_and_mz_now/")
            .hint("In temporal filters `mz_now()` may work instead."),
        _ => error,
    })
}

struct Walk<'a> {
    catalog: &'a Catalog,
    found: RefCell<Option<&'static str>>,
}

impl Walk<'_> {
    fn query(&self, q: &Query) {
        q.ctes.iter().for_each(|cte| self.query(&cte.query));
        self.body(&q.body);
        q.order_by.iter().for_each(|order| self.expr(&order.expr, false));
    }

    fn body(&self, body: &Body) {
        match body {
            Body::Select(select) => self.select(select),
            Body::Values(rows) => rows.iter().flatten().for_each(|e| self.expr(e, false)),
            Body::Nested(q) => self.query(q),
            Body::Set(left, _, _, right) => {
                self.body(left);
                self.body(right);
            }
            Body::Table(name) => self.item(name.item),
            // A view cannot have it.
            Body::Show => {}
        }
    }

    fn select(&self, s: &Select) {
        s.items.iter().for_each(|(e, _)| self.expr(e, false));
        s.from.iter().for_each(|table| self.table(table));
        s.group_by.iter().for_each(|e| self.expr(e, false));
        // A temporal filter may ask for the time.
        s.filter.iter().chain(&s.having).for_each(|e| self.expr(e, true));
    }

    fn table(&self, table: &TableWithJoins) {
        self.factor(&table.table);
        for join in &table.joins {
            self.factor(&join.table);
            join.on.iter().for_each(|e| self.expr(e, true));
        }
    }

    fn factor(&self, factor: &Factor) {
        match factor {
            Factor::Table(name, _) => self.item(name.item),
            Factor::Derived(_, q, _) => self.query(q),
            Factor::Function(_, e, ..) => self.expr(e, false),
            Factor::Joined(table, _) => self.table(table),
        }
    }

    /// A view is what its query is; anything else is there already.
    fn item(&self, id: Option<crate::catalog::Id>) {
        if let Some(Definition::View(view)) = id.and_then(|id| self.catalog.items.get(&id)).map(|i| &i.definition) {
            self.query(&view.query);
        }
    }

    fn expr(&self, e: &Expr, filter: bool) {
        e.any(&|e| {
            let name = match e {
                Expr::Call(call) => call.name.parts.last(),
                Expr::Subquery(q) | Expr::Exists(q) | Expr::InQuery(_, _, q) | Expr::QuantifiedQuery(.., q) => {
                    self.query(q);
                    None
                }
                _ => None,
            };
            let known = FUNCTIONS.iter().find(|(function, _)| name.is_some_and(|name| name == function));
            if let Some((_, shown)) = known.filter(|(function, _)| !filter || *function != "mz_now") {
                self.found.borrow_mut().get_or_insert(shown);
            }
            false
        });
    }
}
