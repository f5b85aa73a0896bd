//! Creating, altering and dropping. Whatever fails, the state that is returned is what is known to be there.

mod create;
mod drop;
mod names;
mod update;

use std::sync::Arc;

use super::errors::{describe, failed};
use super::meaning::SameObjects;
use super::read::names_of;
use super::references::Renames;
use super::registry::Declared;
use super::{Private, key_in};
use crate::catalog::{CatalogError, ErrorKind, Session};
use crate::declare::Key;
use crate::diag::Diagnostic;
use crate::sql::{Kind, Statement};
use crate::value::Value;

/// One call of `apply`, with all that it needs.
pub struct Work<'a> {
    pub session: Arc<Session>,
    pub region: &'a str,
    pub declared: &'a Declared,
    pub prior: &'a Value,
    pub planned: &'a Value,
    pub config: &'a Value,
    pub prior_private: &'a Private,
    /// Which differing names are known to name the same object.
    pub objects: SameObjects,
    pub renames: &'a Renames,
}

impl Work<'_> {
    fn kind(&self) -> Kind {
        self.declared.resource.kind
    }

    fn failed(&self, verb: &str, error: &CatalogError, statement: Option<&Statement>) -> Diagnostic {
        let value = if self.planned.is_null() { self.prior } else { self.planned };
        let attempt = format!("{verb} {}", describe(self.declared.resource, value));
        failed(&attempt, error, statement, self.declared.attrs, self.config)
    }

    /// The key of the object with this state: its id, or else its names.
    fn key_of(&self, state: &Value) -> Key {
        key_in(self.declared, state, self.region).unwrap_or_else(|| Key::Names(names_of(self.declared, state)))
    }
}

/// The planned value with each unknown replaced by what was read; what could not be read becomes null. A member of a
/// list is the one that was read in its place or, as sets have no places, one that agrees in all that is known.
pub fn fill_unknown(planned: &Value, read: &Value) -> Value {
    match planned {
        Value::Unknown => read.clone(),
        Value::Map(items) => {
            Value::Map(items.iter().map(|(name, value)| (name.clone(), fill_unknown(value, read.get(name)))).collect())
        }
        Value::List(items) => {
            let mut left: Vec<Option<&Value>> = read.items().iter().map(Some).collect();
            let fill = |(i, item): (usize, &Value)| {
                let agrees = |at: &usize| left.get(*at).is_some_and(|read| read.is_some_and(|read| agree(item, read)));
                let at = Some(i).filter(agrees).or_else(|| (0..left.len()).find(agrees)).unwrap_or(i);
                fill_unknown(item, left.get_mut(at).and_then(Option::take).unwrap_or(&Value::Null))
            };
            Value::List(items.iter().enumerate().map(fill).collect())
        }
        known => known.clone(),
    }
}

/// Whether a value that was read can be what was planned, as far as that is known.
fn agree(planned: &Value, read: &Value) -> bool {
    match planned {
        Value::Map(items) => items.iter().all(|(name, value)| agree(value, read.get(name))),
        planned => planned.is_unknown() || planned == read,
    }
}

/// Whether the server refused because the object is not there. Materialize has no SQLSTATE for it (`XX000`), the
/// message is all there is.
pub fn is_gone(error: &CatalogError) -> bool {
    let message = &error.message;
    error.kind == ErrorKind::Server
        && (message.starts_with("unknown ")
            || message.contains(" does not exist")
            || (message.starts_with("CLUSTER ") && message.contains("has no CLUSTER REPLICA")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sets have no places: a member takes what was read of one that agrees with it.
    #[test]
    fn unknown_members_are_filled_by_what_agrees() {
        let member = |name: &str, id: Value| Value::from([("name", Value::text(name)), ("id", id)]);
        let planned = Value::List(vec![member("a", Value::Unknown), member("b", Value::Unknown), Value::Unknown]);
        let read = Value::List(vec![member("b", 2.into()), member("c", 3.into()), member("a", 1.into())]);
        let filled = Value::List(vec![member("a", 1.into()), member("b", 2.into()), member("c", 3.into())]);
        assert_eq!(fill_unknown(&planned, &read), filled);
        let unread = Value::List(vec![member("a", Value::Null)]);
        assert_eq!(fill_unknown(&Value::List(vec![member("a", Value::Unknown)]), &Value::Null), unread);
    }
}
