//! The state that the official provider (v0.11.5) writes for a configuration which it has just applied: by the rules of
//! what it keeps of the configuration, and with what it reads from the server. The recorded states come out of it again,
//! and a test says so.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::hcl_value::{Configured, configured};
use crate::support::hcl;
use crate::support::sql::Session;

/// The official provider's schemas.
pub fn schema() -> Value {
    let schema: Value = serde_json::from_str(include_str!("../../data/schema.json")).expect("the official schema");
    schema["resources"].clone()
}

fn default(attribute: &Value) -> Value {
    match attribute["has_default_func"] == true {
        true => json!("materialize"),
        false => attribute["default"].clone(),
    }
}

/// What a reference to an attribute gives that is not configured.
fn unsaid(attributes: &Value, given: &Value, name: &str) -> Value {
    let part = |part: &str| Some(&given[part]).filter(|value| !value.is_null()).cloned();
    match name {
        "qualified_sql_name" => {
            let parts = ["database_name", "schema_name", "name"];
            let parts = parts.map(|name| quoted(&part(name).unwrap_or_else(|| default(&attributes[name]))));
            parts.join(".").into()
        }
        name => default(&attributes[name]),
    }
}

/// The paths of sensitive attributes, as Terraform stores them: at the top, and in blocks that are there.
fn sensitive(attributes: &Value, state: &Value) -> Value {
    let step = |name: &str| json!({ "type": "get_attr", "value": name });
    let mut paths = Vec::new();
    for (name, declaration) in attributes.as_object().expect("attributes") {
        let inner = declaration["block"].as_object().into_iter().flatten();
        let marked = inner.filter(|(_, inner)| inner["sensitive"] == true).map(|(inner, _)| inner);
        if declaration["sensitive"] == true {
            paths.push(json!([step(name)]));
        }
        for inner in marked.filter(|_| state[name].as_array().is_some_and(|blocks| !blocks.is_empty())) {
            let first = json!({ "type": "index", "value": { "value": 0, "type": "number" } });
            paths.push(json!([step(name), first, step(inner)]));
        }
    }
    paths.into()
}

/// What the configuration says, and the defaults, in the form of the state.
fn shape(attributes: &Value, given: &Value, in_block: bool) -> Value {
    let declared = attributes.as_object().expect("attributes");
    let said = |name: &String, declaration: &Value| !given[name].is_null() || !default(declaration).is_null();
    // A block in which nothing is set keeps its nulls.
    let zero = in_block && declared.iter().any(|(name, declaration)| said(name, declaration));
    let mut shaped = Map::new();
    for (name, declaration) in declared {
        let value = match &given[name] {
            Value::Null => default(declaration),
            value => value.clone(),
        };
        let value = match (declaration["type"].as_str().unwrap_or_default(), value) {
            (_, value) if declaration["block"].is_object() => {
                let blocks = value.as_array().cloned().unwrap_or_default();
                blocks.iter().map(|block| shape(&declaration["block"], block, true)).collect()
            }
            _ if name.ends_with("_wo") => Value::Null,
            ("string", Value::Null) if zero => json!(""),
            ("int" | "float", Value::Null) if zero => json!(0),
            ("bool", Value::Null) if zero => json!(false),
            (_, value) => value,
        };
        shaped.insert(name.clone(), value);
    }
    Value::Object(shaped)
}

fn literal(text: &Value) -> String {
    format!("'{}'", text.as_str().unwrap_or_default().replace('\'', "''"))
}

fn quoted(text: &Value) -> String {
    format!("\"{}\"", text.as_str().unwrap_or_default().replace('"', "\"\""))
}

fn triple(row: &[String]) -> Value {
    json!([{ "name": row[0], "schema_name": row[1], "database_name": row[2] }])
}

/// A value of the server as text, with null as the empty one.
fn text(value: &str) -> Value {
    if value == "NULL" { json!("") } else { json!(value) }
}

fn boolean(value: &str) -> Value {
    json!(value == "t" || value == "true")
}

/// What the server says of one resource.
struct Reading<'a> {
    session: &'a Session,
    kind: &'a str,
    state: Value,
    /// The attributes that are read, so that an import fills them.
    read: BTreeSet<String>,
}

impl Reading<'_> {
    fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        self.session.query(sql).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    fn row(&self, sql: &str) -> Vec<String> {
        self.rows(sql).into_iter().next().unwrap_or_else(|| panic!("{}: nothing for {sql}", self.kind))
    }

    fn one(&self, sql: &str) -> String {
        self.row(sql).swap_remove(0)
    }

    fn id_of(&self, relation: &str, name: &str) -> String {
        self.one(&format!("SELECT id FROM {relation} WHERE name = {}", literal(&self.state[name])))
    }

    fn role(&self, name: &str) -> String {
        match self.state[name] == "PUBLIC" {
            true => "p".to_owned(),
            false => self.id_of("mz_roles", name),
        }
    }

    /// The id of an object in a schema, by the attributes that name it.
    fn item(&self, kind: &str, name: &str) -> String {
        let [name, schema, database] = [name, "schema_name", "database_name"].map(|path| literal(&self.state[path]));
        self.one(&format!(
            "SELECT o.id FROM mz_objects o JOIN mz_schemas s ON s.id = o.schema_id JOIN mz_databases d \
             ON d.id = s.database_id WHERE o.name = {name} AND s.name = {schema} AND d.name = {database} \
             AND o.type = '{kind}'"
        ))
    }

    fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.state[name] = value.into();
        self.read.insert(name.to_owned());
    }

    /// Owner and comment.
    fn scope(&mut self, relation: &str, kind: &str, id: &str) {
        if self.state.as_object().is_some_and(|state| state.contains_key("ownership_role")) {
            let owner = self.one(&format!(
                "SELECT r.name FROM {relation} o JOIN mz_roles r ON r.id = o.owner_id WHERE o.id = '{id}'"
            ));
            self.set("ownership_role", owner);
        }
        let comments = self.rows(&format!(
            "SELECT comment FROM mz_internal.mz_comments WHERE id = '{id}' AND object_type = '{kind}' \
             AND object_sub_id IS NULL"
        ));
        self.set("comment", comments.first().map_or("", |row| &row[0]));
    }

    /// The three names of an object by its id.
    fn names(&self, id: &str) -> Value {
        triple(&self.row(&format!(
            "SELECT o.name, s.name, d.name FROM mz_objects o JOIN mz_schemas s ON s.id = o.schema_id JOIN mz_databases d \
             ON d.id = s.database_id WHERE o.id = '{id}'"
        )))
    }

    fn grant(&mut self, kind: &str) -> String {
        let role = self.role("role_name");
        let privilege = self.state["privilege"].as_str().unwrap_or_default().to_owned();
        let named = format!("{kind}_name");
        let object = match kind {
            "cluster" => self.id_of("mz_clusters", "cluster_name"),
            "database" => self.id_of("mz_databases", "database_name"),
            "schema" => self.schema_id("schema_name"),
            kind => self.item(&kind.replace('_', "-"), &named),
        };
        format!("GRANT|{}|{object}|{role}|{privilege}", kind.replace('_', " ").to_uppercase())
    }

    fn schema_id(&self, name: &str) -> String {
        self.one(&format!(
            "SELECT s.id FROM mz_schemas s JOIN mz_databases d ON d.id = s.database_id WHERE s.name = {} AND d.name = {}",
            literal(&self.state[name]),
            literal(&self.state["database_name"])
        ))
    }

    /// Fills what the official provider reads, and returns the id without its region.
    fn read(&mut self) -> String {
        let kind = self.kind;
        if let Some(object) = kind.strip_suffix("_grant_default_privilege") {
            let (grantee, target) = (self.role("grantee_name"), self.role("target_role_name"));
            let privilege = self.state["privilege"].as_str().unwrap_or_default();
            return format!("GRANT DEFAULT|{}|{grantee}|{target}|||{privilege}", object.to_uppercase());
        }
        match kind {
            "grant_system_privilege" => {
                let privilege = self.state["privilege"].as_str().unwrap_or_default();
                return format!("GRANT SYSTEM|{}|{privilege}", self.role("role_name"));
            }
            "role_grant" => return format!("ROLE MEMBER|{}|{}", self.role("role_name"), self.role("member_name")),
            _ => {}
        }
        if let Some(object) = kind.strip_suffix("_grant") {
            return self.grant(object);
        }
        let name = self.state["name"].clone();
        match kind {
            "system_parameter" => {
                self.set("value", self.one(&format!("SHOW {}", quoted(&name))));
                name.as_str().expect("a name").to_owned()
            }
            "role_parameter" => {
                ["role_name", "variable_name"].map(|n| self.state[n].as_str().expect("a name")).concat()
            }
            "role" => self.read_role(),
            "database" => {
                let id = self.id_of("mz_databases", "name");
                self.scope("mz_databases", "database", &id);
                id
            }
            "schema" => {
                let id = self.schema_id("name");
                self.scope("mz_schemas", "schema", &id);
                let database = self.state["database_name"].clone();
                self.set("qualified_sql_name", format!("{}.{}", quoted(&database), quoted(&name)));
                match self.state["identify_by_name"] == true {
                    true => format!("name:{}|{}", database.as_str().unwrap(), name.as_str().unwrap()),
                    false => id,
                }
            }
            "cluster" => self.read_cluster(),
            "cluster_replica" => self.read_replica(),
            "network_policy" => {
                let id = self.id_of("mz_internal.mz_network_policies", "name");
                self.scope("", "network-policy", &id);
                let rules = self.rows(&format!(
                    "SELECT name, action, direction, address FROM mz_internal.mz_network_policy_rules WHERE policy_id = '{id}'"
                ));
                let rule = |row: &Vec<String>| json!({ "name": row[0], "action": row[1], "direction": row[2], "address": row[3] });
                self.set("rule", rules.iter().map(rule).collect::<Value>());
                id
            }
            "index" => self.read_index(),
            _ => self.read_item(),
        }
    }

    fn read_role(&mut self) -> String {
        let id = self.id_of("mz_roles", "name");
        self.scope("", "role", &id);
        let name = self.state["name"].clone();
        let row = self.row(&format!(
            "SELECT r.inherit, p.rolsuper, p.rolcanlogin FROM mz_roles r JOIN pg_roles p ON p.rolname = r.name \
             WHERE r.id = '{id}'"
        ));
        for (attribute, value) in ["inherit", "superuser", "login"].iter().zip(&row) {
            self.set(attribute, boolean(value));
        }
        self.set("qualified_sql_name", quoted(&name));
        if self.state["create_if_not_exists"].is_null() {
            self.set("create_if_not_exists", false);
        }
        id
    }

    fn read_cluster(&mut self) -> String {
        let id = self.id_of("mz_clusters", "name");
        self.scope("mz_clusters", "cluster", &id);
        let row = self.row(&format!("SELECT size, replication_factor FROM mz_clusters WHERE id = '{id}'"));
        self.set("size", text(&row[0]));
        self.set("replication_factor", row[1].parse::<u64>().unwrap_or(0));
        let zones = self.rows(&format!("SELECT unnest(availability_zones) FROM mz_clusters WHERE id = '{id}'"));
        self.set("availability_zones", zones.iter().map(|row| json!(row[0])).collect::<Value>());
        self.set("disk", true);
        match self.state["identify_by_name"] == true {
            true => format!("name:{}", self.state["name"].as_str().unwrap()),
            false => format!("id:{id}"),
        }
    }

    fn read_replica(&mut self) -> String {
        let row = self.row(&format!(
            "SELECT r.id, r.size, r.availability_zone, r.disk FROM mz_cluster_replicas r JOIN mz_clusters c \
             ON c.id = r.cluster_id WHERE r.name = {} AND c.name = {}",
            literal(&self.state["name"]),
            literal(&self.state["cluster_name"])
        ));
        self.scope("", "cluster-replica", &row[0]);
        self.set("size", row[1].clone());
        self.set("availability_zone", text(&row[2]));
        self.set("disk", boolean(&row[3]));
        row[0].clone()
    }

    fn read_index(&mut self) -> String {
        let target = self.state["obj_name"][0].clone();
        if self.state["default"] == true {
            self.set("name", format!("{}_primary_idx", target["name"].as_str().unwrap()));
        }
        let name = self.state["name"].clone();
        let row = self.row(&format!(
            "SELECT i.id, o.id FROM mz_indexes i JOIN mz_objects o ON o.id = i.on_id JOIN mz_schemas s ON \
             s.id = o.schema_id JOIN mz_databases d ON d.id = s.database_id WHERE i.name = {} AND o.name = {} AND \
             s.name = {} AND d.name = {} AND o.type IN ('source', 'view', 'materialized-view')",
            literal(&name),
            literal(&target["name"]),
            literal(&target["schema_name"]),
            literal(&target["database_name"])
        ));
        self.scope("", "index", &row[0]);
        let columns = self.rows(&format!(
            "SELECT c.name FROM mz_index_columns k JOIN mz_columns c ON c.position = k.on_position AND c.id = '{}' \
             WHERE k.index_id = '{}' ORDER BY c.position",
            row[1], row[0]
        ));
        if !columns.is_empty() {
            self.set("col_expr", columns.iter().map(|row| json!({ "field": row[0] })).collect::<Value>());
        }
        let parts = ["database_name", "schema_name"].map(|part| target[part].clone());
        self.set("database_name", parts[0].clone());
        self.set("schema_name", parts[1].clone());
        self.set("qualified_sql_name", [&parts[0], &parts[1], &name].map(quoted).join("."));
        row[0].clone()
    }

    /// An object in a schema.
    fn read_item(&mut self) -> String {
        let kind = self.kind;
        let in_catalog = match kind {
            "secret" | "table" | "view" | "type" => kind,
            "materialized_view" => "materialized-view",
            kind if kind.starts_with("connection_") => "connection",
            kind if kind.starts_with("source_table_") => "table",
            kind if kind.starts_with("source_") => "source",
            kind if kind.starts_with("sink_") => "sink",
            kind => panic!("{kind} has no SQL behind it"),
        };
        let id = self.item(in_catalog, "name");
        self.scope("mz_objects", in_catalog, &id);
        if !kind.starts_with("source_table_") {
            let parts = ["database_name", "schema_name", "name"].map(|part| quoted(&self.state[part]));
            self.set("qualified_sql_name", parts.join("."));
        }
        match in_catalog {
            "table" if kind == "table" => self.read_columns(&id),
            "view" | "materialized-view" => {
                let relation = if kind == "view" { "mz_views" } else { "mz_materialized_views" };
                self.set("create_sql", self.one(&format!("SELECT create_sql FROM {relation} WHERE id = '{id}'")));
            }
            "type" => self.set("category", self.one(&format!("SELECT category FROM mz_types WHERE id = '{id}'"))),
            "connection" => self.read_connection(&id),
            _ => {}
        }
        if matches!(kind, "materialized_view") || matches!(in_catalog, "source" | "sink") {
            let relation = match in_catalog {
                "materialized-view" => "mz_materialized_views",
                "source" => "mz_sources",
                _ => "mz_sinks",
            };
            let row = self.row(&format!(
                "SELECT c.name, c.size FROM {relation} o JOIN mz_clusters c ON c.id = o.cluster_id WHERE o.id = '{id}'"
            ));
            self.set("cluster_name", row[0].clone());
            if in_catalog != "materialized-view" {
                self.set("size", text(&row[1]));
            }
        }
        self.read_source(&id);
        id
    }

    fn read_columns(&mut self, id: &str) {
        let columns = self.rows(&format!(
            "SELECT c.name, c.type, c.nullable, c.default, m.comment FROM mz_columns c LEFT JOIN mz_internal.mz_comments m \
             ON m.id = c.id AND m.object_type = 'table' AND m.object_sub_id = c.position WHERE c.id = '{id}' \
             ORDER BY c.position"
        ));
        let column = |row: &Vec<String>| {
            json!({
                "name": row[0], "type": row[1], "nullable": row[2] == "f", "default": row[3], "comment": text(&row[4]),
            })
        };
        self.set("column", columns.iter().map(column).collect::<Value>());
    }

    fn read_connection(&mut self, id: &str) {
        let (relation, columns): (&str, &[(&str, &str)]) = match self.kind {
            "connection_aws" => (
                "mz_internal.mz_aws_connections",
                &[
                    ("endpoint", "endpoint"),
                    ("aws_region", "region"),
                    ("assume_role_arn", "assume_role_arn"),
                    ("assume_role_session_name", "assume_role_session_name"),
                    ("external_id", "external_id"),
                ],
            ),
            "connection_aws_privatelink" => ("mz_aws_privatelink_connections", &[("principal", "principal")]),
            "connection_ssh_tunnel" => {
                ("mz_ssh_tunnel_connections", &[("public_key_1", "public_key_1"), ("public_key_2", "public_key_2")])
            }
            "connection_kafka" => {
                for attribute in ["security_protocol", "sasl_mechanisms"] {
                    if let Some(text) = self.state[attribute].as_str().map(str::to_uppercase) {
                        self.set(attribute, text);
                    }
                }
                return;
            }
            _ => return,
        };
        for (attribute, column) in columns {
            let row = self.row(&format!("SELECT {column} FROM {relation} WHERE id = '{id}'"));
            self.set(attribute, text(&row[0]));
        }
    }

    fn read_source(&mut self, id: &str) {
        let connection = |kind: &str| match kind {
            "source_kafka" => Some("kafka_connection"),
            "source_postgres" => Some("postgres_connection"),
            "source_mysql" => Some("mysql_connection"),
            "source_sqlserver" => Some("sqlserver_connection"),
            _ => None,
        };
        if let Some(attribute) = connection(self.kind) {
            let connection = self.one(&format!("SELECT connection_id FROM mz_sources WHERE id = '{id}'"));
            self.set(attribute, self.names(&connection));
        }
        let upstream = |kind: &str| match kind.rsplit('_').next() {
            Some("postgres") => Some("mz_internal.mz_postgres_source_tables"),
            Some("mysql") => Some("mz_internal.mz_mysql_source_tables"),
            Some("sqlserver") => Some("mz_internal.mz_sql_server_source_tables"),
            _ => None,
        };
        match (self.kind, upstream(self.kind)) {
            ("source_webhook", _) => {
                self.set("url", self.one(&format!("SELECT url FROM mz_internal.mz_webhook_sources WHERE id = '{id}'")));
            }
            // Right after it is made, the state of one with all tables has none.
            ("source_mysql", _) if self.state["all_tables"] == true => self.set("table", json!([])),
            ("source_postgres" | "source_mysql" | "source_sqlserver", Some(relation)) => {
                let tables = self.rows(&format!(
                    "SELECT o.name, s.name, d.name, t.table_name, t.schema_name \
                     FROM mz_internal.mz_object_dependencies p JOIN mz_objects o ON o.id = p.object_id \
                     JOIN mz_sources u ON u.id = o.id JOIN mz_schemas s ON s.id = o.schema_id \
                     JOIN mz_databases d ON d.id = s.database_id LEFT JOIN {relation} t ON t.id = o.id \
                     WHERE p.referenced_object_id = '{id}' AND u.type = 'subsource'"
                ));
                let table = |row: &Vec<String>| {
                    json!({
                        "name": row[0], "schema_name": row[1], "database_name": row[2],
                        "upstream_name": text(&row[3]), "upstream_schema_name": text(&row[4]),
                    })
                };
                self.set("table", tables.iter().map(table).collect::<Value>());
            }
            (kind, Some(relation)) if kind.starts_with("source_table_") => {
                let row = self.row(&format!("SELECT table_name, schema_name FROM {relation} WHERE id = '{id}'"));
                self.set("upstream_name", row[0].clone());
                self.set("upstream_schema_name", row[1].clone());
            }
            ("source_table_kafka", _) => {
                let topic =
                    self.one(&format!("SELECT topic FROM mz_internal.mz_kafka_source_tables WHERE id = '{id}'"));
                self.set("topic", topic);
            }
            _ => {}
        }
        if self.kind.starts_with("source_table_") && self.kind != "source_table_webhook" {
            let source = self.one(&format!("SELECT source_id FROM mz_tables WHERE id = '{id}'"));
            self.set("source", self.names(&source));
        }
    }
}

/// The resources to which one refers, directly and by way of others.
fn dependencies(text: &str, address: &str, all: &Configured) -> Vec<String> {
    let (mut found, mut todo) = (Vec::new(), vec![address.to_owned()]);
    while let Some(next) = todo.pop() {
        let block = hcl::block(text, &next).expect("a block");
        let body: Vec<&str> = text.lines().skip(block.start + 1).take(block.end - block.start - 1).collect();
        for other in all.keys().filter(|other| **other != next && !found.contains(*other)) {
            let named = |line: &&str| {
                line.match_indices(other.as_str()).any(|(at, _)| {
                    !line[at + other.len()..].starts_with(|c: char| c.is_alphanumeric() || "_-".contains(c))
                })
            };
            if body.iter().any(named) {
                todo.push(other.clone());
            }
        }
        if next != address && !found.contains(&next) {
            found.push(next);
        }
    }
    found.sort();
    found
}

/// What the official provider leaves.
pub struct Left {
    /// The state, as Terraform stores it.
    pub state: Value,
    /// The attributes that are read from the server, of every resource by its address.
    pub read: BTreeMap<String, BTreeSet<String>>,
}

/// What the state has of resources where nothing is read: what a failed update leaves of those that it was to change.
pub fn planned(text: &str) -> Configured {
    let schema = schema();
    let known = |kind: &str, given: &Value, path: &str| unsaid(&schema[kind]["attributes"], given, path);
    let all = configured(text, &known);
    all.into_iter()
        .map(|(address, given)| {
            let kind = address.split('.').next().expect("a type");
            let shaped = shape(&schema[kind]["attributes"], &given, false);
            (address, shaped)
        })
        .collect()
}

/// What is left after an apply in this region, for the provider with this address as states name it.
pub fn left(text: &str, session: &Session, address: &str, region: &str) -> Left {
    let schema = schema();
    let known = |kind: &str, given: &Value, path: &str| unsaid(&schema[kind]["attributes"], given, path);
    let all = configured(text, &known);
    let mut read = BTreeMap::new();
    let mut resources = Vec::new();
    for (name, given) in &all {
        let (kind, label) = name.split_once('.').expect("an address");
        assert!(schema[kind].is_object(), "{kind} is none of the official provider's");
        let state = shape(&schema[kind]["attributes"], given, false);
        let mut reading =
            Reading { session, kind: kind.trim_start_matches("materialize_"), state, read: BTreeSet::new() };
        let id = reading.read();
        reading.set("region", region);
        // The one id in which a colon of a name counts.
        let plain = kind == "materialize_role_parameter" && id.contains(':');
        reading.set("id", if plain { id } else { format!("{region}:{id}") });
        read.insert(name.clone(), reading.read);
        let sensitive = sensitive(&schema[kind]["attributes"], &reading.state);
        resources.push(json!({
            "mode": "managed", "type": kind, "name": label, "provider": format!("provider[{address:?}]"),
            "instances": [{
                "schema_version": 0, "attributes": reading.state, "sensitive_attributes": sensitive, "private": "bnVsbA==",
                "dependencies": dependencies(text, name, &all),
            }],
        }));
    }
    let state = json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "0c6f3a52-6a50-4f0c-9f3a-6f2f5f0f7a11",
        "outputs": {}, "resources": resources, "check_results": null,
    });
    Left { state, read }
}
