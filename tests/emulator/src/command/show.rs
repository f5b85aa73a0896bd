//! SHOW: of variables as rows, of objects as a query over the views that list them.

use super::access::plural;
use super::show_create::show_create;
use super::{Boxed, Command, Context};
use crate::catalog::bootstrap::{MZ_SUPPORT, MZ_SYSTEM};
use crate::catalog::change::Object;
use crate::catalog::privileges::ObjectKind;
use crate::catalog::{Id, parameters};
use crate::datum::{Datum, Outcome, Rows, SqlError};
use crate::sql::Kind;
use crate::sql::error::plan;
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
    /// Tables of a schema that are made from a source.
    Tables(Option<Vec<String>>, Vec<String>),
    /// Subsources: of a schema, of a source.
    Subsources(Option<Vec<String>>, Option<Vec<String>>),
}

struct Listing {
    relation: &'static str,
    columns: &'static str,
    /// Columns that are not shown, but may be asked for.
    hidden: &'static [&'static str],
    /// What the rows are in the order of, if not of all their columns.
    order: Option<&'static str>,
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
    if let Some(command) = rows(p)? {
        return Ok(command);
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

/// The SHOW commands whose rows a query may take.
fn rows(p: &mut Parser) -> Parsed<Option<Boxed>> {
    if (p.is_kw("CREATE") || p.is_kw("REDACTED"))
        && let Some(command) = show_create(p)?
    {
        return Ok(Some(command));
    }
    Ok(listing(p)?.map(|listing| Arc::new(listing) as Boxed))
}

/// SHOW in place of a query.
pub fn show_in_query(p: &mut Parser) -> Parsed<Boxed> {
    match rows(p)? {
        Some(command) => Ok(command),
        None => Err(plan("SHOW variables in subqueries not yet supported")),
    }
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
        hidden: &[],
        order: None,
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
            hidden: &["position"],
            order: Some("position"),
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
        return Ok(Some(listing));
    }
    if p.kws("DEFAULT PRIVILEGES") {
        let columns = "object_owner, database, schema, object_type, grantee, privilege_type";
        let mut listing = out("mz_show_default_privileges", columns);
        if p.kw("ON") {
            listing.condition = Some(format!("object_type = {}", literal(&plural(p)?.dashed())));
        }
        listing.holder = holder(p, Holder::Grantee)?;
        listing.filter = filter(p)?;
        return Ok(Some(listing));
    }
    if p.kws("ROLE MEMBERSHIP") {
        let mut listing = out("mz_show_role_members", "role, member, grantor");
        listing.holder = holder(p, Holder::Member)?;
        listing.filter = filter(p)?;
        return Ok(Some(listing));
    }
    if p.kw("SUBSOURCES") {
        let mut listing = out("mz_sources", "name, type");
        let schema = if p.kw("FROM") { Some(p.name()?) } else { None };
        let on = if p.kw("ON") { Some(p.name()?) } else { None };
        listing.scope = Scope::Subsources(schema, on);
        listing.filter = filter(p)?;
        return Ok(Some(listing));
    }
    let Some((words, relation, columns)) = kinds.iter().find(|(words, ..)| p.kws(words)) else { return Ok(None) };
    let mut listing = out(relation, columns);
    listing.scope = match *words {
        "DATABASES" | "ROLES" | "USERS" | "CLUSTERS" | "NETWORK POLICIES" | "CLUSTER REPLICAS" => Scope::None,
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
        let Scope::Schema(schema) = listing.scope else { return p.expected("end of statement") };
        listing.scope = Scope::Tables(schema, p.name()?);
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
            Scope::Relation(parts) => {
                let id = cx.catalog.resolve_item(names, parts)?;
                if !is_relation(cx, id) {
                    let (name, kind) = shown(cx, id);
                    return Err(plan(format!("{name} is a {kind} and so does not have columns")));
                }
                conditions.push(format!("id = '{id}'"));
            }
            Scope::Tables(given, source) => {
                conditions.push(format!("schema_id = '{}'", schema(given)?));
                conditions.push(format!("source_id = '{}'", source_of(cx, source, "tables")?));
            }
            Scope::Subsources(given, source) => {
                if let Some(source) = source {
                    let id = source_of(cx, source, "subsources")?;
                    // They depend on their source, or it on them.
                    conditions.push(format!(
                        "id IN (SELECT object_id FROM mz_internal.mz_object_dependencies WHERE referenced_object_id = '{id}' \
                         UNION ALL SELECT referenced_object_id FROM mz_internal.mz_object_dependencies WHERE object_id = '{id}')"
                    ));
                }
                if given.is_some() || source.is_none() {
                    conditions.push(format!("schema_id = '{}'", schema(given)?));
                }
                conditions.push("type IN ('subsource', 'progress')".into());
            }
            Scope::Indexes(Some(on), _) => {
                let id = cx.catalog.resolve_item(names, on)?;
                if !is_relation(cx, id) {
                    let (name, kind) = shown(cx, id);
                    return Err(plan(format!("cannot show indexes on {name} because it is a {kind}")));
                }
                conditions.push(format!("on_id = '{id}'"))
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
        let Listing { relation, columns, hidden, order, .. } = self;
        let all = if conditions.is_empty() { "true".to_owned() } else { conditions.join(" AND ") };
        // What the user asks for is asked of the columns that the listing has.
        let own = match &self.filter {
            Filter::None => String::new(),
            Filter::Like(pattern) => format!(" WHERE name LIKE {}", literal(pattern)),
            Filter::Where(condition) => format!(" WHERE {condition}"),
        };
        let inner = [columns].into_iter().chain(*hidden).copied().collect::<Vec<_>>().join(", ");
        let schema = if *relation == "mz_sources" { "mz_catalog" } else { "mz_internal" };
        let inner = format!("SELECT {inner} FROM {schema}.{relation} WHERE {all}");
        let order = order.unwrap_or(columns);
        Ok(Outcome::Query(format!("SELECT {columns} FROM ({inner}) AS q{own} ORDER BY {order}")))
    }
}

/// The full name of an item and its kind, for messages.
fn shown(cx: &Context<'_>, id: Id) -> (String, &'static str) {
    (cx.catalog.dotted(id), cx.catalog.kind_of(Object::Item(id)).words())
}

fn is_relation(cx: &Context<'_>, id: Id) -> bool {
    use ObjectKind::{MaterializedView, Source, Table, View};
    matches!(cx.catalog.kind_of(Object::Item(id)), Source | Table | View | MaterializedView)
}

/// The source ON which other items are to be shown.
fn source_of(cx: &Context<'_>, name: &[String], what: &str) -> Result<Id, SqlError> {
    let id = cx.catalog.resolve_item(&cx.session.names, name)?;
    match shown(cx, id) {
        (_, "source") => Ok(id),
        (name, kind) => Err(plan(format!("cannot show {what} on {name} because it is a {kind}"))),
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
        let shown = |_: &String| is_shown(cx, &self.0.to_lowercase());
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
fn is_shown(cx: &Context<'_>, key: &str) -> bool {
    matches!(cx.session.role, MZ_SYSTEM | MZ_SUPPORT) || parameters::shown_to_users(key)
}

struct ShowAll;

impl Command for ShowAll {
    fn kind(&self) -> Kind {
        Kind::Show
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let parameters = cx.catalog.parameters.iter().filter(|(key, _)| is_shown(cx, key));
        let rows = parameters.map(|(_, p)| {
            let value = cx.session.parameter(cx.catalog, &p.name).unwrap_or_default();
            vec![p.name.clone(), value, String::new()]
        });
        Ok(text_rows(&["name", "setting", "description"], rows.collect()))
    }
}
