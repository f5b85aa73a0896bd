//! GRANT, REVOKE and ALTER DEFAULT PRIVILEGES.

use super::role::Membership;
use super::{Boxed, Command, Context, done};
use crate::catalog::Id;
use crate::catalog::change::Object;
use crate::catalog::privileges::{AclMode, DefaultKey, ObjectKind};
use crate::datum::{Outcome, SqlError};
use crate::sql::error::{denied, plan};
use crate::sql::parser::{Parsed, Parser};
use std::sync::Arc;

/// What is granted: ALL, or a list.
enum What {
    All,
    Some(AclMode),
}

/// On what.
enum Target {
    /// Objects of one kind by name. TABLE means every relation, too.
    Named(ObjectKind, Vec<Vec<String>>),
    /// All of a kind.
    All(ObjectKind),
    AllInSchemas(ObjectKind, Vec<Vec<String>>),
    AllInDatabases(ObjectKind, Vec<String>),
    System,
}

const WORDS: [&str; 10] = [
    "INSERT",
    "SELECT",
    "UPDATE",
    "DELETE",
    "USAGE",
    "CREATE",
    "CREATEROLE",
    "CREATEDB",
    "CREATECLUSTER",
    "CREATENETWORKPOLICY",
];

/// Privileges, if that is what comes next: else these are the names of roles.
fn privileges(p: &mut Parser) -> Option<What> {
    if p.kw("ALL") {
        p.kw("PRIVILEGES");
        return Some(What::All);
    }
    let mark = p.mark();
    let mut mode = AclMode::default();
    loop {
        let Some(privilege) = WORDS.iter().find(|w| p.kw(w)).and_then(|w| AclMode::named(w)) else {
            p.back_to(mark);
            return None;
        };
        mode = mode.union(privilege);
        if !p.op(",") {
            return Some(What::Some(mode));
        }
    }
}

/// The roles of `TO GROUP a, PUBLIC`.
fn roles(p: &mut Parser) -> Parsed<Vec<String>> {
    p.list(|p| {
        p.kw("GROUP");
        if p.is_kw("PUBLIC") {
            p.bump();
            return Ok("PUBLIC".to_owned());
        }
        p.ident()
    })
}

fn role_id(cx: &Context<'_>, name: &str) -> Result<Id, SqlError> {
    if name == "PUBLIC" { Ok(Id::Public) } else { cx.catalog.role(name) }
}

const KINDS: [(&str, &str, ObjectKind); 8] = [
    ("TABLE", "TABLES", ObjectKind::Table),
    ("TYPE", "TYPES", ObjectKind::Type),
    ("SECRET", "SECRETS", ObjectKind::Secret),
    ("CONNECTION", "CONNECTIONS", ObjectKind::Connection),
    ("DATABASE", "DATABASES", ObjectKind::Database),
    ("SCHEMA", "SCHEMAS", ObjectKind::Schema),
    ("CLUSTER", "CLUSTERS", ObjectKind::Cluster),
    ("NETWORK POLICY", "NETWORK POLICIES", ObjectKind::NetworkPolicy),
];

fn plural(p: &mut Parser) -> Parsed<ObjectKind> {
    if let Some((_, _, kind)) = KINDS.iter().find(|(_, plural, _)| p.kws(plural)) {
        return Ok(*kind);
    }
    p.expect_one_of(&["TABLES", "TYPES", "SECRETS", "CONNECTIONS", "DATABASES", "SCHEMAS", "CLUSTERS"])
        .map(|_| ObjectKind::Table)
}

fn target(p: &mut Parser) -> Parsed<Target> {
    p.expect_kw("ON")?;
    if p.kw("SYSTEM") {
        return Ok(Target::System);
    }
    if p.kw("ALL") {
        let kind = plural(p)?;
        return Ok(if p.kws("IN SCHEMA") {
            Target::AllInSchemas(kind, p.list(Parser::name)?)
        } else if p.kws("IN DATABASE") {
            Target::AllInDatabases(kind, p.list(Parser::ident)?)
        } else {
            Target::All(kind)
        });
    }
    let singular = KINDS.iter().find(|(word, _, _)| p.kws(word));
    let kind = singular.map_or(ObjectKind::Table, |(_, _, kind)| *kind);
    if singular.is_none()
        && let Some(word) = ["MATERIALIZED VIEW", "VIEW", "SOURCE"].into_iter().find(|w| p.are_kws(w))
        && p.peek_at(word.split(' ').count())
            .is_some_and(|t| matches!(t, crate::sql::lexer::Token::Word(w) if !w.eq_ignore_ascii_case("TO")))
    {
        return Err(p.error(&format!("For object type {word}, you must specify 'TABLE' or omit the object type")));
    }
    Ok(Target::Named(kind, p.list(Parser::name)?))
}

struct Grant {
    what: What,
    target: Target,
    roles: Vec<String>,
    grant: bool,
}

pub fn grant(p: &mut Parser) -> Parsed<Boxed> {
    grant_or_revoke(p, true)
}
pub fn revoke(p: &mut Parser) -> Parsed<Boxed> {
    grant_or_revoke(p, false)
}

fn grant_or_revoke(p: &mut Parser, grant: bool) -> Parsed<Boxed> {
    let to = if grant { "TO" } else { "FROM" };
    let Some(what) = privileges(p) else {
        let roles_granted = p.list(Parser::ident)?;
        p.expect_kw(to)?;
        return Ok(Arc::new(Membership { roles: roles_granted, members: roles(p)?, grant }));
    };
    let target = target(p)?;
    p.expect_kw(to)?;
    Ok(Arc::new(Grant { what, target, roles: roles(p)?, grant }))
}

/// GRANT … ON TABLE is for relations; any other kind for itself.
fn is_kind(kind: ObjectKind, actual: ObjectKind) -> bool {
    kind == actual.default_kind()
}

fn in_scope(cx: &Context<'_>, kind: ObjectKind, within: impl Fn(Id, Option<Id>) -> bool) -> Vec<Object> {
    let schema_of = |id: Id| cx.catalog.items.get(&id).and_then(|i| cx.catalog.schemas.get(&i.schema));
    let all = cx.catalog.objects().into_iter().filter(|o| is_kind(kind, cx.catalog.kind_of(*o)));
    all.filter(|o| match o {
        Object::Item(id) if id.is_user() => schema_of(*id).is_some_and(|s| within(s.id, s.database)),
        Object::Schema(id) if id.is_user() => within(*id, cx.catalog.schemas.get(id).and_then(|s| s.database)),
        Object::Database(id) => within(*id, Some(*id)),
        Object::Cluster(id) | Object::Policy(id) => id.is_user(),
        _ => false,
    })
    .collect()
}

fn targets(cx: &Context<'_>, target: &Target) -> Result<Vec<Object>, SqlError> {
    match target {
        Target::System => Ok(vec![Object::System]),
        Target::Named(ObjectKind::Table, names) => {
            let find = |n: &Vec<String>| {
                let id = cx.catalog.resolve_item(&cx.session.names, n)?;
                let kind = cx.catalog.kind_of(Object::Item(id));
                if kind.default_kind() != ObjectKind::Table {
                    return Err(plan(format!("{} is a {} not a table", n.join("."), kind.words())));
                }
                Ok(Object::Item(id))
            };
            names.iter().map(find).collect()
        }
        Target::Named(kind, names) => names.iter().map(|n| super::alter::object(cx, *kind, n)).collect(),
        Target::All(kind) => Ok(in_scope(cx, *kind, |_, _| true)),
        Target::AllInSchemas(kind, names) => {
            let ids = names.iter().map(|n| cx.catalog.schema(&cx.session.names, n)).collect::<Result<Vec<_>, _>>()?;
            Ok(in_scope(cx, *kind, |schema, _| ids.contains(&schema)))
        }
        Target::AllInDatabases(kind, names) => {
            let ids = names.iter().map(|n| cx.catalog.database(n)).collect::<Result<Vec<_>, _>>()?;
            Ok(in_scope(cx, *kind, |_, database| database.is_some_and(|d| ids.contains(&d))))
        }
    }
}

fn invalid(mode: AclMode, what: &str) -> SqlError {
    let names: Vec<&str> = mode.names().collect();
    plan(format!("invalid privilege types {} for {what}", names.join(", ")))
}

impl Command for Grant {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let objects = targets(cx, &self.target)?;
        let roles = self.roles.iter().map(|r| role_id(cx, r)).collect::<Result<Vec<_>, _>>()?;
        if let Some(role) = roles.iter().find(|r| matches!(r, Id::System(_))) {
            return Err(plan(format!("role name \"{}\" is reserved", cx.catalog.role_name(*role))));
        }
        let mut changes = Vec::new();
        let explicit = matches!(self.target, Target::Named(..) | Target::System);
        for object in objects {
            let all = match object {
                Object::System => AclMode::SYSTEM,
                object => cx.catalog.kind_of(object).all_privileges(),
            };
            let mode = match &self.what {
                What::All => all,
                What::Some(mode) if explicit => {
                    let wrong = mode.without(all);
                    if !wrong.is_empty() {
                        return Err(invalid(wrong, &cx.catalog.described(object)));
                    }
                    *mode
                }
                // Of a whole schema, each object takes what makes sense for it.
                What::Some(mode) => AclMode(mode.0 & all.0),
            };
            if let Object::System = object {
                if !cx.catalog.unchecked(cx.session) {
                    cx.catalog.check_privilege(cx.session, Object::System, AclMode::CREATEROLE)?;
                }
            } else {
                super::alter::check_not_system(cx, object)?;
                cx.catalog.check_owner(cx.session, object)?;
            }
            changes.push((object, mode));
        }
        for (object, mode) in changes {
            let grantor = cx.catalog.owner(object).unwrap_or(cx.session.role);
            let Some(privileges) = cx.catalog.privileges_mut(object) else { continue };
            for role in &roles {
                if self.grant {
                    privileges.grant(*role, mode, grantor);
                } else {
                    privileges.revoke(*role, mode, grantor);
                }
            }
        }
        done(if self.grant { "GRANT" } else { "REVOKE" })
    }
}

enum Scope {
    Global,
    Databases(Vec<String>),
    Schemas(Vec<Vec<String>>),
}

struct AlterDefaults {
    /// None: FOR ALL ROLES; empty: the current role.
    owners: Option<Vec<String>>,
    scope: Scope,
    /// The scope, where the kind knows none.
    refused: Option<&'static str>,
    what: What,
    kind: ObjectKind,
    roles: Vec<String>,
    grant: bool,
}

pub fn alter_default_privileges(p: &mut Parser) -> Parsed<Boxed> {
    p.expect_kw("PRIVILEGES")?;
    let owners = if p.kw("FOR") {
        if p.kws("ALL ROLES") {
            None
        } else {
            p.expect_one_of(&["ROLE", "USER"])?;
            Some(p.list(Parser::ident)?)
        }
    } else {
        Some(Vec::new())
    };
    let scope = if !p.kw("IN") {
        Scope::Global
    } else if p.expect_one_of(&["SCHEMA", "DATABASE"])? == "SCHEMA" {
        Scope::Schemas(p.list(Parser::name)?)
    } else {
        Scope::Databases(p.list(Parser::ident)?)
    };
    let grant = p.expect_one_of(&["GRANT", "REVOKE"])? == "GRANT";
    let Some(what) = privileges(p) else {
        let words: Vec<&'static str> = ["ALL"].into_iter().chain(WORDS).collect();
        return p.expect_one_of(&words).and_then(|_| p.expected("a privilege"));
    };
    p.expect_kw("ON")?;
    let kind = plural(p)?;
    let scoped = match &scope {
        Scope::Global => None,
        Scope::Databases(_) => Some("DATABASE"),
        Scope::Schemas(_) => Some("SCHEMA"),
    };
    let refused = match kind {
        ObjectKind::Cluster | ObjectKind::Database | ObjectKind::NetworkPolicy => scoped,
        ObjectKind::Schema => scoped.filter(|s| *s == "SCHEMA"),
        _ => None,
    };
    p.expect_kw(if grant { "TO" } else { "FROM" })?;
    let roles = roles(p)?;
    Ok(Arc::new(AlterDefaults { owners, scope, refused, what, kind, roles, grant }))
}

impl Command for AlterDefaults {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        if let Some(scope) = self.refused {
            return Err(plan(format!("cannot specify {}S and IN {scope}", self.kind.keyword())));
        }
        let owners = match &self.owners {
            None => vec![Id::Public],
            Some(names) if names.is_empty() => vec![cx.session.role],
            Some(names) => names.iter().map(|n| cx.catalog.role(n)).collect::<Result<_, _>>()?,
        };
        let scopes: Vec<(Option<Id>, Option<Id>)> = match &self.scope {
            Scope::Global => vec![(None, None)],
            Scope::Databases(names) => {
                names.iter().map(|n| cx.catalog.database(n).map(|d| (Some(d), None))).collect::<Result<_, _>>()?
            }
            Scope::Schemas(names) => {
                let find = |n: &Vec<String>| {
                    let id = cx.catalog.schema(&cx.session.names, n)?;
                    Ok((cx.catalog.schemas.get(&id).and_then(|s| s.database), Some(id)))
                };
                names.iter().map(find).collect::<Result<_, SqlError>>()?
            }
        };
        let grantees = self.roles.iter().map(|r| role_id(cx, r)).collect::<Result<Vec<_>, _>>()?;
        let all = self.kind.all_privileges();
        let mode = match &self.what {
            What::All => all,
            What::Some(mode) => {
                let wrong = mode.without(all);
                if !wrong.is_empty() {
                    return Err(invalid(wrong, &self.kind.keyword()));
                }
                *mode
            }
        };
        for owner in &owners {
            if *owner == Id::Public && !cx.catalog.unchecked(cx.session) {
                let what = "ALTER DEFAULT PRIVILEGES FOR ALL ROLES";
                return Err(denied(
                    format!("permission denied to {what}"),
                    Some(format!("You must be a superuser to {what}")),
                ));
            }
            if *owner != Id::Public {
                cx.catalog.check_member(cx.session, *owner)?;
            }
        }
        for role in owners {
            for (database, schema) in &scopes {
                let key = DefaultKey { role, database: *database, schema: *schema, kind: self.kind };
                let grants = cx.catalog.default_privileges.entry(key).or_default();
                for grantee in &grantees {
                    let held = grants.get(grantee).copied().unwrap_or_default();
                    let held = if self.grant { held.union(mode) } else { held.without(mode) };
                    if held.is_empty() {
                        grants.remove(grantee);
                    } else {
                        grants.insert(*grantee, held);
                    }
                }
                if grants.is_empty() {
                    cx.catalog.default_privileges.remove(&key);
                }
            }
        }
        done("ALTER DEFAULT PRIVILEGES")
    }
}
