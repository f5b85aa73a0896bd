//! Looking names up, and the errors when there is nothing by that name.

use super::change::Object;
use super::item::Definition;
use super::privileges::ObjectKind;
use super::{Catalog, Id, Schema};
use crate::datum::SqlError;
use crate::sql::error::{Hint, plan, with_code};
use crate::sql::expr::Name;
use crate::sql::types::{DataType, SYSTEM_TYPES, system_type_by_long};

/// What unqualified names are looked up in.
#[derive(Clone, Debug, Default)]
pub struct NameScope {
    pub database: String,
    pub search_path: Vec<String>,
    /// The session's own schema, which it may not have made yet.
    pub temporary: Option<Id>,
}

/// What every session calls its own schema.
pub const TEMPORARY: &str = "mz_temp";

/// Searched before the search path.
const IMPLICIT: [&str; 2] = ["mz_catalog", "pg_catalog"];

/// `a view`, `an index`.
fn a_kind(kind: ObjectKind) -> String {
    let article = if kind == ObjectKind::Index { "an" } else { "a" };
    format!("{article} {}", kind.words())
}

impl Catalog {
    pub fn database(&self, name: &str) -> Result<Id, SqlError> {
        let found = self.databases.values().find(|d| d.name == name);
        found.map(|d| d.id).ok_or_else(|| plan(format!("unknown database '{name}'")))
    }
    pub fn role(&self, name: &str) -> Result<Id, SqlError> {
        self.role_names.get(name).copied().ok_or_else(|| plan(format!("unknown role '{name}'")))
    }
    pub fn cluster(&self, name: &str) -> Result<Id, SqlError> {
        let found = self.clusters.values().find(|c| c.name == name);
        found.map(|c| c.id).ok_or_else(|| plan(format!("unknown cluster '{name}'")))
    }
    pub fn policy(&self, name: &str) -> Result<Id, SqlError> {
        let found = self.policies.values().find(|c| c.name == name);
        found.map(|c| c.id).ok_or_else(|| plan(format!("unknown network policy '{name}'")))
    }
    /// The cluster and the index of a replica.
    pub fn replica(&self, cluster: &str, replica: &str) -> Result<(Id, usize), SqlError> {
        let id = self.cluster(cluster)?;
        let found = self.clusters.get(&id).and_then(|c| c.replicas.iter().position(|r| r.name == replica));
        let missing = || plan(format!("CLUSTER {cluster} has no CLUSTER REPLICA named \"{replica}\""));
        found.map(|i| (id, i)).ok_or_else(missing)
    }

    /// A schema by one or two parts.
    pub fn schema(&self, scope: &NameScope, parts: &[String]) -> Result<Id, SqlError> {
        let unknown = |name: &str| plan(format!("unknown schema '{name}'"));
        match parts {
            [name] if name == TEMPORARY && scope.temporary.is_some() => scope.temporary.ok_or_else(|| unknown(name)),
            [name] => {
                let database = self.databases.values().find(|d| d.name == scope.database).map(|d| d.id);
                let in_database = database.and_then(|d| self.schema_names.get(&(Some(d), name.clone())));
                in_database
                    .or_else(|| self.schema_names.get(&(None, name.clone())))
                    .copied()
                    .ok_or_else(|| unknown(name))
            }
            [database, name] => {
                let database = self.database(database)?;
                let found = self.schema_names.get(&(Some(database), name.clone()));
                found.or_else(|| self.schema_names.get(&(None, name.clone()))).copied().ok_or_else(|| unknown(name))
            }
            _ => Err(plan("qualified name did not have between 1 and 2 components")),
        }
    }

    /// The schemas that an unqualified name is looked up in.
    fn searched<'a>(&'a self, scope: &'a NameScope) -> impl Iterator<Item = &'a Schema> {
        let own = scope.temporary.into_iter();
        let implicit = IMPLICIT.iter().filter_map(|n| self.schema_names.get(&(None, (*n).to_owned()))).copied();
        let path = scope.search_path.iter().filter_map(|n| self.schema(scope, std::slice::from_ref(n)).ok());
        own.chain(implicit).chain(path).filter_map(|id| self.schemas.get(&id))
    }

    fn find(
        &self,
        scope: &NameScope,
        parts: &[String],
        by: fn(&Schema, &str) -> Option<Id>,
    ) -> Result<Option<Id>, SqlError> {
        match parts {
            [name] => Ok(self.searched(scope).find_map(|s| by(s, name))),
            [schema @ .., name] if schema.len() <= 2 => {
                let schema = self.schema(scope, schema)?;
                Ok(self.schemas.get(&schema).and_then(|s| by(s, name)))
            }
            _ => Err(plan(format!("qualified name did not have between 1 and 3 components: {}", parts.join(".")))),
        }
    }

    /// An item that is no type.
    /// Whether this environment has a relation of the system.
    pub fn has_system_relation(&self, schema: &str, name: &str) -> bool {
        let schema = self.schema_names.get(&(None, schema.to_owned())).and_then(|id| self.schemas.get(id));
        schema.is_some_and(|schema| schema.items.contains_key(name))
    }
    pub fn resolve_item(&self, scope: &NameScope, parts: &[String]) -> Result<Id, SqlError> {
        let found = self.find(scope, parts, |s, n| s.items.get(n).copied())?;
        found.ok_or_else(|| plan(format!("unknown catalog item '{}'", parts.join("."))))
    }
    /// An item or a type.
    pub fn resolve_any(&self, scope: &NameScope, parts: &[String]) -> Result<Id, SqlError> {
        let found = self.find(scope, parts, |s, n| s.items.get(n).or_else(|| s.types.get(n)).copied())?;
        found.ok_or_else(|| plan(format!("unknown catalog item '{}'", parts.join("."))))
    }
    pub fn resolve_type(&self, scope: &NameScope, parts: &[String]) -> Result<Id, SqlError> {
        let found = self.find(scope, parts, |s, n| s.types.get(n).copied())?;
        let id = found.ok_or_else(|| plan(format!("type \"{}\" does not exist", parts.join("."))))?;
        // What functions take; nothing has such a type.
        match self.items.get(&id).map(|i| &i.definition) {
            Some(Definition::SystemType(index, false)) if SYSTEM_TYPES[*index].category == "pseudo" => {
                Err(plan(format!("cannot reference pseudo type {}", self.dotted(id))))
            }
            _ => Ok(id),
        }
    }
    /// An item of one kind. A wrong kind is the error that DROP and ALTER give.
    pub fn resolve_kind(&self, scope: &NameScope, parts: &[String], kind: ObjectKind) -> Result<Id, SqlError> {
        if kind == ObjectKind::Type {
            let found = self.find(scope, parts, |s, n| s.types.get(n).copied())?;
            return found.ok_or_else(|| plan(format!("unknown catalog item '{}'", parts.join("."))));
        }
        let id = self.resolve_item(scope, parts)?;
        self.check_kind(scope, id, kind, None).map(|()| id)
    }
    /// What a query says of an item that has no rows.
    pub fn no_relation(&self, id: Id) -> SqlError {
        let kind = a_kind(self.kind_of(Object::Item(id)));
        plan(format!("catalog item '{}' is {kind} and so cannot be depended upon", self.dotted(id)))
    }
    /// Refuses an item that is of another kind than a statement is for. To whom a materialized view is a view, the right
    /// `statement` is told: `DROP` … to `remove`.
    pub fn check_kind(
        &self,
        scope: &NameScope,
        id: Id,
        kind: ObjectKind,
        statement: Option<(&str, &str)>,
    ) -> Result<(), SqlError> {
        let actual = self.items.get(&id).map_or(kind, |i| i.definition.kind());
        if actual == kind {
            return Ok(());
        }
        let name = self.minimal_name(scope, id);
        if let (ObjectKind::View, ObjectKind::MaterializedView, Some((statement, purpose))) = (kind, actual, statement)
        {
            return Err(plan(format!("{name} is not a view"))
                .hint(format!("Use {statement} MATERIALIZED VIEW to {purpose} a materialized view.")));
        }
        Err(plan(format!("{name} is {} not {}", a_kind(actual), a_kind(kind))))
    }
    /// As `resolve_kind`, for a statement that `check_kind` is to tell of.
    pub fn resolve_for(
        &self,
        scope: &NameScope,
        parts: &[String],
        kind: ObjectKind,
        statement: (&str, &str),
    ) -> Result<Id, SqlError> {
        if kind == ObjectKind::Type {
            return self.resolve_kind(scope, parts, kind);
        }
        let id = self.resolve_item(scope, parts)?;
        self.check_kind(scope, id, kind, Some(statement)).map(|()| id)
    }

    /// Where a new item goes: its schema and its own name. What is to be there goes to no session's own schema.
    pub fn resolve_new(&self, scope: &NameScope, parts: &[String]) -> Result<(Id, String), SqlError> {
        match self.resolve_place(scope, parts)? {
            (schema, _) if schema.is_temporary() => {
                Err(plan(format!("system schema '{TEMPORARY}' cannot be modified")))
            }
            place => Ok(place),
        }
    }

    /// As [`Self::resolve_new`], for what may be temporary.
    pub fn resolve_place(&self, scope: &NameScope, parts: &[String]) -> Result<(Id, String), SqlError> {
        let (schema, name) = match parts {
            [name] => {
                let first = scope.search_path.iter().find_map(|n| self.schema(scope, std::slice::from_ref(n)).ok());
                let Some(first) = first else {
                    return Err(with_code("3F000", "no valid schema selected").hint(
                        "Use SET schema = name to select a schema.  Use SHOW SCHEMAS to list available schemas.  Use SHOW \
                         search_path to show the schema names that we looked for, but none of them existed.",
                    ));
                };
                (first, name.clone())
            }
            [schema @ .., name] if schema.len() <= 2 => (self.schema(scope, schema)?, name.clone()),
            _ => {
                return Err(plan(format!(
                    "qualified name did not have between 1 and 3 components: {}",
                    parts.join(".")
                )));
            }
        };
        let of_system = |s: &&Schema| s.database.is_none() && !s.id.is_temporary();
        if let Some(schema) = self.schemas.get(&schema).filter(of_system) {
            return Err(plan(format!("system schema '{}' cannot be modified", schema.name)));
        }
        Ok((schema, name))
    }

    /// The item or type of that name in a schema.
    pub fn taken(&self, schema: Id, name: &str) -> Option<Id> {
        let schema = self.schemas.get(&schema)?;
        schema.items.get(name).or_else(|| schema.types.get(name)).copied()
    }

    /// The shortest name that means the item in the session.
    pub fn minimal_name(&self, scope: &NameScope, id: Id) -> String {
        let full = self.full_name(id);
        (1..=full.len())
            .map(|n| &full[full.len() - n..])
            .find(|parts| self.resolve_any(scope, parts) == Ok(id))
            .map_or_else(|| full.join("."), |parts| parts.join("."))
    }

    /// Resolves the names in a type.
    pub fn resolve_data_type(&self, scope: &NameScope, ty: &mut DataType) -> Result<(), SqlError> {
        match ty {
            DataType::Named(name, _) => name.item = Some(self.resolve_type(scope, &name.parts)?),
            DataType::List(e) | DataType::Array(e) => self.resolve_data_type(scope, e)?,
            DataType::Map(k, v) => {
                self.resolve_data_type(scope, k)?;
                self.resolve_data_type(scope, v)?;
            }
        }
        Ok(())
    }

    /// A resolved system type by its own name, `int4`.
    pub fn system_type(&self, name: &str) -> DataType {
        let id = SYSTEM_TYPES.iter().find(|t| t.name == name).map(|t| Id::System(t.id));
        DataType::Named(Name { parts: vec![name.into()], item: id }, Vec::new())
    }
    /// A resolved type by the name that columns show, `integer`.
    pub fn type_of_long(&self, long: &str) -> DataType {
        if let Some(element) = long.strip_suffix("[]") {
            return DataType::Array(Box::new(self.type_of_long(element)));
        }
        if long == "list" {
            return DataType::List(Box::new(self.system_type("text")));
        }
        self.system_type(system_type_by_long(long).map_or(long, |t| t.name))
    }
    /// How `mz_columns.type` spells a type.
    pub fn type_long(&self, ty: &DataType) -> String {
        match ty {
            DataType::List(_) => "list".into(),
            DataType::Map(..) => "map".into(),
            DataType::Array(e) => format!("{}[]", self.type_long(e)),
            DataType::Named(name, _) => match name.item.and_then(|id| self.items.get(&id)).map(|i| &i.definition) {
                Some(Definition::SystemType(index, false)) => SYSTEM_TYPES[*index].long.into(),
                Some(Definition::SystemType(index, true)) => format!("{}[]", SYSTEM_TYPES[*index].long),
                Some(Definition::Type(super::item::TypeDefinition::List(_))) => "list".into(),
                Some(Definition::Type(super::item::TypeDefinition::Map(_))) => "map".into(),
                Some(Definition::Type(super::item::TypeDefinition::Record(_))) => "record".into(),
                _ => name.parts.join("."),
            },
        }
    }
    /// The OID of a type and the modifier as PostgreSQL encodes it.
    pub fn type_oid(&self, ty: &DataType) -> (u64, i64) {
        let system = |name: &str| SYSTEM_TYPES.iter().find(|t| t.name == name);
        match ty {
            DataType::List(_) => (system("list").map_or(0, |t| t.oid), -1),
            DataType::Map(..) => (system("map").map_or(0, |t| t.oid), -1),
            DataType::Array(e) => match &**e {
                DataType::Named(Name { item: Some(id), .. }, _) => match self.items.get(id).map(|i| &i.definition) {
                    Some(Definition::SystemType(index, _)) => (SYSTEM_TYPES[*index].array_oid, -1),
                    _ => (2277, -1),
                },
                _ => (2277, -1),
            },
            DataType::Named(name, modifiers) => {
                let Some(item) = name.item.and_then(|id| self.items.get(&id)) else { return (0, -1) };
                let modifier = match (item.name.as_str(), modifiers.as_slice()) {
                    ("numeric", [_, scale]) => ((39 << 16) | scale) + 4,
                    ("numeric", [_]) => (39 << 16) + 4,
                    ("varchar" | "bpchar" | "char", [length]) => length + 4,
                    ("timestamp" | "timestamptz" | "time", [precision]) => *precision,
                    _ => -1,
                };
                (item.oid, modifier)
            }
        }
    }
}
