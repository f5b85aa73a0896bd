//! What the log begins with: how the environment itself came to be.

use super::audit::Reason;
use super::bootstrap::MZ_SYSTEM;
use super::change::{Object, now_ms};
use super::privileges::ObjectKind;
use super::{Catalog, Id};

impl Catalog {
    /// Tells of the user objects of a fresh environment, in the server's order. Nobody's statement made them.
    pub(super) fn note_bootstrap(&mut self) {
        self.audit.begin(now_ms());
        let own: Vec<Id> = self.roles.keys().copied().filter(|id| id.is_user()).collect();
        let first = own.first().copied();
        if let Some(role) = first {
            let name = self.role_name(role).to_owned();
            self.note_named("create", ObjectKind::Role, role, &name);
        }
        let mut defaults: Vec<_> = self.default_privileges.clone().into_iter().collect();
        // Which happens to be the order of their names.
        defaults.sort_by_key(|(key, _)| key.kind.words());
        for (key, grants) in &defaults {
            grants.iter().for_each(|(grantee, mode)| self.note_default(true, key, *grantee, *mode));
        }
        for database in self.databases.values().cloned().collect::<Vec<_>>() {
            self.note_named("create", ObjectKind::Database, database.id, &database.name);
            self.note_first_grants(Object::Database(database.id), &[Some(Id::Public), first]);
        }
        for schema in self.schemas.keys().copied().filter(|id| id.is_user()).collect::<Vec<_>>() {
            self.note_first_schema(schema);
            self.note_first_grants(Object::Schema(schema), &[first]);
        }
        for policy in self.policies.values().cloned().collect::<Vec<_>>() {
            self.note_named("create", ObjectKind::NetworkPolicy, policy.id, &policy.name);
        }
        for cluster in self.clusters.values().filter(|c| c.id.is_user()).cloned().collect::<Vec<_>>() {
            self.note_named("create", ObjectKind::Cluster, cluster.id, &cluster.name);
            self.note_first_grants(Object::Cluster(cluster.id), &[Some(Id::Public), first]);
            self.note_replicas_created(cluster.id, &cluster.replicas, Reason::System);
        }
        self.note_first_grants(Object::System, &[Some(MZ_SYSTEM), first]);
    }

    /// Those of an object's first privileges that are told of: what these roles hold.
    fn note_first_grants(&mut self, object: Object, roles: &[Option<Id>]) {
        for role in roles.iter().flatten() {
            let mode = self.privileges(object).map(|p| p.between(*role, MZ_SYSTEM)).unwrap_or_default();
            self.note_privilege(true, object, *role, MZ_SYSTEM, mode);
        }
    }
}
