//! Names that change hands in one apply, of which Terraform knows no order: exchanged, handed on in a row, taken from what is
//! dropped. One apply is enough, and every object is who it was.

use serde_json::Value;

use crate::support::server::Server;
use crate::support::terraform::{Terraform, binaries};

/// Every kind that can be renamed and that needs no upstream, with what refers to it.
const CONFIG: &str = r#"
variable "names" {
  type = map(string)
}
resource "materialize_cluster" "it" {
  for_each           = var.names
  name               = "cluster_${each.value}"
  size               = "25cc"
  replication_factor = 0
}
resource "materialize_cluster_grant" "it" {
  for_each     = var.names
  role_name    = "PUBLIC"
  privilege    = "CREATE"
  cluster_name = materialize_cluster.it[each.key].name
}
resource "materialize_schema" "it" {
  for_each = var.names
  name     = "schema_${each.value}"
}
resource "materialize_secret" "it" {
  for_each    = var.names
  name        = "secret_${each.value}"
  schema_name = materialize_schema.it[each.key].name
  value       = each.key
  comment     = each.key
}
resource "materialize_table" "it" {
  for_each = var.names
  name     = "table_${each.value}"
  comment  = each.key
  column {
    name = "id"
    type = "int"
  }
}
resource "materialize_view" "it" {
  for_each  = var.names
  name      = "view_${each.value}"
  statement = "SELECT id FROM ${materialize_table.it[each.key].qualified_sql_name}"
}
resource "materialize_materialized_view" "it" {
  for_each     = var.names
  name         = "mv_${each.value}"
  cluster_name = materialize_cluster.it[each.key].name
  statement    = "SELECT id FROM ${materialize_view.it[each.key].qualified_sql_name}"
}
resource "materialize_index" "it" {
  for_each     = var.names
  name         = "index_${each.value}"
  cluster_name = materialize_cluster.it[each.key].name
  obj_name {
    name = materialize_view.it[each.key].name
  }
  col_expr {
    field = "id"
  }
}
resource "materialize_source_load_generator" "it" {
  for_each            = var.names
  name                = "source_${each.value}"
  cluster_name        = materialize_cluster.it[each.key].name
  load_generator_type = "COUNTER"
}
"#;

/// Address with key, and id, of everything.
fn ids(terraform: &Terraform) -> Vec<(String, Value)> {
    let state = terraform.state();
    let resources = state["resources"].as_array().cloned().unwrap_or_default();
    let instances = resources.iter().flat_map(|resource| {
        let instances = resource["instances"].as_array().cloned().unwrap_or_default();
        instances.into_iter().map(|instance| {
            let address = format!("{} {}", resource["type"], instance["index_key"]);
            (address, instance["attributes"]["id"].clone())
        })
    });
    instances.collect()
}

fn start(config: &str, names: &str) -> (Server, Terraform) {
    let server = Server::emulator(&[]);
    let mut terraform = Terraform::for_server(&binaries()[0], &server, "");
    terraform.write("main.tf", config);
    terraform.env("TF_VAR_names", names);
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    (server, terraform)
}

#[test]
fn names_are_exchanged_and_handed_on() {
    let (_server, mut terraform) = start(CONFIG, r#"{"one":"a","two":"b","three":"c"}"#);
    let before = ids(&terraform);
    for names in [
        r#"{"one":"b","two":"a","three":"c"}"#, r#"{"one":"c","two":"b","three":"a"}"#,
        r#"{"one":"a","two":"c","three":"b"}"#, r#"{"one":"c","two":"b","three":"d"}"#,
        r#"{"one":"d","two":"c","three":"e"}"#,
    ] {
        terraform.env("TF_VAR_names", names);
        terraform.run(&["apply", "-json", "-auto-approve", "-parallelism=40"]).expect_ok();
        terraform.check_settled().unwrap();
        assert_eq!(ids(&terraform), before, "{names}");
    }
    terraform.destroy().expect_ok();
}

/// The first of a list goes: each takes the name of the one before, and the last one is dropped.
#[test]
fn names_move_up() {
    let config = r#"
variable "names" {
  type = list(string)
}
resource "materialize_table" "it" {
  count = length(var.names)
  name  = var.names[count.index]
  column {
    name = "id"
    type = "int"
  }
}
resource "materialize_role" "it" {
  for_each = toset(var.names)
  name     = each.key
}
"#;
    let (_server, mut terraform) = start(config, r#"["a","b","c","d"]"#);
    let tables = |terraform: &Terraform| {
        let all = ids(terraform).into_iter().filter(|(address, _)| address.contains("table"));
        all.take(3).collect::<Vec<_>>()
    };
    let before = tables(&terraform);
    terraform.env("TF_VAR_names", r#"["b","c","d"]"#);
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    assert_eq!(tables(&terraform), before);
}

/// Under another address without a `moved` block: the one is dropped, the other made, in no order; and what depends on the
/// one goes before it.
#[test]
fn a_name_is_taken_from_what_is_dropped() {
    let config = |label: &str| {
        r#"
resource "materialize_role" "LABEL" {
  count = 2
  name  = "r${count.index}"
}
resource "materialize_network_policy" "LABEL" {
  name = "np"
  rule {
    name      = "r"
    action    = "allow"
    direction = "ingress"
    address   = "0.0.0.0/0"
  }
}
resource "materialize_schema" "LABEL" {
  count = 2
  name  = "s${count.index}"
}
resource "materialize_table" "LABEL" {
  name        = "t"
  schema_name = materialize_schema.LABEL[0].name
  column {
    name = "id"
    type = "int"
  }
}
resource "materialize_view" "LABEL" {
  name        = "v"
  schema_name = materialize_schema.LABEL[0].name
  statement   = "SELECT id FROM ${materialize_table.LABEL.qualified_sql_name}"
}
resource "materialize_index" "LABEL" {
  name         = "i"
  cluster_name = "quickstart"
  obj_name {
    name        = materialize_view.LABEL.name
    schema_name = materialize_view.LABEL.schema_name
  }
  col_expr {
    field = "id"
  }
}
"#
        .replace("LABEL", label)
    };
    let (server, terraform) = start(&config("one"), "[]");
    // The schema is free after more than a single grace.
    server.control("delay 700");
    terraform.write("main.tf", &config("other"));
    terraform.run(&["apply", "-json", "-auto-approve", "-parallelism=20"]).expect_ok();
    server.control("reset");
    terraform.check_settled().unwrap();
}

/// What nobody gives up is an error after a while, which says how to take it over.
#[test]
fn a_name_that_stays_taken_is_an_error() {
    let server = Server::emulator(&[]);
    server.session().query("CREATE SCHEMA taken").expect("a schema");
    let terraform = Terraform::for_server(&binaries()[0], &server, "");
    terraform.write("main.tf", "resource \"materialize_schema\" \"it\" {\n  name = \"taken\"\n}\n");
    let output = terraform.apply();
    let said = output.errors().iter().any(|error| error.text().contains("import it as `\"materialize\".\"taken\"`"));
    assert!(said, "{}", output.report());
    terraform.write("main.tf", "resource \"materialize_schema\" \"it\" {\n  name = \"free\"\n}\n");
    terraform.apply().expect_ok();
    terraform.write("main.tf", "resource \"materialize_schema\" \"it\" {\n  name = \"taken\"\n}\n");
    let output = terraform.apply();
    let said = output.errors().iter().any(|error| error.text().contains("already exists"));
    assert!(said, "{}", output.report());
    assert_eq!(terraform.attributes("materialize_schema.it").expect("in the state")["name"], "free");
}
