//! Who may do what: role-based access control.

use super::bootstrap::MZ_SYSTEM;
use super::change::Object;
use super::item::Definition;
use super::privileges::AclMode;
use super::{Catalog, Id, Role};
use crate::datum::SqlError;
use crate::session::State;
use crate::sql::error::denied;
use std::collections::BTreeSet;

impl Catalog {
    /// The role itself and every role that it is a member of, directly or not.
    pub fn roles_of(&self, role: Id) -> BTreeSet<Id> {
        let mut out = BTreeSet::from([role]);
        let mut todo = vec![role];
        while let Some(member) = todo.pop() {
            for (granted, _) in self.members.keys().filter(|(_, m)| *m == member) {
                if out.insert(*granted) {
                    todo.push(*granted);
                }
            }
        }
        out
    }

    pub fn is_superuser(&self, role: Id) -> bool {
        role == MZ_SYSTEM || self.roles.get(&role).is_some_and(|r| r.superuser == Some(true))
    }

    /// May the session do everything?
    pub fn unchecked(&self, session: &State) -> bool {
        self.may_all(session.role)
    }
    fn may_all(&self, role: Id) -> bool {
        let off = self.parameters.get("enable_rbac_checks").is_some_and(|p| p.value == "off");
        off || self.is_superuser(role)
    }

    pub fn check_owner(&self, session: &State, object: Object) -> Result<(), SqlError> {
        self.check_owners(session, &[object])
    }

    /// All that is somebody else's is told of at once.
    pub fn check_owners(&self, session: &State, objects: &[Object]) -> Result<(), SqlError> {
        if self.unchecked(session) {
            return Ok(());
        }
        let roles = self.roles_of(session.role);
        let others = objects.iter().filter(|object| !self.owner(**object).is_some_and(|owner| roles.contains(&owner)));
        let others: Vec<String> =
            others.map(|o| format!("{} {}", self.kind_of(*o).keyword(), self.object_name(*o))).collect();
        match others.is_empty() {
            true => Ok(()),
            false => Err(denied(format!("must be owner of {}", others.join(", ")), None)),
        }
    }

    /// What takes the owner of all of these, and USAGE of what they are in.
    pub fn check_owned(&self, session: &State, objects: &[Object]) -> Result<(), SqlError> {
        self.check_owners(session, objects)?;
        objects.iter().try_for_each(|object| self.check_around(session, *object, AclMode::USAGE))
    }

    /// A privilege on what an object is in: an item's schema, a schema's database, a replica's cluster.
    pub fn check_around(&self, session: &State, object: Object, mode: AclMode) -> Result<(), SqlError> {
        let around = match object {
            Object::Item(id) => self.items.get(&id).map(|item| Object::Schema(item.schema)),
            Object::Schema(id) => self.schemas.get(&id).and_then(|s| s.database).map(Object::Database),
            Object::Replica(cluster, _) => Some(Object::Cluster(cluster)),
            _ => None,
        };
        around.map_or(Ok(()), |around| self.check_privilege(session, around, mode))
    }

    /// USAGE of these items, and before that of all schemas that they are in.
    pub fn check_items(&self, session: &State, items: impl IntoIterator<Item = Id>) -> Result<(), SqlError> {
        let items: BTreeSet<Id> = items.into_iter().collect();
        let schemas: BTreeSet<Id> = items.iter().filter_map(|id| Some(self.items.get(id)?.schema)).collect();
        let objects = schemas.into_iter().map(Object::Schema).chain(items.into_iter().map(Object::Item));
        objects.into_iter().try_for_each(|object| self.check_privilege(session, object, AclMode::USAGE))
    }

    /// USAGE of the secrets, connections and types that a new item names, for which the server asks before anything else.
    pub fn check_named(&self, session: &State, definition: &Definition) -> Result<(), SqlError> {
        if self.unchecked(session) {
            return Ok(());
        }
        let named = self.uses_of(definition).into_iter().filter(|id| {
            let definition = self.items.get(id).map(|item| &item.definition);
            matches!(
                definition,
                Some(Definition::Secret | Definition::Connection(_) | Definition::Type(_) | Definition::SystemType(..))
            )
        });
        self.check_items(session, named)
    }

    /// `mode` is one privilege.
    pub fn check_privilege(&self, session: &State, object: Object, mode: AclMode) -> Result<(), SqlError> {
        self.check_role(session.role, object, mode)
    }

    fn check_role(&self, role: Id, object: Object, mode: AclMode) -> Result<(), SqlError> {
        if self.may_all(role) {
            return Ok(());
        }
        let roles = self.roles_of(role);
        let held = self.privileges(object).map_or(AclMode::default(), |p| p.held(|r| roles.contains(&r)));
        if held.contains(mode) {
            return Ok(());
        }
        let what = self.described(object);
        let names: Vec<&str> = mode.names().collect();
        let detail = format!("The '{}' role needs {} privileges on {what}", self.role_name(role), names.join(", "));
        Err(denied(format!("permission denied for {what}"), Some(detail)))
    }

    /// CREATE on the schema that a new item goes to.
    pub fn check_create_in(&self, session: &State, schema: Id) -> Result<(), SqlError> {
        if schema.is_temporary() {
            return Ok(());
        }
        self.check_privilege(session, Object::Schema(schema), AclMode::CREATE)
    }

    /// What a query over `relations` needs: USAGE of their schemas and SELECT on them, for what a view reads the
    /// view's owner needs it, and USAGE of the cluster that runs the query.
    pub fn check_read(&self, role: Id, relations: &BTreeSet<Id>, cluster: Option<Id>) -> Result<(), SqlError> {
        if self.may_all(role) {
            return Ok(());
        }
        self.check_relations(role, relations, &mut BTreeSet::new())?;
        cluster.map_or(Ok(()), |id| self.check_role(role, Object::Cluster(id), AclMode::USAGE))
    }

    fn check_relations(
        &self,
        role: Id,
        relations: &BTreeSet<Id>,
        seen: &mut BTreeSet<(Id, Id)>,
    ) -> Result<(), SqlError> {
        let mut views = Vec::new();
        for id in relations {
            let Some(item) = self.items.get(id).filter(|_| seen.insert((role, *id))) else { continue };
            self.check_role(role, Object::Schema(item.schema), AclMode::USAGE)?;
            match item.definition {
                Definition::View(_) | Definition::MaterializedView(_) if id.is_user() => views.push(item),
                Definition::Type(_) | Definition::SystemType(..) => {
                    self.check_role(role, Object::Item(*id), AclMode::USAGE)?;
                    continue;
                }
                _ => {}
            }
            self.check_role(role, Object::Item(*id), AclMode::SELECT)?;
        }
        views.into_iter().try_for_each(|view| {
            let reads = view.uses.iter().copied().collect();
            self.check_relations(view.owner, &reads, seen)
        })
    }

    pub fn check_member(&self, session: &State, role: Id) -> Result<(), SqlError> {
        if self.unchecked(session) || self.roles_of(session.role).contains(&role) {
            return Ok(());
        }
        Err(denied(format!("must be a member of \"{}\"", self.role_name(role)), None))
    }

    /// The role of somebody whom the cloud lets in: made at the first time, and a superuser as the cloud has it.
    pub fn sign_in(&mut self, name: &str, superuser: bool) {
        if !self.role_names.contains_key(name) {
            let (id, oid) = (self.new_role_id(), self.new_oid());
            let variables = Default::default();
            let role =
                Role { id, oid, name: name.into(), superuser: None, login: Some(true), password: None, variables };
            self.role_names.insert(name.into(), id);
            self.roles.insert(id, role);
        }
        let role = self.role_names.get(name).copied();
        if let Some(role) = role.and_then(|id| self.roles.get_mut(&id)) {
            role.superuser = Some(superuser);
        }
    }
}
