//! How many objects there may be: the parameters `max_…`.

use super::item::{Definition, SourceFrom};
use super::{Catalog, Id};
use crate::datum::SqlError;
use crate::sql::error::{Hint, plan, with_code};

/// What a command is about to add.
#[derive(Clone, Copy)]
pub enum New<'a> {
    Database,
    /// To a database.
    Schema(Id),
    Role,
    Cluster,
    /// So many, to a cluster that has so many.
    Replicas(usize, usize),
    Policy,
    /// To a schema.
    Item(Id, &'a Definition),
}

/// A limit: the parameter, and what the server calls that which it is about.
type Limit = (&'static str, &'static str);

/// Limits on what items are, in the order in which the server looks at them.
const ITEMS: [Limit; 8] = [
    ("max_kafka_connections", "Kafka Connection"),
    ("max_postgres_connections", "PostgreSQL Connection"),
    ("max_mysql_connections", "MySQL Connection"),
    ("max_sql_server_connections", "SQL Server Connection"),
    ("max_aws_privatelink_connections", "AWS PrivateLink Connection"),
    ("max_tables", "table"),
    ("max_sources", "source"),
    ("max_sinks", "sink"),
];
const MATERIALIZED_VIEWS: Limit = ("max_materialized_views", "materialized view");
const SECRETS: Limit = ("max_secrets", "secret");

/// The limit that an item counts towards.
fn limit_of(definition: &Definition) -> Option<Limit> {
    let name = match definition {
        Definition::Connection(c) => match c.kind {
            "KAFKA" => "max_kafka_connections",
            "POSTGRES" => "max_postgres_connections",
            "MYSQL" => "max_mysql_connections",
            "SQL SERVER" => "max_sql_server_connections",
            "AWS PRIVATELINK" => "max_aws_privatelink_connections",
            _ => return None,
        },
        Definition::Table(_) => "max_tables",
        // What a source keeps in its subsources or tables, or only of itself, is not counted.
        Definition::Source(s) => match &s.from {
            SourceFrom::Progress => return None,
            SourceFrom::Connection { kind, .. } if *kind != "KAFKA" => return None,
            SourceFrom::LoadGenerator { generator, .. } if matches!(*generator, "AUCTION" | "MARKETING" | "TPCH") => {
                return None;
            }
            _ => "max_sources",
        },
        Definition::Sink(_) => "max_sinks",
        Definition::MaterializedView(_) => return Some(MATERIALIZED_VIEWS),
        Definition::Secret => return Some(SECRETS),
        _ => return None,
    };
    ITEMS.into_iter().find(|(limit, _)| *limit == name)
}

impl Catalog {
    /// Whether there may be more of what a command adds. Errors: `53000`.
    pub fn check_room(&self, new: &[New<'_>]) -> Result<(), SqlError> {
        let items = |limit: Limit| -> Result<(), SqlError> {
            let counts = |d: &Definition| limit_of(d).is_some_and(|(name, _)| name == limit.0);
            let count = new.iter().filter(|n| matches!(n, New::Item(_, d) if counts(d))).count();
            // Where there are not that many items at all, nobody needs to count those of one kind.
            if count == 0 || ((self.items.len() + count) as u64) <= self.limit(limit.0) {
                return Ok(());
            }
            let there = self.items.values().filter(|i| i.id.is_user() && counts(&i.definition)).count();
            self.check_limit(limit, there, count)
        };
        ITEMS.into_iter().chain([MATERIALIZED_VIEWS]).try_for_each(items)?;
        let some = |which: fn(&New<'_>) -> bool| new.iter().filter(|n| which(n)).count();
        let clusters = self.clusters.keys().filter(|id| id.is_user()).count();
        self.check_limit(("max_clusters", "cluster"), clusters, some(|n| matches!(n, New::Cluster)))?;
        for each in new {
            if let New::Replicas(added, there) = each {
                self.check_limit(("max_replicas_per_cluster", "cluster replica"), *there, *added)?;
                self.check_credits(*added)?;
            }
        }
        self.check_limit(("max_databases", "database"), self.databases.len(), some(|n| matches!(n, New::Database)))?;
        for each in new {
            match each {
                New::Schema(database) => {
                    let there = self.schemas.values().filter(|s| s.database == Some(*database)).count();
                    self.check_limit(("max_schemas_per_database", "schema"), there, 1)?;
                }
                New::Item(schema, _) => {
                    let added = new.iter().filter(|n| matches!(n, New::Item(other, _) if other == schema)).count();
                    let there = self.schemas.get(schema).map_or(0, |s| s.items.len());
                    self.check_limit(("max_objects_per_schema", "object"), there, added)?;
                }
                _ => {}
            }
        }
        items(SECRETS)?;
        let roles = self.roles.keys().filter(|id| id.is_user()).count();
        self.check_limit(("max_roles", "role"), roles, some(|n| matches!(n, New::Role)))?;
        let policies = self.policies.keys().filter(|id| id.is_user()).count();
        self.check_limit(("max_network_policies", "network_policy"), policies, some(|n| matches!(n, New::Policy)))
    }

    /// A limit of the environment; none is the largest there is.
    fn limit(&self, name: &str) -> u64 {
        self.parameters.get(name).and_then(|p| p.value.parse().ok()).unwrap_or(u64::MAX)
    }

    fn check_limit(&self, (name, what): Limit, current: usize, added: usize) -> Result<(), SqlError> {
        let (limit, desired) = (self.limit(name), current + added);
        if added == 0 || desired as u64 <= limit {
            return Ok(());
        }
        Err(exhausted(name, what, &desired.to_string(), &limit.to_string(), &current.to_string()))
    }

    /// Every size costs one credit an hour.
    fn check_credits(&self, added: usize) -> Result<(), SqlError> {
        const NAME: &str = "max_credit_consumption_rate";
        let Some(limit) = self.parameters.get(NAME).map(|p| p.value.clone()) else { return Ok(()) };
        let clusters = self.clusters.values().filter(|c| c.id.is_user());
        let current: usize = clusters.map(|c| c.replicas.len()).sum();
        let desired = current + added;
        if added == 0 || limit.parse::<f64>().is_ok_and(|limit| desired as f64 <= limit) {
            return Ok(());
        }
        Err(exhausted(NAME, "cluster replica", &desired.to_string(), &limit, &current.to_string()))
    }

    /// Whether there may be another item of this definition in a schema.
    /// What lasts cannot name what goes with its session.
    fn check_lasting(&self, schema: Id, definition: &Definition) -> Result<(), SqlError> {
        if schema.is_temporary() {
            return Ok(());
        }
        let temporary = |id| self.items.get(&id).filter(|item| item.schema.is_temporary());
        match self.uses_of(definition).into_iter().find_map(temporary) {
            Some(item) => Err(plan(format!("non-temporary items cannot depend on temporary item \"{}\"", item.name))),
            None => Ok(()),
        }
    }

    pub fn check_room_for(&self, schema: Id, definition: &Definition) -> Result<(), SqlError> {
        self.check_lasting(schema, definition)?;
        self.check_room(&[New::Item(schema, definition)])
    }
}

fn exhausted(name: &str, what: &str, desired: &str, limit: &str, current: &str) -> SqlError {
    let counts = format!("(desired: {desired}, limit: {limit}, current: {current})");
    with_code("53000", format!("creating {what} would violate {name} limit {counts}"))
        .hint(format!("Drop an existing {what} or contact support to request a limit increase."))
}
