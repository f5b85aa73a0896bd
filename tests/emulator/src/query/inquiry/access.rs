//! Who may do what: `has_…_privilege`, `pg_has_role`, `mz_is_superuser`.

use super::{Argument, Facts, Inquiry, boolean, lenient, strict};
use crate::catalog::Id;
use crate::catalog::change::Object;
use crate::catalog::item::Definition;
use crate::catalog::privileges::{AclMode, ObjectKind};
use crate::datum::{Datum, SqlError};
use crate::sql::error::plan;
use crate::sql::parser::Parser;

pub const ALL: &[Inquiry] = &[
    lenient("mz_is_superuser", (0, 0), "boolean", |facts, _| Ok(boolean(facts.catalog.is_superuser(facts.user()?)))),
    strict("has_cluster_privilege", (2, 3), "boolean", |facts, args| held_on(facts, args, cluster)),
    strict("has_connection_privilege", (2, 3), "boolean", |facts, args| held_on(facts, args, connection)),
    strict("has_database_privilege", (2, 3), "boolean", |facts, args| held_on(facts, args, database)),
    strict("has_schema_privilege", (2, 3), "boolean", |facts, args| held_on(facts, args, schema)),
    strict("has_secret_privilege", (2, 3), "boolean", |facts, args| held_on(facts, args, secret)),
    strict("has_table_privilege", (2, 3), "boolean", |facts, args| held_on(facts, args, table)),
    strict("has_type_privilege", (2, 3), "boolean", |facts, args| held_on(facts, args, of_type)),
    strict("has_system_privilege", (1, 2), "boolean", |facts, args| {
        let (role, rest) = role(facts, args, 2)?;
        let (Some(role), [privileges]) = (role, rest) else { return Ok(Datum::Null) };
        held(facts, role, Object::System, &privileges.text())
    }),
    strict("has_role", (2, 3), "boolean", member),
    strict("pg_has_role", (2, 3), "boolean", member),
    strict("mz_role_oid", (1, 1), "oid", |facts, args| number_of(facts, role_of(facts, &args[0])?.map(Object::Role))),
    strict("mz_database_oid", (1, 1), "oid", |facts, args| number_of(facts, database(facts, &args[0])?)),
    strict("mz_schema_oid", (1, 1), "oid", |facts, args| number_of(facts, schema(facts, &args[0])?)),
    strict("mz_table_oid", (1, 1), "oid", |facts, args| number_of(facts, table(facts, &args[0])?)),
    strict("mz_type_oid", (1, 1), "oid", |facts, args| number_of(facts, of_type(facts, &args[0])?)),
    strict("mz_secret_oid", (1, 1), "oid", |facts, args| number_of(facts, secret(facts, &args[0])?)),
    strict("mz_connection_oid", (1, 1), "oid", |facts, args| number_of(facts, connection(facts, &args[0])?)),
];

fn missing(kind: &str, name: &str) -> SqlError {
    plan(format!("{kind} \"{name}\" does not exist"))
}

pub fn unrecognized(privilege: &str) -> SqlError {
    plan(format!("unrecognized privilege type: \"{privilege}\""))
}

/// A list of privileges as these functions take it.
pub fn privileges(list: &str) -> Result<Vec<AclMode>, SqlError> {
    let one = |name: &str| AclMode::named(&name.trim().to_uppercase()).ok_or_else(|| unrecognized(name));
    list.split(',').map(one).collect()
}

/// A role by name or by number; None: no role has that number.
fn role_of(facts: &Facts, role: &Argument) -> Result<Option<Id>, SqlError> {
    match role.number() {
        Some(oid) => Ok(facts.catalog.roles.values().find(|r| r.oid == oid).map(|r| r.id)),
        None => {
            let name = role.text();
            facts.catalog.role_names.get(&name).copied().map(Some).ok_or_else(|| missing("role", &name))
        }
    }
}

/// The role that a call names, else the session's own, and the other arguments. `most` with a role.
fn role<'a, 'b>(
    facts: &Facts,
    args: &'a [Argument<'b>],
    most: usize,
) -> Result<(Option<Id>, &'a [Argument<'b>]), SqlError> {
    match args {
        [role, rest @ ..] if args.len() == most => Ok((role_of(facts, role)?, rest)),
        rest => Ok((Some(facts.user()?), rest)),
    }
}

/// Whether a role holds one of the privileges, itself or through a role that it is a member of.
fn held(facts: &Facts, role: Id, object: Object, list: &str) -> Result<Datum, SqlError> {
    let roles = facts.catalog.roles_of(role);
    let held = facts.catalog.privileges(object).map_or(AclMode::default(), |p| p.held(|id| roles.contains(&id)));
    Ok(boolean(privileges(list)?.into_iter().any(|mode| held.contains(mode))))
}

type Find = fn(&Facts, &Argument) -> Result<Option<Object>, SqlError>;

fn held_on(facts: &Facts, args: &[Argument], find: Find) -> Result<Datum, SqlError> {
    let (role, rest) = role(facts, args, 3)?;
    let [object, list] = rest else { return Ok(Datum::Null) };
    let object = find(facts, object)?;
    // They are looked at even where nothing is there to have them.
    privileges(&list.text())?;
    match (role, object) {
        (Some(role), Some(object)) => held(facts, role, object, &list.text()),
        _ => Ok(Datum::Null),
    }
}

fn member(facts: &Facts, args: &[Argument]) -> Result<Datum, SqlError> {
    let (role, rest) = role(facts, args, 3)?;
    let [of, privilege] = rest else { return Ok(Datum::Null) };
    let of = role_of(facts, of)?;
    let privilege = privilege.text();
    if !["MEMBER", "USAGE"].iter().any(|known| privilege.trim().eq_ignore_ascii_case(known)) {
        return Err(unrecognized(&privilege));
    }
    let (Some(role), Some(of)) = (role, of) else { return Ok(boolean(false)) };
    Ok(boolean(facts.catalog.roles_of(role).contains(&of)))
}

fn cluster(facts: &Facts, cluster: &Argument) -> Result<Option<Object>, SqlError> {
    let name = cluster.text();
    let found = facts.catalog.cluster(&name).map_err(|_| missing("error cluster", &name))?;
    Ok(Some(Object::Cluster(found)))
}

fn database(facts: &Facts, database: &Argument) -> Result<Option<Object>, SqlError> {
    if let Some(oid) = database.number() {
        return Ok(facts.catalog.databases.values().find(|d| d.oid == oid).map(|d| Object::Database(d.id)));
    }
    let name = database.text();
    facts.catalog.database(&name).map(|id| Some(Object::Database(id))).map_err(|_| missing("database", &name))
}

fn schema(facts: &Facts, schema: &Argument) -> Result<Option<Object>, SqlError> {
    if let Some(oid) = schema.number() {
        return Ok(facts.catalog.schemas.values().find(|s| s.oid == oid).map(|s| Object::Schema(s.id)));
    }
    let name = schema.text();
    let found = parts(&name).and_then(|parts| facts.catalog.schema(&facts.names(), &parts));
    found.map(|id| Some(Object::Schema(id))).map_err(|_| missing("schema", &name))
}

fn parts(name: &str) -> Result<Vec<String>, SqlError> {
    Parser::new(name)?.name()
}

/// An item by number or by name, if it is of one of the kinds.
pub fn item(facts: &Facts, item: &Argument, kinds: &[ObjectKind], what: &str) -> Result<Option<Object>, SqlError> {
    let fits = |id: &Id| {
        facts.catalog.items.get(id).is_some_and(|i| {
            kinds.contains(&i.definition.kind())
                || (matches!(i.definition, Definition::System(_)) && kinds.contains(&ObjectKind::Table))
        })
    };
    if let Some(oid) = item.number() {
        let mut found = facts.catalog.items.values().filter(|i| i.oid == oid).map(|i| i.id);
        return Ok(found.find(fits).map(Object::Item));
    }
    let name = item.text();
    // Digits alone are the number, whatever may be called so.
    if let Ok(oid) = name.parse() {
        return self::item(facts, &Argument { value: &Datum::Uint(oid), ty: "oid" }, kinds, what);
    }
    let found = match kinds {
        [ObjectKind::Type] => parts(&name).and_then(|parts| facts.catalog.resolve_type(&facts.names(), &parts)),
        _ => parts(&name).and_then(|parts| facts.catalog.resolve_item(&facts.names(), &parts)),
    };
    let found = found.ok().filter(fits);
    found.map(|id| Some(Object::Item(id))).ok_or_else(|| missing(what, &name))
}

const RELATIONS: &[ObjectKind] =
    &[ObjectKind::Table, ObjectKind::View, ObjectKind::MaterializedView, ObjectKind::Source];

fn table(facts: &Facts, name: &Argument) -> Result<Option<Object>, SqlError> {
    item(facts, name, RELATIONS, "relation")
}

fn secret(facts: &Facts, name: &Argument) -> Result<Option<Object>, SqlError> {
    item(facts, name, &[ObjectKind::Secret], "secret")
}

fn connection(facts: &Facts, name: &Argument) -> Result<Option<Object>, SqlError> {
    item(facts, name, &[ObjectKind::Connection], "connection")
}

fn of_type(facts: &Facts, name: &Argument) -> Result<Option<Object>, SqlError> {
    // A type may be called by a name that SQL has for it.
    if name.number().is_none()
        && let Ok(ty) = super::names::data_type(facts, &name.text())
    {
        return Ok(Some(Object::Item(ty)));
    }
    item(facts, name, &[ObjectKind::Type], "type")
}

fn number_of(facts: &Facts, object: Option<Object>) -> Result<Datum, SqlError> {
    let c = &facts.catalog;
    let oid = object.and_then(|object| match object {
        Object::Role(id) => c.roles.get(&id).map(|r| r.oid),
        Object::Database(id) => c.databases.get(&id).map(|d| d.oid),
        Object::Schema(id) => c.schemas.get(&id).map(|s| s.oid),
        Object::Item(id) => c.items.get(&id).map(|i| i.oid),
        _ => None,
    });
    Ok(oid.map_or(Datum::Null, Datum::Uint))
}
