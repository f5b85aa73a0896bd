//! GRANT, REVOKE and ALTER DEFAULT PRIVILEGES.

use super::role::{Membership, role_or_public};
use super::{Boxed, Command, Context, done};
use crate::catalog::Id;
use crate::catalog::change::Object;
use crate::catalog::privileges::{AclMode, DefaultKey, ObjectKind};
use crate::datum::{Outcome, SqlError};
use crate::sql::error::{Hint, denied, plan};
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
    "INSERT", "SELECT", "UPDATE", "DELETE", "USAGE", "CREATE", "CREATEROLE", "CREATEDB", "CREATECLUSTER",
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

/// The kinds that privileges are on, in the plural.
pub fn plural(p: &mut Parser) -> Parsed<ObjectKind> {
    if let Some((_, _, kind)) = KINDS.iter().find(|(_, plural, _)| p.kws(plural)) {
        return Ok(*kind);
    }
    if p.kw("POLICIES") {
        return Ok(ObjectKind::NetworkPolicy);
    }
    p.expect_one_of(&["TABLES", "TYPES", "SECRETS", "CONNECTIONS", "SCHEMAS", "DATABASES", "CLUSTERS", "POLICIES"])
        .map(|_| ObjectKind::Table)
}

fn target(p: &mut Parser, grant: bool) -> Parsed<Target> {
    p.expect_kw("ON")?;
    let verb = if grant { "GRANT" } else { "REVOKE" };
    if p.kw("SYSTEM") {
        return Ok(Target::System);
    }
    if p.kw("ALL") {
        let kind = plural(p)?;
        let scoped = p.is_kw("IN");
        match kind {
            ObjectKind::Database | ObjectKind::Cluster | ObjectKind::NetworkPolicy if scoped => {
                p.bump();
                return Err(p.error(&format!("IN invalid for {}S", kind.keyword())));
            }
            ObjectKind::Schema if scoped => {
                p.bump();
                p.expect_kw("DATABASE")?;
                return Ok(Target::AllInDatabases(kind, p.list(Parser::ident)?));
            }
            _ => {}
        }
        return Ok(if p.kws("IN SCHEMA") {
            Target::AllInSchemas(kind, p.list(Parser::name)?)
        } else if p.kws("IN DATABASE") {
            Target::AllInDatabases(kind, p.list(Parser::ident)?)
        } else {
            Target::All(kind)
        });
    }
    if let Some(word) = ["MATERIALIZED VIEW", "VIEW", "SOURCE"].into_iter().find(|w| p.are_kws(w))
        && p.peek_at(word.split(' ').count()).is_some_and(names_more)
    {
        // The complaint is about the last word of the kind.
        p.kws(word);
        p.back_to(p.mark() - 1);
        return Err(p.error(&format!("For object type {word}, you must specify 'TABLE' or omit the object type")));
    }
    if let Some(word) = ["CLUSTER REPLICA", "SINK", "INDEX", "ROLE"].into_iter().find(|w| p.are_kws(w))
        && p.peek_at(word.split(' ').count()).is_some_and(names_more)
    {
        p.kws(word);
        p.back_to(p.mark() - 1);
        return Err(p.error(&format!("Unsupported {verb} on {word}")));
    }
    let singular = KINDS.iter().find(|(word, _, _)| p.kws(word));
    let kind = singular.map_or(ObjectKind::Table, |(_, _, kind)| *kind);
    Ok(Target::Named(kind, p.list(Parser::name)?))
}

/// After a word that may be a kind or a name: does a name follow, which makes it a kind?
fn names_more(token: &crate::sql::lexer::Token) -> bool {
    use crate::sql::lexer::Token;
    match token {
        Token::Word(w) => !w.eq_ignore_ascii_case("TO") && !w.eq_ignore_ascii_case("FROM"),
        Token::Quoted(_) => true,
        _ => false,
    }
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
    let target = target(p, grant)?;
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

/// What only a superuser may do.
pub fn check_superuser(cx: &Context<'_>, what: &str) -> Result<(), SqlError> {
    if cx.catalog.unchecked(cx.session) {
        return Ok(());
    }
    Err(denied(format!("permission denied to {what}"), Some(format!("You must be a superuser to {what}"))))
}

fn invalid(mode: AclMode, what: &str) -> SqlError {
    let names: Vec<&str> = mode.names().collect();
    plan(format!("invalid privilege types {} for {what}", names.join(", ")))
}

impl Command for Grant {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let objects = targets(cx, &self.target)?;
        let roles = self.roles.iter().map(|r| role_or_public(cx, r)).collect::<Result<Vec<_>, _>>()?;
        if let Some(role) = roles.iter().find(|r| !r.is_user() && **r != Id::Public) {
            return Err(plan(format!("role name \"{}\" is reserved", cx.catalog.role_name(*role)))
                .detail("The role prefixes \"mz_\" and \"pg_\" are reserved for system roles."));
        }
        let (mut changes, mut others) = (Vec::new(), Vec::new());
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
            if object != Object::System {
                super::alter::check_not_system(cx, object)?;
                others.push(object);
            }
            changes.push((object, mode));
        }
        cx.catalog.check_owned(cx.session, &others)?;
        if changes.len() > others.len() {
            check_superuser(cx, "GRANT/REVOKE SYSTEM PRIVILEGES")?;
        }
        for (object, mode) in changes {
            let grantor = cx.catalog.owner(object).unwrap_or(cx.session.role);
            for role in &roles {
                let Some(privileges) = cx.catalog.privileges_mut(object) else { continue };
                let held = privileges.between(*role, grantor);
                let changes = if self.grant { !held.contains(mode) } else { held.without(mode) != held };
                if self.grant {
                    privileges.grant(*role, mode, grantor);
                } else {
                    privileges.revoke(*role, mode, grantor);
                }
                if changes {
                    cx.catalog.note_privilege(self.grant, object, *role, grantor, mode);
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
    let owners = if p.kw("FOR") {
        if p.kws("ALL ROLES") {
            None
        } else {
            p.expect_one_of(&["ROLE", "USER", "ALL"])?;
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
        let grantees = self.roles.iter().map(|r| role_or_public(cx, r)).collect::<Result<Vec<_>, _>>()?;
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
        super::role::check_members(cx, &owners.iter().copied().filter(|o| *o != Id::Public).collect::<Vec<_>>())?;
        for schema in scopes.iter().filter_map(|(_, schema)| *schema) {
            cx.catalog.check_around(cx.session, Object::Schema(schema), AclMode::USAGE)?;
        }
        if owners.contains(&Id::Public) {
            check_superuser(cx, "ALTER DEFAULT PRIVILEGES FOR ALL ROLES")?;
        }
        for role in owners {
            for (database, schema) in &scopes {
                let key = DefaultKey { role, database: *database, schema: *schema, kind: self.kind };
                let mut changed = Vec::new();
                let grants = cx.catalog.default_privileges.entry(key).or_default();
                for grantee in &grantees {
                    let before = grants.get(grantee).copied().unwrap_or_default();
                    let held = if self.grant { before.union(mode) } else { before.without(mode) };
                    if held != before {
                        changed.push(*grantee);
                    }
                    if held.is_empty() {
                        grants.remove(grantee);
                    } else {
                        grants.insert(*grantee, held);
                    }
                }
                if grants.is_empty() {
                    cx.catalog.default_privileges.remove(&key);
                }
                changed.into_iter().for_each(|grantee| cx.catalog.note_default(self.grant, &key, grantee, mode));
            }
        }
        done("ALTER DEFAULT PRIVILEGES")
    }
}
