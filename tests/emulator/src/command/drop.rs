//! DROP of items: tables, views, sources, indexes, types, secrets, connections, sinks.

use super::{Boxed, Command, Context};
use crate::catalog::Id;
use crate::catalog::change::{CASCADE_HINT, Object};
use crate::catalog::privileges::ObjectKind;
use crate::datum::{Outcome, SqlError};
use crate::sql::error::{Hint, plan};
use crate::sql::parser::{Parsed, Parser};
use std::sync::Arc;

struct DropItems {
    kind: ObjectKind,
    names: Vec<Vec<String>>,
    if_exists: bool,
    cascade: bool,
}

pub fn drop_items(p: &mut Parser, kind: ObjectKind) -> Parsed<Boxed> {
    let if_exists = p.if_exists()?;
    let names = p.list(Parser::name)?;
    Ok(Arc::new(DropItems { kind, names, if_exists, cascade: p.drop_behaviour()? == Some(true) }))
}

impl Command for DropItems {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let mut ids: Vec<Id> = Vec::new();
        let mut notices = Vec::new();
        for name in &self.names {
            let id = match cx.catalog.resolve_for(&cx.session.names, name, self.kind, ("DROP", "remove")) {
                Ok(id) => id,
                // Only a missing object is skipped, not one of another kind.
                Err(e) if self.if_exists && e.message.starts_with("unknown") => {
                    notices.push(format!("{} \"{}\" does not exist, skipping", self.kind.words(), name.join(".")));
                    continue;
                }
                Err(e) => return Err(e),
            };
            if !id.is_user() {
                let name = cx.catalog.minimal_name(&cx.session.names, id);
                let kind = self.kind.words();
                return Err(plan(format!("cannot drop {kind} {name} because it is required by the database system")));
            }
            ids.push(id);
        }
        if !self.cascade {
            for id in &ids {
                self.check_unused(cx, *id, &ids)?;
            }
        }
        let objects: Vec<Object> = ids.iter().copied().map(Object::Item).collect();
        cx.catalog.check_owned(cx.session, &objects)?;
        let all = cx.catalog.dependents(&ids);
        cx.catalog.remove_items(&all);
        Ok(Outcome::Done { tag: format!("DROP {}", self.kind.keyword()), notices })
    }
}

impl DropItems {
    /// Nothing but indexes, which go along, and what is dropped too may depend on it.
    fn check_unused(&self, cx: &Context<'_>, id: Id, dropped: &[Id]) -> Result<(), SqlError> {
        let users = cx.catalog.items.get(&id).map(|i| i.used_by.as_slice()).unwrap_or_default();
        let users = users.iter().filter(|u| !dropped.contains(u)).filter_map(|u| cx.catalog.items.get(u));
        let Some(user) = users.into_iter().find(|u| u.definition.kind() != ObjectKind::Index) else { return Ok(()) };
        let names = &cx.session.names;
        Err(plan(format!(
            "cannot drop {} \"{}\": still depended upon by {} \"{}\"",
            self.kind.words(),
            cx.catalog.minimal_name(names, id),
            user.definition.kind().words(),
            cx.catalog.minimal_name(names, user.id)
        ))
        .hint(CASCADE_HINT))
    }
}
