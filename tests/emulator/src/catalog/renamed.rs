//! What is called by another name is called so in the queries that read it, too.

use super::item::Definition;
use super::{Catalog, Id};
use crate::sql::expr::Expr;
use crate::sql::query::{Factor, Query};
use crate::sql::walk::{self, Visitor};
use std::collections::BTreeSet;

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

impl Catalog {
    /// Calls a schema by its new name in the queries of views: where columns are called by their table's schema.
    pub fn follow_schema(&mut self, schema: Id, old: &str, new: &str) {
        let inside: BTreeSet<Id> =
            self.schemas.get(&schema).iter().flat_map(|schema| schema.items.values()).copied().collect();
        let users: BTreeSet<Id> =
            inside.iter().filter_map(|id| self.items.get(id)).flat_map(|item| &item.used_by).copied().collect();
        for user in users {
            let query = match self.items.get_mut(&user).map(|item| &mut item.definition) {
                Some(Definition::View(view)) => &mut view.query,
                Some(Definition::MaterializedView(view)) => &mut view.view.query,
                _ => continue,
            };
            let mut read = Inside { inside: &inside, tables: BTreeSet::new() };
            walk::query(query, &mut read);
            let tables = read.tables;
            walk::query(query, &mut Qualified { tables, old, new });
        }
    }
}

/// Finds the tables of one schema that a query reads under their own names.
struct Inside<'a> {
    inside: &'a BTreeSet<Id>,
    tables: BTreeSet<String>,
}

impl Visitor for Inside<'_> {
    fn factor(&mut self, factor: &mut Factor) {
        if let Factor::Table(name, None) = factor
            && name.item.is_some_and(|id| self.inside.contains(&id))
        {
            self.tables.extend(name.parts.last().cloned());
        }
    }
}

/// Columns called by their table and its schema.
struct Qualified<'a> {
    tables: BTreeSet<String>,
    old: &'a str,
    new: &'a str,
}

impl Visitor for Qualified<'_> {
    fn expr(&mut self, expr: &mut Expr) {
        let (parts, behind) = match expr {
            Expr::Column(parts) => (parts, 1),
            Expr::Wildcard(parts) => (parts, 0),
            _ => return,
        };
        let mut names = parts.iter_mut().rev().skip(behind);
        if let (Some(table), Some(schema)) = (names.next(), names.next())
            && schema == self.old
            && self.tables.contains(table)
        {
            self.new.clone_into(schema);
        }
    }
}
