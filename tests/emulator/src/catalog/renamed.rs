//! What is called by another name is called so in the queries that read it, too.

use super::Id;
use super::item::Definition;
use crate::sql::expr::Expr;
use crate::sql::query::{Factor, Query};
use crate::sql::walk::{self, Visitor};

/// Calls a relation by its new name in a view's query: where columns are called by the table's name.
pub fn follow(definition: &mut Definition, id: Id, old: &str, new: &str) {
    match definition {
        Definition::View(view) => in_query(&mut view.query, id, old, new),
        Definition::MaterializedView(view) => in_query(&mut view.view.query, id, old, new),
        _ => {}
    }
}

fn in_query(query: &mut Query, id: Id, old: &str, new: &str) {
    let mut tables = Tables { id, old, new, own: false, others: false };
    walk::query(query, &mut tables);
    // Another table of that name makes it unsure which is meant.
    if tables.own && !tables.others {
        walk::query(query, &mut Columns { old, new });
    }
}

struct Tables<'a> {
    id: Id,
    old: &'a str,
    new: &'a str,
    own: bool,
    others: bool,
}

impl Visitor for Tables<'_> {
    fn factor(&mut self, factor: &mut Factor) {
        let alias = match factor {
            Factor::Table(name, None) if name.item == Some(self.id) => {
                self.own = true;
                if let Some(last) = name.parts.last_mut() {
                    self.new.clone_into(last);
                }
                return;
            }
            Factor::Table(name, None) => name.parts.last(),
            Factor::Table(_, alias) | Factor::Derived(_, _, alias) => alias.as_ref().map(|a| &a.name),
            Factor::Function(_, _, _, alias) | Factor::Joined(_, alias) => alias.as_ref().map(|a| &a.name),
        };
        self.others |= alias.is_some_and(|alias| alias == self.old || alias == self.new);
    }
}

struct Columns<'a> {
    old: &'a str,
    new: &'a str,
}

impl Visitor for Columns<'_> {
    fn expr(&mut self, expr: &mut Expr) {
        let table = match expr {
            Expr::Column(parts) => parts.iter_mut().rev().nth(1),
            Expr::Wildcard(parts) => parts.last_mut(),
            _ => None,
        };
        if let Some(table) = table.filter(|table| **table == self.old) {
            self.new.clone_into(table);
        }
    }
}
