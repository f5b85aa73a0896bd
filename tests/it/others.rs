//! What is others' stays others': objects that were there before, and what somebody does between a plan and its apply.

use crate::support::root;
use crate::support::server::Server;
use crate::support::terraform::{Terraform, binaries};

fn terraform(server: &Server, config: &str) -> Terraform {
    let terraform = Terraform::for_server(&binaries()[0], server, "");
    terraform.write("main.tf", config);
    terraform
}

/// A role that is adopted and not made is not dropped by an apply that fails after that, nor by the next one.
#[test]
fn an_adopted_role_is_not_dropped_by_an_undo() {
    let server = Server::emulator(&[]);
    server.session().query("CREATE ROLE joe").unwrap();
    let config = "resource \"materialize_role\" \"joe\" {\n  name = \"joe\"\n  comment = \"ours\"\n  create_if_not_exists = true\n}\n";
    let terraform = terraform(&server, config);
    server.control("fail match COMMENT ON");
    assert!(!terraform.apply().ok(), "the comment is refused");
    let ids = || server.session().lines("SELECT id FROM mz_catalog.mz_roles WHERE name = 'joe'").unwrap();
    let before = ids();
    assert_eq!(before.len(), 1, "the role is still there");
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    assert_eq!(ids(), before, "and it is the one that it was");
}

/// Nothing would show later that a privilege which others have on a replaced view is missing: all are given again, even
/// if one of them is refused.
#[test]
fn a_replaced_view_gets_back_all_that_it_can() {
    let server = Server::emulator(&[]);
    let view = |query: &str| {
        format!("resource \"materialize_view\" \"it\" {{\n  name = \"v\"\n  statement = \"SELECT {query} AS a\"\n}}\n")
    };
    let terraform = terraform(&server, &view("1"));
    terraform.apply().expect_ok();
    let session = server.session();
    session.query("CREATE ROLE a; CREATE ROLE b; CREATE ROLE c").unwrap();
    session.query("GRANT SELECT ON v TO a; GRANT SELECT ON v TO b; GRANT SELECT ON v TO c").unwrap();
    terraform.write("main.tf", &view("2"));
    server.control("fail match TO \"b\"");
    assert!(!terraform.apply().ok(), "one privilege is refused");
    let privileged = |role: &str| {
        let query = format!("SELECT has_table_privilege('{role}', 'v', 'SELECT')::text");
        session.lines(&query).unwrap() == ["true"]
    };
    assert_eq!(["a", "b", "c"].map(privileged), [true, false, true]);
}

/// A subsource that somebody adds after the plan was made is not in the plan, and so is not dropped by its apply.
#[test]
fn a_table_that_no_plan_has_shown_is_not_dropped() {
    let server = Server::emulator(&["--upstreams", root("tests/conformance/upstreams.json").to_str().unwrap()]);
    let config = |tables: &[&str]| {
        let tables: Vec<String> = tables
            .iter()
            .map(|name| {
                format!("  table {{\n    upstream_name = \"{name}\"\n    upstream_schema_name = \"public\"\n  }}\n")
            })
            .collect();
        format!(
            "resource \"materialize_secret\" \"pw\" {{\n  name = \"pw\"\n  value = \"postgres\"\n}}\n\
             resource \"materialize_connection_postgres\" \"shop\" {{\n  name = \"shop\"\n  host = \"127.0.0.1\"\n  port = 5499\n  \
             database = \"shop\"\n  user {{\n    text = \"postgres\"\n  }}\n  password {{\n    name = materialize_secret.pw.name\n  }}\n}}\n\
             resource \"materialize_source_postgres\" \"it\" {{\n  name = \"it\"\n  cluster_name = \"quickstart\"\n  publication = \"shop_pub\"\n  \
             postgres_connection {{\n    name = materialize_connection_postgres.shop.name\n  }}\n{}}}\n",
            tables.concat()
        )
    };
    let terraform = terraform(&server, &config(&["customers"]));
    terraform.apply().expect_ok();
    terraform.write("main.tf", &config(&["customers", "orders"]));
    terraform.plan().expect_ok();
    let session = server.session();
    session.query("ALTER SOURCE it ADD SUBSOURCE audit.events AS theirs").unwrap();
    terraform.apply_plan().expect_ok();
    let subsources = "SELECT name FROM mz_catalog.mz_sources WHERE type = 'subsource' ORDER BY name";
    assert_eq!(session.lines(subsources).unwrap(), ["customers", "orders", "theirs"]);
    // The next plan shows it, and then it goes.
    let planned = terraform.plan().expect_ok();
    assert!(planned.stdout.contains("materialize_source_postgres.it"), "{}", planned.stdout);
    terraform.apply_plan().expect_ok();
    assert_eq!(session.lines(subsources).unwrap(), ["customers", "orders"]);
}

/// A grant is on the view that has the name by now, and is taken from it, although the state knows the former one.
#[test]
fn a_privilege_on_a_view_that_was_made_anew_is_revoked() {
    let server = Server::emulator(&[]);
    let session = server.session();
    session.query("CREATE ROLE a; CREATE VIEW v AS SELECT 1 AS a").unwrap();
    let config = "resource \"materialize_view_grant\" \"it\" {\n  view_name = \"v\"\n  schema_name = \"public\"\n  \
                  database_name = \"materialize\"\n  role_name = \"a\"\n  privilege = \"SELECT\"\n}\n";
    let terraform = terraform(&server, config);
    terraform.apply().expect_ok();
    session.query("CREATE OR REPLACE VIEW v AS SELECT 2 AS a; GRANT SELECT ON v TO a").unwrap();
    terraform.run(&["destroy", "-json", "-auto-approve", "-refresh=false"]).expect_ok();
    assert_eq!(session.lines("SELECT has_table_privilege('a', 'v', 'SELECT')::text").unwrap(), ["false"]);
}

/// A database that will not go keeps its schema `public`, empty as it is.
#[test]
fn a_database_that_stays_keeps_what_is_in_it() {
    let server = Server::emulator(&[]);
    let terraform = terraform(&server, "resource \"materialize_database\" \"it\" {\n  name = \"d\"\n}\n");
    terraform.apply().expect_ok();
    let session = server.session();
    session.query("CREATE SCHEMA d.public; CREATE SCHEMA d.theirs").unwrap();
    assert!(!terraform.destroy().ok());
    let schemas = "SELECT s.name FROM mz_catalog.mz_schemas s JOIN mz_catalog.mz_databases d ON d.id = s.database_id \
                   WHERE d.name = 'd' ORDER BY s.name";
    assert_eq!(session.lines(schemas).unwrap(), ["public", "theirs"]);
    session.query("DROP SCHEMA d.theirs").unwrap();
    terraform.destroy().expect_ok();
}

/// Two indexes that the server names are two, whatever is said of them in comments.
#[test]
fn indexes_with_the_same_comment_are_two() {
    let server = Server::emulator(&[]);
    let session = server.session();
    session.query("CREATE VIEW v AS SELECT 1 AS a").unwrap();
    let index = |label: &str| {
        format!(
            "resource \"materialize_index\" \"{label}\" {{\n  default = true\n  cluster_name = \"quickstart\"\n  comment = \"same\"\n  \
             obj_name {{\n    name = \"v\"\n  }}\n}}\n"
        )
    };
    let terraform = terraform(&server, &index("one"));
    terraform.apply().expect_ok();
    terraform.write("main.tf", &(index("one") + &index("two")));
    terraform.apply().expect_ok();
    let ids: Vec<String> = ["one", "two"]
        .map(|label| terraform.attributes(&format!("materialize_index.{label}")).unwrap()["id"].to_string())
        .to_vec();
    assert_ne!(ids[0], ids[1]);
    terraform.destroy().expect_ok();
    let left =
        "SELECT i.name FROM mz_catalog.mz_indexes i JOIN mz_catalog.mz_views v ON v.id = i.on_id WHERE v.name = 'v'";
    assert_eq!(session.lines(left).unwrap(), Vec::<String>::new());
}
