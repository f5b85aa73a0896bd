//! SHOW: of variables as rows, of objects as a query over the views that list them.

use super::access::plural;
use super::show_create::show_create;
use super::{Boxed, Command, Context};
use crate::catalog::bootstrap::{MZ_SUPPORT, MZ_SYSTEM};
use crate::catalog::parameters;
use crate::datum::{Datum, Outcome, Rows, SqlError};
use crate::sql::Kind;
use crate::sql::parser::{Parsed, Parser};
use crate::sql::print::literal;
use std::sync::Arc;

/// LIKE or WHERE after SHOW.
enum Filter {
    None,
    Like(String),
    Where(String),
}

/// How the rows of a listing are narrowed down.
enum Scope {
    None,
    /// Of a schema; none given: the current one.
    Schema(Option<Vec<String>>),
    Database(Option<String>),
    /// Of one relation.
    Relation(Vec<String>),
    /// Indexes: of a relation, or of a schema.
    Indexes(Option<Vec<String>>, Option<Vec<String>>),
}

struct Listing {
    relation: &'static str,
    columns: &'static str,
    order: &'static str,
    scope: Scope,
    cluster: Option<String>,
    /// A further condition.
    condition: Option<String>,
    /// FOR a role: what it has itself and through the roles that it is a member of.
    holder: Option<(Holder, String)>,
    filter: Filter,
}

/// The column that FOR a role is about.
#[derive(Clone, Copy)]
enum Holder {
    Grantee,
    Member,
}

fn holder(p: &mut Parser, column: Holder) -> Parsed<Option<(Holder, String)>> {
    if p.kw("FOR") { p.ident().map(|role| Some((column, role))) } else { Ok(None) }
}

pub fn show(p: &mut Parser) -> Parsed<Boxed> {
    if p.is_kw("CREATE")
        && let Some(command) = show_create(p)?
    {
        return Ok(command);
    }
    p.kw("REDACTED");
    if let Some(listing) = listing(p)? {
        return Ok(Arc::new(listing));
    }
    if p.kw("ALL") {
        return Ok(Arc::new(ShowAll));
    }
    let name = if p.kws("TRANSACTION ISOLATION LEVEL") {
        "transaction_isolation".into()
    } else if p.kws("TIME ZONE") {
        "timezone".into()
    } else {
        p.ident()?
    };
    Ok(Arc::new(ShowVariable(name)))
}

fn listing(p: &mut Parser) -> Parsed<Option<Listing>> {
    // A variable may be called like a listing: `SHOW cluster` is one, `SHOW clusters` is not.
    let kinds: [(&str, &str, &str); 18] = [
        ("DATABASES", "mz_show_databases", "name, comment"),
        ("SCHEMAS", "mz_show_schemas", "name, comment"),
        ("ROLES", "mz_show_roles", "name, comment"),
        ("USERS", "mz_show_roles", "name, comment"),
        ("CLUSTER REPLICAS", "mz_show_cluster_replicas", "cluster, replica, size, ready, comment"),
        ("CLUSTERS", "mz_show_clusters", "name, replicas, comment"),
        ("NETWORK POLICIES", "mz_show_network_policies", "name, rules, comment"),
        ("TABLES", "mz_show_tables", "name, comment"),
        ("VIEWS", "mz_show_views", "name, comment"),
        ("MATERIALIZED VIEWS", "mz_show_materialized_views", "name, cluster, comment"),
        ("SOURCES", "mz_show_sources", "name, type, cluster, comment"),
        ("SINKS", "mz_show_sinks", "name, type, cluster, comment"),
        ("SECRETS", "mz_show_secrets", "name, comment"),
        ("CONNECTIONS", "mz_show_connections", "name, type, comment"),
        ("TYPES", "mz_show_types", "name, comment"),
        ("OBJECTS", "mz_show_all_objects", "name, type, comment"),
        ("INDEXES", "mz_show_indexes", "name, \"on\", cluster, key, comment"),
        ("CONTINUAL TASKS", "mz_show_continual_tasks", "name, cluster, comment"),
    ];
    let out = |relation, columns| Listing {
        relation,
        columns,
        order: "name",
        scope: Scope::None,
        cluster: None,
        condition: None,
        holder: None,
        filter: Filter::None,
    };
    if p.kw("COLUMNS") || p.kw("FIELDS") {
        p.expect_one_of(&["FROM", "IN"])?;
        let relation = p.name()?;
        let mut listing = Listing {
            order: "position",
            scope: Scope::Relation(relation),
            ..out("mz_show_columns", "name, nullable, type, comment")
        };
        listing.filter = filter(p)?;
        return Ok(Some(listing));
    }
    if p.kw("PRIVILEGES") {
        let mut listing =
            out("mz_show_all_privileges", "grantor, grantee, database, schema, name, object_type, privilege_type");
        if p.kw("ON") {
            let kind = if p.kw("SYSTEM") { "system".to_owned() } else { plural(p)?.dashed() };
            listing.condition = Some(format!("object_type = {}", literal(&kind)));
        }
        listing.holder = holder(p, Holder::Grantee)?;
        listing.filter = filter(p)?;
        listing.order = "object_type, name, grantee";
        return Ok(Some(listing));
    }
    if p.kws("DEFAULT PRIVILEGES") {
        let columns = "object_owner, database, schema, object_type, grantee, privilege_type";
        let mut listing = Listing { order: "object_owner", ..out("mz_show_default_privileges", columns) };
        if p.kw("ON") {
            listing.condition = Some(format!("object_type = {}", literal(&plural(p)?.dashed())));
        }
        listing.holder = holder(p, Holder::Grantee)?;
        listing.filter = filter(p)?;
        return Ok(Some(listing));
    }
    if p.kws("ROLE MEMBERSHIP") {
        let mut listing = Listing { order: "role, member", ..out("mz_show_role_members", "role, member, grantor") };
        listing.holder = holder(p, Holder::Member)?;
        listing.filter = filter(p)?;
        return Ok(Some(listing));
    }
    let Some((words, relation, columns)) = kinds.iter().find(|(words, ..)| p.kws(words)) else { return Ok(None) };
    let mut listing = out(relation, columns);
    listing.scope = match *words {
        "DATABASES" | "ROLES" | "USERS" | "CLUSTERS" | "NETWORK POLICIES" => Scope::None,
        "CLUSTER REPLICAS" => {
            listing.order = "cluster, replica";
            Scope::None
        }
        "SCHEMAS" => Scope::Database(if p.kw("FROM") || p.kw("IN") { Some(p.ident()?) } else { None }),
        "INDEXES" => {
            let on = if p.kw("ON") { Some(p.name()?) } else { None };
            let schema = if p.kw("FROM") { Some(p.name()?) } else { None };
            if schema.is_some() && (on.is_some() || p.is_kw("ON")) {
                return Err(p.error("Cannot specify both FROM and ON"));
            }
            Scope::Indexes(on, schema)
        }
        _ => Scope::Schema(if p.kw("FROM") { Some(p.name()?) } else { None }),
    };
    if columns.contains("cluster") && *words != "CLUSTER REPLICAS" && p.kws("IN CLUSTER") {
        listing.cluster = Some(p.ident()?);
    }
    if *words == "TABLES" && p.kw("ON") {
        let source = p.name()?;
        let name = source.last().map_or("", String::as_str);
        listing.condition =
            Some(format!("source_id IN (SELECT id FROM mz_catalog.mz_sources WHERE name = {})", literal(name)));
    }
    listing.filter = filter(p)?;
    Ok(Some(listing))
}

fn filter(p: &mut Parser) -> Parsed<Filter> {
    if p.kw("LIKE") {
        return p.string().map(Filter::Like);
    }
    if !p.kw("WHERE") {
        return Ok(Filter::None);
    }
    let start = p.offset();
    crate::sql::expr::expr(p)?;
    Ok(Filter::Where(p.text.get(start..p.end_offset()).unwrap_or_default().to_owned()))
}

impl Command for Listing {
    fn kind(&self) -> Kind {
        Kind::Query
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let names = &cx.session.names;
        let mut conditions = Vec::new();
        let schema = |given: &Option<Vec<String>>| match given {
            Some(parts) => cx.catalog.schema(names, parts),
            None => cx.catalog.resolve_new(names, &["x".into()]).map(|(schema, _)| schema),
        };
        match &self.scope {
            Scope::None => {}
            Scope::Schema(given) => conditions.push(format!("schema_id = '{}'", schema(given)?)),
            Scope::Database(given) => {
                let id = cx.catalog.database(given.as_deref().unwrap_or(&names.database))?;
                conditions.push(format!("(database_id = '{id}' OR database_id IS NULL)"));
            }
            Scope::Relation(parts) => conditions.push(format!("id = '{}'", cx.catalog.resolve_item(names, parts)?)),
            Scope::Indexes(Some(on), _) => {
                conditions.push(format!("on_id = '{}'", cx.catalog.resolve_item(names, on)?))
            }
            Scope::Indexes(None, Some(parts)) => {
                conditions.push(format!("schema_id = '{}'", schema(&Some(parts.clone()))?))
            }
            Scope::Indexes(None, None) if self.cluster.is_some() => {}
            Scope::Indexes(None, None) => conditions.push(format!("schema_id = '{}'", schema(&None)?)),
        }
        if let Some(cluster) = &self.cluster {
            conditions.push(format!("cluster_id = '{}'", cx.catalog.cluster(cluster)?));
        }
        conditions.extend(self.condition.clone());
        if let Some((column, role)) = &self.holder {
            let id = cx.catalog.role(role)?;
            let roles = cx.catalog.roles_of(id);
            let mut names: Vec<String> = roles.iter().map(|id| literal(cx.catalog.role_name(*id))).collect();
            let column = match column {
                Holder::Member => "member",
                Holder::Grantee => {
                    names.push(literal("PUBLIC"));
                    "grantee"
                }
            };
            conditions.push(format!("{column} IN ({})", names.join(", ")));
        }
        let Listing { relation, columns, order, .. } = self;
        let all = if conditions.is_empty() { "true".to_owned() } else { conditions.join(" AND ") };
        // What the user asks for is asked of the columns that are shown.
        let first = columns.split(',').next().unwrap_or("name");
        let own = match &self.filter {
            Filter::None => String::new(),
            Filter::Like(pattern) => format!(" WHERE {first} LIKE {}", literal(pattern)),
            Filter::Where(condition) => format!(" WHERE {condition}"),
        };
        let inner = match order.contains(',') || columns.contains(order) {
            true => format!("SELECT {columns} FROM mz_internal.{relation} WHERE {all}"),
            false => format!("SELECT {columns}, {order} FROM mz_internal.{relation} WHERE {all}"),
        };
        Ok(Outcome::Query(format!("SELECT {columns} FROM ({inner}) AS shown{own} ORDER BY {order}")))
    }
}

struct ShowVariable(String);

/// A result set of text columns.
pub fn text_rows(columns: &[&str], rows: Vec<Vec<String>>) -> Outcome {
    Outcome::Rows(Rows {
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        types: columns.iter().map(|_| "text".to_owned()).collect(),
        rows: rows.into_iter().map(|r| r.into_iter().map(Datum::Text).collect()).collect(),
    })
}

impl Command for ShowVariable {
    fn kind(&self) -> Kind {
        Kind::Show
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        // As in PostgreSQL, the schema that is created in.
        if self.0 == "schema" {
            let schema = cx.catalog.resolve_new(&cx.session.names, &["x".into()]).ok();
            let name = schema.and_then(|(s, _)| cx.catalog.schemas.get(&s)).map(|s| s.name.clone());
            return Ok(Outcome::Rows(Rows {
                columns: vec!["schema".into()],
                types: vec!["text".into()],
                rows: vec![vec![name.map_or(Datum::Null, Datum::Text)]],
            }));
        }
        let shown = |_: &String| shown(cx, &self.0.to_lowercase());
        match cx.session.parameter(cx.catalog, &self.0).filter(shown) {
            Some(value) => {
                let name = cx.catalog.parameters.get(&self.0.to_lowercase()).map_or(self.0.clone(), |p| p.name.clone());
                Ok(text_rows(&[&name], vec![vec![value]]))
            }
            None => Err(parameters::unrecognized(&self.0)),
        }
    }
}

/// Most of the system's parameters are only for its own roles to see.
fn shown(cx: &Context<'_>, key: &str) -> bool {
    matches!(cx.session.role, MZ_SYSTEM | MZ_SUPPORT) || parameters::shown_to_users(key)
}

struct ShowAll;

impl Command for ShowAll {
    fn kind(&self) -> Kind {
        Kind::Show
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let parameters = cx.catalog.parameters.iter().filter(|(key, _)| shown(cx, key));
        let rows = parameters.map(|(_, p)| {
            let value = cx.session.parameter(cx.catalog, &p.name).unwrap_or_default();
            vec![p.name.clone(), value, String::new()]
        });
        Ok(text_rows(&["name", "setting", "description"], rows.collect()))
    }
}
