//! Changes that every command is made of: ids, inserting, dropping, renaming, owners, dependencies.

use super::bootstrap::MZ_SYSTEM;
use super::item::{Definition, Item};
use super::privileges::{AclMode, DefaultKey, ObjectKind, Privileges};
use super::{Catalog, Id, Schema};
use crate::sql::print::{Mode, Printer};
use std::collections::BTreeSet;

/// Anything that has an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object {
    Item(Id),
    Database(Id),
    Schema(Id),
    Cluster(Id),
    Replica(Id, usize),
    Policy(Id),
    Role(Id),
    System,
}

/// Milliseconds since the epoch.
pub fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |d| d.as_millis() as i64)
}

fn bump(counter: &mut u64) -> u64 {
    *counter += 1;
    *counter - 1
}

impl Catalog {
    pub fn new_oid(&mut self) -> u64 {
        bump(&mut self.next.oid)
    }
    pub fn new_item_id(&mut self) -> Id {
        Id::User(bump(&mut self.next.item))
    }
    pub fn new_database_id(&mut self) -> Id {
        Id::User(bump(&mut self.next.database))
    }
    pub fn new_role_id(&mut self) -> Id {
        Id::User(bump(&mut self.next.role))
    }
    pub fn new_cluster_id(&mut self) -> Id {
        Id::User(bump(&mut self.next.cluster))
    }
    pub fn new_replica_id(&mut self) -> Id {
        Id::User(bump(&mut self.next.replica))
    }
    pub fn new_policy_id(&mut self) -> Id {
        Id::User(bump(&mut self.next.policy))
    }

    /// What a new object's list of privileges is.
    pub fn new_privileges(&self, owner: Id, kind: ObjectKind, database: Option<Id>, schema: Option<Id>) -> Privileges {
        let all = kind.all_privileges();
        if all.is_empty() {
            return Privileges::default();
        }
        let mut out = Privileges::default();
        out.grant(owner, all, owner);
        for (key, grants) in &self.default_privileges {
            let scoped =
                key.database.is_none_or(|d| Some(d) == database) && key.schema.is_none_or(|s| Some(s) == schema);
            if key.kind == kind.default_kind() && (key.role == Id::Public || key.role == owner) && scoped {
                for (grantee, mode) in grants {
                    // Views and their like take only what makes sense for them.
                    out.grant(*grantee, AclMode(mode.0 & all.0), owner);
                }
            }
        }
        out
    }

    pub fn create_schema(&mut self, database: Id, name: &str, owner: Id) -> Id {
        let id = Id::User(bump(&mut self.next.schema));
        let privileges = self.new_privileges(owner, ObjectKind::Schema, Some(database), None);
        let oid = self.new_oid();
        self.insert_schema(id, oid, Some(database), name, owner, privileges);
        self.note_schema_created(id);
        id
    }

    pub(super) fn index_name(&mut self, item: &Item) {
        if let Some(schema) = self.schemas.get_mut_unseen(&item.schema) {
            let map = if item.definition.kind() == ObjectKind::Type { &mut schema.types } else { &mut schema.items };
            map.insert(item.name.clone(), item.id);
        }
    }
    fn unindex_name(&mut self, item: &Item) {
        if let Some(schema) = self.schemas.get_mut_unseen(&item.schema) {
            let map = if item.definition.kind() == ObjectKind::Type { &mut schema.types } else { &mut schema.items };
            map.remove(&item.name);
        }
    }

    /// Puts a new item into its schema under an id taken before.
    pub fn insert_item(&mut self, id: Id, schema: Id, name: String, owner: Id, definition: Definition) {
        let database = self.schemas.get(&schema).and_then(|s| s.database);
        let privileges = self.new_privileges(owner, definition.kind(), database, Some(schema));
        let oid = self.new_oid();
        let item = Item {
            id,
            oid,
            schema,
            name,
            owner,
            privileges,
            definition,
            uses: Vec::new(),
            used_by: Vec::new(),
            created_at: now_ms(),
        };
        self.index_name(&item);
        self.items.insert(id, item);
        self.relink(id);
        self.note_created(id);
    }

    /// What an item that is not there yet would name.
    pub fn uses_of(&self, definition: &Definition) -> Vec<Id> {
        let (id, schema) = (Id::User(u64::MAX), Id::User(u64::MAX));
        let (privileges, definition) = (Default::default(), definition.clone());
        let item = Item {
            id,
            oid: 0,
            schema,
            name: String::new(),
            owner: id,
            privileges,
            definition,
            uses: Vec::new(),
            used_by: Vec::new(),
            created_at: 0,
        };
        self.named_by(&item)
    }

    /// The items that an item's statement names, each once and in their order there.
    fn named_by(&self, item: &Item) -> Vec<Id> {
        let printer = Printer::new(self, Mode::Stable);
        crate::command::create_sql(&printer, item);
        let mut seen = BTreeSet::new();
        printer.used.into_inner().into_iter().filter(|used| *used != item.id && seen.insert(*used)).collect()
    }

    /// Finds out anew what an item names; it then is the last of those that name it.
    pub fn relink(&mut self, id: Id) {
        let uses = self.items.get(&id).map(|item| self.named_by(item)).unwrap_or_default();
        let old = self.items.get_mut(&id).map(|i| std::mem::replace(&mut i.uses, uses.clone()));
        for used in old.into_iter().flatten() {
            if let Some(item) = self.items.get_mut_unseen(&used) {
                item.used_by.retain(|u| *u != id);
            }
        }
        for used in uses {
            // Nobody asks who uses a type like text, and there would be thousands.
            if let Some(item) = self.items.get_mut_unseen(&used).filter(|i| i.id.is_user()) {
                item.used_by.push(id);
            }
        }
    }

    /// Everything that goes when these go: dependents first.
    pub fn dependents(&self, ids: &[Id]) -> Vec<Id> {
        fn visit(catalog: &Catalog, id: Id, seen: &mut BTreeSet<Id>, out: &mut Vec<Id>) {
            if !seen.insert(id) {
                return;
            }
            for user in catalog.items.get(&id).iter().flat_map(|i| &i.used_by) {
                visit(catalog, *user, seen, out);
            }
            // The progress of a source goes with it.
            if let Some(Definition::Source(s)) = catalog.items.get(&id).map(|i| &i.definition)
                && let Some(progress) = s.progress
            {
                visit(catalog, progress, seen, out);
            }
            out.push(id);
        }
        let (mut seen, mut out) = (BTreeSet::new(), Vec::new());
        for id in ids {
            visit(self, *id, &mut seen, &mut out);
        }
        out
    }

    /// Removes items for good, whatever depends on them.
    pub fn remove_items(&mut self, ids: &[Id]) {
        for id in ids {
            self.note_dropped(*id);
            self.forget_items(&[*id]);
        }
    }

    /// Removes items of which the log tells otherwise.
    pub fn forget_items(&mut self, ids: &[Id]) {
        for id in ids {
            let Some(item) = self.items.remove(id) else { continue };
            self.unindex_name(&item);
            for used in &item.uses {
                if let Some(used) = self.items.get_mut_unseen(used) {
                    used.used_by.retain(|u| u != id);
                }
            }
            self.data.remove(id);
            let from = (*id, ObjectKind::Table, None);
            let keys: Vec<_> = self.comments.range(from..).take_while(|(k, _)| k.0 == *id).map(|(k, _)| *k).collect();
            for key in keys.into_iter().filter(|k| k.1 == item.definition.kind()) {
                self.comments.remove(&key);
            }
        }
    }

    /// Removes the default privileges of what goes.
    fn remove_defaults(&mut self, gone: impl Fn(&DefaultKey) -> bool) {
        let keys: Vec<DefaultKey> = self.default_privileges.keys().copied().filter(gone).collect();
        for key in keys {
            for (grantee, mode) in self.default_privileges.remove(&key).into_iter().flatten() {
                self.note_default(false, &key, grantee, mode);
            }
        }
    }

    /// Makes a session's own schema, unless it has it already.
    pub fn make_temporary(&mut self, schema: Id, owner: Id) {
        if !self.schemas.contains_key(&schema) {
            let (oid, privileges) = (self.new_oid(), Privileges::of(&[(owner, AclMode::USAGE_CREATE, owner)]));
            let name = super::names::TEMPORARY.to_owned();
            let (items, types) = Default::default();
            self.schemas
                .insert(schema, Schema { id: schema, oid, database: None, name, owner, privileges, items, types });
        }
    }

    /// Removes what a session made for itself.
    pub fn drop_temporary(&mut self, schema: Id) {
        let items: Vec<Id> = self.schemas.get(&schema).iter().flat_map(|s| s.items.values()).copied().collect();
        let all = self.dependents(&items);
        self.remove_items(&all);
        self.schemas.remove(&schema);
    }

    pub fn remove_schema(&mut self, id: Id) {
        self.remove_defaults(|k| k.schema == Some(id));
        let Some(schema) = self.schemas.get(&id) else { return };
        let mut items: Vec<Id> = schema.items.values().chain(schema.types.values()).copied().collect();
        items.sort();
        let all = self.dependents(&items);
        self.remove_items(&all);
        self.note_schema_dropped(id);
        if let Some(schema) = self.schemas.remove(&id) {
            self.schema_names.remove(&(schema.database, schema.name));
        }
        self.comments.remove(&(id, ObjectKind::Schema, None));
    }
    pub fn remove_database(&mut self, id: Id) {
        self.remove_defaults(|k| k.database == Some(id));
        let schemas: Vec<Id> = self.schemas.values().filter(|s| s.database == Some(id)).map(|s| s.id).collect();
        schemas.into_iter().for_each(|s| self.remove_schema(s));
        if let Some(database) = self.databases.remove(&id) {
            self.note_named("drop", ObjectKind::Database, id, &database.name);
        }
        self.comments.remove(&(id, ObjectKind::Database, None));
    }
    pub fn remove_cluster(&mut self, id: Id) {
        let on: Vec<Id> = self.items.values().filter(|i| i.definition.cluster() == Some(id)).map(|i| i.id).collect();
        let all = self.dependents(&on);
        self.remove_items(&all);
        let replicas = self.clusters.get(&id).map(|c| c.replicas.clone()).unwrap_or_default();
        self.note_replicas_dropped(id, &replicas);
        if let Some(cluster) = self.clusters.remove(&id) {
            self.note_named("drop", ObjectKind::Cluster, id, &cluster.name);
            for replica in cluster.replicas {
                self.comments.remove(&(replica.id, ObjectKind::ClusterReplica, None));
            }
        }
        self.comments.remove(&(id, ObjectKind::Cluster, None));
    }

    pub fn rename_item(&mut self, id: Id, name: String) {
        let Some(item) = self.items.get(&id).cloned() else { return };
        self.note_renamed(id, &name);
        self.unindex_name(&item);
        for user in &item.used_by {
            if let Some(user) = self.items.get_mut(user) {
                super::renamed::follow(&mut user.definition, id, &item.name, &name);
            }
        }
        if let Some(item) = self.items.get_mut(&id) {
            item.name = name;
        }
        self.renamed += 1;
        if let Some(item) = self.items.get(&id).cloned() {
            self.index_name(&item);
        }
        self.relink(id);
    }

    pub fn kind_of(&self, object: Object) -> ObjectKind {
        match object {
            Object::Item(id) => self.items.get(&id).map_or(ObjectKind::Table, |i| i.definition.kind()),
            Object::Database(_) => ObjectKind::Database,
            Object::Schema(_) => ObjectKind::Schema,
            Object::Cluster(_) => ObjectKind::Cluster,
            Object::Replica(..) => ObjectKind::ClusterReplica,
            Object::Policy(_) => ObjectKind::NetworkPolicy,
            Object::Role(_) | Object::System => ObjectKind::Role,
        }
    }
    /// The name as messages have it, fully qualified.
    pub fn object_name(&self, object: Object) -> String {
        match object {
            Object::Item(id) => self.dotted(id),
            Object::Database(id) => self.databases.get(&id).map_or(String::new(), |d| d.name.clone()),
            Object::Schema(id) => self.schema_path(id).join("."),
            Object::Cluster(id) => self.cluster_name(id).to_owned(),
            Object::Replica(id, i) => {
                let replica = self.clusters.get(&id).and_then(|c| c.replicas.get(i)).map_or("", |r| &r.name);
                format!("{}.{replica}", self.cluster_name(id))
            }
            Object::Policy(id) => self.policies.get(&id).map_or(String::new(), |p| p.name.clone()),
            Object::Role(id) => self.role_name(id).to_owned(),
            Object::System => "SYSTEM".into(),
        }
    }
    /// `TABLE "d.s.t"`, or SYSTEM.
    pub fn described(&self, object: Object) -> String {
        match object {
            Object::System => "SYSTEM".into(),
            _ => format!("{} \"{}\"", self.kind_of(object).keyword(), self.object_name(object)),
        }
    }

    pub fn owner(&self, object: Object) -> Option<Id> {
        match object {
            Object::Item(id) => self.items.get(&id).map(|o| o.owner),
            Object::Database(id) => self.databases.get(&id).map(|o| o.owner),
            Object::Schema(id) => self.schemas.get(&id).map(|o| o.owner),
            Object::Cluster(id) => self.clusters.get(&id).map(|o| o.owner),
            Object::Replica(id, i) => self.clusters.get(&id).and_then(|c| c.replicas.get(i)).map(|o| o.owner),
            Object::Policy(id) => self.policies.get(&id).map(|o| o.owner),
            Object::System => Some(MZ_SYSTEM),
            Object::Role(_) => None,
        }
    }
    pub fn privileges(&self, object: Object) -> Option<&Privileges> {
        match object {
            Object::Item(id) => self.items.get(&id).map(|o| &o.privileges),
            Object::Database(id) => self.databases.get(&id).map(|o| &o.privileges),
            Object::Schema(id) => self.schemas.get(&id).map(|o| &o.privileges),
            Object::Cluster(id) => self.clusters.get(&id).map(|o| &o.privileges),
            Object::Policy(id) => self.policies.get(&id).map(|o| &o.privileges),
            Object::System => Some(&self.system_privileges),
            Object::Replica(..) | Object::Role(_) => None,
        }
    }
    pub fn privileges_mut(&mut self, object: Object) -> Option<&mut Privileges> {
        match object {
            Object::Item(id) => self.items.get_mut(&id).map(|o| &mut o.privileges),
            Object::Database(id) => self.databases.get_mut(&id).map(|o| &mut o.privileges),
            Object::Schema(id) => self.schemas.get_mut(&id).map(|o| &mut o.privileges),
            Object::Cluster(id) => self.clusters.get_mut(&id).map(|o| &mut o.privileges),
            Object::Policy(id) => self.policies.get_mut(&id).map(|o| &mut o.privileges),
            Object::System => Some(&mut self.system_privileges),
            Object::Replica(..) | Object::Role(_) => None,
        }
    }

    pub fn set_owner(&mut self, object: Object, owner: Id) {
        let Some(old) = self.owner(object) else { return };
        if old != owner {
            self.note_owner(object, old, owner);
        }
        match object {
            Object::Item(id) => self.set_item_owner(id, owner),
            Object::Database(id) => self.databases.get_mut(&id).into_iter().for_each(|o| o.owner = owner),
            Object::Schema(id) => self.schemas.get_mut(&id).into_iter().for_each(|o| o.owner = owner),
            Object::Cluster(id) => {
                let mut followers = 0;
                if let Some(cluster) = self.clusters.get_mut(&id) {
                    cluster.owner = owner;
                    followers = if cluster.managed.is_some() { cluster.replicas.len() } else { 0 };
                }
                (0..followers).for_each(|index| self.set_owner(Object::Replica(id, index), owner));
            }
            Object::Replica(id, i) => {
                self.clusters
                    .get_mut(&id)
                    .and_then(|c| c.replicas.get_mut(i))
                    .into_iter()
                    .for_each(|o| o.owner = owner);
            }
            Object::Policy(id) => self.policies.get_mut(&id).into_iter().for_each(|o| o.owner = owner),
            Object::Role(_) | Object::System => return,
        }
        if old != owner
            && let Some(privileges) = self.privileges_mut(object)
        {
            privileges.change_owner(old, owner);
        }
    }

    fn set_item_owner(&mut self, id: Id, owner: Id) {
        let Some(item) = self.items.get_mut(&id) else { return };
        item.owner = owner;
        // Indexes belong to whom their relation belongs; subsources and progress to whom their source belongs.
        let mut followers: Vec<Id> = item.used_by.clone();
        if let Definition::Source(s) = &item.definition {
            followers.extend(s.progress);
        }
        let source = matches!(item.definition, Definition::Source(_));
        for follower in followers {
            let follows = match self.items.get(&follower).map(|i| &i.definition) {
                Some(Definition::Index(_)) => true,
                Some(Definition::Source(s)) => source && matches!(s.kind, "subsource" | "progress"),
                _ => false,
            };
            if follows {
                self.set_owner(Object::Item(follower), owner);
            }
        }
    }

    /// Every object, in the order in which the server lists dependencies on roles.
    pub fn objects(&self) -> Vec<Object> {
        let mut out: Vec<Object> = self.items.keys().map(|id| Object::Item(*id)).collect();
        out.extend(self.databases.keys().map(|id| Object::Database(*id)));
        out.extend(self.schemas.keys().filter(|id| !id.is_temporary()).map(|id| Object::Schema(*id)));
        for cluster in self.clusters.values() {
            out.push(Object::Cluster(cluster.id));
            out.extend((0..cluster.replicas.len()).map(|i| Object::Replica(cluster.id, i)));
        }
        out.extend(self.policies.keys().map(|id| Object::Policy(*id)));
        out
    }
}

pub const CASCADE_HINT: &str = "Use DROP ... CASCADE to drop the dependent objects too.";
