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
        what: "an availability zone that is not there",
        before: "",
        user: "",
        config: "resource \"materialize_cluster\" \"it\" {\n  name = \"c\"\n  size = \"25cc\"\n  availability_zones = [\"moon\"]\n}\n",
        says: &["Cannot create cluster \"c\"", "moon"],
        at: "availability_zones",
    },
    Refusal {
        what: "an option that only newer servers know",
        before: "",
        user: "",
        config: "resource \"materialize_cluster\" \"it\" {\n  name = \"c\"\n  size = \"25cc\"\n  auto_scaling_strategy {\n    on_hydration {\n      hydration_size = \"50cc\"\n    }\n  }\n}\n",
        says: &["Cannot create cluster \"c\"", "AUTO SCALING STRATEGY", "too old for `auto_scaling_strategy`"],
        at: "hydration_size",
    },
    Refusal {
        what: "a connection that only newer servers know",
        before: "CREATE SECRET key AS '{}'",
        user: "",
        config: "resource \"materialize_connection_gcp\" \"it\" {\n  name = \"c\"\n  service_account_key {\n    name = \"key\"\n  }\n}\n",
        says: &["Cannot create connection", "too old for `service_account_key`"],
        at: "name",
    },
    Refusal {
        what: "a registry that only newer servers know",
        before: "CREATE CONNECTION aws TO AWS (ASSUME ROLE ARN = 'arn:aws:iam::1:role/r') WITH (VALIDATE = false)",
        user: "",
        config: "resource \"materialize_connection_aws_glue_schema_registry\" \"it\" {\n  name = \"c\"\n  registry = \"r\"\n  aws_connection {\n    name = \"aws\"\n  }\n}\n",
        says: &["Cannot create connection", "too old for `aws_connection`"],
        at: "name",
    },
    Refusal {
        what: "a format that only newer servers know",
        before: "CREATE CONNECTION k TO KAFKA (BROKER '127.0.0.1:9092', SECURITY PROTOCOL 'PLAINTEXT') WITH (VALIDATE = false)",
        user: "",
        config: "resource \"materialize_source_kafka\" \"it\" {\n  name = \"s\"\n  cluster_name = \"quickstart\"\n  topic = \"t\"\n  kafka_connection {\n    name = \"k\"\n  }\n  format {\n    avro {\n      aws_glue_schema_registry_connection {\n        name = \"glue\"\n      }\n      schema_name = \"orders\"\n    }\n  }\n}\n",
        says: &["Cannot create source", "too old for `aws_glue_schema_registry_connection`"],
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

/// What is refused when something is altered: what is there, the text that changes, and who does it.
struct Alteration {
    config: &'static str,
    change: (&'static str, &'static str),
    user: &'static str,
    says: &'static [&'static str],
    at: &'static str,
}

const ALTERATIONS: &[Alteration] = &[
    Alteration {
        config: "resource \"materialize_schema\" \"it\" {\n  name = \"s\"\n}\n",
        change: ("\"s\"", "\"taken\""),
        user: "",
        says: &["Cannot update schema", "already exists", "RENAME TO"],
        at: "name",
    },
    Alteration {
        config: "resource \"materialize_cluster\" \"it\" {\n  name = \"c\"\n  size = \"25cc\"\n}\n",
        change: ("\"25cc\"", "\"gigantic\""),
        user: "",
        says: &["Cannot update cluster \"c\"", "gigantic", "SET (SIZE"],
        at: "size",
    },
    Alteration {
        config: "resource \"materialize_database\" \"it\" {\n  name = \"d\"\n  ownership_role = \"mz_system\"\n}\n",
        change: ("\"mz_system\"", "\"nobody\""),
        user: "",
        says: &["Cannot update database \"d\"", "unknown role 'nobody'", "OWNER TO"],
        at: "ownership_role",
    },
    Alteration {
        config: "resource \"materialize_secret\" \"it\" {\n  name = \"s\"\n  value = \"hidden\"\n  comment = \"ours\"\n}\n",
        change: ("\"ours\"", "\"theirs\""),
        user: "ada",
        says: &[
            "Cannot update secret \"materialize\".\"public\".\"s\"",
            "must be owner of SECRET",
            "COMMENT ON SECRET",
        ],
        at: "name",
    },
    Alteration {
        config: "resource \"materialize_connection_ssh_tunnel\" \"it\" {\n  name = \"c\"\n  host = \"h\"\n  user = \"u\"\n  port = 22\n}\n",
        change: ("port = 22", "port = 23"),
        user: "ada",
        says: &[
            "Cannot update connection \"materialize\".\"public\".\"c\"",
            "must be owner of CONNECTION",
            "SET (PORT",
        ],
        at: "name",
    },
];

/// An alteration that is refused is told as a creation is; the state has what the server has.
#[test]
fn what_is_refused_when_altered_is_told_with_its_attribute() {
    let mut problems = Vec::new();
    for Alteration { config, change: (old, new), user, says, at } in ALTERATIONS {
        let server = Server::emulator(&[]);
        server.session().query("CREATE SCHEMA taken; CREATE ROLE ada").unwrap();
        let mut terraform = Terraform::for_server(&binaries()[0], &server, "");
        terraform.write("main.tf", config);
        terraform.apply().expect_ok();
        let before = terraform.resources();
        if !user.is_empty() {
            let lines = server.provider_lines().replace("\"mz_system\"", &format!("{user:?}"));
            terraform.write("provider.tf", &crate::support::terraform::provider_file(&lines, ""));
            terraform.env("MZ_USERNAME", user);
        }
        terraform.write("main.tf", &config.replace(old, new));
        let applied = terraform.apply();
        let told = |error: &&Diagnostic| says.iter().all(|text| error.text().contains(text)) && points_at(error, at);
        let found: Vec<String> = applied.errors().iter().map(ToString::to_string).collect();
        if applied.ok() || applied.errors().iter().filter(told).count() != 1 {
            problems.push(format!("{new}: wanted {says:?} at `{at}`, got\n{}", found.join("\n")));
        }
        let attributes = |all: &[(String, serde_json::Value)]| all[0].1["attributes"].clone();
        if attributes(&terraform.resources()) != attributes(&before) {
            problems.push(format!("{new}: the state has {}", attributes(&terraform.resources())));
        }
    }
    assert!(problems.is_empty(), "{} of {}:\n{}", problems.len(), ALTERATIONS.len(), problems.join("\n\n"));
}

/// Sources go with their own subsources and with nothing else: what others made of them is named, and stays.
#[test]
fn sources_are_not_dropped_with_what_others_made_of_them() {
    let connection = |kind: &str, port: u16, database: &str| {
        format!(
            "resource \"materialize_connection_{kind}\" \"{kind}\" {{\n  name = \"{kind}\"\n  host = \"127.0.0.1\"\n  \
             port = {port}\n{database}  user {{\n    text = \"reader\"\n  }}\n  password {{\n    name = \
             materialize_secret.pw.name\n  }}\n}}\n"
        )
    };
    let source = |kind: &str, more: &str, schema: &str| {
        format!(
            "resource \"materialize_source_{kind}\" \"it\" {{\n  name = \"from_{kind}\"\n  cluster_name = \"quickstart\"\n\
             {more}  {kind}_connection {{\n    name = materialize_connection_{kind}.{kind}.name\n  }}\n  table {{\n    \
             upstream_name = \"customers\"\n    upstream_schema_name = \"{schema}\"\n    name = \"of_{kind}\"\n  }}\n}}\n"
        )
    };
    let database = "  database = \"shop\"\n";
    let config = [
        "resource \"materialize_secret\" \"pw\" {\n  name = \"pw\"\n  value = \"x\"\n}\n".to_owned(),
        connection("postgres", 5499, database),
        connection("mysql", 3399, ""),
        connection("sqlserver", 1499, database),
        source("postgres", "  publication = \"shop_pub\"\n", "public"),
        source("mysql", "", "shop"),
        source("sqlserver", "", "dbo"),
        "resource \"materialize_source_load_generator\" \"it\" {\n  name = \"from_gen\"\n  cluster_name = \"quickstart\"\n  \
         load_generator_type = \"auction\"\n}\n"
            .to_owned(),
    ];
    let server = Server::with_upstreams();
    let terraform = Terraform::for_server(&binaries()[0], &server, "");
    terraform.write("main.tf", &config.concat());
    terraform.apply().expect_ok();
    let session = server.session();
    let used = [("postgres", "of_postgres"), ("mysql", "of_mysql"), ("sqlserver", "of_sqlserver"), ("gen", "bids")];
    for (kind, table) in used {
        session.query(&format!("CREATE VIEW view_of_{kind} AS SELECT * FROM {table}")).unwrap();
    }
    let destroyed = terraform.destroy();
    let errors: Vec<String> = destroyed.errors().iter().map(Diagnostic::text).collect();
    for (kind, table) in used {
        let (what, by) = (format!("\"from_{kind}\""), format!("view_of_{kind}"));
        let told =
            errors.iter().any(|error| [&what, &by, "Cannot drop source"].iter().all(|text| error.contains(*text)));
        assert!(told, "{what} and {by}: {errors:#?}");
        assert_eq!(session.lines(&format!("SELECT name FROM mz_catalog.mz_views WHERE name = '{by}'")).unwrap(), [by]);
        let sources = format!("SELECT name FROM mz_catalog.mz_sources WHERE name IN ('{table}', 'from_{kind}')");
        assert_eq!(session.lines(&sources).unwrap().len(), 2, "{kind} is there with its subsource");
    }
    for (kind, _) in used {
        session.query(&format!("DROP VIEW view_of_{kind}")).unwrap();
    }
    terraform.destroy().expect_ok();
    assert_eq!(
        session.lines("SELECT name FROM mz_catalog.mz_sources WHERE id LIKE 'u%'").unwrap(),
        Vec::<String>::new()
    );
}

/// A create of several statements that fails at a later one takes back what the first one made, whatever it is.
#[test]
fn a_create_that_fails_at_its_owner_or_comment_leaves_nothing() {
    let config = "resource \"materialize_connection_kafka\" \"k\" {\n  name = \"k\"\n  security_protocol = \"PLAINTEXT\"\n  \
                  kafka_broker {\n    broker = \"127.0.0.1:9092\"\n  }\n}\n\
                  resource \"materialize_source_kafka\" \"it\" {\n  name = \"s\"\n  cluster_name = \"quickstart\"\n  \
                  topic = \"events\"\n  ownership_role = \"nobody\"\n  kafka_connection {\n    name = \
                  materialize_connection_kafka.k.name\n  }\n  format {\n    text = true\n  }\n}\n\
                  resource \"materialize_cluster\" \"it\" {\n  name = \"c\"\n  size = \"25cc\"\n  ownership_role = \
                  \"nobody\"\n}\n";
    let server = Server::with_upstreams();
    let terraform = Terraform::for_server(&binaries()[0], &server, "");
    terraform.write("main.tf", config);
    let applied = terraform.apply();
    let errors: Vec<String> = applied.errors().iter().map(Diagnostic::text).collect();
    assert_eq!(errors.iter().filter(|error| error.contains("unknown role 'nobody'")).count(), 2, "{errors:#?}");
    let left = "SELECT name FROM mz_catalog.mz_sources WHERE id LIKE 'u%' UNION SELECT name FROM mz_catalog.mz_clusters WHERE \
                name = 'c'";
    assert_eq!(server.session().lines(left).unwrap(), Vec::<String>::new());
    let known: Vec<String> = terraform.resources().into_iter().map(|(address, _)| address).collect();
    assert_eq!(known, ["materialize_connection_kafka.k"]);
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
