//! The log of what statements did to the catalog: `mz_audit_events`, and all histories that are made of it.

use super::change::{Object, now_ms};
use super::item::{Definition, SourceFrom};
use super::privileges::{AclMode, DefaultKey, ObjectKind};
use super::{Catalog, Id, Replica};
use serde_json::{Value, json};
use std::sync::Arc;

/// What happened to one object.
#[derive(Debug)]
pub struct Event {
    /// `create`, `alter`, `drop`, `grant`, `revoke`, `comment`.
    pub action: &'static str,
    /// The kind of the object.
    pub kind: String,
    pub details: Value,
    /// None: the system itself.
    pub user: Option<String>,
    /// Milliseconds since the epoch; the same for all that one statement did.
    pub at: i64,
}

/// All events, in the order in which they happened.
#[derive(Clone, Debug, Default)]
pub struct AuditLog {
    events: Vec<Arc<Event>>,
    actor: Option<(Id, String)>,
    at: i64,
}

impl AuditLog {
    /// Nobody's statement did what follows.
    pub(super) fn begin(&mut self, at: i64) {
        self.actor = None;
        self.at = at;
    }

    /// The events, each with its id.
    pub fn events(&self) -> impl Iterator<Item = (u64, &Event)> {
        (1..).zip(self.events.iter().map(Arc::as_ref))
    }
}

/// Why a replica comes or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Manual,
    System,
}

/// GRANT or REVOKE.
fn granting(grant: bool) -> &'static str {
    if grant { "grant" } else { "revoke" }
}

/// An id as the server's debugging output has it, which the details of comments show.
fn debugged(id: Id) -> String {
    match id {
        Id::System(n) => format!("System({n})"),
        Id::Predefined(n) => format!("Predefined({n})"),
        Id::User(n) => format!("User({n})"),
        Id::Public => "Public".into(),
        Id::Temporary(_) => "Temporary".into(),
    }
}

impl Catalog {
    /// From now on, what happens is a statement of this role.
    pub fn acts(&mut self, role: Id) {
        self.audit.actor = Some((role, self.role_name(role).to_owned()));
        self.audit.at = now_ms();
    }

    fn note(&mut self, action: &'static str, kind: impl Into<String>, details: Value) {
        let user = self.audit.actor.as_ref().map(|(_, name)| name.clone());
        let at = self.audit.at;
        self.audit.events.push(Arc::new(Event { action, kind: kind.into(), details, user, at }));
    }

    /// Database (empty for the system's), schema, item.
    fn named(&self, schema: Id, name: &str) -> Value {
        let path = self.schema_path(schema);
        let (database, schema) = match path.as_slice() {
            [database, schema] => (database.as_str(), schema.as_str()),
            [schema] => ("", schema.as_str()),
            _ => ("", ""),
        };
        json!({ "database": database, "schema": schema, "item": name })
    }

    /// Id and full name of an item.
    fn item_details(&self, id: Id) -> Value {
        let Some(item) = self.items.get(&id) else { return json!({ "id": id.to_string() }) };
        let mut details = self.named(item.schema, &item.name);
        details["id"] = id.to_string().into();
        details
    }

    fn schema_details(&self, id: Id) -> Value {
        let path = self.schema_path(id);
        let database = path.len().checked_sub(2).and_then(|i| path.get(i));
        json!({ "id": id.to_string(), "name": path.last(), "database_name": database })
    }

    /// An item was made; nobody hears of one that lives as long as its session.
    pub fn note_created(&mut self, id: Id) {
        let Some(item) = self.items.get(&id).filter(|item| !item.schema.is_temporary()) else { return };
        let kind = item.definition.kind();
        let mut details = self.item_details(id);
        let cluster = match &item.definition {
            // What a source brings along runs where the source does.
            Definition::Source(s) => match &s.from {
                SourceFrom::Subsource { of, .. } => self.items.get(of).and_then(|of| of.definition.cluster()),
                _ => s.cluster,
            },
            definition => definition.cluster(),
        };
        match &item.definition {
            Definition::Source(s) => details["type"] = s.kind.into(),
            Definition::Sink(_) => details["type"] = crate::relations::sink_kind(item).into(),
            Definition::MaterializedView(m) => {
                if let Some(target) = m.replaces {
                    details["replacement_target_id"] = target.to_string().into();
                }
            }
            _ => {}
        }
        if matches!(kind, ObjectKind::Source | ObjectKind::Sink | ObjectKind::Index | ObjectKind::MaterializedView) {
            details["cluster_id"] = cluster.map(|id| id.to_string()).into();
        }
        self.note("create", kind.dashed(), details);
    }

    /// An item goes.
    pub fn note_dropped(&mut self, id: Id) {
        let Some(item) = self.items.get(&id).filter(|item| !item.schema.is_temporary()) else { return };
        let kind = item.definition.kind().dashed();
        let details = self.item_details(id);
        self.note("drop", kind, details);
    }

    /// An item is other than it was.
    pub fn note_altered(&mut self, id: Id) {
        self.note_altered_with(id, Value::Null);
    }

    /// An item is other than it was, which is told in other words than its full name.
    pub fn note_altered_with(&mut self, id: Id, details: Value) {
        let Some(item) = self.items.get(&id).filter(|item| !item.schema.is_temporary()) else { return };
        let kind = item.definition.kind().dashed();
        let details = if details.is_null() { self.item_details(id) } else { details };
        self.note("alter", kind, details);
    }

    /// An item gets another name.
    pub fn note_renamed(&mut self, id: Id, to: &str) {
        let Some(item) = self.items.get(&id) else { return };
        let (old, new) = (self.named(item.schema, &item.name), self.named(item.schema, to));
        self.note_altered_with(id, json!({ "id": id.to_string(), "old_name": old, "new_name": new }));
    }

    /// A materialized view becomes what its replacement was.
    pub fn note_replacement(&mut self, target: Id, replacement: Id) {
        let (of, by) = (self.item_details(target), self.item_details(replacement));
        self.note_altered_with(target, json!({ "target": of, "replacement": by }));
    }

    /// A schema was made.
    pub fn note_schema_created(&mut self, id: Id) {
        let details = self.schema_details(id);
        self.note("create", "schema", details);
    }

    /// The schema that every environment begins with, whose id is told of without its letter.
    pub(super) fn note_first_schema(&mut self, id: Id) {
        let mut details = self.schema_details(id);
        details["id"] = id.to_string().trim_start_matches('u').into();
        self.note("create", "schema", details);
    }

    /// A schema goes.
    pub fn note_schema_dropped(&mut self, id: Id) {
        let details = self.schema_details(id);
        self.note("drop", "schema", details);
    }

    /// A schema gets another name.
    pub fn note_schema_renamed(&mut self, id: Id, old: &str, new: &str) {
        let database = self.schema_details(id)["database_name"].take();
        let details = json!({ "id": id.to_string(), "old_name": old, "new_name": new, "database_name": database });
        self.note("alter", "schema", details);
    }

    /// A cluster gets another name.
    pub fn note_cluster_renamed(&mut self, id: Id, old: &str, new: &str) {
        self.note("alter", "cluster", json!({ "id": id.to_string(), "old_name": old, "new_name": new }));
    }

    /// A replica gets another name.
    pub fn note_replica_renamed(&mut self, cluster: Id, replica: Id, old: &str, new: &str) {
        let details = json!({
            "cluster_id": cluster.to_string(), "replica_id": replica.to_string(), "old_name": old, "new_name": new,
        });
        self.note("alter", "cluster-replica", details);
    }

    /// What has a name of its own, and is told of by it: a database, role, cluster or network policy.
    pub fn note_named(&mut self, action: &'static str, kind: ObjectKind, id: Id, name: &str) {
        self.note(action, kind.dashed(), json!({ "id": id.to_string(), "name": name }));
    }

    /// Replicas of a cluster come.
    pub fn note_replicas_created(&mut self, cluster: Id, replicas: &[Replica], reason: Reason) {
        for replica in replicas {
            let mut details = self.replica_details(cluster, replica, reason);
            details["logical_size"] = replica.size.clone().into();
            details["billed_as"] = replica.billed_as.clone().into();
            details["internal"] = replica.internal.into();
            self.note("create", "cluster-replica", details);
        }
    }

    /// Replicas of a cluster go.
    pub fn note_replicas_dropped(&mut self, cluster: Id, replicas: &[Replica]) {
        for replica in replicas {
            let details = self.replica_details(cluster, replica, Reason::Manual);
            self.note("drop", "cluster-replica", details);
        }
    }

    fn replica_details(&self, cluster: Id, replica: &Replica, reason: Reason) -> Value {
        json!({
            "cluster_id": cluster.to_string(),
            "cluster_name": self.cluster_name(cluster),
            "replica_id": replica.id.to_string(),
            "replica_name": replica.name,
            "reason": if reason == Reason::Manual { "manual" } else { "system" },
        })
    }

    /// An object's id with a letter for its kind, as details of owners and privileges have it.
    fn tagged(&self, object: Object) -> String {
        match object {
            Object::Item(id) => format!("I{id}"),
            Object::Database(id) => format!("D{id}"),
            Object::Schema(id) => {
                let database = self.schemas.get(&id).and_then(|s| s.database);
                format!("S{}{id}", database.map(|d| format!("{d}.")).unwrap_or_default())
            }
            Object::Cluster(id) => format!("C{id}"),
            Object::Replica(id, index) => {
                let replica = self.clusters.get(&id).and_then(|c| c.replicas.get(index)).map(|r| r.id.to_string());
                format!("CR{id}.{}", replica.unwrap_or_default())
            }
            Object::Policy(id) => format!("NP{id}"),
            Object::Role(id) => format!("R{id}"),
            Object::System => "SYSTEM".into(),
        }
    }

    fn audited_kind(&self, object: Object) -> String {
        if object == Object::System { "system".into() } else { self.kind_of(object).dashed() }
    }

    /// An object gets another owner.
    pub fn note_owner(&mut self, object: Object, old: Id, new: Id) {
        let (tagged, kind) = (self.tagged(object), self.audited_kind(object));
        let details = json!({ "object_id": tagged, "old_owner_id": old.to_string(), "new_owner_id": new.to_string() });
        self.note("alter", kind, details);
    }

    /// A privilege is granted or revoked.
    pub fn note_privilege(&mut self, grant: bool, object: Object, grantee: Id, grantor: Id, mode: AclMode) {
        let (tagged, kind) = (self.tagged(object), self.audited_kind(object));
        let details = json!({
            "object_id": tagged, "grantee_id": grantee.to_string(), "grantor_id": grantor.to_string(),
            "privileges": mode.to_string(),
        });
        self.note(granting(grant), kind, details);
    }

    /// A default privilege is granted or revoked.
    pub fn note_default(&mut self, grant: bool, key: &DefaultKey, grantee: Id, mode: AclMode) {
        let details = json!({
            "role_id": key.role.to_string(),
            "database_id": key.database.map(|id| id.to_string()),
            "schema_id": key.schema.map(|id| id.to_string()),
            "grantee_id": grantee.to_string(),
            "privileges": mode.to_string(),
        });
        self.note(granting(grant), key.kind.dashed(), details);
    }

    /// A membership begins or ends.
    pub fn note_membership(&mut self, grant: bool, role: Id, member: Id, grantor: Id) {
        let by = self.audit.actor.as_ref().map_or(super::bootstrap::MZ_SYSTEM, |(role, _)| *role);
        let details = json!({
            "role_id": role.to_string(), "member_id": member.to_string(), "grantor_id": grantor.to_string(),
            "executed_by": by.to_string(),
        });
        self.note(granting(grant), "role", details);
    }

    /// A parameter of the system is set, or (None) reset; without a name, all of them are.
    pub fn note_system(&mut self, name: Option<&str>, value: Option<String>) {
        let details = name.map_or(Value::Null, |name| json!({ "name": name, "value": value }));
        self.note("alter", "system", details);
    }

    /// A comment is made, changed or removed. The server shows what it is on as its debugging output has it.
    pub fn note_comment(&mut self, object: Object) {
        let temporary = |id| self.items.get(&id).is_some_and(|item| item.schema.is_temporary());
        if matches!(object, Object::Item(id) if temporary(id)) {
            return;
        }
        let kind = self.kind_of(object);
        let id = match object {
            Object::Schema(id) => {
                let database = self.schemas.get(&id).and_then(|s| s.database);
                let database = database.map_or("Ambient".into(), |d| format!("Id({})", debugged(d)));
                format!("({database}, Id({}))", debugged(id))
            }
            Object::Replica(id, index) => {
                let replica = self.clusters.get(&id).and_then(|c| c.replicas.get(index)).map(|r| debugged(r.id));
                format!("({}, {})", debugged(id), replica.unwrap_or_default())
            }
            Object::Item(id) | Object::Database(id) | Object::Cluster(id) | Object::Policy(id) | Object::Role(id) => {
                debugged(id)
            }
            Object::System => return,
        };
        let variant: String = kind.words().split(' ').map(capitalized).collect();
        let details = json!({ "id": format!("{variant}({id})"), "name": self.object_name(object) });
        self.note("comment", kind.dashed(), details);
    }
}

/// The name that one of two objects has while they exchange theirs.
pub fn name_between(prefix: &str) -> String {
    let mut number = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), prefix);
    let mut letter = || {
        let letter = char::from_digit((number % 36) as u32, 36).unwrap_or('0');
        number /= 36;
        letter
    };
    let suffix: String = (0..10).map(|_| letter()).collect();
    format!("{prefix}{suffix}")
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
