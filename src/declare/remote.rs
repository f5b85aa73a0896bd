//! What is managed over HTTP: pure functions from values to requests, and from JSON to values.

use serde_json::Value as Json;

use super::{Change, Values};
use crate::diag::Diagnostic;
use crate::value::Value;

/// What a request does to what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// Which of the services is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Service {
    /// Users, roles, sign-in: the provider's `endpoint`.
    Admin,
    /// Regions of the organisation: the provider's `cloud_endpoint`.
    Global,
    /// A region's own, at the address that the list of regions gives.
    Region(String),
}

/// A request. What it carries may be secret, and is never shown.
#[derive(Clone, Debug)]
pub struct Call {
    pub service: Service,
    pub method: Method,
    /// Segments of the path, not escaped.
    pub path: Vec<String>,
    pub query: Vec<(&'static str, String)>,
    pub body: Option<Json>,
}

impl Call {
    /// A request of the identity service: `Call::new(Method::Get, "/identity/resources/users/v1")`.
    pub fn new(method: Method, path: &str) -> Self {
        let path = path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Self { service: Service::Admin, method, path, query: Vec::new(), body: None }
    }

    pub fn at(mut self, service: Service) -> Self {
        self.service = service;
        self
    }

    /// With one more segment, whatever is in it.
    pub fn part(mut self, part: &str) -> Self {
        self.path.push(part.to_owned());
        self
    }

    pub fn query(mut self, name: &'static str, value: impl ToString) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    pub fn json(mut self, body: Json) -> Self {
        self.body = Some(body);
        self
    }
}

/// Where things are listed, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct List {
    pub path: &'static str,
    pub query: &'static [(&'static str, &'static str)],
    /// The member of the answer that is the list; empty: the answer itself.
    pub items: &'static str,
    pub paging: Paging,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Paging {
    Whole,
    /// `_limit`, and `_offset` counts pages.
    Numbered,
    /// The regions of the organisation, each with what its own service says of it.
    Regions,
}

impl List {
    /// A list that comes whole.
    pub const fn whole(path: &'static str) -> Self {
        Self { path, query: &[], items: "", paging: Paging::Whole }
    }
}

/// Every role that the organisation has.
pub const ROLES: List = List {
    path: "/identity/resources/roles/v2",
    query: &[("_sortBy", "key"), ("_order", "ASC")],
    items: "items",
    paging: Paging::Numbered,
};

/// The regions that there are, enabled or not.
pub const REGIONS: List = List { path: "/api/cloud-regions", query: &[], items: "data", paging: Paging::Regions };

/// The roles of an organisation. Configurations name them, requests and answers hold their ids.
#[derive(Debug, Default)]
pub struct Roles<'a>(pub &'a [Json]);

/// The short names of the two built-in roles, as configurations have them.
const SHORT: [(&str, &str, &str); 2] = [
    ("Admin", "Organization Admin", "MaterializePlatformAdmin"),
    ("Member", "Organization Member", "MaterializePlatform"),
];

/// A role's name as configurations have it: built-in ones by their short names.
pub fn short_role(name: &str) -> &str {
    SHORT.iter().find(|(_, long, key)| name == *long || name == *key).map_or(name, |(short, ..)| short)
}

impl Roles<'_> {
    /// The id of the role with this name or key.
    pub fn id(&self, name: &str, attr: &'static str) -> Result<String, Diagnostic> {
        let short = short_role(name);
        let named = |role: &&Json, member: &str| role[member].as_str().is_some_and(|is| short_role(is) == short);
        let by = |member: &str| -> Vec<&str> {
            self.0.iter().filter(|role| named(role, member)).filter_map(|role| role["id"].as_str()).collect()
        };
        let found = Some(by("name")).filter(|found| !found.is_empty()).unwrap_or_else(|| by("key"));
        match found[..] {
            [id] => Ok(id.to_owned()),
            [] => {
                let mut names: Vec<&str> = self.0.iter().filter_map(|r| r["name"].as_str()).map(short_role).collect();
                names.sort_unstable();
                let detail = format!("The organization has no role {name:?}. It has: {}.", names.join(", "));
                Err(Diagnostic::error("Unknown role", detail).at(attr))
            }
            _ => {
                let detail = format!("Several roles are called {name:?}; their ids are {}.", found.join(", "));
                Err(Diagnostic::error("Ambiguous role", detail).at(attr))
            }
        }
    }

    /// The ids of roles by their names.
    pub fn ids(&self, names: &[&str], attr: &'static str) -> Result<Vec<String>, Diagnostic> {
        names.iter().map(|name| self.id(name, attr)).collect()
    }

    /// The name of a role, spelt as `prior` spells it where that names the same role. A role that is in no list shows as
    /// its id: as drift, not as nothing.
    pub fn name(&self, id: &str, prior: &Value) -> Value {
        let known = prior.items().iter().find(|name| {
            name.as_text().is_some_and(|name| name == id || self.id(name, "roles").is_ok_and(|known| known == id))
        });
        let listed = || self.0.iter().find(|role| role["id"] == id).and_then(|role| role["name"].as_str());
        known.cloned().unwrap_or_else(|| Value::text(short_role(listed().unwrap_or(id))))
    }

    /// The names of roles, given as ids or as objects with an `id`; null is no role.
    pub fn names(&self, roles: &Json, prior: &Value) -> Value {
        let id = |role: &Json| role.as_str().or_else(|| role["id"].as_str()).map(str::to_owned);
        let ids = roles.as_array().into_iter().flatten().filter_map(id);
        let mut names: Vec<Value> = ids.map(|id| self.name(&id, prior)).collect();
        names.sort_by(|a, b| a.as_text().cmp(&b.as_text()));
        Value::List(names)
    }
}

/// What requests and readings may depend on besides values.
pub struct Context<'a> {
    pub roles: Roles<'a>,
    /// What [`REGIONS`] lists.
    pub regions: &'a [Json],
    /// The provider's `endpoint` and `base_endpoint`, without a slash at the end.
    pub endpoint: &'a str,
    pub base_endpoint: &'a str,
    /// What is there, for a resource that is found before it is made; else null.
    pub found: &'a Json,
}

/// How a resource is managed over HTTP.
#[derive(Clone, Copy)]
pub struct Remote {
    /// The attributes that name it, for messages.
    pub names: &'static [&'static str],
    /// The attributes that are the cause where the service answers a change with this status.
    pub blames: &'static [(u16, &'static str)],
    /// The lists in which the object may be.
    pub lists: fn(&Value) -> Vec<List>,
    /// Instead of lists: the request that answers with the object itself, or says 404.
    pub get: Option<fn(&Value) -> Call>,
    /// The object of this state in a list: what is read below.
    pub find: fn(&List, &[Json], &Value) -> Option<Json>,
    /// The ids, as an import takes them, of the objects that an element of a list is about.
    pub ids: fn(&Json) -> Vec<String>,
    /// What it says, over what the state has.
    pub read: fn(&Json, &Context, &mut Value),
    /// What an import's id says of the object.
    pub import: fn(&str) -> Option<Value>,
    /// What such an id looks like.
    pub forms: &'static str,
    /// What is to be said whenever it is read.
    pub warn: fn(&Json) -> Option<Diagnostic>,
    /// Whether it names roles.
    pub roles: bool,
    /// Whether it needs to know the regions.
    pub regions: bool,
    /// It is there before it is made (the members of a group): to make it is to find it first.
    pub standing: bool,
    /// The requests that make it. The last one's answer goes to `created`.
    pub create: fn(&Values, &Context) -> Result<Vec<Call>, Diagnostic>,
    /// What only the answer to its making tells: the id, and what is never shown again.
    pub created: fn(&Json, &mut Value),
    /// Whether something in a list is what these values were to make. Asked when the answer to a request was lost.
    pub same: Option<fn(&Json, &Value) -> bool>,
    /// Attributes that `update` changes.
    pub alters: &'static [&'static str],
    /// Whether this object, from prior to planned, can be changed at all.
    pub possible: fn(&Value, &Value) -> bool,
    pub update: fn(&Change, &Context) -> Result<Vec<Call>, Diagnostic>,
    pub delete: fn(&Values, &Context) -> Vec<Call>,
    /// What is to be said when it was taken out of the state and is still there.
    pub left: fn(&Value) -> Option<Diagnostic>,
    /// Making it takes time: the region that must answer SQL before it counts as made.
    pub region: Option<fn(&Value) -> String>,
}

impl Remote {
    /// What a declaration starts from: `..Remote::NONE`.
    pub const NONE: Remote = Remote {
        names: &[],
        blames: &[],
        lists: |_| Vec::new(),
        get: None,
        find: by_id,
        ids: |item| item["id"].as_str().map(str::to_owned).into_iter().collect(),
        read: |_, _, _| {},
        import: |id| Some(Value::from([("id", Value::text(id))])),
        forms: "its id",
        warn: |_| None,
        roles: false,
        regions: false,
        standing: false,
        create: |_, _| Ok(Vec::new()),
        created: |answer, state| state.set("id", text_of(&answer["id"])),
        same: None,
        alters: &[],
        possible: |_, _| true,
        update: |_, _| Ok(Vec::new()),
        delete: |_, _| Vec::new(),
        left: |_| None,
        region: None,
    };
}

/// The element of a list that has the state's id.
pub fn by_id(_: &List, items: &[Json], state: &Value) -> Option<Json> {
    items.iter().find(|item| item["id"].as_str() == state.get("id").as_text()).cloned()
}

/// A text, or null.
pub fn text_of(json: &Json) -> Value {
    json.as_str().map_or(Value::Null, Value::text)
}

/// How a data source is read over HTTP.
#[derive(Clone, Copy)]
pub struct RemoteSource {
    pub lists: &'static [List],
    /// What the lists say, over what was configured.
    pub read: fn(&[&[Json]], &mut Value) -> Result<(), Diagnostic>,
}
