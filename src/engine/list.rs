//! Listing: every object of a type that there is, whoever made it, each with its identity and its whole state.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::try_join_all;
use tokio::sync::mpsc::Sender;

use super::registry::{Declared, schema};
use super::{Engine, Reply, Schema, errors, import, remote, unknown_type, validate};
use crate::catalog::{Query, Session};
use crate::declare::{Attr, Key, Parts, Resource, Ty, scope, text};
use crate::diag::{Diagnostic, Diagnostics};
use crate::path::AttrPath;
use crate::provider::InRegion;
use crate::sql::quote_text;
use crate::value::Value;

/// Objects that are read together.
const TOGETHER: usize = 500;

const REGION: Attr = text("region").doc("The region to look in; the provider's default region if not set.");

/// An object that was found.
#[derive(Debug, Default)]
pub struct Listed {
    /// What to call it: for an object of an environment the full name, by which it can be imported.
    pub name: String,
    pub state: Value,
}

/// Where what is found goes. A closed one ends the search.
pub type Sink = Sender<Reply<Listed>>;

/// By what a list may be narrowed: attributes that must have the value given. `None`: the type cannot be listed.
pub fn filters(declared: &Declared) -> Option<Vec<Attr>> {
    let resource = declared.resource;
    resource.listed?;
    let named: Vec<&str> = import::groups(resource).concat();
    let lists = |attr: &&Attr| {
        let found = attr.column.is_some() || named.contains(&attr.name);
        matches!(attr.ty, Ty::Text) && found && !["comment", "id"].contains(&attr.name)
    };
    let about = |attr: &Attr| text(attr.name).doc(format!("Only those with this `{}`.", attr.name).leak());
    let attrs = declared.attrs.iter().filter(lists).map(about);
    Some(match resource.remote {
        Some(_) => Vec::new(),
        None => attrs.chain([REGION]).collect(),
    })
}

/// The schema of a list's configuration.
fn schema_of(declared: &Declared) -> Option<Schema> {
    let mut attrs = filters(declared)?;
    attrs.sort_by_key(|attr| attr.name);
    Some(schema(attrs.leak(), declared.resource.doc))
}

impl Engine {
    /// The configuration of the list of each resource type that can be listed.
    pub fn list_schemas(&self) -> &BTreeMap<&'static str, Schema> {
        // Most processes of the provider never need them.
        self.list_schemas.get_or_init(|| self.declared.iter().filter_map(|(n, d)| Some((*n, schema_of(d)?))).collect())
    }

    /// Checks a list's configuration. Nothing is sent.
    pub async fn validate_list(&self, type_name: &str, config: &Value) -> Diagnostics {
        let Some(schema) = self.list_schemas().get(type_name) else { return vec![unknown_type(type_name)] };
        let mut out = Vec::new();
        validate::check_object(schema.attrs, config, &AttrPath::root(), true, &mut out);
        out
    }

    /// Finds at most so many objects, in the order in which they were made. What goes wrong is the last thing that is told.
    pub async fn list(&self, type_name: &str, config: &Value, limit: usize, sink: &Sink) {
        if let Err(diagnostic) = self.search(type_name, config, limit, sink).await {
            // Nobody may be listening any more.
            let _ = sink.send(Reply { value: Listed::default(), diagnostics: vec![diagnostic] }).await;
        }
    }

    async fn search(&self, type_name: &str, config: &Value, limit: usize, sink: &Sink) -> Result<(), Diagnostic> {
        let found = self.declared.get(type_name).zip(self.list_schemas().get(type_name));
        let (declared, schema) = found.ok_or_else(|| unknown_type(type_name))?;
        let is_asked = |attr: &&Attr| attr.name != scope::REGION.name && config.get(attr.name).as_text().is_some();
        let mut left = limit;
        let asked: Vec<&Attr> = schema.attrs.iter().filter(is_asked).collect();
        if let Some(remote) = declared.resource.remote {
            let states = remote::list(&self.provider, declared, remote).await?;
            pass_on(declared, &asked, config, states, &mut left, sink).await;
            return Ok(());
        }
        let region = config.get("region").as_text().filter(|region| !region.is_empty());
        let InRegion { session, region } = self.provider.session(region).await?;
        let keys = keys(&session, declared, config).await?;
        for some in keys.chunks(limit.clamp(1, TOGETHER)) {
            let read = some.iter().map(async |key| {
                import::by_key(&session, &region, declared, &Key::Parts(key.clone()), false, &key.join("|")).await
            });
            let found = try_join_all(read).await?.into_iter().flatten().map(|stored| stored.state).collect();
            if !pass_on(declared, &asked, config, found, &mut left, sink).await {
                break;
            }
        }
        Ok(())
    }
}

/// The keys of all objects that may be meant, oldest first.
async fn keys(session: &Session, declared: &Declared, config: &Value) -> Result<Vec<Parts>, Diagnostic> {
    let Some(listed) = declared.resource.listed else { return Ok(Vec::new()) };
    let main = &declared.lookups[0];
    let equals = declared.attrs.iter().filter_map(|attr| {
        let wanted = config.get(attr.name).as_text()?;
        Some(format!("{} = {}", attr.column?, quote_text(wanted)))
    });
    let conditions: Vec<String> = main.query.filter.iter().map(|filter| format!("({filter})")).chain(equals).collect();
    let filter = (!conditions.is_empty()).then(|| conditions.join(" AND ").into());
    let query = Query { filter, ..(*main.query).clone() };
    let rows = session.all(&Arc::new(query)).await.map_err(|error| {
        let attempt = format!("list objects of the type {}", declared.resource.name);
        errors::failed(&attempt, &error, None, declared.attrs, config)
    })?;
    let mut keys: Vec<Parts> = rows.iter().flat_map(listed).collect();
    // Ids count up: `u9` is older than `u10`.
    keys.sort_by_cached_key(|key| key.iter().map(|part| (part.len(), part.clone())).collect::<Vec<_>>());
    keys.dedup();
    Ok(keys)
}

/// Gives away what is meant of these objects: those with the values that the configuration has for what is asked, as many
/// as are left to find. `false`: nobody wants any more.
async fn pass_on(
    declared: &Declared,
    asked: &[&Attr],
    config: &Value,
    states: Vec<Value>,
    left: &mut usize,
    sink: &Sink,
) -> bool {
    for state in states {
        let meant = asked.iter().all(|attr| config.get(attr.name) == state.get(attr.name));
        if !meant || owns_nothing(declared.resource, &state) {
            continue;
        }
        if *left == 0 {
            return false;
        }
        *left -= 1;
        let name = import::full_name_of(declared.resource, &state);
        let name = name.or_else(|| Some(state.get(name_attr(declared.resource)).as_text()?.to_owned()));
        let name = name.unwrap_or_else(|| state.get("id").as_text().unwrap_or_default().to_owned());
        let reply = Reply { value: Listed { name, state }, diagnostics: Vec::new() };
        if sink.send(reply).await.is_err() {
            return false;
        }
    }
    true
}

/// The attribute by which people know an object of a service.
fn name_attr(resource: &Resource) -> &'static str {
    resource.remote.and_then(|remote| remote.names.first().copied()).unwrap_or("id")
}

/// Whether this owns the members or privileges of something that has none: it is there, and there is nothing to manage.
fn owns_nothing(resource: &Resource, state: &Value) -> bool {
    let remote = resource.remote.filter(|remote| remote.standing).map(|remote| remote.alters);
    let own = resource.alters.iter().filter(|_| resource.standing).map(|alter| alter.on);
    let mut owned = own.chain(remote).flatten().peekable();
    owned.peek().is_some() && owned.all(|attr| state.get(attr).is_zero())
}
