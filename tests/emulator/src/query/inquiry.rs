//! Functions that ask the catalog: who may do what, who is whom, what a setting is. Their answer is put in their place
//! before a query is planned, so that their arguments must be literals.

use crate::catalog::change::Object;
use crate::catalog::names::NameScope;
use crate::catalog::privileges::{AclMode, ObjectKind};
use crate::catalog::{Catalog, Id};
use crate::datum::SqlError;
use crate::session::Snapshot;
use crate::sql::error::{plan, with_code};

/// What a function answers.
pub enum Answer {
    Bool(bool),
    Text(String),
    Null,
}

/// The functions, and how many arguments they have at most.
const FUNCTIONS: [(&str, usize); 12] = [
    ("current_setting", 2),
    ("has_cluster_privilege", 3),
    ("has_connection_privilege", 3),
    ("has_database_privilege", 3),
    ("has_role", 3),
    ("has_schema_privilege", 3),
    ("has_secret_privilege", 3),
    ("has_system_privilege", 2),
    ("has_table_privilege", 3),
    ("has_type_privilege", 3),
    ("mz_is_superuser", 0),
    ("pg_has_role", 3),
];

pub fn knows(name: &str) -> bool {
    FUNCTIONS.iter().any(|(known, _)| *known == name)
}

/// Answers a call, None when the function has no form with so many arguments.
pub fn answer(c: &Catalog, session: &Snapshot, name: &str, args: &[String]) -> Result<Option<Answer>, SqlError> {
    let Some((_, most)) = FUNCTIONS.iter().find(|(known, _)| *known == name) else { return Ok(None) };
    if args.len() > *most || args.len() + 1 < *most {
        return Ok(None);
    }
    let by_name =
        |name: &str| c.role_names.get(name).copied().ok_or_else(|| plan(format!("role \"{name}\" does not exist")));
    match name {
        "mz_is_superuser" => return Ok(Some(Answer::Bool(c.is_superuser(by_name(&session.current_user)?)))),
        "current_setting" => return setting(c, session, args).map(Some),
        _ => {}
    }
    // Without a role, the session's own is meant.
    let (role, rest) = match args {
        [role, rest @ ..] if args.len() == *most => (by_name(role)?, rest),
        rest => (by_name(&session.current_user)?, rest),
    };
    let answer = match (name, rest) {
        ("has_system_privilege", [privileges]) => held(c, role, Object::System, privileges)?,
        ("has_role" | "pg_has_role", [of, privilege]) => {
            if !["MEMBER", "USAGE"].iter().any(|known| privilege.trim().eq_ignore_ascii_case(known)) {
                return Err(unrecognized(privilege));
            }
            c.is_superuser(role) || c.roles_of(role).contains(&by_name(of)?)
        }
        (_, [object, privileges]) => held(c, role, find(c, session, name, object)?, privileges)?,
        _ => return Ok(None),
    };
    Ok(Some(Answer::Bool(answer)))
}

fn setting(c: &Catalog, session: &Snapshot, args: &[String]) -> Result<Answer, SqlError> {
    let [name, missing_ok @ ..] = args else { return Err(plan("current_setting needs a name")) };
    let key = name.to_lowercase();
    let value = session.settings.get(&key).or(c.parameters.get(&key).map(|p| &p.value)).cloned();
    match value {
        Some(value) => Ok(Answer::Text(value)),
        None if missing_ok.first().is_some_and(|ok| ok == "true") => Ok(Answer::Null),
        None => Err(crate::catalog::parameters::unrecognized(name)),
    }
}

/// Whether a role holds one of the privileges, itself or through a role that it is a member of.
fn held(c: &Catalog, role: Id, object: Object, privileges: &str) -> Result<bool, SqlError> {
    let roles = c.roles_of(role);
    let held = c.privileges(object).map_or(AclMode::default(), |p| p.held(|id| roles.contains(&id)));
    let mut any = false;
    for privilege in privileges.split(',') {
        let mode = AclMode::named(&privilege.trim().to_uppercase()).ok_or_else(|| unrecognized(privilege))?;
        any |= held.contains(mode);
    }
    Ok(any)
}

fn unrecognized(privilege: &str) -> SqlError {
    with_code("22023", format!("unrecognized privilege type: \"{}\"", privilege.trim()))
}

fn find(c: &Catalog, session: &Snapshot, function: &str, object: &str) -> Result<Object, SqlError> {
    let scope = NameScope { database: session.database.clone(), search_path: session.search_path.clone() };
    let mut parser = crate::sql::parser::Parser::new(object)?;
    let parts = parser.name()?;
    let of = |kind| c.resolve_kind(&scope, &parts, kind).map(Object::Item);
    match function {
        "has_cluster_privilege" => c.cluster(&parts.join(".")).map(Object::Cluster),
        "has_connection_privilege" => of(ObjectKind::Connection),
        "has_database_privilege" => c.database(&parts.join(".")).map(Object::Database),
        "has_schema_privilege" => c.schema(&scope, &parts).map(Object::Schema),
        "has_secret_privilege" => of(ObjectKind::Secret),
        "has_type_privilege" => of(ObjectKind::Type),
        _ => c.resolve_item(&scope, &parts).map(Object::Item),
    }
}
