//! CREATE, ALTER and DROP ROLE; membership; DROP OWNED and REASSIGN OWNED.

use super::{Boxed, Command, Context, done};
use crate::catalog::bootstrap::MZ_SYSTEM;
use crate::catalog::change::Object;
use crate::catalog::limits::New;
use crate::catalog::privileges::{AclItem, AclMode, ObjectKind};
use crate::catalog::{Catalog, Id, Password, Role, parameter_values, parameters};
use crate::datum::{Outcome, SqlError};
use crate::sql::error::{Hint, plan, with_code};
use crate::sql::parser::{Parsed, Parser};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One attribute; a role may be given each once.
#[derive(PartialEq)]
enum Attribute {
    Inherit,
    NoInherit,
    Login(bool),
    Superuser(bool),
    /// A privilege of the system under its old name.
    System(&'static str),
    Password(Option<String>),
}

fn attributes(p: &mut Parser) -> Parsed<Vec<Attribute>> {
    let mut out = Vec::new();
    loop {
        let attribute = if p.kw("INHERIT") {
            Attribute::Inherit
        } else if p.kw("NOINHERIT") {
            Attribute::NoInherit
        } else if p.kw("LOGIN") {
            Attribute::Login(true)
        } else if p.kw("NOLOGIN") {
            Attribute::Login(false)
        } else if p.kw("SUPERUSER") {
            Attribute::Superuser(true)
        } else if p.kw("NOSUPERUSER") {
            Attribute::Superuser(false)
        } else if p.kw("PASSWORD") {
            Attribute::Password(if p.kw("NULL") { None } else { Some(p.string()?) })
        } else if let Some(word) = SYSTEM.iter().find(|w| p.kw(w)) {
            Attribute::System(word)
        } else {
            return Ok(out);
        };
        out.push(attribute);
    }
}
const SYSTEM: [&str; 6] = ["CREATECLUSTER", "NOCREATECLUSTER", "CREATEDB", "NOCREATEDB", "CREATEROLE", "NOCREATEROLE"];

fn check_attributes(attributes: &[Attribute]) -> Result<(), SqlError> {
    for (i, a) in attributes.iter().enumerate() {
        let same = |b: &Attribute| {
            std::mem::discriminant(a) == std::mem::discriminant(b) && !matches!(a, Attribute::System(_))
        };
        if attributes[..i].iter().any(same) {
            return Err(plan("conflicting or redundant options"));
        }
        match a {
            Attribute::NoInherit => return Err(plan("non inherit roles not yet supported")),
            Attribute::System(word) => {
                let url = "https://materialize.com/docs/sql/create-role/#details";
                let message = format!(
                    "{word} attribute is not supported, for more information consult the documentation at {url}"
                );
                return Err(plan(message).detail("Use system privileges instead."));
            }
            _ => {}
        }
    }
    Ok(())
}

fn apply(role: &mut Role, attributes: &[Attribute]) {
    for attribute in attributes {
        match attribute {
            Attribute::Login(login) => role.login = Some(*login),
            Attribute::Superuser(superuser) => role.superuser = Some(*superuser),
            Attribute::Password(password) => role.password = password.clone().map(Password),
            Attribute::Inherit | Attribute::NoInherit | Attribute::System(_) => {}
        }
    }
}

/// Only a superuser hands out SUPERUSER.
fn check_superuser(cx: &Context<'_>, attributes: &[Attribute], what: &str) -> Result<(), SqlError> {
    let superuser = attributes.iter().any(|a| matches!(a, Attribute::Superuser(true)));
    if superuser { super::access::check_superuser(cx, what) } else { Ok(()) }
}

struct CreateRole {
    name: String,
    attributes: Vec<Attribute>,
}

pub fn create_role(p: &mut Parser) -> Parsed<Boxed> {
    let name = p.ident()?;
    p.kw("WITH");
    Ok(Arc::new(CreateRole { name, attributes: attributes(p)? }))
}

fn is_public(name: &str) -> bool {
    name.eq_ignore_ascii_case("public")
}
fn reserved(name: &str) -> bool {
    super::namespace::reserved(name) || name.starts_with("external_") || is_public(name)
}

/// A role that the system keeps for itself.
fn reserved_role(name: &str) -> SqlError {
    plan(format!("role name \"{name}\" is reserved"))
        .detail("The role \"public\" and the prefixes \"mz_\" and \"pg_\" are reserved for system roles.")
}

/// A role by name, PUBLIC among them.
pub fn role_or_public(cx: &Context<'_>, name: &str) -> Result<Id, SqlError> {
    if is_public(name) { Ok(Id::Public) } else { cx.catalog.role(name) }
}

/// A role by name that the user may change.
fn changeable(cx: &Context<'_>, name: &str) -> Result<Id, SqlError> {
    let id = role_or_public(cx, name)?;
    if id.is_user() { Ok(id) } else { Err(reserved_role(&name.to_lowercase())) }
}

impl Command for CreateRole {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        check_attributes(&self.attributes)?;
        check_superuser(cx, &self.attributes, "create superuser role")?;
        cx.catalog.check_privilege(cx.session, Object::System, AclMode::CREATEROLE)?;
        if reserved(&self.name) {
            return Err(reserved_role(&self.name));
        }
        if cx.catalog.role_names.contains_key(&self.name) {
            return Err(plan(format!("role '{}' already exists", self.name)));
        }
        cx.catalog.check_room(&[New::Role])?;
        let id = cx.catalog.new_role_id();
        let oid = cx.catalog.new_oid();
        let mut role = Role {
            id,
            oid,
            name: self.name.clone(),
            superuser: None,
            login: None,
            password: None,
            variables: Default::default(),
        };
        // What is said of signing on says of superuser, too; else both are unknown.
        apply(&mut role, &self.attributes);
        let signs_on = |a: &Attribute| matches!(a, Attribute::Login(_) | Attribute::Password(_));
        if self.attributes.iter().any(signs_on) {
            role.superuser.get_or_insert(false);
        }
        cx.catalog.role_names.insert(self.name.clone(), id);
        cx.catalog.roles.insert(id, role);
        cx.catalog.note_named("create", ObjectKind::Role, id, &self.name);
        done("CREATE ROLE")
    }
}

enum RoleChange {
    Attributes(Vec<Attribute>),
    Set(String, Vec<String>),
    SetDefault(String),
}
struct AlterRole {
    name: String,
    change: RoleChange,
}

pub fn alter_role(p: &mut Parser) -> Parsed<Boxed> {
    let name = p.ident()?;
    let change = if p.kw("SET") {
        let variable = p.ident()?;
        match super::session::set_values(p)? {
            Some(values) => RoleChange::Set(variable, values),
            None => RoleChange::SetDefault(variable),
        }
    } else if p.kw("RESET") {
        RoleChange::SetDefault(p.ident()?)
    } else {
        p.kw("WITH");
        RoleChange::Attributes(attributes(p)?)
    };
    Ok(Arc::new(AlterRole { name, change }))
}

impl Command for AlterRole {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let id = role_or_public(cx, &self.name)?;
        if let RoleChange::Attributes(attributes) = &self.change {
            check_attributes(attributes)?;
            check_superuser(cx, attributes, "alter superuser role")?;
        }
        let own = id == cx.session.role;
        let only_password =
            matches!(&self.change, RoleChange::Attributes(a) if a.iter().all(|a| matches!(a, Attribute::Password(_))));
        if !(own && (only_password || !matches!(self.change, RoleChange::Attributes(_)))) {
            cx.catalog.check_privilege(cx.session, Object::System, AclMode::CREATEROLE)?;
        }
        match &self.change {
            RoleChange::Attributes(attributes) => {
                let id = changeable(cx, &self.name)?;
                if let Some(role) = cx.catalog.roles.get_mut(&id) {
                    apply(role, attributes);
                }
            }
            RoleChange::Set(variable, values) => {
                let parameter = cx.catalog.parameters.get(&variable.to_lowercase());
                let parameter = parameter.filter(|p| parameters::of_session(&p.name.to_lowercase()));
                let parameter = parameter.ok_or_else(|| parameters::unrecognized(variable))?;
                let (name, shown) = (parameter.name.clone(), parameter_values::parse(parameter, values)?);
                let id = changeable(cx, &self.name)?;
                if let Some(role) = cx.catalog.roles.get_mut(&id) {
                    role.variables.insert(name, shown);
                }
            }
            RoleChange::SetDefault(variable) => {
                if !parameters::of_session(&variable.to_lowercase()) {
                    return Err(parameters::unrecognized(variable));
                }
                let id = changeable(cx, &self.name)?;
                let name = cx.catalog.parameters.get(&variable.to_lowercase()).map(|parameter| parameter.name.clone());
                if let (Some(role), Some(name)) = (cx.catalog.roles.get_mut(&id), name) {
                    role.variables.remove(&name);
                }
            }
        }
        cx.catalog.note_named("alter", ObjectKind::Role, id, &self.name);
        done("ALTER ROLE")
    }
}

struct DropRole {
    names: Vec<String>,
    if_exists: bool,
}

pub fn drop_role(p: &mut Parser) -> Parsed<Boxed> {
    let if_exists = p.if_exists()?;
    Ok(Arc::new(DropRole { names: p.list(Parser::ident)?, if_exists }))
}

impl Command for DropRole {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let (mut ids, mut notices) = (Vec::new(), Vec::new());
        for name in &self.names {
            match role_or_public(cx, name) {
                Ok(id) if id == cx.session.role => return Err(plan("current role cannot be dropped")),
                Ok(id) if !id.is_user() => return Err(reserved_role(&name.to_lowercase())),
                Ok(id) => ids.push(id),
                Err(_) if self.if_exists => notices.push(format!("role \"{name}\" does not exist, skipping")),
                Err(e) => return Err(e),
            }
        }
        cx.catalog.check_privilege(cx.session, Object::System, AclMode::CREATEROLE)?;
        let mut details = Vec::new();
        for id in &ids {
            let of_role = role_dependencies(cx.catalog, *id);
            let name = cx.catalog.role_name(*id);
            details.extend(of_role.into_iter().map(|d| (name.to_owned(), d)));
        }
        if !details.is_empty() {
            details.sort_by(|(a, _), (b, _)| a.cmp(b));
            // Those that something depends on, by name.
            let names: BTreeSet<&str> = details.iter().map(|(name, _)| name.as_str()).collect();
            let roles = if names.len() == 1 { "role" } else { "roles" };
            let names = names.into_iter().collect::<Vec<_>>().join(", ");
            let message = format!("{roles} \"{names}\" cannot be dropped because some objects depend on it");
            let lines: Vec<String> = details.iter().map(|(n, d)| format!("{n}: {d}")).collect();
            return Err(with_code("2BP01", message).detail(lines.join("\n")));
        }
        let gone = |(role, member): &(Id, Id)| ids.contains(role) || ids.contains(member);
        let memberships: Vec<_> = cx.catalog.members.iter().filter(|(m, _)| gone(m)).map(|(m, g)| (*m, *g)).collect();
        for ((role, member), grantor) in memberships {
            cx.catalog.members.remove(&(role, member));
            cx.catalog.note_membership(false, role, member, grantor);
        }
        for id in ids {
            if let Some(role) = cx.catalog.roles.remove(&id) {
                cx.catalog.role_names.remove(&role.name);
                cx.catalog.note_named("drop", ObjectKind::Role, id, &role.name);
            }
            cx.catalog.comments.remove(&(id, ObjectKind::Role, None));
        }
        Ok(Outcome::Done { tag: "DROP ROLE".into(), notices })
    }
}

/// What keeps a role from being dropped, in the server's order and words.
fn role_dependencies(catalog: &Catalog, role: Id) -> Vec<String> {
    let mut out = Vec::new();
    let privileges = |object: Object, out: &mut Vec<String>| {
        for item in catalog.privileges(object).iter().flat_map(|p| &p.0) {
            let what = catalog.described(object);
            if item.grantee == role {
                out.push(format!("privileges on {what} granted by {}", catalog.role_name(item.grantor)));
            }
            if item.grantor == role {
                out.push(format!("privileges granted on {what} to {}", catalog.role_name(item.grantee)));
            }
        }
    };
    for object in catalog.objects() {
        if catalog.owner(object) == Some(role) {
            out.push(format!("owner of {}", catalog.described(object)));
        }
        privileges(object, &mut out);
    }
    privileges(Object::System, &mut out);
    for (key, grants) in &catalog.default_privileges {
        let kind = format!("{}S", key.kind.keyword());
        for grantee in grants.keys() {
            if key.role == role {
                out.push(format!("default privileges on {kind} created by {}", catalog.role_name(role)));
            }
            if *grantee == role {
                out.push(format!("default privileges on {kind} granted to {}", catalog.role_name(role)));
            }
        }
    }
    out
}

/// `GRANT role, … TO role, …` and its revocation.
pub struct Membership {
    pub roles: Vec<String>,
    pub members: Vec<String>,
    pub grant: bool,
}

impl Command for Membership {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let find = |names: &[String]| names.iter().map(|r| role_or_public(cx, r)).collect::<Result<Vec<_>, _>>();
        let (roles, members) = (find(&self.roles)?, find(&self.members)?);
        cx.catalog.check_privilege(cx.session, Object::System, AclMode::CREATEROLE)?;
        let tag = if self.grant { "GRANT ROLE" } else { "REVOKE ROLE" };
        let mut notices = Vec::new();
        for role in &roles {
            for member in &members {
                let (r, m) = (cx.catalog.role_name(*role), cx.catalog.role_name(*member));
                if !member.is_user() {
                    return Err(reserved_role(&m.to_lowercase()));
                }
                if matches!(role, Id::System(_) | Id::Public) {
                    return Err(plan(format!("role name \"{}\" cannot be granted", r.to_lowercase())));
                }
                let has = cx.catalog.members.contains_key(&(*role, *member));
                if self.grant && (role == member || cx.catalog.roles_of(*role).contains(member)) {
                    // A cycle: the one to become a member is above the role already.
                    return Err(plan(format!("role \"{r}\" is a member of role \"{m}\"")));
                }
                if self.grant && has {
                    notices.push(format!("role \"{m}\" is already a member of role \"{r}\""));
                }
                if !self.grant && !has {
                    notices.push(format!("role \"{m}\" is not a member of role \"{r}\""));
                }
            }
        }
        for role in &roles {
            for member in &members {
                let key = (*role, *member);
                if self.grant && !cx.catalog.members.contains_key(&key) {
                    // Whoever says so: the grantor of a membership is the system.
                    cx.catalog.members.insert(key, MZ_SYSTEM);
                    cx.catalog.note_membership(true, *role, *member, MZ_SYSTEM);
                } else if !self.grant
                    && let Some(grantor) = cx.catalog.members.remove(&key)
                {
                    cx.catalog.note_membership(false, *role, *member, grantor);
                }
            }
        }
        Ok(Outcome::Done { tag: tag.into(), notices })
    }
}

struct DropOwned {
    roles: Vec<String>,
    restrict: bool,
}

pub fn drop_owned(p: &mut Parser) -> Parsed<Boxed> {
    p.expect_kw("BY")?;
    let roles = p.list(Parser::ident)?;
    let restrict = p.drop_behaviour()? != Some(true);
    Ok(Arc::new(DropOwned { roles, restrict }))
}

pub fn check_members(cx: &Context<'_>, roles: &[Id]) -> Result<(), SqlError> {
    roles.iter().try_for_each(|r| cx.catalog.check_member(cx.session, *r))
}

impl Command for DropOwned {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let roles = self.roles.iter().map(|r| cx.catalog.role(r)).collect::<Result<Vec<_>, _>>()?;
        check_members(cx, &roles)?;
        let owned = |catalog: &Catalog, o: Object| catalog.owner(o).is_some_and(|owner| roles.contains(&owner));
        let objects: Vec<Object> = cx.catalog.objects().into_iter().filter(|o| owned(cx.catalog, *o)).collect();
        refuse_system(cx.catalog, &objects, "drop")?;
        if self.restrict {
            check_contained(cx.catalog, &objects)?;
        }
        for object in cx.catalog.objects().into_iter().chain([Object::System]) {
            let Some(privileges) = cx.catalog.privileges_mut(object) else { continue };
            let (gone, stay) = std::mem::take(&mut privileges.0).into_iter().partition(|i| roles.contains(&i.grantee));
            privileges.0 = stay;
            let gone: Vec<AclItem> = gone;
            gone.iter().for_each(|i| cx.catalog.note_privilege(false, object, i.grantee, i.grantor, i.mode));
        }
        let mut gone = Vec::new();
        for (key, grants) in &mut cx.catalog.default_privileges {
            let lost = |grantee: &Id| roles.contains(&key.role) || roles.contains(grantee);
            gone.extend(
                grants.iter().filter(|(grantee, _)| lost(grantee)).map(|(grantee, mode)| (*key, *grantee, *mode)),
            );
            grants.retain(|grantee, _| !lost(grantee));
        }
        cx.catalog.default_privileges.retain(|_, grants| !grants.is_empty());
        gone.iter().for_each(|(key, grantee, mode)| cx.catalog.note_default(false, key, *grantee, *mode));
        remove_objects(cx.catalog, &objects);
        done("DROP OWNED")
    }
}

/// What belongs to the system stays as it is.
fn refuse_system(catalog: &Catalog, objects: &[Object], verb: &str) -> Result<(), SqlError> {
    let system = |o: &&Object| match o {
        Object::Item(id) | Object::Schema(id) | Object::Cluster(id) | Object::Replica(id, _) => !id.is_user(),
        Object::Database(_) | Object::Policy(_) | Object::Role(_) | Object::System => false,
    };
    let owners: BTreeSet<Id> = objects.iter().filter(system).filter_map(|o| catalog.owner(*o)).collect();
    if owners.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = owners.iter().map(|o| format!("\"{}\"", catalog.role_name(*o))).collect();
    let names = names.join(", ");
    Err(plan(format!("cannot {verb} objects owned by role {names} because they are required by the database system")))
}

/// Without CASCADE nothing of somebody else's may go too.
fn check_contained(catalog: &Catalog, objects: &[Object]) -> Result<(), SqlError> {
    let has = |o: Object| objects.contains(&o);
    for object in objects {
        let blocked = match object {
            Object::Item(id) => catalog.items.get(id).is_some_and(|i| i.used_by.iter().any(|u| !has(Object::Item(*u)))),
            Object::Schema(id) => catalog
                .schemas
                .get(id)
                .is_some_and(|s| s.items.values().chain(s.types.values()).any(|i| !has(Object::Item(*i)))),
            Object::Database(id) => {
                catalog.schemas.values().any(|s| s.database == Some(*id) && !has(Object::Schema(s.id)))
            }
            Object::Cluster(id) => {
                catalog.items.values().any(|i| i.definition.cluster() == Some(*id) && !has(Object::Item(i.id)))
            }
            _ => false,
        };
        if blocked {
            let name = catalog.described(*object);
            return Err(plan(format!("cannot drop {name} because other objects depend on it"))
                .hint(crate::catalog::change::CASCADE_HINT));
        }
    }
    Ok(())
}

fn remove_objects(catalog: &mut Catalog, objects: &[Object]) {
    let items: Vec<Id> =
        objects.iter().filter_map(|o| if let Object::Item(id) = o { Some(*id) } else { None }).collect();
    let all = catalog.dependents(&items);
    catalog.remove_items(&all);
    for object in objects.iter().rev() {
        match object {
            Object::Schema(id) => catalog.remove_schema(*id),
            Object::Database(id) => catalog.remove_database(*id),
            Object::Cluster(id) => catalog.remove_cluster(*id),
            Object::Replica(id, index) => {
                if let Some(c) =
                    catalog.clusters.get_mut(id).filter(|c| c.managed.is_none() && *index < c.replicas.len())
                {
                    let replica = c.replicas.remove(*index);
                    catalog.note_replicas_dropped(*id, &[replica]);
                }
            }
            Object::Policy(id) => {
                if let Some(policy) = catalog.policies.remove(id) {
                    catalog.note_named("drop", ObjectKind::NetworkPolicy, *id, &policy.name);
                }
            }
            Object::Item(_) | Object::Role(_) | Object::System => {}
        }
    }
}

struct ReassignOwned {
    roles: Vec<String>,
    to: String,
}

pub fn reassign_owned(p: &mut Parser) -> Parsed<Boxed> {
    p.expect_kw("OWNED BY")?;
    let roles = p.list(Parser::ident)?;
    p.expect_kw("TO")?;
    Ok(Arc::new(ReassignOwned { roles, to: p.ident()? }))
}

impl Command for ReassignOwned {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let roles = self.roles.iter().map(|r| cx.catalog.role(r)).collect::<Result<Vec<_>, _>>()?;
        let to = cx.catalog.role(&self.to)?;
        check_members(cx, &roles)?;
        check_members(cx, &[to])?;
        let owned = |o: &Object| cx.catalog.owner(*o).is_some_and(|owner| roles.contains(&owner));
        let objects: Vec<Object> = cx.catalog.objects().into_iter().filter(owned).collect();
        refuse_system(cx.catalog, &objects, "reassign")?;
        objects.into_iter().for_each(|object| cx.catalog.set_owner(object, to));
        done("REASSIGN OWNED")
    }
}
