//! Import: an id or a name becomes a complete state.

use super::read::{find, state, values};
use super::registry::Declared;
use super::{Private, Reply, Stored, bad_id, errors, parse_id, without_region};
use crate::catalog::Session;
use crate::declare::{Found, Key, Presence, Resource, Scope};
use crate::diag::Diagnostic;
use crate::value::Value;

/// Reads the object that an import id names. All that the server can tell is filled in, so that the plan which follows
/// is empty.
pub async fn import(session: &Session, region: &str, declared: &Declared, id: &str) -> Reply<Stored> {
    let fail = |diagnostic| Reply { value: Stored::default(), diagnostics: vec![diagnostic] };
    let by_id = parse_id(declared, id, region);
    let named = by_id.as_ref().is_some_and(|key| matches!(key, Key::Names(_)));
    let Some(key) = by_id.or_else(|| full_name(declared, without_region(id, region))) else {
        return fail(bad_id(declared, id));
    };
    let rows = match find(session, declared, &key).await {
        Ok(rows) => rows,
        Err(error) => {
            let attempt = format!("import {} {id}", declared.resource.name);
            return fail(errors::failed(&attempt, &error, None, declared.attrs, &Value::Null));
        }
    };
    let blank = blank(declared, named);
    let found = Found::new(&key, rows, &blank);
    let Some(read) = values(declared, &found) else {
        let detail = format!("There is no {} with the id \"{id}\" in region {region}.", declared.resource.name);
        return fail(Diagnostic::error("Cannot import what does not exist", detail));
    };
    let state = state(declared, &found, &read, region, true);
    let private = Private::of(&found).print();
    Reply { value: Stored { state, private, identity: None }, diagnostics: Vec::new() }
}

/// What an import takes, for messages and pages.
pub fn forms(resource: &Resource) -> String {
    if let Some(remote) = resource.remote {
        return remote.forms.to_owned();
    }
    let name = match resource.scope {
        Scope::Bare | Scope::Object => return resource.id.forms.to_owned(),
        Scope::Environment => "its name",
        Scope::Cluster => "its name (`cluster.replica`)",
        Scope::Database => "its name (`database.schema`)",
        Scope::Schema => "its name (`database.schema.name`)",
    };
    format!("{}; or {name}, each part in double quotes if it has a point in it or looks like an id", resource.id.forms)
}

/// The key in a full name: `materialize.public.orders`. A part may stand in double quotes, and keeps its case without
/// them.
fn full_name(declared: &Declared, text: &str) -> Option<Key> {
    let attrs: Vec<&'static str> = declared.resource.scope.by_name().iter().map(|(_, attr)| *attr).collect();
    let (mut parts, mut quoted, mut chars) = (vec![String::new()], false, text.chars().peekable());
    while let Some(c) = chars.next() {
        let part = parts.last_mut().expect("there is always one");
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => part.push('"'),
            '"' if quoted || part.is_empty() => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            c => part.push(c),
        }
    }
    let complete = !quoted && !attrs.is_empty() && parts.len() == attrs.len() && !parts.iter().any(String::is_empty);
    complete.then(|| Key::Names(attrs.into_iter().zip(parts).collect()))
}

/// A state that knows nothing yet but how the object is identified, and the defaults of what only the state keeps.
pub fn blank(declared: &Declared, named: bool) -> Value {
    let mut blank = Value::Map(Default::default());
    for attr in declared.attrs {
        let default = attr.default.filter(|_| attr.stored.is_some() && attr.presence != Presence::Computed);
        blank.set(attr.name, default.map_or(Value::Null, |default| default.value()));
    }
    if declared.attr("identify_by_name").is_some() {
        blank.set("identify_by_name", Value::Bool(named));
    }
    blank
}
