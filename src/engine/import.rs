//! Import: an id, or a name where the id form allows it, becomes a complete state.

use super::read::{find, state, values};
use super::registry::Declared;
use super::{Private, Reply, Stored, bad_id, errors, parse_id};
use crate::catalog::Session;
use crate::declare::{Found, Key, Presence};
use crate::diag::Diagnostic;
use crate::value::Value;

/// Reads the object that an import id names. All that the server can tell is filled in, so that the plan which follows
/// is empty.
pub async fn import(session: &Session, region: &str, declared: &Declared, id: &str) -> Reply<Stored> {
    let fail = |diagnostic| Reply { value: Stored::default(), diagnostics: vec![diagnostic] };
    let Some(key) = parse_id(declared, id, region) else { return fail(bad_id(declared, id)) };
    let rows = match find(session, declared, &key).await {
        Ok(rows) => rows,
        Err(error) => {
            let attempt = format!("import {} {id}", declared.resource.name);
            return fail(errors::failed(&attempt, &error, None, declared.attrs, &Value::Null));
        }
    };
    let blank = blank(declared, &key);
    let found = Found::new(&key, rows, &blank);
    let Some(read) = values(declared, &found) else {
        let detail = format!("There is no {} with the id \"{id}\" in region {region}.", declared.resource.name);
        return fail(Diagnostic::error("Cannot import what does not exist", detail));
    };
    let state = state(declared, &found, &read, region, true);
    let private = Private::of(&found).print();
    Reply { value: Stored { state, private, identity: None }, diagnostics: Vec::new() }
}

/// A state that knows nothing yet but how the object was named, and the defaults of what only the state keeps.
fn blank(declared: &Declared, key: &Key) -> Value {
    let mut blank = Value::Map(Default::default());
    for attr in declared.attrs {
        let default = attr.default.filter(|_| attr.stored.is_some() && attr.presence != Presence::Computed);
        blank.set(attr.name, default.map_or(Value::Null, |default| default.value()));
    }
    if declared.attr("identify_by_name").is_some() {
        blank.set("identify_by_name", Value::Bool(matches!(key, Key::Names(_))));
    }
    blank
}
