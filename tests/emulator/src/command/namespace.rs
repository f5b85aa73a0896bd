//! CREATE DATABASE and CREATE SCHEMA, ALTER … RENAME and SWAP of schemas, DROP of both.

use super::{Boxed, Command, Context, done, done_with};
use crate::catalog::audit::name_between;
use crate::catalog::change::Object;
use crate::catalog::limits::New;
use crate::catalog::privileges::{AclMode, ObjectKind};
use crate::catalog::{Database, Id};
use crate::datum::{Outcome, SqlError};
use crate::sql::error::{Hint, plan};
use crate::sql::parser::{Parsed, Parser};
use crate::transaction::Company;
use std::sync::Arc;

struct CreateDatabase {
    name: String,
    if_not_exists: bool,
}

pub fn create_database(p: &mut Parser) -> Parsed<Boxed> {
    let if_not_exists = p.if_not_exists()?;
    Ok(Arc::new(CreateDatabase { name: p.ident()?, if_not_exists }))
}

impl Command for CreateDatabase {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let CreateDatabase { name, if_not_exists } = self;
        cx.catalog.check_privilege(cx.session, Object::System, AclMode::CREATEDB)?;
        if cx.catalog.database(name).is_ok() {
            return match if_not_exists {
                true => done_with("CREATE DATABASE", format!("database \"{name}\" already exists, skipping")),
                false => Err(plan(format!("database '{name}' already exists"))),
            };
        }
        cx.catalog.check_room(&[New::Database])?;
        let owner = cx.session.role;
        let id = cx.catalog.new_database_id();
        let oid = cx.catalog.new_oid();
        let privileges = cx.catalog.new_privileges(owner, ObjectKind::Database, None, None);
        cx.catalog.databases.insert(id, Database { id, oid, name: name.clone(), owner, privileges });
        cx.catalog.note_named("create", ObjectKind::Database, id, name);
        let public = cx.catalog.create_schema(id, "public", owner);
        if let Some(schema) = cx.catalog.schemas.get_mut(&public) {
            schema.privileges.grant(Id::Public, AclMode::USAGE, owner);
        }
        done("CREATE DATABASE")
    }
}

struct CreateSchema {
    name: Vec<String>,
    if_not_exists: bool,
}

pub fn create_schema(p: &mut Parser) -> Parsed<Boxed> {
    let if_not_exists = p.if_not_exists()?;
    Ok(Arc::new(CreateSchema { name: p.name()?, if_not_exists }))
}

/// The prefixes that only the system's names may have.
pub fn reserved(name: &str) -> bool {
    name.starts_with("mz_") || name.starts_with("pg_")
}

impl Command for CreateSchema {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let (database, name) = match self.name.as_slice() {
            [name] => (cx.session.names.database.clone(), name),
            [database, name] => (database.clone(), name),
            _ => return Err(plan(format!("schema name {} has more than two components", self.name.join(".")))),
        };
        let id = cx.catalog.database(&database).map_err(|_| plan(format!("invalid database {database}")))?;
        cx.catalog.check_privilege(cx.session, Object::Database(id), AclMode::CREATE)?;
        if cx.catalog.schema_names.contains_key(&(Some(id), name.clone())) {
            return match self.if_not_exists {
                true => done_with("CREATE SCHEMA", format!("schema \"{name}\" already exists, skipping")),
                false => Err(plan(format!("schema '{name}' already exists"))),
            };
        }
        check_schema_name(name)?;
        cx.catalog.check_room(&[New::Schema(id)])?;
        let owner = cx.session.role;
        cx.catalog.create_schema(id, name, owner);
        done("CREATE SCHEMA")
    }
}

fn check_schema_name(name: &str) -> Result<(), SqlError> {
    if reserved(name) {
        return Err(plan(format!("unacceptable schema name '{name}'"))
            .detail("The prefixes \"mz_\" and \"pg_\" are reserved for system schemas."));
    }
    Ok(())
}

/// What ALTER SCHEMA does besides changing the owner.
enum SchemaChange {
    Rename(String),
    Swap(String),
}
struct AlterSchema {
    name: Vec<String>,
    if_exists: bool,
    change: SchemaChange,
}

pub fn alter_schema(p: &mut Parser) -> Parsed<Boxed> {
    let if_exists = p.if_exists()?;
    let name = p.name()?;
    Ok(match p.expect_one_of(&["OWNER", "RENAME", "SWAP"])? {
        "OWNER" => return super::alter::owner_to(p, ObjectKind::Schema, name, if_exists),
        "RENAME" => {
            p.expect_kw("TO")?;
            Arc::new(AlterSchema { name, if_exists, change: SchemaChange::Rename(p.ident()?) })
        }
        _ => {
            p.expect_kw("WITH")?;
            Arc::new(AlterSchema { name, if_exists, change: SchemaChange::Swap(p.ident()?) })
        }
    })
}

impl AlterSchema {
    fn rename(cx: &mut Context<'_>, id: Id, to: &str) {
        let Some(schema) = cx.catalog.schemas.get_mut(&id) else { return };
        let old = (schema.database, std::mem::replace(&mut schema.name, to.to_owned()));
        let new = (old.0, to.to_owned());
        cx.catalog.schema_names.remove(&old);
        cx.catalog.schema_names.insert(new, id);
        cx.catalog.note_schema_renamed(id, &old.1, to);
        cx.catalog.follow_schema(id, &old.1, to);
        cx.catalog.renamed += 1;
    }
}

impl Command for AlterSchema {
    fn company(&self) -> Company {
        Company::Changes
    }

    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let id = match cx.catalog.schema(&cx.session.names, &self.name) {
            Ok(id) => id,
            Err(_) if self.if_exists => return done("ALTER SCHEMA"),
            Err(e) => return Err(e),
        };
        let Some(database) = cx.catalog.schemas.get(&id).and_then(|s| s.database) else {
            let name = self.name.last().map_or("", String::as_str);
            return Err(plan(format!("renaming the {name} schema is not supported")));
        };
        match &self.change {
            SchemaChange::Rename(to) => {
                check_schema_name(to)?;
                if cx.catalog.schema_names.contains_key(&(Some(database), to.clone())) {
                    return Err(plan(format!("schema '{to}' already exists")));
                }
                cx.catalog.check_owner(cx.session, Object::Schema(id))?;
                cx.catalog.check_around(cx.session, Object::Schema(id), AclMode::CREATE)?;
                Self::rename(cx, id, to);
            }
            SchemaChange::Swap(with) => {
                cx.catalog.require("enable_alter_swap")?;
                let Some(&other) = cx.catalog.schema_names.get(&(Some(database), with.clone())) else {
                    return Err(plan(format!("unknown schema '{with}'")));
                };
                cx.catalog.check_owners(cx.session, &[Object::Schema(id), Object::Schema(other)])?;
                cx.catalog.check_around(cx.session, Object::Schema(id), AclMode::CREATE)?;
                let own = cx.catalog.schemas.get(&id).map(|s| s.name.clone()).unwrap_or_default();
                let between = name_between("mz_schema_swap_");
                Self::rename(cx, id, &between);
                Self::rename(cx, other, &own);
                Self::rename(cx, id, with);
            }
        }
        done("ALTER SCHEMA")
    }
}

pub fn alter_database(p: &mut Parser) -> Parsed<Boxed> {
    let if_exists = p.if_exists()?;
    let name = p.ident()?;
    p.expect_kw("OWNER")?;
    super::alter::owner_to(p, ObjectKind::Database, vec![name], if_exists)
}

struct DropDatabase {
    name: String,
    if_exists: bool,
    restrict: bool,
}

pub fn drop_database(p: &mut Parser) -> Parsed<Boxed> {
    let if_exists = p.if_exists()?;
    let name = p.ident()?;
    // Without a word, DROP DATABASE cascades.
    let restrict = p.drop_behaviour()? == Some(false);
    Ok(Arc::new(DropDatabase { name, if_exists, restrict }))
}

impl Command for DropDatabase {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let DropDatabase { name, if_exists, restrict } = self;
        let id = match cx.catalog.database(name) {
            Ok(id) => id,
            Err(_) if *if_exists => {
                return done_with("DROP DATABASE", format!("database \"{name}\" does not exist, skipping"));
            }
            Err(e) => return Err(e),
        };
        if *restrict && cx.catalog.schemas.values().any(|s| s.database == Some(id)) {
            return Err(plan(format!("database '{name}' cannot be dropped with RESTRICT while it contains schemas")));
        }
        cx.catalog.check_owner(cx.session, Object::Database(id))?;
        cx.catalog.remove_database(id);
        done("DROP DATABASE")
    }
}

struct DropSchema {
    names: Vec<Vec<String>>,
    if_exists: bool,
    cascade: bool,
}

pub fn drop_schema(p: &mut Parser) -> Parsed<Boxed> {
    let if_exists = p.if_exists()?;
    let names = p.list(Parser::name)?;
    let cascade = p.drop_behaviour()? == Some(true);
    Ok(Arc::new(DropSchema { names, if_exists, cascade }))
}

impl Command for DropSchema {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let (mut ids, mut notices) = (Vec::new(), Vec::new());
        for name in &self.names {
            let id = match cx.catalog.schema(&cx.session.names, name) {
                Ok(id) => id,
                Err(_) if self.if_exists => {
                    notices.push(format!("schema \"{}\" does not exist, skipping", name.join(".")));
                    continue;
                }
                Err(e) => return Err(e),
            };
            let path = cx.catalog.schema_path(id).join(".");
            let Some(schema) = cx.catalog.schemas.get(&id) else { continue };
            if schema.database.is_none() {
                return Err(plan(format!("cannot drop schema {path} because it is required by the database system")));
            }
            let empty = schema.items.is_empty() && schema.types.is_empty();
            if !self.cascade && !empty {
                return Err(plan(format!(
                    "schema '{path}' cannot be dropped without CASCADE while it contains objects"
                )));
            }
            ids.push(id);
        }
        let objects: Vec<Object> = ids.iter().copied().map(Object::Schema).collect();
        cx.catalog.check_owned(cx.session, &objects)?;
        ids.into_iter().for_each(|id| cx.catalog.remove_schema(id));
        Ok(Outcome::Done { tag: "DROP SCHEMA".into(), notices })
    }
}
