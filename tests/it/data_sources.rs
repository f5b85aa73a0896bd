//! Every data source that asks in SQL, with every filter: its id, its rows with all their columns, and their order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::support::server::{Server, split};
use crate::support::terraform::{Terraform, binaries};

/// Two schemas of one database, one of another, and each kind of object in them. The secrets come first and are many:
/// on a fresh server their ids pass from one digit to two.
const OBJECTS: &str = r#"
CREATE DATABASE "${p}d"; CREATE SCHEMA "${p}d"."${p}one"; CREATE SCHEMA "${p}d"."${p}two"; CREATE DATABASE "${p}e";
CREATE SECRET "${p}d"."${p}two"."${p}s1" AS 'x'; CREATE SECRET "${p}d"."${p}two"."${p}s2" AS 'x';
CREATE SECRET "${p}d"."${p}two"."${p}s3" AS 'x'; CREATE SECRET "${p}d"."${p}two"."${p}s4" AS 'x';
CREATE SECRET "${p}d"."${p}two"."${p}s5" AS 'x'; CREATE SECRET "${p}d"."${p}two"."${p}s6" AS 'x';
CREATE SECRET "${p}d"."${p}two"."${p}s7" AS 'x'; CREATE SECRET "${p}d"."${p}two"."${p}s8" AS 'x';
CREATE SECRET "${p}d"."${p}two"."${p}s9" AS 'x'; CREATE SECRET "${p}d"."${p}two"."${p}s10" AS 'x';
CREATE SECRET "${p}d"."${p}two"."${p}s11" AS 'x'; CREATE SECRET "${p}d"."${p}one"."${p}s12" AS 'x';
CREATE SECRET "${p}e".public."${p}s13" AS 'x';
CREATE ROLE "${p}role"; CREATE ROLE "${p}Role"; CREATE ROLE "${p}r_le"; CREATE ROLE "${p}quote'd";
CREATE CLUSTER "${p}managed" (SIZE '25cc', REPLICATION FACTOR 1);
CREATE CLUSTER "${p}loose" REPLICAS ("${p}replica" (SIZE '25cc'));
CREATE NETWORK POLICY "${p}open" (RULES (
    b (ACTION = 'allow', DIRECTION = 'ingress', ADDRESS = '10.1.0.0/16'),
    a (ACTION = 'allow', DIRECTION = 'ingress', ADDRESS = '10.0.0.0/8')));
COMMENT ON NETWORK POLICY "${p}open" IS 'the office''s';
CREATE NETWORK POLICY "${p}closed" (RULES ());
CREATE CONNECTION "${p}d"."${p}one"."${p}ssh" TO SSH TUNNEL (HOST 'h', USER 'u', PORT 22);
CREATE CONNECTION "${p}d"."${p}two"."${p}ssh2" TO SSH TUNNEL (HOST 'h', USER 'u', PORT 22);
CREATE CONNECTION "${p}e".public."${p}ssh3" TO SSH TUNNEL (HOST 'h', USER 'u', PORT 22);
CREATE TABLE "${p}d"."${p}one"."${p}t1" (a int); CREATE TABLE "${p}d"."${p}two"."${p}t2" (a int);
CREATE TABLE "${p}e".public."${p}t3" (a int);
CREATE VIEW "${p}d"."${p}one"."${p}v1" AS SELECT 1 AS a; CREATE VIEW "${p}d"."${p}two"."${p}v2" AS SELECT 1 AS a;
CREATE VIEW "${p}e".public."${p}v3" AS SELECT 1 AS a;
CREATE MATERIALIZED VIEW "${p}d"."${p}one"."${p}m1" IN CLUSTER "${p}managed" AS SELECT 1 AS a;
CREATE MATERIALIZED VIEW "${p}d"."${p}two"."${p}m2" IN CLUSTER "${p}managed" AS SELECT 1 AS a;
CREATE MATERIALIZED VIEW "${p}e".public."${p}m3" IN CLUSTER "${p}managed" AS SELECT 1 AS a;
CREATE TYPE "${p}d"."${p}one"."${p}y1" AS LIST (ELEMENT TYPE = int);
CREATE TYPE "${p}d"."${p}two"."${p}y2" AS MAP (KEY TYPE = text, VALUE TYPE = int);
CREATE TYPE "${p}e".public."${p}y3" AS (a int);
CREATE INDEX "${p}i1" IN CLUSTER "${p}managed" ON "${p}d"."${p}one"."${p}v1" (a);
CREATE INDEX "${p}i2" IN CLUSTER "${p}managed" ON "${p}d"."${p}two"."${p}m2" (a);
CREATE INDEX "${p}i3" IN CLUSTER "${p}managed" ON "${p}e".public."${p}v3" (a);
CREATE INDEX "${p}on_table" IN CLUSTER "${p}managed" ON "${p}d"."${p}one"."${p}t1" (a);
CREATE SOURCE "${p}d"."${p}one"."${p}auction" IN CLUSTER "${p}managed" FROM LOAD GENERATOR AUCTION;
CREATE SOURCE "${p}e".public."${p}counter" IN CLUSTER "${p}managed" FROM LOAD GENERATOR COUNTER;
CREATE TABLE "${p}d"."${p}two"."${p}bids" FROM SOURCE "${p}d"."${p}one"."${p}auction" (REFERENCE auction.bids);
CREATE TABLE "${p}e".public."${p}users" FROM SOURCE "${p}d"."${p}one"."${p}auction" (REFERENCE auction.users);
COMMENT ON TABLE "${p}d"."${p}two"."${p}bids" IS 'offers'; COMMENT ON COLUMN "${p}d"."${p}two"."${p}bids".id IS 'x';
ALTER TABLE "${p}d"."${p}two"."${p}bids" OWNER TO "${p}role";
"#;

/// What needs brokers and databases that the server reaches.
const UPSTREAM: &str = r#"
CREATE CONNECTION "${p}e".public."${p}kafka" TO KAFKA (BROKER '127.0.0.1:9092', SECURITY PROTOCOL PLAINTEXT);
CREATE CONNECTION "${p}e".public."${p}pg" TO POSTGRES (HOST '127.0.0.1', PORT 5499, DATABASE 'shop', USER 'u');
CREATE CONNECTION "${p}e".public."${p}my" TO MYSQL (HOST '127.0.0.1', PORT 3399, USER 'u');
CREATE CONNECTION "${p}e".public."${p}ms" TO SQL SERVER
    (HOST '127.0.0.1', PORT 1499, DATABASE 'shop', USER 'u', PASSWORD SECRET "${p}e".public."${p}s13");
CREATE SOURCE "${p}e".public."${p}from_kafka" IN CLUSTER "${p}managed"
    FROM KAFKA CONNECTION "${p}e".public."${p}kafka" (TOPIC 'events') FORMAT TEXT ENVELOPE NONE;
CREATE SOURCE "${p}e".public."${p}topic" IN CLUSTER "${p}managed"
    FROM KAFKA CONNECTION "${p}e".public."${p}kafka" (TOPIC 'events');
CREATE SOURCE "${p}e".public."${p}from_pg" IN CLUSTER "${p}managed"
    FROM POSTGRES CONNECTION "${p}e".public."${p}pg" (PUBLICATION 'shop_pub');
CREATE SOURCE "${p}e".public."${p}from_my" IN CLUSTER "${p}managed" FROM MYSQL CONNECTION "${p}e".public."${p}my";
CREATE SOURCE "${p}e".public."${p}from_ms" IN CLUSTER "${p}managed" FROM SQL SERVER CONNECTION "${p}e".public."${p}ms";
CREATE TABLE "${p}e".public."${p}events" FROM SOURCE "${p}e".public."${p}topic" (REFERENCE events) FORMAT TEXT;
CREATE TABLE "${p}e".public."${p}pgt" FROM SOURCE "${p}e".public."${p}from_pg" (REFERENCE public.customers);
CREATE TABLE "${p}e".public."${p}myt" FROM SOURCE "${p}e".public."${p}from_my" (REFERENCE shop.customers);
CREATE TABLE "${p}e".public."${p}mst" FROM SOURCE "${p}e".public."${p}from_ms" (REFERENCE dbo.customers);
CREATE SINK "${p}d"."${p}one"."${p}k1" IN CLUSTER "${p}managed" FROM "${p}d"."${p}one"."${p}t1"
    INTO KAFKA CONNECTION "${p}e".public."${p}kafka" (TOPIC 'out1') KEY (a) NOT ENFORCED FORMAT JSON ENVELOPE UPSERT;
CREATE SINK "${p}d"."${p}two"."${p}k2" IN CLUSTER "${p}managed" FROM "${p}d"."${p}one"."${p}t1"
    INTO KAFKA CONNECTION "${p}e".public."${p}kafka" (TOPIC 'out2') FORMAT JSON ENVELOPE DEBEZIUM;
CREATE SINK "${p}e".public."${p}k3" IN CLUSTER "${p}managed" FROM "${p}d"."${p}one"."${p}t1"
    INTO KAFKA CONNECTION "${p}e".public."${p}kafka" (TOPIC 'out3') FORMAT JSON ENVELOPE DEBEZIUM;
"#;

/// What takes everything away again, on a server that stays.
const AWAY: &str = r#"
DROP DATABASE "${p}d" CASCADE; DROP DATABASE "${p}e" CASCADE; DROP CLUSTER "${p}managed" CASCADE;
DROP CLUSTER "${p}loose" CASCADE; DROP NETWORK POLICY "${p}open"; DROP NETWORK POLICY "${p}closed";
DROP ROLE "${p}role"; DROP ROLE "${p}Role"; DROP ROLE "${p}r_le"; DROP ROLE "${p}quote'd";
"#;

/// Data sources, each with its list, the list's columns, and the rows of the objects above, in this order. `<name>` is
/// the id of what has the name, `~` the prefix of names, `-` nothing, `*` anything. A row that begins with `+` is only
/// there with [`UPSTREAM`].
const LISTS: &[(&str, &str, &str)] = &[
    (
        "cluster clusters",
        "disk id managed name replication_factor size",
        "true | <managed> | true | ~managed | 1 | 25cc
         false | <loose> | false | ~loose | 0 | -",
    ),
    (
        "cluster_replica cluster_replicas",
        "availability_zone cluster disk id name size",
        "- | ~managed | true | * | r1 | 25cc
         - | ~loose | true | <replica> | ~replica | 25cc",
    ),
    (
        "connection connections",
        "database_name id name schema_name type",
        "~d | <ssh> | ~ssh | ~one | ssh-tunnel
         ~d | <ssh2> | ~ssh2 | ~two | ssh-tunnel
         ~e | <ssh3> | ~ssh3 | public | ssh-tunnel
         +~e | <kafka> | ~kafka | public | kafka
         +~e | <pg> | ~pg | public | postgres
         +~e | <my> | ~my | public | mysql
         +~e | <ms> | ~ms | public | sql-server",
    ),
    ("database databases", "id name", "<d> | ~d\n<e> | ~e"),
    (
        "index indexes",
        "id name obj_database obj_name obj_schema",
        "<i1> | ~i1 | ~d | ~v1 | ~one
         <i2> | ~i2 | ~d | ~m2 | ~two
         <i3> | ~i3 | ~e | ~v3 | public",
    ),
    (
        "materialized_view materialized_views",
        "database_name id name schema_name",
        "~d | <m1> | ~m1 | ~one
         ~d | <m2> | ~m2 | ~two
         ~e | <m3> | ~m3 | public",
    ),
    (
        "network_policy network_policies",
        "comment id name rules",
        "the office's | <open> | ~open | allow,10.0.0.0/8,ingress,a; allow,10.1.0.0/16,ingress,b
         - | <closed> | ~closed | -",
    ),
    (
        "role roles",
        "id name",
        "<role> | ~role
         <Role> | ~Role
         <r_le> | ~r_le
         <quote'd> | ~quote'd",
    ),
    (
        "schema schemas",
        "database_name id name",
        "~d | * | public
         ~d | <one> | ~one
         ~d | <two> | ~two
         ~e | * | public",
    ),
    (
        "secret secrets",
        "database_name id name schema_name",
        "~d | <s1> | ~s1 | ~two
         ~d | <s2> | ~s2 | ~two
         ~d | <s3> | ~s3 | ~two
         ~d | <s4> | ~s4 | ~two
         ~d | <s5> | ~s5 | ~two
         ~d | <s6> | ~s6 | ~two
         ~d | <s7> | ~s7 | ~two
         ~d | <s8> | ~s8 | ~two
         ~d | <s9> | ~s9 | ~two
         ~d | <s10> | ~s10 | ~two
         ~d | <s11> | ~s11 | ~two
         ~d | <s12> | ~s12 | ~one
         ~e | <s13> | ~s13 | public",
    ),
    (
        "sink sinks",
        "cluster_name connection_name database_name envelope_type id name schema_name size type",
        "+~managed | ~kafka | ~d | upsert | <k1> | ~k1 | ~one | 25cc | kafka
         +~managed | ~kafka | ~d | debezium | <k2> | ~k2 | ~two | 25cc | kafka
         +~managed | ~kafka | ~e | debezium | <k3> | ~k3 | public | 25cc | kafka",
    ),
    (
        "source sources",
        "cluster_name connection_name database_name envelope_type id name schema_name size type",
        "~managed | - | ~d | - | <auction> | ~auction | ~one | 25cc | load-generator
         ~managed | - | ~e | - | <counter> | ~counter | public | 25cc | load-generator
         +- | - | ~e | - | <from_kafka_progress> | ~from_kafka_progress | public | - | progress
         +~managed | ~kafka | ~e | none | <from_kafka> | ~from_kafka | public | 25cc | kafka
         +~managed | ~kafka | ~e | - | <topic> | ~topic | public | 25cc | kafka
         +~managed | ~pg | ~e | - | <from_pg> | ~from_pg | public | 25cc | postgres
         +~managed | ~my | ~e | - | <from_my> | ~from_my | public | 25cc | mysql
         +~managed | ~ms | ~e | - | <from_ms> | ~from_ms | public | 25cc | sql-server",
    ),
    (
        "source_table tables",
        "comment database_name id name owner_name schema_name source source_type upstream_name upstream_schema_name",
        "offers | ~d | <bids> | ~bids | ~role | ~two | ~d,~auction,~one | load-generator | - | -
         - | ~e | <users> | ~users | * | public | ~d,~auction,~one | load-generator | - | -
         +- | ~e | <events> | ~events | * | public | ~e,~topic,public | kafka | events | -
         +- | ~e | <pgt> | ~pgt | * | public | ~e,~from_pg,public | postgres | customers | public
         +- | ~e | <myt> | ~myt | * | public | ~e,~from_my,public | mysql | customers | shop
         +- | ~e | <mst> | ~mst | * | public | ~e,~from_ms,public | sql-server | customers | dbo",
    ),
    (
        "table tables",
        "database_name id name schema_name",
        "~d | <t1> | ~t1 | ~one
         ~d | <t2> | ~t2 | ~two
         ~e | <t3> | ~t3 | public
         ~d | <bids> | ~bids | ~two
         ~e | <users> | ~users | public
         +~e | <events> | ~events | public
         +~e | <pgt> | ~pgt | public
         +~e | <myt> | ~myt | public
         +~e | <mst> | ~mst | public",
    ),
    (
        "type types",
        "category database_name id name schema_name",
        "list | ~d | <y1> | ~y1 | ~one
         pseudo | ~d | <y2> | ~y2 | ~two
         composite | ~e | <y3> | ~y3 | public",
    ),
    (
        "view views",
        "database_name id name schema_name",
        "~d | <v1> | ~v1 | ~one
         ~d | <v2> | ~v2 | ~two
         ~e | <v3> | ~v3 | public",
    ),
];

type Filtered = (&'static str, &'static [(&'static str, &'static str)], &'static str, &'static [&'static str]);

/// Filters of lists, beside database and schema: the list, the arguments, the id's suffix, the names of the rows.
const FILTERED: &[Filtered] = &[
    ("role roles", &[("like_pattern", "~r_le")], "roles|~r_le", &["role", "r_le"]),
    ("role roles", &[("like_pattern", "~%'%")], "roles|~%'%", &["quote'd"]),
    ("connection connections", &[("connection_id", "<ssh2>")], "<ssh2>|connections", &["ssh2"]),
    (
        "connection connections",
        &[("connection_id", "<ssh2>"), ("database_name", "~d"), ("schema_name", "~two")],
        "~d|~two|<ssh2>|connections",
        &["ssh2"],
    ),
];

/// A server with the objects, their ids, and a Terraform for it.
struct Stage {
    server: Server,
    terraform: Terraform,
    prefix: String,
    ids: BTreeMap<String, String>,
}

impl Stage {
    fn set() -> Self {
        let server = Server::given().unwrap_or_else(Server::with_upstreams);
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let unique = format!("ds{}_{}_", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let prefix = if server.is_emulator() { "ds_".to_owned() } else { unique };
        let terraform = Terraform::for_server(&binaries()[0], &server, "");
        let mut stage = Self { server, terraform, prefix, ids: BTreeMap::new() };
        stage.run(OBJECTS);
        if stage.server.is_emulator() {
            stage.run(UPSTREAM);
        }
        let relations = [
            "mz_catalog.mz_objects", "mz_catalog.mz_clusters", "mz_catalog.mz_cluster_replicas", "mz_catalog.mz_roles",
            "mz_catalog.mz_schemas", "mz_catalog.mz_databases", "mz_internal.mz_network_policies",
        ];
        for relation in relations {
            let sql = format!("SELECT name, id FROM {relation} WHERE name LIKE '{}%'", stage.prefix);
            let rows = stage.server.session().query(&sql).expect("names and ids");
            let named = |row: Vec<String>| (row[0].trim_start_matches(&stage.prefix).to_owned(), row[1].clone());
            stage.ids.extend(rows.into_iter().map(named));
        }
        stage
    }

    fn run(&self, statements: &str) {
        let session = self.server.session();
        for sql in split(&statements.replace("${p}", &self.prefix)) {
            session.query(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
    }

    fn fill(&self, text: &str) -> String {
        let filled = self.ids.iter().fold(text.to_owned(), |text, (name, id)| text.replace(&format!("<{name}>"), id));
        filled.replace('~', &self.prefix)
    }

    /// The rows of a list that are expected on this server.
    fn expected(&self, rows: &str) -> Vec<Vec<String>> {
        let there = rows.lines().map(str::trim_start).filter_map(|row| match row.strip_prefix('+') {
            Some(row) => self.server.is_emulator().then_some(row),
            None => Some(row),
        });
        there.map(|row| self.fill(row).split(" | ").map(str::to_owned).collect()).collect()
    }

    /// Applies these data sources and returns what they hold.
    fn read(&self, asked: &[Ask]) -> Vec<Value> {
        let blocks = asked.iter().enumerate().map(|(number, ask)| ask.block(&format!("n{number}")));
        self.terraform.write("main.tf", &blocks.collect::<String>());
        self.terraform.apply().expect_ok();
        let held: BTreeMap<String, Value> = self.terraform.resources().into_iter().collect();
        let attributes = |(number, ask): (usize, &Ask)| {
            held[&format!("data.materialize_{}.n{number}", ask.source)]["attributes"].clone()
        };
        asked.iter().enumerate().map(attributes).collect()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.server.is_emulator() && !std::thread::panicking() {
            self.run(AWAY);
        }
    }
}

/// A data source and its arguments.
struct Ask {
    source: &'static str,
    arguments: Vec<(&'static str, String)>,
}

impl Ask {
    fn block(&self, name: &str) -> String {
        let lines = self.arguments.iter().map(|(name, value)| format!("  {name} = {value:?}\n"));
        format!("data \"materialize_{}\" \"{name}\" {{\n{}}}\n", self.source, lines.collect::<String>())
    }
}

/// A value as the tables above write it.
fn written(value: &Value) -> String {
    match value {
        Value::Array(items) if items.is_empty() => "-".to_owned(),
        Value::Array(items) => items.iter().map(written).collect::<Vec<_>>().join("; "),
        Value::Object(members) => members.values().map(written).collect::<Vec<_>>().join(","),
        Value::String(text) if text.is_empty() => "-".to_owned(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// The number of an id: they are in this order within their kind.
fn number(id: &str) -> u64 {
    id.trim_start_matches(|c: char| c.is_alphabetic()).parse().unwrap_or_else(|_| panic!("{id:?} is an id"))
}

#[test]
fn lists_hold_what_there_is() {
    let stage = Stage::set();
    let (mut asked, mut wanted) = (Vec::new(), Vec::new());
    for (names, columns, rows) in LISTS {
        let (source, list) = names.split_once(' ').expect("two names");
        let column = |name: &str| columns.split(' ').position(|column| column.replace("obj_", "") == name);
        let rows = stage.expected(rows);
        let word = if source == "source_table" { "source_tables" } else { list };
        let mut ask = |arguments: &[(&'static str, &str)], id: &str, keep: &dyn Fn(&Vec<String>) -> bool| {
            let arguments: Vec<_> = arguments.iter().map(|(name, value)| (*name, stage.fill(value))).collect();
            let all = arguments.iter().all(|(_, value)| value.is_empty());
            let rows: Vec<_> = rows.iter().filter(|row| keep(row)).cloned().collect();
            wanted.push((names, list, columns, format!("self-hosted:{}", stage.fill(id)), rows, all));
            asked.push(Ask { source, arguments });
        };
        ask(&[], word, &|_| true);
        if let Some(database) = column("database_name").or(column("database")).filter(|_| source != "database") {
            let (one, in_d) = (stage.fill("~one"), stage.fill("~d"));
            ask(&[("database_name", "")], word, &|_| true);
            ask(&[("database_name", "~d")], &format!("~d|{word}"), &|row| row[database] == in_d);
            ask(&[("database_name", "~none")], &format!("~none|{word}"), &|_| false);
            if let Some(schema) = column("schema_name").or(column("schema")) {
                let arguments = [("database_name", "~d"), ("schema_name", "~one")];
                ask(&arguments, &format!("~d|~one|{word}"), &|row| row[database] == in_d && row[schema] == one);
                let arguments = [("database_name", "~e"), ("schema_name", "~one")];
                ask(&arguments, &format!("~e|~one|{word}"), &|_| false);
            }
        }
        for (_, arguments, id, kept) in FILTERED.iter().filter(|(of, ..)| of == names) {
            let name = column("name").expect("a name");
            ask(arguments, id, &|row| kept.iter().any(|kept| row[name] == stage.fill(&format!("~{kept}"))));
        }
    }
    let mut problems = Vec::new();
    for ((names, list, columns, id, rows, all), held) in wanted.into_iter().zip(stage.read(&asked)) {
        let found = held[list].as_array().expect("a list");
        for row in found {
            let said: Vec<&String> = row.as_object().expect("an object").keys().collect();
            assert_eq!(said, columns.split(' ').collect::<Vec<_>>(), "{names}");
        }
        for kind in ["s", "u"] {
            let ids = found.iter().filter_map(|row| row["id"].as_str()).filter(|id| id.starts_with(kind));
            assert!(ids.map(number).is_sorted(), "{names} are by id: {found:#?}");
        }
        let found: Vec<Vec<String>> = found
            .iter()
            .map(|row| row.as_object().expect("an object").values().map(written).collect())
            .filter(|row: &Vec<String>| !all || row.iter().any(|text| text.starts_with(&stage.prefix)))
            .collect();
        let same = |(a, b): (&Vec<String>, &Vec<String>)| a.iter().zip(b).all(|(a, b)| b == "*" || a == b);
        let right = found.len() == rows.len() && found.iter().zip(&rows).all(same);
        if !right || held["id"] != id.as_str() || held["region"] != "self-hosted" {
            problems.push(format!("{names}: wanted {id} {rows:#?}, got {} {found:#?}", held["id"]));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_environment_is_as_the_session_sees_it() {
    let stage = Stage::set();
    let named = |name: &str| Ask { source: "system_parameter", arguments: vec![("name", name.to_owned())] };
    let all = |source| Ask { source, arguments: Vec::new() };
    let asked = [
        all("current_cluster"),
        all("current_database"),
        all("egress_ips"),
        all("system_parameter"),
        named("transaction_isolation"),
        named("DateStyle"),
        named("CLUSTER"),
        named(""),
    ];
    let held = stage.read(&asked);
    let session = stage.server.session();
    let shown = |sql: &str| session.query(sql).expect("rows");
    assert_eq!(held[0]["id"], "self-hosted:current_cluster");
    assert_eq!(held[0]["name"], shown("SHOW cluster")[0][0].as_str());
    assert_eq!(held[1]["id"], "self-hosted:current_database");
    assert_eq!(held[1]["name"], "materialize");
    let addresses = shown("SELECT egress_ip FROM mz_catalog.mz_egress_ips ORDER BY 1").concat();
    assert_eq!((&held[2]["id"], &held[2]["egress_ips"]), (&json!("self-hosted:egress_ips"), &json!(addresses)));
    // The provider's session has a name of its own and sets the isolation.
    let own = |row: &&Vec<String>| !matches!(row[0].as_str(), "application_name" | "transaction_isolation");
    let rows: Vec<Value> = shown("SHOW ALL")
        .iter()
        .filter(own)
        .map(|row| json!({"name": row[0], "setting": row[1], "description": row[2]}))
        .collect();
    assert!(rows.len() > 10);
    assert_eq!(held[3]["id"], "self-hosted:system_parameter_all");
    let all = held[3]["parameters"].as_array().expect("a list");
    assert!(rows.iter().all(|row| all.contains(row)), "{rows:#?} in {all:#?}");
    assert_eq!(all.len(), rows.len() + 2);
    assert_eq!(held[4]["id"], "self-hosted:system_parameter_transaction_isolation");
    let name = "transaction_isolation";
    assert_eq!(held[4]["parameters"], json!([{"name": name, "setting": "strict serializable", "description": name}]));
    assert_eq!((&held[7]["id"], &held[7]["parameters"]), (&held[3]["id"], &held[3]["parameters"]));
    // In any case, as `SHOW` takes it.
    for (held, name) in [(&held[5], "DateStyle"), (&held[6], "CLUSTER")] {
        let setting = &shown(&format!("SHOW {name}"))[0][0];
        assert_eq!(held["id"], format!("self-hosted:system_parameter_{name}"));
        assert_eq!(held["parameters"], json!([{"name": name, "setting": setting, "description": name}]));
    }
}

#[test]
fn references_are_refreshed_first() {
    let stage = Stage::set();
    let ask = |id: &str| Ask { source: "source_reference", arguments: vec![("source_id", stage.fill(id))] };
    let mark = stage.server.mark();
    let held = stage.read(&[ask("<auction>"), ask("self-hosted:<counter>")]);
    assert_eq!(held[0]["id"], stage.fill("self-hosted:<auction>"));
    assert_eq!(held[1]["id"], stage.fill("self-hosted:<counter>"));
    if let Some(mut sent) = stage.server.changes_since(mark) {
        sent.sort();
        let one = stage.fill("ALTER SOURCE \"~d\".\"~one\".\"~auction\" REFRESH REFERENCES");
        let other = stage.fill("ALTER SOURCE \"~e\".\"public\".\"~counter\" REFRESH REFERENCES");
        assert_eq!(sent, [one, other]);
    }
    let rows = held[0]["references"].as_array().expect("a list");
    let names: Vec<&str> = rows.iter().filter_map(|row| row["name"].as_str()).collect();
    assert_eq!(names, ["accounts", "auctions", "bids", "organizations", "users"]);
    let mut bids = rows[2].clone();
    let when = bids["updated_at"].take();
    assert!(when.as_str().is_some_and(|when| when.starts_with("20") && when.contains(':')), "{when}");
    let expected = json!({
        "namespace": "auction", "name": "bids", "updated_at": null,
        "columns": ["id", "buyer", "auction_id", "amount", "bid_time"],
        "source_name": stage.fill("~auction"), "source_schema_name": stage.fill("~one"),
        "source_database_name": stage.fill("~d"), "source_type": "load-generator",
    });
    assert_eq!(bids, expected);
}

/// What is wrong is said at the argument.
#[test]
fn wrong_arguments_are_named() {
    let stage = Stage::set();
    let with_schema = ["connection", "index", "materialized_view", "secret", "sink", "source", "source_table", "table"];
    let alone =
        with_schema.into_iter().chain(["type", "view"]).map(|source| (source, "schema_name", "one", "database_name"));
    let wrong = alone.chain([
        ("source_reference", "source_id", "", "source_id"),
        ("connection", "connection_id", "u999999", "u999999"),
        ("connection", "connection_id", "self-hosted:u1", "self-hosted:u1"),
        ("source_reference", "source_id", "u999999", "u999999"),
        ("system_parameter", "name", "no_such_parameter", "no_such_parameter"),
        ("table", "database_name", "a\0b", "NUL"),
    ]);
    for (source, argument, value, says) in wrong {
        let ask = Ask { source, arguments: vec![(argument, value.to_owned())] };
        stage.terraform.write("main.tf", &ask.block("it").replace("\\0", "\\u0000"));
        let errors = stage.terraform.plan().errors();
        let named = errors
            .iter()
            .any(|e| e.code.starts_with(argument) && e.text().contains(argument) && e.text().contains(says));
        assert!(named && errors.len() == 1, "{source}: {argument} = {value:?}: {errors:#?}");
    }
}
