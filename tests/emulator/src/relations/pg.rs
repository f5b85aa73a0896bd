//! What of PostgreSQL's own catalog and of the information schema clients look at.
//!
//! Materialize narrows these views to the session's database; rows here are the same for every session, and tell all.

use super::objects::is_relation;
use super::{Rows, Scope, oid, optional, text};
use crate::catalog::item::{Definition, Item};
use crate::catalog::privileges::{AclMode, ObjectKind};
use crate::catalog::{Catalog, Id, Role};
use crate::datum::Datum;
use std::collections::{BTreeMap, BTreeSet};

pub fn rows(c: &Scope, relation: &str) -> Option<Rows> {
    let role_oid = |id: Id| oid(c.roles.get(&id).map_or(0, |r| r.oid));
    let schema_oid = |id: Id| oid(c.schemas.get(&id).map_or(0, |s| s.oid));
    let null = Datum::Null;
    Some(match relation {
        "pg_roles" => {
            let powers = powers(c);
            c.roles().map(|r| pg_role(r, &powers)).collect()
        }
        "pg_authid" => {
            let powers = powers(c);
            c.roles
                .values()
                .map(|r| {
                    let [superuser, create_role, create_db] = attributes(r, &powers);
                    let login = Datum::Bool(may_login(r));
                    let no = Datum::Bool(false);
                    let inherit = Datum::Bool(true);
                    let limit = Datum::Int(-1);
                    vec![
                        oid(r.oid),
                        text(&r.name),
                        superuser,
                        inherit,
                        create_role,
                        create_db,
                        login,
                        no.clone(),
                        no,
                        limit,
                        null.clone(),
                        null.clone(),
                    ]
                })
                .collect()
        }
        "pg_user" => {
            let powers = powers(c);
            c.roles
                .values()
                .filter(|r| may_login(r))
                .map(|r| {
                    let [superuser, _, create_db] = attributes(r, &powers);
                    let no = Datum::Bool(false);
                    vec![
                        text(&r.name),
                        oid(r.oid),
                        create_db,
                        superuser,
                        no.clone(),
                        no,
                        null.clone(),
                        null.clone(),
                        null.clone(),
                    ]
                })
                .collect()
        }
        "pg_auth_members" => {
            let row = |((role, member), grantor): (&(Id, Id), &Id)| {
                vec![role_oid(*role), role_oid(*member), role_oid(*grantor), Datum::Bool(false)]
            };
            c.members.iter().map(row).collect()
        }
        "pg_namespace" => {
            c.schemas().map(|s| vec![oid(s.oid), text(&s.name), role_oid(s.owner), null.clone()]).collect()
        }
        "pg_database" => c
            .databases
            .values()
            .map(|d| {
                let encoding = Datum::Int(6);
                let (no, yes) = (Datum::Bool(false), Datum::Bool(true));
                vec![
                    oid(d.oid),
                    text(&d.name),
                    role_oid(d.owner),
                    encoding,
                    no,
                    yes,
                    text("C"),
                    text("C"),
                    null.clone(),
                ]
            })
            .collect(),
        "pg_settings" => c.parameters.values().map(|p| vec![text(&p.name), text(&p.value)]).collect(),
        "pg_class" => {
            let with = c.items().filter(|i| is_relation(i) || i.definition.kind() == ObjectKind::Index);
            with.map(|i| class(c, i, schema_oid(i.schema), role_oid(i.owner))).collect()
        }
        "pg_tables" => named(c, ObjectKind::Table)
            .map(|(schema, i)| vec![text(schema), text(&i.name), text(c.role_name(i.owner))])
            .collect(),
        "pg_views" => named(c, ObjectKind::View)
            .map(|(schema, i)| {
                let definition = match &i.definition {
                    Definition::View(v) if c.sql => crate::command::view_definition(c, v),
                    _ => String::new(),
                };
                vec![text(schema), text(&i.name), role_oid(i.owner), text(definition)]
            })
            .collect(),
        "pg_matviews" => named(c, ObjectKind::MaterializedView)
            .map(|(schema, i)| {
                let definition = match &i.definition {
                    Definition::MaterializedView(m) if c.sql => crate::command::view_definition(c, &m.view),
                    _ => String::new(),
                };
                vec![text(schema), text(&i.name), role_oid(i.owner), text(definition)]
            })
            .collect(),
        "schemata" => c
            .schemas()
            .map(|s| {
                let database = s.database.and_then(|d| c.databases.get(&d)).map_or("materialize", |d| &d.name);
                vec![text(database), text(&s.name)]
            })
            .collect(),
        "tables" => relations(c)
            .map(|(database, schema, i)| {
                let kind = match i.definition.kind() {
                    ObjectKind::Table => "BASE TABLE".to_owned(),
                    kind => kind.keyword(),
                };
                vec![text(database), text(schema), text(&i.name), text(kind)]
            })
            .collect(),
        "columns" => {
            relations(c).flat_map(|(database, schema, i)| information_columns(c, database, schema, i)).collect()
        }
        _ => return None,
    })
}

/// What each role may do on the system, by itself and by the roles that it is a member of.
fn powers(c: &Scope) -> BTreeMap<Id, AclMode> {
    let mut granted: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for (role, member) in c.members.keys() {
        granted.entry(*member).or_default().push(*role);
    }
    let of = |role: Id| {
        let (mut all, mut todo) = (BTreeSet::from([role]), vec![role]);
        while let Some(member) = todo.pop() {
            todo.extend(granted.get(&member).into_iter().flatten().filter(|role| all.insert(**role)));
        }
        let superuser = c.is_superuser(role).then_some(AclMode::SYSTEM);
        (role, superuser.unwrap_or_else(|| c.system_privileges.held(|id| all.contains(&id))))
    };
    c.roles().map(|role| of(role.id)).collect()
}

/// superuser (null while nobody said), may create roles, may create databases
fn attributes(r: &Role, powers: &BTreeMap<Id, AclMode>) -> [Datum; 3] {
    let may = |mode| Datum::Bool(powers.get(&r.id).is_some_and(|held| held.contains(mode)));
    [r.superuser.map_or(Datum::Null, Datum::Bool), may(AclMode::CREATEROLE), may(AclMode::CREATEDB)]
}

/// Whether a role may sign in, as PostgreSQL's own relations have it: where nobody has said so, those that are called like
/// an e-mail address may.
fn may_login(r: &Role) -> bool {
    let like_an_address = || {
        let (user, domain) = r.name.split_once('@')?;
        let (host, top) = domain.rsplit_once('.')?;
        Some(![user, host, top].contains(&"") && !domain.contains('@'))
    };
    r.login.unwrap_or_else(|| like_an_address() == Some(true))
}

fn pg_role(r: &Role, powers: &BTreeMap<Id, AclMode>) -> Vec<Datum> {
    let [superuser, create_role, create_db] = attributes(r, powers);
    let no = Datum::Bool(false);
    let config: Vec<Datum> = r.variables.iter().map(|(n, v)| text(format!("{n}={v}"))).collect();
    vec![
        text(&r.name),
        superuser,
        Datum::Bool(true),
        create_role,
        create_db,
        Datum::Bool(may_login(r)),
        no.clone(),
        Datum::Int(-1),
        text("********"),
        Datum::Null,
        no,
        if config.is_empty() { Datum::Null } else { Datum::Array(config) },
        oid(r.oid),
    ]
}

fn class(c: &Catalog, i: &Item, schema: Datum, owner: Datum) -> Vec<Datum> {
    let kind = match i.definition.kind() {
        ObjectKind::Table | ObjectKind::Source => "r",
        ObjectKind::View => "v",
        ObjectKind::MaterializedView => "m",
        ObjectKind::Index => "i",
        _ => "",
    };
    let indexed = i.used_by.iter().any(|u| matches!(c.items.get(u).map(|i| &i.definition), Some(Definition::Index(_))));
    let columns = c.columns(i.id).map_or(0, |columns| columns.len());
    let (no, zero) = (Datum::Bool(false), oid(0));
    vec![
        oid(i.oid),
        text(&i.name),
        schema,
        zero.clone(),
        owner,
        zero.clone(),
        zero.clone(),
        Datum::Float(-1.0),
        zero,
        Datum::Bool(indexed),
        text("p"),
        text(kind),
        Datum::Int(columns as i64),
        Datum::Int(0),
        no.clone(),
        no.clone(),
        no.clone(),
        no.clone(),
        no.clone(),
        text("d"),
        no.clone(),
        no,
        Datum::Null,
    ]
}

fn named<'a>(c: &'a Scope<'_>, kind: ObjectKind) -> impl Iterator<Item = (&'a str, &'a Item)> {
    super::objects::of_kind(c, kind).map(|i| (c.schemas.get(&i.schema).map_or("", |s| s.name.as_str()), i))
}

fn relations<'a>(c: &'a Scope<'_>) -> impl Iterator<Item = (&'a str, &'a str, &'a Item)> {
    super::objects::relations(c).map(|i| {
        let schema = c.schemas.get(&i.schema);
        let database = schema.and_then(|s| s.database).and_then(|d| c.databases.get(&d));
        (database.map_or("materialize", |d| d.name.as_str()), schema.map_or("", |s| s.name.as_str()), i)
    })
}

fn information_columns(c: &Catalog, database: &str, schema: &str, i: &Item) -> Rows {
    let printer = crate::sql::print::Printer::new(c, crate::sql::print::Mode::Stable);
    let row = |(n, column): (usize, &crate::catalog::item::Column)| {
        vec![
            text(database),
            text(schema),
            text(&i.name),
            text(&column.name),
            Datum::Int(n as i64 + 1),
            optional(column.default.as_ref().map(|d| printer.expr_line(d))),
            text(if column.nullable { "YES" } else { "NO" }),
            text(c.type_long(&column.ty)),
            Datum::Null,
            Datum::Null,
            Datum::Null,
        ]
    };
    c.columns(i.id).unwrap_or_default().iter().enumerate().map(row).collect()
}
