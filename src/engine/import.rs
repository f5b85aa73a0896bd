//! Import: an id or a name becomes a complete state.

use super::read::{find, more_of, state, values};
use super::registry::Declared;
use super::{Private, Reply, Stored, bad_id, errors, parse_id, without_region};
use crate::catalog::{CatalogError, Row, Session};
use crate::declare::scope::catalog_id;
use crate::declare::{Found, Key, Presence, Resource, Scope};
use crate::diag::Diagnostic;
use crate::sql::quote_ident;
use crate::value::Value;

/// Reads the object that an import id names. All that the server can tell is filled in, so that the plan which follows
/// is empty.
pub async fn import(session: &Session, region: &str, declared: &Declared, id: &str) -> Reply<Stored> {
    let fail = |diagnostic| Reply { value: Stored::default(), diagnostics: vec![diagnostic] };
    let by_id = parse_id(declared, id, region);
    // An id that holds a name, unlike a full name, says that the object is to be found by it.
    let named = by_id.as_ref().is_some_and(|key| matches!(key, Key::Names(_)));
    let Some(key) = by_id.or_else(|| full_name(declared, without_region(id, region))) else {
        return fail(bad_id(declared, id));
    };
    match by_key(session, region, declared, &key, named, id).await {
        Ok(Some(value)) => Reply { value, diagnostics: Vec::new() },
        Ok(None) => {
            let detail = format!("There is no {} with the id \"{id}\" in region {region}.", declared.resource.name);
            fail(Diagnostic::error("Cannot import what does not exist", detail))
        }
        Err(diagnostic) => fail(diagnostic),
    }
}

/// The complete state of the object with this key. `None`: there is none. `named`: it is to be found by its name from then
/// on; `id`: what messages call it.
pub async fn by_key(
    session: &Session,
    region: &str,
    declared: &Declared,
    key: &Key,
    named: bool,
    id: &str,
) -> Result<Option<Stored>, Diagnostic> {
    let rows = find_named(session, declared, key).await.map_err(|error| {
        let attempt = format!("import {} {id}", declared.resource.name);
        errors::failed(&attempt, &error, None, declared.attrs, &Value::Null)
    })?;
    let mut blank = blank(declared, named);
    if let (Key::Names(names), false) = (key, declared.resource.id.named.is_empty()) {
        names.iter().for_each(|(attr, name)| blank.set(attr, Value::text(name)));
    }
    let found = Found::new(key, rows, &blank);
    if let Some(why) = found.illegible() {
        return Err(errors::illegible(&format!("{} {id}", declared.resource.name), &why));
    }
    let Some(read) = values(declared, &found) else { return Ok(None) };
    let state = state(declared, &found, &read, region, true);
    Ok(Some(Stored { state, private: Private::of(&found).print() }))
}

/// The rows of all lookups. After it was made an index is found by what it is on, but here by its own name.
async fn find_named(session: &Session, declared: &Declared, key: &Key) -> Result<Vec<Vec<Row>>, CatalogError> {
    let (Key::Names(names), Scope::Object) = (key, declared.resource.scope) else {
        return find(session, declared, key).await;
    };
    let values = names.iter().map(|(_, name)| name.clone()).collect();
    let (main, more) = declared.lookups.split_first().expect("every resource has a lookup");
    let rows = session.rows(&main.query, &["d.name", "s.name", "o.name"], values).await?;
    more_of(session, more, rows, names).await
}

/// What an import takes, for messages and pages.
pub fn forms(resource: &Resource) -> String {
    if let Some(remote) = resource.remote {
        return remote.forms.to_owned();
    }
    let name = match &groups(resource)[..] {
        [] => return resource.id.forms.to_owned(),
        [only] if only.len() == 1 => "its name".to_owned(),
        groups => {
            let group = |attrs: &Vec<&str>| attrs.iter().map(|attr| format!("<{attr}>")).collect::<Vec<_>>().join(".");
            format!("by name `{}`", groups.iter().map(group).collect::<Vec<_>>().join("|"))
        }
    };
    format!(
        "{}; or {name}, each part in double quotes if there is a dot or a `|` in it, or if it looks like an id",
        resource.id.forms
    )
}

/// The attributes that are written in a full name: a sign `|` between the groups, points in them.
pub fn groups(resource: &Resource) -> Vec<Vec<&'static str>> {
    let by_scope: Vec<_> = resource.scope.by_name().iter().map(|(_, attr)| *attr).collect();
    match (resource.id.named, by_scope.is_empty()) {
        ([], true) => Vec::new(),
        ([], false) => vec![by_scope],
        (groups, _) => groups.iter().map(|attrs| attrs.to_vec()).collect(),
    }
}

/// The key in a full name: `materialize.public.orders`, or `materialize.public.orders|analyst|SELECT`. A part may stand in
/// double quotes, and keeps its case without them. What need not be set may be left out.
fn full_name(declared: &Declared, text: &str) -> Option<Key> {
    let (groups, written) = (groups(declared.resource), parts(text)?);
    if groups.is_empty() || written.len() != groups.len() {
        return None;
    }
    let named = groups.iter().zip(written).map(|(attrs, parts)| assign(attrs, parts)).collect::<Option<Vec<_>>>()?;
    let names = named.concat();
    let may_lack = |name: &str| {
        let attr = declared.attr(name);
        attr.is_some_and(|attr| attr.presence == Presence::Optional && attr.default.is_none())
    };
    names.iter().all(|(attr, part)| !part.is_empty() || may_lack(attr)).then_some(Key::Names(names))
}

/// The full name of the object with this state, as an import takes it: with quotes only where it needs them. `None`: it
/// has none.
pub fn full_name_of(resource: &Resource, state: &Value) -> Option<String> {
    let groups = groups(resource);
    // A name of several parts is never taken for an id.
    let alone = groups.concat().len() == 1;
    let quoted = |part: &str| {
        let unclear = part.contains(['.', '|', '"', ':']) || (alone && catalog_id(part).is_some());
        if unclear { quote_ident(part) } else { part.to_owned() }
    };
    let part = |attr: &&str| state.get(attr).as_text().filter(|part| !part.is_empty()).map(quoted);
    let group = |attrs: &Vec<&str>| attrs.iter().filter_map(part).collect::<Vec<_>>().join(".");
    (!groups.is_empty()).then(|| groups.iter().map(group).collect::<Vec<_>>().join("|"))
}

/// The parts of a full name in their groups, without quotes. `None`: a quote is not closed.
fn parts(text: &str) -> Option<Vec<Vec<String>>> {
    let (mut groups, mut quoted, mut chars) = (vec![vec![String::new()]], false, text.chars().peekable());
    while let Some(c) = chars.next() {
        let group = groups.last_mut().expect("there is always one");
        let part = group.last_mut().expect("there is always one");
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => part.push('"'),
            '"' if quoted || part.is_empty() => quoted = !quoted,
            '.' if !quoted => group.push(String::new()),
            '|' if !quoted => groups.push(vec![String::new()]),
            c => part.push(c),
        }
    }
    (!quoted).then_some(groups)
}

/// The attributes of a group and their parts: the last part is the last attribute's, the others count from the first. A
/// point in the only part is no separator.
fn assign(attrs: &[&'static str], mut parts: Vec<String>) -> Option<Vec<(&'static str, String)>> {
    if let [attr] = attrs {
        return Some(vec![(attr, parts.join("."))]);
    }
    let last = parts.pop().filter(|_| parts.len() < attrs.len())?;
    parts.resize(attrs.len() - 1, String::new());
    parts.push(last);
    Some(attrs.iter().copied().zip(parts).collect())
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
