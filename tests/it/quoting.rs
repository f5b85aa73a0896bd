//! Names and texts that SQL has to quote, and ids to hold: with quotes, colons, bars, points, spaces and capitals, in
//! every place where a configuration can name something.

use serde_json::Value;

use crate::support::server::Server;
use crate::support::terraform::{Terraform, binaries};

const CONFIG: &str = r#"
locals {
  odd = "It's \"Odd\": a|b.c; SELECT"
}
resource "materialize_role" "it" {
  name = local.odd
}
resource "materialize_role" "member" {
  name = "a:b"
}
resource "materialize_role_grant" "it" {
  role_name   = materialize_role.it.name
  member_name = materialize_role.member.name
}
resource "materialize_role_parameter" "it" {
  role_name      = materialize_role.member.name
  variable_name  = "cluster"
  variable_value = local.odd
}
resource "materialize_system_parameter" "it" {
  name  = "log_filter"
  value = "it's '2'"
}
resource "materialize_network_policy" "it" {
  name = local.odd
  rule {
    name      = local.odd
    action    = "allow"
    direction = "ingress"
    address   = "0.0.0.0/0"
  }
}
resource "materialize_cluster" "it" {
  name               = local.odd
  size               = "25cc"
  replication_factor = 0
  identify_by_name   = true
  ownership_role     = materialize_role.it.name
  comment            = local.odd
}
resource "materialize_cluster" "colon" {
  name             = "a:b"
  size             = "25cc"
  identify_by_name = true
}
resource "materialize_database" "it" {
  name           = local.odd
  ownership_role = materialize_role.it.name
}
resource "materialize_schema" "it" {
  name             = local.odd
  database_name    = materialize_database.it.name
  identify_by_name = true
}
resource "materialize_secret" "it" {
  name          = local.odd
  schema_name   = materialize_schema.it.name
  database_name = materialize_database.it.name
  value         = local.odd
}
resource "materialize_type" "it" {
  name          = "${local.odd} type"
  schema_name   = materialize_schema.it.name
  database_name = materialize_database.it.name
  row_properties {
    field_name = local.odd
    field_type = "text"
  }
}
resource "materialize_table" "it" {
  name          = "${local.odd} table"
  schema_name   = materialize_schema.it.name
  database_name = materialize_database.it.name
  column {
    name    = local.odd
    type    = "text"
    default = "'it''s \"it\"'"
    comment = local.odd
  }
  column {
    name = "Key"
    type = "integer"
  }
}
# The same name in another schema: an index is not found by its name alone.
resource "materialize_table" "elsewhere" {
  name = "${local.odd} table"
  column {
    name = local.odd
    type = "text"
  }
}
resource "materialize_index" "it" {
  name         = "${local.odd} index"
  cluster_name = materialize_cluster.it.name
  comment      = "ours"
  obj_name {
    name          = materialize_table.it.name
    schema_name   = materialize_table.it.schema_name
    database_name = materialize_table.it.database_name
  }
  col_expr {
    field = "\"It's \"\"Odd\"\": a|b.c; SELECT\""
  }
}
resource "materialize_index" "elsewhere" {
  name         = "${local.odd} index"
  cluster_name = materialize_cluster.it.name
  comment      = "elsewhere"
  obj_name {
    name = materialize_table.elsewhere.name
  }
  col_expr {
    field = "\"It's \"\"Odd\"\": a|b.c; SELECT\""
  }
}
resource "materialize_table_grant" "it" {
  role_name     = materialize_role.it.name
  privilege     = "SELECT"
  database_name = materialize_table.it.database_name
  schema_name   = materialize_table.it.schema_name
  table_name    = materialize_table.it.name
}
resource "materialize_table_grant_default_privilege" "it" {
  grantee_name     = materialize_role.it.name
  target_role_name = materialize_role.member.name
  privilege        = "SELECT"
  database_name    = materialize_database.it.name
  schema_name      = materialize_schema.it.name
}
resource "materialize_connection_kafka" "it" {
  name              = "${local.odd} kafka"
  security_protocol = "PLAINTEXT"
  kafka_broker {
    broker = "127.0.0.1:9092"
  }
}
resource "materialize_source_kafka" "it" {
  name         = "${local.odd} source"
  cluster_name = materialize_cluster.it.name
  topic        = "events"
  kafka_connection {
    name = materialize_connection_kafka.it.name
  }
  key_format {
    text = true
  }
  value_format {
    csv {
      header = ["Key", "b c"]
    }
  }
  include_key             = true
  include_key_alias       = local.odd
  include_timestamp       = true
  include_timestamp_alias = "Ts"
  envelope {
    upsert = true
  }
}
resource "materialize_source_webhook" "it" {
  name         = "${local.odd} hook"
  cluster_name = materialize_cluster.colon.name
  body_format  = "text"
  include_header {
    header = "it's"
    alias  = local.odd
  }
  check_options {
    field {
      secret {
        name          = materialize_secret.it.name
        schema_name   = materialize_secret.it.schema_name
        database_name = materialize_secret.it.database_name
      }
    }
    alias = local.odd
  }
  check_expression = "\"It's \"\"Odd\"\": a|b.c; SELECT\" = 'x'"
}
resource "materialize_sink_kafka" "it" {
  name         = "${local.odd} sink"
  cluster_name = materialize_cluster.it.name
  topic        = "it's"
  key          = [local.odd]
  key_not_enforced = true
  partition_by = "\"Key\""
  compression_type = "gzip"
  from {
    name          = materialize_table.it.name
    schema_name   = materialize_table.it.schema_name
    database_name = materialize_table.it.database_name
  }
  kafka_connection {
    name = materialize_connection_kafka.it.name
  }
  format {
    json = true
  }
  envelope {
    upsert = true
  }
}
"#;

const ODD: &str = "It's \"Odd\": a|b.c; SELECT";

#[test]
fn every_name_is_quoted_and_every_id_is_found_again() {
    let server = Server::with_upstreams();
    let terraform = Terraform::for_server(&binaries()[0], &server, "");
    terraform.write("main.tf", CONFIG);
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    let session = server.session();
    let comments = "SELECT c.comment FROM mz_internal.mz_comments c JOIN mz_catalog.mz_indexes i ON i.id = c.id WHERE c.object_type = 'index' ORDER BY 1";
    assert_eq!(session.lines(comments).unwrap(), ["elsewhere", "ours"], "each index has its own");
    let owner = "SELECT r.name FROM mz_catalog.mz_clusters c JOIN mz_catalog.mz_roles r ON r.id = c.owner_id WHERE c.name LIKE '%Odd%'";
    assert_eq!(session.lines(owner).unwrap(), [ODD]);
    assert_eq!(session.lines("SHOW log_filter").unwrap(), ["it's '2'"]);

    // By the ids in the state alone, everything is found again, as it is configured.
    let ids: Vec<(String, String)> = (terraform.resources().into_iter())
        // Which bar in its id is the one between the names, only the state can tell.
        .filter(|(address, _)| !address.contains("_parameter") && address != "materialize_schema.it")
        .map(|(address, state)| (address, state["attributes"]["id"].as_str().expect("an id").to_owned()))
        .collect();
    assert!(ids.contains(&("materialize_cluster.colon".to_owned(), "self-hosted:name:a:b".to_owned())), "{ids:?}");
    let before: Vec<(String, Value)> = terraform.resources();
    let mut imports = String::new();
    for (address, id) in &ids {
        terraform.run(&["state", "rm", address]).expect_ok();
        let id = serde_json::to_string(id).expect("a text");
        imports += &format!("import {{\n  to = {address}\n  id = {id}\n}}\n");
    }
    terraform.write("import.tf", &imports);
    terraform.apply().expect_ok();
    std::fs::remove_file(terraform.folder.join("import.tf")).expect("the imports");
    terraform.check_settled().unwrap();
    let known = |all: &[(String, Value)]| {
        all.iter().map(|(address, state)| (address.clone(), state["attributes"]["id"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(known(&terraform.resources()), known(&before), "the same objects");
    terraform.destroy().expect_ok();
}

/// The last names are spelt as the state of the official provider can have them.
const BARE: &str = r#"
resource "materialize_cluster" "it" {
  name               = join("", ["quick", "start", "2"])
  size               = "25cc"
  replication_factor = 0
}
resource "materialize_table" "it" {
  name = "t"
  column {
    name = join("_", ["customer", "id"])
    type = "int"
  }
}
resource "materialize_index" "it" {
  name         = "i"
  cluster_name = "quickstart2"
  obj_name {
    name = materialize_table.it.name
  }
  col_expr {
    field = "customer_id"
  }
  depends_on = [materialize_cluster.it]
}
resource "materialize_index" "other" {
  name         = "other"
  cluster_name = "quickstart2"
  obj_name {
    name = materialize_table.it.name
  }
  col_expr {
    field = "customer_id % 2"
  }
  depends_on = [materialize_cluster.it]
}
resource "materialize_type" "it" {
  name = "row"
  row_properties {
    field_name = "street"
    field_type = "text"
  }
}
"#;

/// The official provider sends some names as they stand: without quotes, so that the server makes small letters of them,
/// or with quotes that the user has written.
#[test]
fn names_that_were_sent_as_they_stand_are_found_again() {
    let server = Server::emulator(&[]);
    let terraform = Terraform::for_server(&binaries()[0], &server, "");
    terraform.write("main.tf", BARE);
    terraform.apply().expect_ok();
    let made = terraform.state();
    for spelt in
        [["QuickStart2", "Customer_Id", "Street"], [r#"\"quickstart2\""#, r#"\"customer_id\""#, r#"\"street\""#]]
    {
        let respelt = |text: &str| {
            let names = ["quickstart2", "customer_id", "street"].iter().zip(spelt);
            names.fold(text.to_owned(), |text, (name, spelt)| text.replace(name, spelt))
        };
        let mut state = made.clone();
        for resource in state["resources"].as_array_mut().expect("resources") {
            if ["materialize_index", "materialize_type"].contains(&resource["type"].as_str().expect("a type")) {
                let instance = &mut resource["instances"][0];
                let attributes = respelt(&instance["attributes"].to_string());
                instance["attributes"] = serde_json::from_str(&attributes).expect("attributes");
            }
        }
        terraform.write("terraform.tfstate", &state.to_string());
        terraform.write("main.tf", &respelt(BARE));
        terraform.check_settled().unwrap();
    }
}
