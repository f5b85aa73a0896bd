//! A fresh environment.

use super::item::{Connection, Definition, Item, SystemRelation};
use super::privileges::{AclMode, DefaultKey, ObjectKind, Privileges};
use super::tracked::Tracked;
use super::{Catalog, Cluster, Database, Id, Managed, Next, Policy, Replica, Role, Schema, Upstreams, parameters};
use crate::sql::options::{Options, Value};
use crate::sql::types::SYSTEM_TYPES;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

pub const RELATIONS: &str = include_str!("../../data/catalog.tsv");
/// What newer servers have besides.
pub const NEWER_RELATIONS: &str = include_str!("../../data/newer.tsv");

/// The role that owns everything a fresh environment has.
pub const MZ_SYSTEM: Id = Id::System(1);
pub const MZ_SUPPORT: Id = Id::System(2);
const MZ_ANALYTICS: Id = Id::System(3);
const MZ_MONITOR: Id = Id::Predefined(1);
const MATERIALIZE: Id = Id::User(1);

/// The relations of the system, from `data/catalog.tsv`.
static SYSTEM: LazyLock<Vec<SystemRelation>> = LazyLock::new(|| relations(RELATIONS));
static NEWER: LazyLock<Vec<SystemRelation>> = LazyLock::new(|| relations(NEWER_RELATIONS));

fn relations(table: &str) -> Vec<SystemRelation> {
    let mut out: Vec<SystemRelation> = Vec::new();
    for line in table.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [schema, name, kind, _, column, ty, nullable] = fields[..] else { continue };
        if !out.last().is_some_and(|r| r.schema == schema && r.name == name) {
            out.push(SystemRelation {
                schema: schema.into(),
                name: name.into(),
                kind: kind.into(),
                columns: Vec::new(),
            });
        }
        if let Some(relation) = out.last_mut() {
            relation.columns.push((column.into(), ty.into(), nullable == "t"));
        }
    }
    out
}

/// Ids of system relations start here: after types and functions.
const FIRST_RELATION: u64 = 400;

impl Catalog {
    /// A fresh environment as Materialize bootstraps it.
    pub fn new(environment_id: &str, upstreams: Upstreams) -> Self {
        let mut catalog = Catalog {
            environment_id: environment_id.into(),
            upstreams,
            databases: BTreeMap::new(),
            schemas: Tracked::default(),
            schema_names: HashMap::new(),
            items: Tracked::default(),
            roles: Tracked::default(),
            role_names: HashMap::new(),
            members: BTreeMap::new(),
            clusters: BTreeMap::new(),
            policies: BTreeMap::new(),
            comments: Tracked::default(),
            default_privileges: BTreeMap::new(),
            system_privileges: Privileges::default(),
            parameters: parameters::defaults(),
            data: BTreeMap::new(),
            renamed: 0,
            newer: false,
            audit: Default::default(),
            hold_resizes: false,
            next: Next { item: 1, database: 2, schema: 9, role: 2, cluster: 2, replica: 2, policy: 2, oid: 20_000 },
        };
        catalog.bootstrap_roles();
        catalog.bootstrap_names();
        catalog.bootstrap_items();
        catalog.bootstrap_connection();
        catalog.bootstrap_clusters();
        let policy = Policy {
            id: Id::User(1),
            oid: catalog.new_oid(),
            name: "default".into(),
            owner: MZ_SYSTEM,
            privileges: Privileges::of(&[(MZ_SYSTEM, AclMode::USAGE, MZ_SYSTEM)]),
            rules: vec![("open_ingress".into(), "0.0.0.0/0".into())],
        };
        catalog.policies.insert(policy.id, policy);
        catalog.note_bootstrap();
        catalog
    }

    /// Makes this the environment of a newer server.
    pub fn renew(&mut self) {
        self.newer = true;
        if let Some(version) = self.parameters.get_mut("mz_version") {
            version.default = format!("{} (0123456789)", crate::query::NEWER_VERSION);
            version.value = version.default.clone();
        }
        self.bootstrap_relations(&NEWER, SYSTEM.len() + 1);
    }

    fn bootstrap_roles(&mut self) {
        let roles = [
            (MZ_SYSTEM, 16_661, "mz_system", Some(true)),
            (MZ_SUPPORT, 16_662, "mz_support", None),
            (MZ_ANALYTICS, 16_984, "mz_analytics", None),
            (MZ_MONITOR, 16_663, "mz_monitor", None),
            (Id::Predefined(2), 16_664, "mz_monitor_redacted", None),
            (MATERIALIZE, 0, "materialize", None),
        ];
        for (id, fixed, name, superuser) in roles {
            let oid = if fixed == 0 { self.new_oid() } else { fixed };
            let role =
                Role { id, oid, name: name.into(), superuser, login: None, password: None, variables: BTreeMap::new() };
            self.role_names.insert(name.into(), id);
            self.roles.insert(id, role);
        }
        let everybody = |kind| DefaultKey { role: Id::Public, database: None, schema: None, kind };
        for kind in [ObjectKind::Cluster, ObjectKind::Database, ObjectKind::Schema] {
            self.default_privileges.entry(everybody(kind)).or_default().insert(MZ_SUPPORT, AclMode::USAGE);
        }
        self.default_privileges.entry(everybody(ObjectKind::Type)).or_default().insert(Id::Public, AclMode::USAGE);
        self.system_privileges =
            Privileges::of(&[(MZ_SYSTEM, AclMode::SYSTEM, MZ_SYSTEM), (MATERIALIZE, AclMode::SYSTEM, MZ_SYSTEM)]);
    }

    fn bootstrap_names(&mut self) {
        const UC: AclMode = AclMode::USAGE_CREATE;
        const U: AclMode = AclMode::USAGE;
        let database = Database {
            id: Id::User(1),
            oid: self.new_oid(),
            name: "materialize".into(),
            owner: MZ_SYSTEM,
            // In this order as long as nobody changes them.
            privileges: Privileges::of(&[
                (Id::Public, U, MZ_SYSTEM),
                (MZ_SUPPORT, U, MZ_SYSTEM),
                (MZ_SYSTEM, UC, MZ_SYSTEM),
                (MATERIALIZE, UC, MZ_SYSTEM),
            ]),
        };
        self.databases.insert(database.id, database);
        let system = [
            (1, 16_656, "mz_catalog"),
            (2, 16_657, "pg_catalog"),
            (4, 16_658, "mz_internal"),
            (5, 16_659, "information_schema"),
            (6, 16_660, "mz_unsafe"),
            (7, 16_972, "mz_catalog_unstable"),
            (8, 16_973, "mz_introspection"),
        ];
        for (id, oid, name) in system {
            let privileges =
                Privileges::of(&[(MZ_SYSTEM, UC, MZ_SYSTEM), (MZ_SUPPORT, U, MZ_SYSTEM), (Id::Public, U, MZ_SYSTEM)]);
            self.insert_schema(Id::System(id), oid, None, name, MZ_SYSTEM, privileges);
        }
        let privileges = Privileges::of(&[
            (MZ_SYSTEM, UC, MZ_SYSTEM),
            (MZ_SUPPORT, U, MZ_SYSTEM),
            (MATERIALIZE, UC, MZ_SYSTEM),
            (Id::Public, U, MZ_SYSTEM),
        ]);
        let oid = self.new_oid();
        self.insert_schema(Id::User(3), oid, Some(Id::User(1)), "public", MZ_SYSTEM, privileges);
    }

    pub(super) fn insert_schema(
        &mut self,
        id: Id,
        oid: u64,
        database: Option<Id>,
        name: &str,
        owner: Id,
        privileges: Privileges,
    ) {
        let schema = Schema {
            id,
            oid,
            database,
            name: name.into(),
            owner,
            privileges,
            items: HashMap::new(),
            types: HashMap::new(),
        };
        self.schema_names.insert((database, name.into()), id);
        self.schemas.insert(id, schema);
    }

    fn bootstrap_items(&mut self) {
        for (index, ty) in SYSTEM_TYPES.iter().enumerate() {
            let public =
                Privileges::of(&[(MZ_SYSTEM, AclMode::USAGE, MZ_SYSTEM), (Id::Public, AclMode::USAGE, MZ_SYSTEM)]);
            self.insert_system(ty.id, ty.oid, ty.schema, ty.name, public.clone(), Definition::SystemType(index, false));
            if ty.array_oid != 0 {
                let name = format!("_{}", ty.name);
                self.insert_system(
                    ty.id + 1,
                    ty.array_oid,
                    ty.schema,
                    &name,
                    public,
                    Definition::SystemType(index, true),
                );
            }
        }
        self.bootstrap_relations(&SYSTEM, 0);
    }

    fn bootstrap_relations(&mut self, relations: &'static [SystemRelation], after: usize) {
        for (index, relation) in (after..).zip(relations) {
            let privileges =
                Privileges::of(&[(MZ_SYSTEM, AclMode::SELECT, MZ_SYSTEM), (Id::Public, AclMode::SELECT, MZ_SYSTEM)]);
            let id = FIRST_RELATION + index as u64;
            self.insert_system(
                id,
                17_100 + index as u64,
                &relation.schema,
                &relation.name,
                privileges,
                Definition::System(relation),
            );
        }
    }

    /// The connection through which the server's own analytics leave; here it leads nowhere.
    fn bootstrap_connection(&mut self) {
        let owner = Privileges::of(&[(MZ_SYSTEM, AclMode::USAGE, MZ_SYSTEM)]);
        let options = Options(vec![("ASSUME ROLE ARN", Value::Str(String::new()))]);
        let definition = Definition::Connection(Connection { kind: "AWS", options });
        let after = SYSTEM.len() as u64;
        self.insert_system(FIRST_RELATION + after, 17_100 + after, "mz_internal", "mz_analytics", owner, definition);
    }

    fn insert_system(
        &mut self,
        id: u64,
        oid: u64,
        schema: &str,
        name: &str,
        privileges: Privileges,
        definition: Definition,
    ) {
        let Some(&schema) = self.schema_names.get(&(None, schema.to_owned())) else { return };
        let id = Id::System(id);
        let item = Item {
            id,
            oid,
            schema,
            name: name.into(),
            owner: MZ_SYSTEM,
            privileges,
            definition,
            uses: Vec::new(),
            used_by: Vec::new(),
            created_at: 0,
        };
        self.index_name(&item);
        self.items.insert(id, item);
    }

    fn bootstrap_clusters(&mut self) {
        const UC: AclMode = AclMode::USAGE_CREATE;
        const U: AclMode = AclMode::USAGE;
        let own = (MZ_SYSTEM, UC, MZ_SYSTEM);
        type Grants<'a> = &'a [(Id, AclMode, Id)];
        let clusters: [(Id, &str, Id, u64, Grants); 6] = [
            (Id::System(1), "mz_system", MZ_SYSTEM, 0, &[own, (MZ_SUPPORT, U, MZ_SYSTEM)]),
            (
                Id::System(2),
                "mz_catalog_server",
                MZ_SYSTEM,
                1,
                &[own, (MZ_SUPPORT, UC, MZ_SYSTEM), (Id::Public, U, MZ_SYSTEM)],
            ),
            (Id::System(3), "mz_probe", MZ_SYSTEM, 0, &[own, (MZ_SUPPORT, U, MZ_SYSTEM), (MZ_MONITOR, U, MZ_SYSTEM)]),
            (Id::System(4), "mz_support", MZ_SUPPORT, 0, &[(MZ_SYSTEM, UC, MZ_SUPPORT), (MZ_SUPPORT, UC, MZ_SUPPORT)]),
            (
                Id::System(5),
                "mz_analytics",
                MZ_ANALYTICS,
                0,
                &[(MZ_SYSTEM, UC, MZ_ANALYTICS), (MZ_ANALYTICS, UC, MZ_ANALYTICS)],
            ),
            (
                Id::User(1),
                "quickstart",
                MZ_SYSTEM,
                1,
                &[own, (MZ_SUPPORT, U, MZ_SYSTEM), (MATERIALIZE, UC, MZ_SYSTEM), (Id::Public, U, MZ_SYSTEM)],
            ),
        ];
        for (id, name, owner, replication_factor, privileges) in clusters {
            let replica = if id.is_user() { Id::User(1) } else { Id::System(1) };
            let replica = Replica {
                id: replica,
                name: "r1".into(),
                size: "25cc".into(),
                zone: None,
                owner,
                internal: false,
                billed_as: None,
            };
            let managed = Managed {
                size: "25cc".into(),
                replication_factor,
                availability_zones: Vec::new(),
                introspection_debugging: false,
                introspection_interval: Some(1000),
                on_refresh: None,
                workload_class: None,
                hydration: None,
            };
            let cluster = Cluster {
                id,
                name: name.into(),
                owner,
                privileges: Privileges::of(privileges),
                managed: Some(managed),
                replicas: if replication_factor == 1 { vec![replica] } else { Vec::new() },
                reconfiguration: None,
            };
            self.clusters.insert(id, cluster);
        }
    }
}
