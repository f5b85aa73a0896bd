//! The verbs of the provider, written once for every resource. No wire format here: requests and replies hold
//! [`Value`]s.

mod apply;
mod data;
mod diff;
mod ephemeral;
mod errors;
mod generate;
mod identity;
mod import;
mod list;
mod meaning;
mod moved;
mod plan;
#[cfg(test)]
mod plan_tests;
mod private;
mod read;
mod references;
mod registry;
mod remote;
mod request;
mod validate;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

#[cfg(test)]
pub use diff::differences;
pub use diff::{Class, class};
pub use ephemeral::Opened;
pub use identity::{IdentityAttr, attrs as identity_attrs};
pub use import::{forms as import_forms, groups as import_groups};
pub use list::{Listed, filters as list_filters};
pub use meaning::{SameObjects, same};
pub use moved::Source as MovedFrom;
#[cfg(test)]
pub use plan::plan_object;
pub use private::Private;
pub use registry::{Declared, all_attrs};
pub use request::*;

use crate::declare::{Attr, DataSource, Found, Key};
use crate::diag::{Diagnostic, Diagnostics};
use crate::path::AttrPath;
use crate::provider::{InRegion, Provider, SELF_HOSTED, is_region};
use crate::value::{Type, Value, from_json};

/// A schema as Terraform needs to know it.
#[derive(Debug)]
pub struct Schema {
    /// In alphabetical order, `id` first; blocks are attributes of type [`crate::declare::Ty::Block`].
    pub attrs: &'static [Attr],
    /// The object type of `attrs`.
    pub ty: Type,
    /// Markdown.
    pub doc: &'static str,
    pub version: i64,
}

/// The provider, as the wire sees it. One per process; shared by all calls, which come in parallel.
pub struct Engine {
    provider_schema: Schema,
    resource_schemas: BTreeMap<&'static str, Schema>,
    data_source_schemas: BTreeMap<&'static str, Schema>,
    list_schemas: OnceLock<BTreeMap<&'static str, Schema>>,
    declared: BTreeMap<&'static str, Declared>,
    data_sources: BTreeMap<&'static str, &'static DataSource>,
    provider: Provider,
    renames: references::Renames,
}

impl Engine {
    pub fn new() -> Arc<Self> {
        let declared = registry::resources();
        let data_sources = registry::data_sources();
        Arc::new(Self {
            provider_schema: registry::schema(
                crate::provider::ATTRS,
                "Manages what lives in a Materialize environment, by SQL, and the organisation around it.",
            ),
            resource_schemas: declared.iter().map(|(n, d)| (*n, registry::schema(d.attrs, d.resource.doc))).collect(),
            data_source_schemas: data_sources.iter().map(|(n, d)| (*n, data::schema(d))).collect(),
            list_schemas: OnceLock::new(),
            declared,
            data_sources,
            provider: Provider::default(),
            renames: references::Renames::default(),
        })
    }

    /// The schema of the provider block.
    pub fn provider_schema(&self) -> &Schema {
        &self.provider_schema
    }

    /// Every resource type by name.
    pub fn resource_schemas(&self) -> &BTreeMap<&'static str, Schema> {
        &self.resource_schemas
    }

    /// Every data source by name.
    pub fn data_source_schemas(&self) -> &BTreeMap<&'static str, Schema> {
        &self.data_source_schemas
    }

    /// The declarations behind the resource types.
    pub fn declared(&self) -> &BTreeMap<&'static str, Declared> {
        &self.declared
    }

    /// Checks the provider block. Nothing is sent.
    pub async fn validate_provider(&self, config: &Value) -> Diagnostics {
        let mut out = Vec::new();
        validate::check_object(crate::provider::ATTRS, config, &AttrPath::root(), true, &mut out);
        out
    }

    /// Takes the provider block. Nothing is sent: connections open when used.
    pub async fn configure(&self, config: Value) -> Diagnostics {
        self.provider.configure(&config)
    }

    /// Checks a resource's configuration, which may hold unknowns. Nothing is sent. `write_only_allowed`: whether
    /// this Terraform keeps write-only values out of state (1.11 and later).
    pub async fn validate_resource(&self, type_name: &str, config: &Value, write_only_allowed: bool) -> Diagnostics {
        let Some(declared) = self.declared.get(type_name) else { return vec![unknown_type(type_name)] };
        let mut out = Vec::new();
        validate::check_object(declared.attrs, config, &AttrPath::root(), write_only_allowed, &mut out);
        validate::check_rules(declared.resource.rules, config, &AttrPath::root(), &mut out);
        out.extend((declared.resource.validate)(config));
        out
    }

    pub async fn validate_data_source(&self, type_name: &str, config: &Value) -> Diagnostics {
        let Some(schema) = self.data_source_schemas.get(type_name) else { return vec![unknown_type(type_name)] };
        let mut out = Vec::new();
        validate::check_object(schema.attrs, config, &AttrPath::root(), true, &mut out);
        let rules = self.data_sources.get(type_name).map_or(&[][..], |source| source.rules);
        validate::check_rules(rules, config, &AttrPath::root(), &mut out);
        out
    }

    /// Brings a stored state (JSON, of any older version) into the form of today's schema. Nothing is sent.
    pub async fn upgrade_state(&self, type_name: &str, version: i64, state: &serde_json::Value) -> Reply<Value> {
        let fail = |detail: String| Reply {
            value: Value::Null,
            diagnostics: vec![Diagnostic::error(format!("Cannot read the stored state of a {type_name}"), detail)],
        };
        let (Some(declared), Some(schema)) = (self.declared.get(type_name), self.resource_schemas.get(type_name))
        else {
            return Reply { value: Value::Null, diagnostics: vec![unknown_type(type_name)] };
        };
        if version > schema.version {
            return fail(format!("It was written by a newer provider (schema version {version})."));
        }
        let mut state = state.clone();
        (declared.resource.upgrade)(&mut state);
        match from_json(&schema.ty, &state) {
            Ok(mut value) => {
                plan::settle(declared.attrs, &mut value);
                Reply { value, diagnostics: Vec::new() }
            }
            Err(error) => fail(error.to_string()),
        }
    }

    /// Reads an object; a null state in the reply means that it is gone.
    pub async fn read(&self, request: ReadRequest) -> Reply<Stored> {
        let stored = request.stored;
        let keep = |diagnostic| Reply { value: stored.clone(), diagnostics: vec![diagnostic] };
        let Some(declared) = self.declared.get(request.type_name.as_str()) else {
            return keep(unknown_type(&request.type_name));
        };
        if stored.state.is_null() {
            return Reply::default();
        }
        if self.provider.is_unknown() {
            // Terraform asks again when the environment is known; until then the state stands.
            return Reply { value: stored, diagnostics: Vec::new() };
        }
        if let Some(remote) = declared.resource.remote {
            return remote::read(&self.provider, declared, remote, stored).await;
        }
        let place = region_of(&stored.state);
        let InRegion { session, region } = match self.provider.session(place.as_deref()).await {
            Ok(session) => session,
            Err(diagnostic) => return keep(diagnostic),
        };
        let region = region.as_str();
        let id = stored.state.get("id").as_text().unwrap_or_default();
        // An id that cannot be taken apart (a role's parameter) leaves the names.
        let names = || Key::Names(read::names_of(declared, &stored.state));
        let by_names = declared.lookups[0].lookup.by_key.is_empty();
        let key = if by_names { Some(names()) } else { key_in(declared, &stored.state, region) };
        let Some(mut key) = key else { return keep(bad_id(declared, id)) };
        let mut rows = read::find(&session, declared, &key).await;
        if declared.resource.replaceable && rows.as_ref().is_ok_and(|rows| rows[0].is_empty()) {
            key = names();
            rows = read::find(&session, declared, &key).await;
        }
        match rows {
            Ok(rows) => {
                let recorded = Private::parse(&stored.private).recorded;
                let mut found = Found::new(&key, rows, &stored.state);
                found.recorded = recorded;
                if let Some(why) = found.illegible() {
                    return keep(errors::illegible(&errors::describe(declared.resource, &stored.state), &why));
                }
                match read::values(declared, &found) {
                    None => Reply::default(),
                    Some(values) => {
                        let state = read::state(declared, &found, &values, region, false);
                        let private = Private { recorded, ..Private::of(&found) }.print();
                        let diagnostics = found.warnings.take();
                        Reply { value: Stored { state, private }, diagnostics }
                    }
                }
            }
            Err(error) => {
                let attempt = format!("read {}", errors::describe(declared.resource, &stored.state));
                keep(errors::failed(&attempt, &error, None, declared.attrs, &Value::Null))
            }
        }
    }

    pub async fn plan(&self, request: PlanRequest) -> Reply<Planned> {
        let PlanRequest { type_name, prior, config, .. } = request;
        let Some(declared) = self.declared.get(type_name.as_str()) else {
            return Reply { value: Planned::default(), diagnostics: vec![unknown_type(&type_name)] };
        };
        if config.is_null() {
            let stored = Stored { state: Value::Null, private: prior.private };
            return Reply { value: Planned { stored, requires_replace: Vec::new() }, diagnostics: Vec::new() };
        }
        let mut diagnostics = Vec::new();
        if let Some(wanted) = config.get("region").as_text() {
            let wrong = match (self.provider.is_self_hosted(), self.provider.region()) {
                (true, _) if !["", SELF_HOSTED].contains(&wanted) => {
                    Some(format!("The provider is given a `host`, where the only region is \"{SELF_HOSTED}\"."))
                }
                (false, Some(usual)) if !wanted.is_empty() && !is_region(wanted) => {
                    Some(format!("\"{wanted}\" is no region of the cloud: their names are like \"{usual}\"."))
                }
                _ => None,
            };
            diagnostics.extend(wrong.map(|detail| Diagnostic::error("Unknown region", detail).at("region")));
        }
        let private = Private::parse(&prior.private);
        let session = match prior.state.is_null() || declared.resource.remote.is_some() || self.provider.is_unknown() {
            true => None,
            false => match self.provider.session(region_of(&prior.state).as_deref()).await {
                Ok(session) => Some(session),
                Err(diagnostic) => {
                    diagnostics.push(diagnostic);
                    None
                }
            },
        };
        let objects = match session {
            Some(at) => {
                // Defaults take part: a schema that is not configured is `public`.
                let wanted = plan::plan_object(declared.attrs, &config, Some(&prior.state));
                let (renames, state) = (&self.renames, &prior.state);
                let same = references::same_objects(&at, renames, declared, &wanted, state, &private).await;
                same.unwrap_or_else(|error| {
                    let attempt = format!("look up what {} refers to", errors::describe(declared.resource, &config));
                    diagnostics.push(errors::failed(&attempt, &error, None, declared.attrs, &config));
                    SameObjects::new(&private)
                })
            }
            None => SameObjects::new(&private),
        };
        let (planned, requires_replace) = self.plan_with(declared, &config, &prior.state, &objects);
        let private = if prior.private.is_empty() { Private::default().print() } else { prior.private };
        let stored = Stored { state: planned, private };
        Reply { value: Planned { stored, requires_replace }, diagnostics }
    }

    fn plan_with(
        &self,
        declared: &Declared,
        config: &Value,
        prior: &Value,
        objects: &SameObjects,
    ) -> (Value, Vec<AttrPath>) {
        let resource = declared.resource;
        let before = (!prior.is_null()).then_some(prior);
        let mut planned = plan::plan_object(declared.attrs, config, before);
        plan::keep_full_names(declared.attrs, prior, &mut planned, objects);
        let asked = config.get("region").is_null() && planned.get("region").is_unknown();
        if let (None, Some(region), true) = (before, self.provider.region(), asked) {
            planned.set("region", Value::text(region));
        }
        (resource.adjust)(config, prior, &mut planned);
        let name = crate::declare::scope::known_name(resource.scope, &planned);
        let renamed = before.is_none() || name != crate::declare::scope::known_name(resource.scope, prior);
        if declared.attr("qualified_sql_name").is_some() && renamed {
            let name = name.as_ref().filter(|name| !name.last().is_empty());
            planned.set("qualified_sql_name", name.map_or(Value::Unknown, |name| Value::text(name.to_string())));
        }
        let region = |state| region_of(state).or_else(|| self.provider.region()).unwrap_or_default();
        let Some(prior) = before else {
            // Terraform plans an object that it was told to replace as if it could stay, and then as a new one.
            if let Some(name) = name.filter(|_| resource.scope != crate::declare::Scope::Bare) {
                self.renames.withdraw(&region(&planned), resource.kind, name);
            }
            return (planned, Vec::new());
        };
        plan::follow(declared.attrs, prior, &mut planned, objects);
        let changes = diff::differences(resource, declared.attrs, prior, &planned, objects);
        let replace: Vec<AttrPath> =
            changes.iter().filter(|c| c.class == Class::Replaced).map(|c| c.path.clone()).collect();
        if replace.is_empty() && self.renames.stands_on_new(&region(prior), resource, &planned) {
            // It goes with the old object, and is made again where the new one is.
            let (mut again, _) = self.plan_with(declared, config, &Value::Null, objects);
            again.set("region", planned.get("region").clone());
            return (again, replace);
        }
        let renewed = name.clone().filter(|_| replace.is_empty());
        if let (true, Some(name), true) = (replace.is_empty(), name, changes.iter().any(|c| c.dotted == "name"))
            && let Some(id) = prior.get("id").as_text().and_then(|id| id.rsplit(':').next())
            && let Some(id) = crate::declare::scope::catalog_id(id)
        {
            let old = crate::declare::scope::known_name(resource.scope, prior).unwrap_or_default();
            self.renames.promise(&region(prior), resource.kind, name, id, &old);
        }
        if let (true, true, Some(name)) = (resource.renews, planned.get("id").is_unknown(), renewed) {
            self.renames.renew(&region(prior), resource.kind, name);
        }
        (planned, replace)
    }

    /// Creates (prior null), updates, or deletes (planned null). The reply always holds the best known state, errors
    /// or not.
    pub async fn apply(&self, request: ApplyRequest) -> Reply<Stored> {
        let ApplyRequest { type_name, prior, planned, config } = request;
        let keep = |diagnostic| Reply { value: prior.clone(), diagnostics: vec![diagnostic] };
        let Some(declared) = self.declared.get(type_name.as_str()) else { return keep(unknown_type(&type_name)) };
        if let Some(remote) = declared.resource.remote {
            return remote::apply(&self.provider, declared, remote, prior, &planned.state, &config).await;
        }
        let place = region_of(if planned.state.is_null() { &prior.state } else { &planned.state });
        let at = match self.provider.session(place.as_deref()).await {
            Ok(session) => session,
            Err(diagnostic) => return keep(diagnostic),
        };
        let private = Private::parse(&prior.private);
        let mut objects = SameObjects::default();
        if !prior.state.is_null() && !planned.state.is_null() {
            let (wanted, renames) = (&planned.state, &self.renames);
            match references::same_objects(&at, renames, declared, wanted, &prior.state, &private).await {
                Ok(same) => objects = same,
                Err(error) => return keep(errors::failed("look up references", &error, None, declared.attrs, wanted)),
            }
        }
        let work = apply::Work {
            session: at.session.clone(),
            region: &at.region,
            declared,
            prior: &prior.state,
            planned: &planned.state,
            config: &config,
            prior_private: &private,
            objects,
            renames: &self.renames,
        };
        let again = planned.state.get("id").is_unknown()
            && self.renames.stands_on_new(&at.region, declared.resource, &planned.state);
        // The name that this object gives up, if it is renamed or dropped.
        let left = crate::declare::scope::known_name(declared.resource.scope, &prior.state);
        let left = left.filter(|_| !prior.state.is_null() && declared.resource.scope != crate::declare::Scope::Bare);
        if let Some(left) = left.as_ref().filter(|_| planned.state.is_null()) {
            self.renames.leave(&at.region, declared.resource.kind, left);
        }
        let reply = match (prior.state.is_null(), planned.state.is_null()) {
            (true, _) => work.create().await,
            (false, false) if again => work.create().await,
            (false, false) => work.update().await,
            (false, true) => work.delete().await,
        };
        if let Some(left) = left {
            let now = crate::declare::scope::known_name(declared.resource.scope, &planned.state);
            let left = now.filter(|_| !planned.state.is_null()).map_or(left.clone(), |now| now.renamed(left.last()));
            self.renames.settle(&at.region, declared.resource.kind, &left);
        }
        reply
    }

    /// Reads the object that an import id names; see [`import_forms`].
    pub async fn import(&self, type_name: &str, id: &str) -> Reply<Stored> {
        let fail = |diagnostic| Reply { value: Stored::default(), diagnostics: vec![diagnostic] };
        let Some(declared) = self.declared.get(type_name) else { return fail(unknown_type(type_name)) };
        if let Some(remote) = declared.resource.remote {
            return remote::import(&self.provider, declared, remote, id).await;
        }
        match self.provider.session(region_in(id)).await {
            Ok(InRegion { session, region }) => import::import(&session, &region, declared, id).await,
            Err(diagnostic) => fail(diagnostic),
        }
    }

    pub async fn read_data_source(&self, type_name: &str, config: Value) -> Reply<Value> {
        let fail = |diagnostic| Reply { value: Value::Null, diagnostics: vec![diagnostic] };
        let Some(source) = self.data_sources.get(type_name) else { return fail(unknown_type(type_name)) };
        if let Some(remote) = source.remote {
            return remote::data(&self.provider, source, remote, config).await;
        }
        match self.provider.session(config.get("region").as_text().filter(|region| !region.is_empty())).await {
            Ok(InRegion { session, region }) => data::read(&session, &region, source, &config).await,
            Err(diagnostic) => fail(diagnostic),
        }
    }

    /// Terraform wants to stop: what waits is cancelled, a statement that runs is let finish. Returns at once; later
    /// calls are served again.
    pub fn stop(&self) {
        self.provider.stop();
    }
}

fn unknown_type(name: &str) -> Diagnostic {
    Diagnostic::error("Unknown type", format!("This provider has no {name}."))
}

fn bad_id(declared: &Declared, id: &str) -> Diagnostic {
    let Declared { resource, .. } = declared;
    let forms = import::forms(resource);
    let detail = format!("\"{id}\" is not an id of a {}. Its form is {forms}.", resource.name);
    Diagnostic::error("Invalid id", detail)
}

/// The key in a state's id. Where the names in an id can be told apart in several ways, the state knows which one it is.
pub(crate) fn key_in(declared: &Declared, state: &Value, region: &str) -> Option<Key> {
    let joined = |names: &[(_, String)]| names.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join("|");
    let key = parse_id(declared, state.get("id").as_text()?, region)?;
    let known = read::names_of(declared, state);
    match key {
        Key::Names(names) if joined(&names) == joined(&known) => Some(Key::Names(known)),
        key => Some(key),
    }
}

/// The key in an id, which may stand without its region or with one of a time when the environment was elsewhere.
pub(crate) fn parse_id(declared: &Declared, id: &str, region: &str) -> Option<Key> {
    (declared.resource.id.parse)(without_region(id, region))
}

/// Whether this is a region: one of the cloud's, or the only one where there is no cloud. An object of a self-hosted
/// environment is none of a region that has one with the same catalog id.
fn is_place(text: &str) -> bool {
    text == SELF_HOSTED || is_region(text)
}

/// The region in an id.
fn region_in(id: &str) -> Option<&str> {
    id.split_once(':').map(|(prefix, _)| prefix).filter(|prefix| is_place(prefix))
}

/// The region of an object: what its state says, else what its id says.
fn region_of(state: &Value) -> Option<String> {
    let id = || state.get("id").as_text().and_then(region_in);
    state.get("region").as_text().filter(|region| is_place(region)).or_else(id).map(str::to_owned)
}

/// An id without its region.
pub(crate) fn without_region<'a>(id: &'a str, region: &str) -> &'a str {
    let known = |prefix: &str| prefix == region || is_place(prefix);
    id.split_once(':').filter(|(prefix, _)| known(prefix)).map_or(id, |(_, suffix)| suffix)
}
