//! The state of the emulated environment: its objects, who owns them, who may do what with them.

pub mod audit;
mod audit_bootstrap;
pub mod bootstrap;
pub mod change;
mod flags;
mod id;
pub mod item;
pub mod limits;
pub mod names;
pub mod parameter_values;
pub mod parameters;
pub mod privileges;
pub mod rbac;
mod renamed;
mod shared;
pub mod tracked;
pub mod upstream;

pub use id::Id;
pub use shared::Shared;
pub use upstream::Upstreams;

use crate::command::cluster_resize::Reconfiguration;
use crate::session::Snapshot;
use crate::sql::print::{Mode, Printer};
use item::{Column, Definition, Item};
use privileges::{DefaultPrivileges, ObjectKind, Privileges};
use std::collections::{BTreeMap, HashMap};
use tracked::Tracked;

#[derive(Clone, Debug)]
pub struct Database {
    pub id: Id,
    pub oid: u64,
    pub name: String,
    pub owner: Id,
    pub privileges: Privileges,
}

#[derive(Clone, Debug)]
pub struct Schema {
    pub id: Id,
    pub oid: u64,
    /// None for a system schema.
    pub database: Option<Id>,
    pub name: String,
    pub owner: Id,
    pub privileges: Privileges,
    pub items: HashMap<String, Id>,
    /// Types have a name space of their own.
    pub types: HashMap<String, Id>,
}

#[derive(Clone, Debug)]
pub struct Role {
    pub id: Id,
    pub oid: u64,
    pub name: String,
    /// None as long as nobody said SUPERUSER or NOSUPERUSER.
    pub superuser: Option<bool>,
    pub login: Option<bool>,
    pub password: Option<Password>,
    pub variables: BTreeMap<String, String>,
}

/// A password: compared at sign-in, never shown.
#[derive(Clone, PartialEq)]
pub struct Password(pub String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

#[derive(Clone, Debug)]
pub struct Replica {
    pub id: Id,
    pub name: String,
    pub size: String,
    pub zone: Option<String>,
    pub owner: Id,
    /// Of the system's own people, in a cluster of somebody else.
    pub internal: bool,
    pub billed_as: Option<String>,
}

/// The settings of a managed cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Managed {
    pub size: String,
    pub replication_factor: u64,
    pub availability_zones: Vec<String>,
    pub introspection_debugging: bool,
    /// Milliseconds; None when introspection is off.
    pub introspection_interval: Option<u64>,
    /// The hydration time estimate in milliseconds of `ON REFRESH`; None: MANUAL.
    pub on_refresh: Option<u64>,
    pub workload_class: Option<String>,
    /// AUTO SCALING STRATEGY.
    pub hydration: Option<Hydration>,
}

/// A larger size to catch up, and how long it stays after that, in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Hydration {
    pub size: String,
    pub linger: Option<u64>,
}

#[derive(Clone, Debug)]
pub struct Cluster {
    pub id: Id,
    pub name: String,
    pub owner: Id,
    pub privileges: Privileges,
    pub managed: Option<Managed>,
    pub replicas: Vec<Replica>,
    /// On newer servers.
    pub reconfiguration: Option<Reconfiguration>,
}

#[derive(Clone, Debug)]
pub struct Policy {
    pub id: Id,
    pub oid: u64,
    pub name: String,
    pub owner: Id,
    pub privileges: Privileges,
    /// name, address; action and direction have one value each.
    pub rules: Vec<(String, String)>,
}

/// What a comment is on: id (of the replica for a replica) and kind, and the column from 1.
pub type CommentKey = (Id, ObjectKind, Option<usize>);

/// All databases, schemas, objects, roles, clusters, privileges.
#[derive(Clone, Debug)]
pub struct Catalog {
    pub environment_id: String,
    pub upstreams: Upstreams,
    pub databases: BTreeMap<Id, Database>,
    pub schemas: Tracked<Id, Schema>,
    pub schema_names: HashMap<(Option<Id>, String), Id>,
    pub items: Tracked<Id, Item>,
    pub roles: Tracked<Id, Role>,
    pub role_names: HashMap<String, Id>,
    /// (role, member): grantor
    pub members: BTreeMap<(Id, Id), Id>,
    pub clusters: BTreeMap<Id, Cluster>,
    pub policies: BTreeMap<Id, Policy>,
    pub comments: Tracked<CommentKey, String>,
    pub default_privileges: DefaultPrivileges,
    pub system_privileges: Privileges,
    pub parameters: parameters::Parameters,
    /// Rows of tables made by users.
    pub data: BTreeMap<Id, Vec<Vec<crate::datum::Datum>>>,
    /// Grows when something is called by another name: what others say of it changes, too.
    pub renamed: u64,
    /// Whether this is a server newer than the recorded one.
    pub newer: bool,
    pub audit: audit::AuditLog,
    /// Whether changes of clusters stay under way.
    pub hold_resizes: bool,
    next: Next,
}

/// The next free numbers.
#[derive(Clone, Debug)]
struct Next {
    item: u64,
    database: u64,
    schema: u64,
    role: u64,
    cluster: u64,
    replica: u64,
    policy: u64,
    oid: u64,
}

/// A column of a relation; `ty` as `catalog.tsv` spells types.
#[derive(Clone, Debug, PartialEq)]
pub struct RelationColumn {
    pub name: String,
    pub ty: String,
    pub nullable: bool,
}

/// A relation made by a user: its columns and, for a view, the query behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct UserRelation {
    pub id: String,
    pub columns: Vec<RelationColumn>,
    /// The SELECT of a view or materialized view, with fully qualified names.
    pub query: Option<String>,
    /// The rows of a table.
    pub rows: Vec<Vec<crate::datum::Datum>>,
}

impl Catalog {
    /// The user relation that a name of one to three parts means in a session; None when it names none.
    pub fn user_relation(&self, session: &Snapshot, name: &[String]) -> Option<UserRelation> {
        let id = self.resolve_item(&session.names(), name).ok()?;
        let item = self.items.get(&id).filter(|i| i.id.is_user())?;
        let column =
            |c: &Column| RelationColumn { name: c.name.clone(), ty: self.type_long(&c.ty), nullable: c.nullable };
        let columns = self.columns(id)?.iter().map(column).collect();
        let view = match &item.definition {
            Definition::View(v) => Some(v),
            Definition::MaterializedView(m) => Some(&m.view),
            _ => None,
        };
        let print = |v: &item::View| {
            let mut printer = Printer::new(self, Mode::Simple);
            printer.engine = true;
            printer.query(&v.query).one_line()
        };
        let query = view.map(|v| crate::sql::on_large_stack(|| print(v)));
        let rows = self.data.get(&id).cloned().unwrap_or_default();
        Some(UserRelation { id: id.to_string(), columns, query, rows })
    }

    /// The columns of a relation; None when the item is none.
    pub fn columns(&self, id: Id) -> Option<std::borrow::Cow<'_, [Column]>> {
        let columns = match &self.items.get(&id)?.definition {
            Definition::Table(t) => &t.columns,
            Definition::View(v) => &v.columns,
            Definition::MaterializedView(m) => &m.view.columns,
            Definition::Source(s) => &s.columns,
            Definition::System(r) => {
                let columns =
                    r.columns.iter().map(|(n, ty, nullable)| Column::new(n.clone(), self.type_of_long(ty), *nullable));
                return Some(columns.collect::<Vec<_>>().into());
            }
            _ => return None,
        };
        Some(columns.as_slice().into())
    }

    /// Sets of columns, by position, that are unique in a relation.
    pub fn keys(&self, id: Id) -> Vec<Vec<usize>> {
        let by_name = |columns: &[Column], keys: &[item::Key]| {
            let position = |n: &String| columns.iter().position(|c| c.name == *n);
            keys.iter().filter_map(|k| k.columns.iter().map(position).collect()).collect()
        };
        match self.items.get(&id).map(|i| &i.definition) {
            Some(Definition::Table(t)) => by_name(&t.columns, &t.keys),
            Some(Definition::Source(s)) => by_name(&s.columns, &s.keys),
            Some(Definition::View(v)) => v.keys.clone(),
            Some(Definition::MaterializedView(m)) => m.view.keys.clone(),
            _ => Vec::new(),
        }
    }

    /// The version of a table made by a user; None for anything else.
    pub fn table_version(&self, id: Id) -> Option<usize> {
        match &self.items.get(&id)?.definition {
            Definition::Table(t) => Some(t.version),
            _ => None,
        }
    }

    /// Whether an item goes with its session.
    pub fn is_temporary(&self, id: Id) -> bool {
        self.items.get(&id).is_some_and(|item| item.schema.is_temporary())
    }

    pub fn cluster_name(&self, id: Id) -> &str {
        self.clusters.get(&id).map_or("", |c| &c.name)
    }
    pub fn role_name(&self, id: Id) -> &str {
        if id == Id::Public { "PUBLIC" } else { self.roles.get(&id).map_or("", |r| &r.name) }
    }
    /// Database (not for system items), schema, item.
    pub fn full_name(&self, id: Id) -> Vec<String> {
        let Some(item) = self.items.get(&id) else { return vec![id.to_string()] };
        let mut out = self.schema_path(item.schema);
        out.push(item.name.clone());
        out
    }
    /// Database (not for system schemas), schema.
    pub fn schema_path(&self, id: Id) -> Vec<String> {
        let Some(schema) = self.schemas.get(&id) else { return Vec::new() };
        let database = schema.database.and_then(|d| self.databases.get(&d));
        database.map(|d| d.name.clone()).into_iter().chain([schema.name.clone()]).collect()
    }
    /// The full name as messages have it.
    pub fn dotted(&self, id: Id) -> String {
        self.full_name(id).join(".")
    }
}
