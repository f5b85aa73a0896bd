//! Every served row fits the relation's columns, in a fresh environment and in one with an object of every kind.

use super::{Scope, rows};
use crate::catalog::item::Definition;
use crate::catalog::{Catalog, Shared, Upstreams};
use crate::datum::Datum;
use crate::session::Session;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

const UPSTREAMS: &str = include_str!("../../../conformance/upstreams.json");

fn environment() -> Arc<Shared> {
    Shared::new(Catalog::new("test-0", Upstreams::parse(UPSTREAMS).expect("the upstreams are readable")))
}

fn run(shared: &Arc<Shared>, sql: &str) {
    let mut session = Session::new(shared.clone(), "mz_system", &BTreeMap::new()).expect("mz_system may sign in");
    for statement in crate::sql::split(sql).expect("the statements parse") {
        session.execute(&statement, &[]).unwrap_or_else(|e| panic!("{}: {e}", statement.text));
    }
}

/// Schema, name, and columns: name, type, nullable.
type Relation<'c> = (&'c str, &'c str, &'c [(String, String, bool)]);

fn relations(c: &Catalog) -> Vec<Relation<'_>> {
    let found = c.items.values().filter_map(|i| match &i.definition {
        Definition::System(r) => Some((r.schema.as_str(), r.name.as_str(), r.columns.as_slice())),
        _ => None,
    });
    found.collect()
}

fn fits(value: &Datum, ty: &str) -> bool {
    match value {
        Datum::Null => true,
        Datum::Bool(_) => ty == "boolean",
        Datum::Int(_) => matches!(ty, "smallint" | "integer" | "bigint"),
        Datum::Uint(_) => matches!(ty, "oid" | "uint2" | "uint4" | "uint8"),
        Datum::Float(_) => matches!(ty, "real" | "double precision"),
        Datum::Numeric(_) => ty == "numeric",
        Datum::Timestamp(_) => matches!(ty, "timestamp with time zone" | "mz_timestamp"),
        Datum::Array(items) if ty == "list" => items.iter().all(|i| fits(i, "text")),
        Datum::Array(items) if ty == "int2vector" => items.iter().all(|i| fits(i, "smallint")),
        Datum::Array(items) => ty.strip_suffix("[]").is_some_and(|element| items.iter().all(|i| fits(i, element))),
        Datum::Map(_) => false,
        Datum::Text(_) => {
            matches!(ty, "text" | "char" | "jsonb" | "mz_aclitem" | "interval" | "uuid" | "regproc" | "bytea")
        }
    }
}

/// The relations that answer, each row checked against its columns.
fn check(c: &Catalog) -> BTreeMap<String, usize> {
    let mut served = BTreeMap::new();
    for (schema, name, columns) in relations(c) {
        let Some(rows) = rows(&Scope::all(c), schema, name) else { continue };
        for row in &rows {
            assert_eq!(row.len(), columns.len(), "{schema}.{name}: {row:?}");
            for (value, (column, ty, nullable)) in row.iter().zip(columns) {
                assert!(*nullable || *value != Datum::Null, "{schema}.{name}.{column} is null: {row:?}");
                assert!(fits(value, ty), "{schema}.{name}.{column} is {ty}: {value:?}");
            }
        }
        served.insert(format!("{schema}.{name}"), rows.len());
    }
    served
}

#[test]
fn rows_of_a_fresh_environment_fit_their_columns() {
    let shared = environment();
    let served = check(&shared.read());
    for name in ["mz_catalog.mz_databases", "mz_catalog.mz_roles", "mz_catalog.mz_columns"] {
        assert!(served.get(name).is_some_and(|rows| *rows > 0), "{name}");
    }
}

/// An object of every kind, comments, grants and settings of every kind.
const POPULATION: &str = r#"
CREATE ROLE team; CREATE ROLE lead WITH LOGIN PASSWORD 'p'; GRANT team TO lead;
ALTER ROLE team SET cluster = 'quickstart';
GRANT CREATEDB ON SYSTEM TO team; GRANT USAGE ON CLUSTER quickstart TO team; GRANT USAGE ON DATABASE materialize TO team;
ALTER DEFAULT PRIVILEGES FOR ROLE lead IN SCHEMA materialize.public GRANT SELECT ON TABLES TO team;
CREATE DATABASE d; CREATE SCHEMA d.s; COMMENT ON SCHEMA d.s IS 'c';
CREATE CLUSTER c (SIZE '25cc', REPLICATION FACTOR 2, INTROSPECTION INTERVAL = 0, WORKLOAD CLASS 'batch');
CREATE CLUSTER r (SIZE '25cc', SCHEDULE = ON REFRESH (HYDRATION TIME ESTIMATE = '10 minutes'));
CREATE CLUSTER u (REPLICAS (r1 (SIZE '25cc'), r2 (SIZE '50cc')));
CREATE CLUSTER REPLICA u.support SIZE = '25cc', INTERNAL;
CREATE NETWORK POLICY office (RULES (b (action='allow', direction='ingress', address='198.51.100.7/32'), a (action='allow', direction='ingress', address='203.0.113.0/24')));
CREATE SECRET sec AS 'x';
CREATE TYPE ints AS LIST (ELEMENT TYPE = int4); CREATE TYPE dict AS MAP (KEY TYPE = text, VALUE TYPE = int4);
CREATE TYPE address AS (street text, zip int4);
CREATE TABLE t (id int NOT NULL DEFAULT 7, note varchar(20), total numeric(10, 2), tags ints, m map[text => int4], l int4 list, a text[]);
INSERT INTO t (id, note) VALUES (1, 'one');
COMMENT ON COLUMN t.note IS 'what it says';
GRANT SELECT ON TABLE t TO PUBLIC;
CREATE VIEW v AS SELECT id, note FROM t;
CREATE MATERIALIZED VIEW mv IN CLUSTER c WITH (RETAIN HISTORY FOR '2 minutes', REFRESH EVERY '1 day') AS SELECT id FROM v;
CREATE INDEX i IN CLUSTER c ON t (id, upper(note)) WITH (RETAIN HISTORY FOR '1 hour'); CREATE DEFAULT INDEX ON v;
CREATE CONNECTION ssh TO SSH TUNNEL (HOST 'h', USER 'u', PORT 22);
CREATE CONNECTION pl TO AWS PRIVATELINK (SERVICE NAME 'com.amazonaws.us-east-1.vpce.example', AVAILABILITY ZONES ('use1-az1'));
CREATE CONNECTION aws TO AWS (REGION 'us-east-1', ASSUME ROLE ARN 'arn:aws:iam::123456789012:role/mz') WITH (VALIDATE = false);
CREATE CONNECTION far TO KAFKA (BROKERS ('b1:9092', 'b2:9092' USING SSH TUNNEL ssh), SECURITY PROTOCOL PLAINTEXT) WITH (VALIDATE = false);
CREATE CONNECTION k TO KAFKA (BROKER '127.0.0.1:9092', SECURITY PROTOCOL PLAINTEXT);
CREATE CONNECTION pgc TO POSTGRES (HOST '127.0.0.1', PORT 5499, DATABASE 'shop', USER 'postgres', PASSWORD SECRET sec);
CREATE SOURCE auction IN CLUSTER r FROM LOAD GENERATOR AUCTION (TICK INTERVAL '1s') FOR ALL TABLES;
CREATE SOURCE hook IN CLUSTER c FROM WEBHOOK BODY FORMAT JSON;
CREATE TABLE hook_table FROM WEBHOOK BODY FORMAT TEXT INCLUDE HEADERS;
CREATE SOURCE pg IN CLUSTER c FROM POSTGRES CONNECTION pgc (PUBLICATION 'shop_pub') FOR TABLES (public.orders AS shop_orders);
CREATE SOURCE pg_bare IN CLUSTER c FROM POSTGRES CONNECTION pgc (PUBLICATION 'shop_pub');
CREATE TABLE cust FROM SOURCE pg_bare (REFERENCE public.customers);
CREATE SOURCE kbare IN CLUSTER c FROM KAFKA CONNECTION k (TOPIC 'events');
CREATE TABLE ktab FROM SOURCE kbare (REFERENCE "events") KEY FORMAT TEXT VALUE FORMAT JSON INCLUDE KEY AS k ENVELOPE NONE;
CREATE SINK sink IN CLUSTER c FROM t INTO KAFKA CONNECTION k (TOPIC 'out') KEY (id) NOT ENFORCED FORMAT JSON ENVELOPE UPSERT;
COMMENT ON SINK sink IS 'goes out';
"#;

#[test]
fn rows_of_every_kind_of_object_fit_their_columns() {
    let shared = environment();
    let fresh = check(&shared.read());
    run(&shared, POPULATION);
    let served = check(&shared.read());
    // What the population has nothing for.
    let same = [
        "mz_array_types", "mz_base_types", "mz_cluster_replica_sizes", "mz_iceberg_sinks", "mz_mysql_source_tables",
        "mz_pseudo_types", "mz_replacements", "mz_sql_server_source_tables", "pg_range", "pg_settings",
        "pg_tablespace",
    ];
    for (name, rows) in &served {
        let relation = name.split('.').next_back().unwrap_or_default();
        let empty = super::EMPTY.contains(&relation);
        assert!(!empty || *rows == 0, "{name} has rows");
        if !empty && !same.contains(&relation) {
            assert!(fresh.get(name) < Some(rows), "{name} has no row more than before");
        }
    }
    let names: BTreeSet<&str> = served.keys().filter_map(|n| n.split('.').next_back()).collect();
    let unknown: Vec<_> = super::EMPTY.iter().chain(&same).filter(|n| !names.contains(*n)).collect();
    assert!(unknown.is_empty(), "no such relations: {unknown:?}");
}

#[test]
fn ten_thousand_objects_are_read_at_once() {
    let shared = environment();
    let mut statements = String::from("CREATE ROLE team;");
    for n in 0..50 {
        statements += &format!("CREATE SCHEMA s{n};");
        for m in 0..100 {
            statements +=
                &format!("CREATE TABLE s{n}.t{m} (a int, b text); CREATE VIEW s{n}.v{m} AS SELECT a FROM s{n}.t{m};");
        }
    }
    let start = Instant::now();
    run(&shared, &statements);
    println!("made in {:?}", start.elapsed());
    let c = shared.read();
    for (schema, name, _) in relations(&c) {
        let start = Instant::now();
        let count = rows(&Scope::all(&c), schema, name).map_or(0, |r| r.len());
        let took = start.elapsed();
        println!("{took:?} for {count} rows of {schema}.{name}");
        // Far more than it takes even on a busy machine without optimisation; far less than anything quadratic takes.
        assert!(took.as_secs() < 5, "{took:?} for {count} rows of {schema}.{name}");
    }
}
