//! What the server refuses: each error says what was attempted, what the server answered, and which attribute it is
//! about; and nothing is left behind.

use crate::support::server::Server;
use crate::support::terraform::{Diagnostic, Terraform, binaries};

struct Refusal {
    what: &'static str,
    /// SQL that runs first.
    before: &'static str,
    /// Who applies; `mz_system` if empty.
    user: &'static str,
    config: &'static str,
    /// All of this is in one error.
    says: &'static [&'static str],
    /// The line that the error points at begins so.
    at: &'static str,
}

const REFUSALS: &[Refusal] = &[
    Refusal {
        what: "a schema of a database that is not there",
        before: "",
        user: "",
        config: "resource \"materialize_schema\" \"it\" {\n  name = \"s\"\n  database_name = \"nowhere\"\n}\n",
        says: &["Cannot create schema \"nowhere\".\"s\"", "invalid database nowhere"],
        at: "database_name",
    },
    Refusal {
        what: "a table in a schema that is not there",
        before: "",
        user: "",
        config: "resource \"materialize_table\" \"it\" {\n  name = \"t\"\n  schema_name = \"lost\"\n  column {\n    name = \"a\"\n    type = \"int\"\n  }\n}\n",
        says: &["Cannot create table", "unknown schema 'lost'"],
        at: "schema_name",
    },
    Refusal {
        what: "a type that is not there",
        before: "",
        user: "",
        config: "resource \"materialize_table\" \"it\" {\n  name = \"t\"\n  column {\n    name = \"a\"\n    type = \"imaginary\"\n  }\n}\n",
        says: &["Cannot create table", "imaginary"],
        at: "type",
    },
    Refusal {
        what: "an owner who is not there",
        before: "",
        user: "",
        config: "resource \"materialize_database\" \"it\" {\n  name = \"d\"\n  ownership_role = \"nobody\"\n}\n",
        says: &["Cannot create database \"d\"", "unknown role 'nobody'", "OWNER TO"],
        at: "ownership_role",
    },
    Refusal {
        what: "an index of a cluster that is not there",
        before: "CREATE VIEW v AS SELECT 1 AS one",
        user: "",
        config: "resource \"materialize_index\" \"it\" {\n  name = \"i\"\n  cluster_name = \"afar\"\n  obj_name {\n    name = \"v\"\n  }\n  col_expr {\n    field = \"one\"\n  }\n}\n",
        says: &["Cannot create index", "unknown cluster 'afar'"],
        at: "cluster_name",
    },
    Refusal {
        what: "an index of a view that is not there",
        before: "",
        user: "",
        config: "resource \"materialize_index\" \"it\" {\n  name = \"i\"\n  cluster_name = \"quickstart\"\n  obj_name {\n    name = \"unseen\"\n  }\n  col_expr {\n    field = \"one\"\n  }\n}\n",
        says: &["Cannot create index", "unknown catalog item", "unseen"],
        at: "name",
    },
    Refusal {
        what: "a broker behind a connection that is not there",
        before: "",
        user: "",
        config: "resource \"materialize_connection_kafka\" \"it\" {\n  name = \"k\"\n  validate = false\n  kafka_broker {\n    broker = \"b:9092\"\n    ssh_tunnel {\n      name = \"no_tunnel\"\n    }\n  }\n}\n",
        says: &["Cannot create connection", "no_tunnel"],
        at: "name",
    },
    Refusal {
        what: "a name that is taken",
        before: "CREATE TABLE t (a int)",
        user: "",
        config: "resource \"materialize_table\" \"it\" {\n  name = \"t\"\n  column {\n    name = \"a\"\n    type = \"int\"\n  }\n}\n",
        says: &["Cannot create table \"materialize\".\"public\".\"t\"", "already exists"],
        at: "name",
    },
    Refusal {
        what: "a size that is not there",
        before: "",
        user: "",
        config: "resource \"materialize_cluster\" \"it\" {\n  name = \"c\"\n  size = \"gigantic\"\n}\n",
        says: &["Cannot create cluster \"c\"", "gigantic"],
        at: "size",
    },
    Refusal {
        what: "an unknown feature flag",
        before: "",
        user: "",
        config: "resource \"materialize_system_parameter\" \"it\" {\n  name = \"enable_wonders\"\n  value = \"on\"\n}\n",
        says: &["Cannot create system parameter \"enable_wonders\"", "unrecognized configuration parameter"],
        at: "name",
    },
    Refusal {
        what: "a role that may not make databases",
        before: "CREATE ROLE ada",
        user: "ada",
        config: "resource \"materialize_database\" \"it\" {\n  name = \"d\"\n}\n",
        says: &["Cannot create database \"d\"", "permission denied", "CREATEDB", "ada"],
        at: "",
    },
    Refusal {
        what: "a role that may not use a schema",
        before: "CREATE ROLE ada; CREATE SCHEMA closed",
        user: "ada",
        config: "resource \"materialize_secret\" \"it\" {\n  name = \"s\"\n  schema_name = \"closed\"\n  value = \"hidden\"\n}\n",
        says: &["Cannot create secret", "permission denied for SCHEMA", "closed"],
        at: "schema_name",
    },
    Refusal {
        what: "a grant by somebody who does not own the table",
        before: "CREATE ROLE ada; CREATE TABLE theirs (a int)",
        user: "ada",
        config: "resource \"materialize_table_grant\" \"it\" {\n  role_name = \"ada\"\n  privilege = \"SELECT\"\n  database_name = \"materialize\"\n  schema_name = \"public\"\n  table_name = \"theirs\"\n}\n",
        says: &["Cannot create table grant", "must be owner of TABLE", "theirs"],
        at: "table_name",
    },
];

fn points_at(error: &Diagnostic, start: &str) -> bool {
    start.is_empty() || error.code.starts_with(start)
}

#[test]
fn what_the_server_refuses_is_told_with_its_attribute() {
    let mut problems = Vec::new();
    for refusal in REFUSALS {
        let server = Server::emulator(&[]);
        let session = server.session();
        session.query(refusal.before).unwrap_or_else(|error| panic!("{}: {error}", refusal.what));
        let mut terraform = Terraform::for_server(&binaries()[0], &server, "");
        if !refusal.user.is_empty() {
            let lines = server.provider_lines().replace("\"mz_system\"", &format!("{:?}", refusal.user));
            terraform.write("provider.tf", &crate::support::terraform::provider_file(&lines, ""));
            terraform.env("MZ_USERNAME", refusal.user);
        }
        terraform.write("main.tf", refusal.config);
        let applied = terraform.apply();
        let errors = applied.errors();
        let told = |error: &&Diagnostic| {
            refusal.says.iter().all(|text| error.text().contains(text)) && points_at(error, refusal.at)
        };
        if applied.ok() || errors.iter().filter(told).count() != 1 {
            let found: Vec<String> = errors.iter().map(ToString::to_string).collect();
            problems.push(format!(
                "{}: wanted {:?} at `{}`, got\n{}",
                refusal.what,
                refusal.says,
                refusal.at,
                found.join("\n")
            ));
        }
        let left: Vec<_> = terraform.resources();
        if !left.is_empty() {
            problems.push(format!("{}: left in the state: {left:?}", refusal.what));
        }
    }
    assert!(problems.is_empty(), "{} of {}:\n{}", problems.len(), REFUSALS.len(), problems.join("\n\n"));
}

/// What stands in the way of a drop is named, and stays; so does the object.
#[test]
fn dependents_are_named_and_never_dropped() {
    let server = Server::emulator(&[]);
    let terraform = Terraform::for_server(&binaries()[0], &server, "");
    terraform.write(
        "main.tf",
        "resource \"materialize_table\" \"it\" {\n  name = \"t\"\n  column {\n    name = \"a\"\n    type = \"int\"\n  }\n}\n\
         resource \"materialize_database\" \"it\" {\n  name = \"d\"\n}\n",
    );
    terraform.apply().expect_ok();
    let session = server.session();
    session.query("CREATE VIEW outside AS SELECT a FROM t; CREATE SCHEMA d.theirs").unwrap();
    let destroyed = terraform.destroy();
    assert!(!destroyed.ok());
    let errors: Vec<String> = destroyed.errors().iter().map(Diagnostic::text).collect();
    let named = |what: &str, by: &str| errors.iter().any(|error| error.contains(what) && error.contains(by));
    assert!(named("Cannot drop table \"materialize\".\"public\".\"t\"", "outside"), "{errors:#?}");
    assert!(errors.iter().any(|error| error.contains("Cannot drop database \"d\"")), "{errors:#?}");
    assert_eq!(session.lines("SELECT name FROM mz_catalog.mz_views WHERE name = 'outside'").unwrap(), ["outside"]);
    assert_eq!(session.lines("SELECT name FROM mz_catalog.mz_schemas WHERE name = 'theirs'").unwrap(), ["theirs"]);
    assert_eq!(terraform.resources().len(), 2, "both are still there, and Terraform knows");
    session.query("DROP VIEW outside; DROP SCHEMA d.theirs").unwrap();
    terraform.destroy().expect_ok();
}
