//! PostgreSQL's own catalog, of all databases: what a session sees of it is a view over that.

use super::objects::is_relation;
use super::{Rows, Scope, oid, optional, text};
use crate::catalog::item::{Column, Definition, Item};
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
        "pg_namespace_all_databases" => {
            let row = |s: &crate::catalog::Schema| {
                vec![oid(s.oid), text(&s.name), role_oid(s.owner), null.clone(), database(c, s.id)]
            };
            c.schemas().map(row).collect()
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
        "pg_class_all_databases" => {
            let with = c.items().filter(|i| is_relation(i) || i.definition.kind() == ObjectKind::Index);
            let row =
                |i: &Item| [class(c, i, schema_oid(i.schema), role_oid(i.owner)), vec![database(c, i.schema)]].concat();
            with.map(row).collect()
        }
        "pg_attribute_all_databases" => super::objects::relations(c).flat_map(|i| attributes_of(c, i)).collect(),
        "pg_attrdef" | "pg_attrdef_all_databases" => {
            let printer = crate::sql::print::Printer::new(c, crate::sql::print::Mode::Stable);
            let row = |(i, n, column): (&Item, usize, &Column)| {
                let default = text(printer.expr_line(column.default.as_ref()?));
                Some(vec![null.clone(), oid(i.oid), Datum::Int(n as i64), default.clone(), default])
            };
            let mut out = Rows::new();
            for i in super::objects::relations(c) {
                let columns = c.columns(i.id).unwrap_or_default();
                out.extend(columns.iter().enumerate().filter_map(|(n, column)| row((i, n + 1, column))));
            }
            out
        }
        "pg_description_all_databases" => descriptions(c),
        "pg_index" => indexes(c),
        "pg_tablespace" => vec![vec![oid(1663), text("pg_default"), null.clone(), null.clone(), null.clone()]],
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

/// The name of the database that a schema is in; null for a schema of the system.
pub fn database(c: &Catalog, schema: Id) -> Datum {
    let database = c.schemas.get(&schema).and_then(|s| s.database).and_then(|id| c.databases.get(&id));
    optional(database.map(|d| &d.name))
}

fn attributes_of(c: &Catalog, i: &Item) -> Rows {
    let row = |(n, column): (usize, &Column)| {
        let (ty, modifier) = c.type_oid(&column.ty);
        let named = crate::sql::types::system_type_by_long(&c.type_long(&column.ty));
        vec![
            oid(i.oid),
            text(&column.name),
            oid(ty),
            Datum::Int(named.map_or(-1, |ty| super::pg_type::length(ty.name))),
            Datum::Int(n as i64 + 1),
            Datum::Int(modifier),
            Datum::Int(0),
            Datum::Bool(!column.nullable),
            Datum::Bool(column.default.is_some()),
            text(""),
            text(""),
            Datum::Bool(false),
            oid(0),
            database(c, i.schema),
            Datum::Null,
        ]
    };
    c.columns(i.id).unwrap_or_default().iter().enumerate().map(row).collect()
}

/// Comments on relations, types and schemas.
fn descriptions(c: &Catalog) -> Rows {
    let class = |name: &str| {
        let item = c
            .items
            .values()
            .find(|i| matches!(&i.definition, Definition::System(r) if r.schema == "pg_catalog" && r.name == name));
        item.map_or(Datum::Null, |i| oid(i.oid))
    };
    let (classes, types, schemas) = (class("pg_class"), class("pg_type"), class("pg_namespace"));
    let row = |((id, kind, column), comment): (&crate::catalog::CommentKey, &String)| {
        let (number, schema, class) = match kind {
            ObjectKind::Schema => (c.schemas.get(id)?.oid, *id, &schemas),
            ObjectKind::Type => (c.items.get(id)?.oid, c.items.get(id)?.schema, &types),
            ObjectKind::Secret | ObjectKind::Connection | ObjectKind::Sink => return None,
            _ => (c.items.get(id)?.oid, c.items.get(id)?.schema, &classes),
        };
        let column = Datum::Int(column.unwrap_or(0) as i64);
        Some(vec![oid(number), class.clone(), column, text(comment), database(c, schema), Datum::Null])
    };
    c.comments.iter().filter_map(row).collect()
}

fn indexes(c: &Scope) -> Rows {
    let row = |i: &Item| {
        let Definition::Index(index) = &i.definition else { return None };
        let printer = crate::sql::print::Printer::new(c, crate::sql::print::Mode::Simple);
        let columns = c.columns(index.on).map_or(0, |columns| columns.len());
        let keys = index.positions.iter().map(|(position, _)| Datum::Int(position.unwrap_or(0) as i64));
        let expressions = index.keys.iter().zip(&index.positions).filter(|(_, (position, _))| position.is_none());
        let expressions: Vec<String> = expressions.map(|(key, _)| printer.expr_line(key)).collect();
        let (no, yes) = (Datum::Bool(false), Datum::Bool(true));
        let shown = (!expressions.is_empty()).then(|| format!("{{{}}}", expressions.join("}, {")));
        Some(vec![
            oid(i.oid),
            oid(c.items.get(&index.on).map_or(0, |on| on.oid)),
            Datum::Int(columns as i64),
            no.clone(),
            no.clone(),
            no.clone(),
            no.clone(),
            yes,
            no,
            Datum::Array(keys.collect()),
            Datum::Array(vec![Datum::Int(0); index.keys.len()]),
            optional(shown),
            Datum::Null,
        ])
    };
    c.items().filter_map(row).collect()
}
