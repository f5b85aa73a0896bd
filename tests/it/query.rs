//! Lists and identities, asked for by a real Terraform that knows of them.

use crate::support::server::Server;
use crate::support::terraform::{Terraform, binary_from};

const MADE: &str = "CREATE SCHEMA shop; CREATE TABLE shop.orders (id int4 NOT NULL, note text DEFAULT 'none'); \
    CREATE TABLE shop.\"odd.name\" (a int4); CREATE TABLE elsewhere (a int4); COMMENT ON TABLE shop.orders IS 'bought'; \
    CREATE ROLE clerk; GRANT SELECT ON shop.orders TO clerk; GRANT INSERT ON shop.orders TO clerk; \
    CREATE VIEW shop.late AS SELECT id FROM shop.orders";

const QUERY: &str = r#"
list "materialize_table" "shop" {
  provider = materialize
  config {
    schema_name = "shop"
  }
}

list "materialize_view" "all" {
  provider = materialize
}

list "materialize_table_grant" "clerk" {
  provider = materialize
  config {
    role_name = "clerk"
  }
}
"#;

/// What is there already becomes a configuration that plans nothing but the imports.
#[test]
fn a_query_writes_the_configuration_of_what_is_there() {
    let Some(binary) = binary_from(1, 14) else { return };
    let server = Server::emulator(&[]);
    server.session().query(MADE).unwrap();
    let terraform = Terraform::for_server(&binary, &server, "");
    terraform.write("all.tfquery.hcl", QUERY);
    let queried = terraform.run(&["query", "-json", "-generate-config-out=found.tf"]).expect_ok();
    let found: Vec<String> = queried
        .messages()
        .iter()
        .filter(|message| message["type"] == "list_resource_found")
        .map(|message| message["list_resource_found"]["display_name"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        found.iter().map(String::as_str).collect::<std::collections::BTreeSet<_>>(),
        [
            "materialize.shop.\"odd.name\"", "materialize.shop.late", "materialize.shop.orders",
            "materialize.shop.orders|clerk|INSERT", "materialize.shop.orders|clerk|SELECT",
        ]
        .into()
    );
    assert_eq!(found.len(), 5);

    let text = std::fs::read_to_string(terraform.folder.join("found.tf")).expect("a configuration");
    for unsaid in ["= null", "qualified_sql_name", "identify_by_name"] {
        assert!(!text.contains(unsaid), "{unsaid} in {text}");
    }
    let applied = terraform.apply().expect_ok();
    let summary = applied.messages().into_iter().find(|message| message["changes"].is_object()).expect("a summary");
    let count = |what: &str| summary["changes"][what].as_u64();
    assert_eq!(["import", "add", "change", "remove"].map(count), [Some(5), Some(0), Some(0), Some(0)], "{text}");
    terraform.check_settled().unwrap();
}

/// However many objects there are, they are read in a handful of statements; and no more than were asked for.
#[test]
fn a_long_list_is_few_statements() {
    let server = Server::emulator(&[]);
    let session = server.session();
    for number in 0..300 {
        session.query(&format!("CREATE TABLE t{number} (a int4)")).unwrap();
    }
    let wire = crate::wire::Wire::new(&server, "");
    let mark = server.mark();
    let listed = wire.list("materialize_table", &serde_json::json!({}), 1000).unwrap();
    let sent = server.statements().map(|all| all[mark..].iter().filter(|sql| sql.contains(" FROM ")).count());
    assert_eq!(listed.len(), 300);
    let names: Vec<String> = listed.into_iter().map(|event| event.name).collect();
    assert_eq!(names, (0..300).map(|number| format!("materialize.public.t{number}")).collect::<Vec<_>>());
    assert!(sent.is_some_and(|sent| sent <= 6), "{sent:?} statements");
    let some = wire.list("materialize_table", &serde_json::json!({}), 7).unwrap();
    assert_eq!(some.len(), 7);
    assert!(wire.list("materialize_table", &serde_json::json!({}), 0).unwrap().is_empty());
}

#[test]
fn an_identity_imports_and_is_kept() {
    let Some(binary) = binary_from(1, 12) else { return };
    let server = Server::emulator(&[]);
    let session = server.session();
    session.query("CREATE TABLE t (a int4)").unwrap();
    let id = session.lines("SELECT id FROM mz_tables WHERE name = 't'").unwrap().remove(0);
    let terraform = Terraform::for_server(&binary, &server, "");
    let table = |name: &str| {
        format!(
            "resource \"materialize_table\" \"it\" {{\n  name = {name:?}\n  column {{\n    name = \"a\"\n    type = \
             \"integer\"\n  }}\n}}\n"
        )
    };
    terraform.write("main.tf", &table("t"));
    let import = format!("import {{\n  to = materialize_table.it\n  identity = {{\n    id = {id:?}\n  }}\n}}\n");
    terraform.write("import.tf", &import);
    terraform.apply().expect_ok();
    std::fs::remove_file(terraform.folder.join("import.tf")).expect("the import");
    terraform.check_settled().unwrap();
    let identity = || {
        let state = std::fs::read_to_string(terraform.folder.join("terraform.tfstate")).expect("a state");
        let state: serde_json::Value = serde_json::from_str(&state).expect("JSON");
        state["resources"][0]["instances"][0]["identity"].clone()
    };
    let expected = serde_json::json!({"id": id, "region": "self-hosted"});
    assert_eq!(identity(), expected);
    // A renamed object is the same.
    terraform.write("main.tf", &table("renamed"));
    terraform.apply().expect_ok();
    assert_eq!(identity(), expected);
}

/// An import that names an object of another type is refused, whatever relation both are in.
#[test]
fn an_object_of_another_type_is_not_imported() {
    let server = Server::with_upstreams();
    let session = server.session();
    session
        .query(
            "CREATE SECRET p AS 'x'; CREATE CONNECTION k TO KAFKA (BROKER 'kafka:9092', SECURITY PROTOCOL = 'PLAINTEXT') \
             WITH (VALIDATE = false); CREATE SOURCE g IN CLUSTER quickstart FROM LOAD GENERATOR COUNTER; CREATE TABLE t (a int4)",
        )
        .unwrap();
    let id = |name: &str| session.lines(&format!("SELECT id FROM mz_objects WHERE name = '{name}'")).unwrap().remove(0);
    let wire = crate::wire::Wire::new(&server, "");
    for (name, right, wrong) in [
        ("k", "materialize_connection_kafka", &["materialize_connection_mysql", "materialize_connection_aws"][..]),
        ("g", "materialize_source_load_generator", &["materialize_source_kafka", "materialize_source_webhook"]),
        ("t", "materialize_table", &["materialize_source_table_kafka", "materialize_source_table_webhook"]),
    ] {
        let id = id(name);
        wire.import(right, &id, None).unwrap();
        for kind in wrong {
            let error = wire.import(kind, &id, None).expect_err(kind);
            assert!(error.contains(&format!("There is no {kind} with the id \"{id}\"")), "{error}");
        }
    }
}
