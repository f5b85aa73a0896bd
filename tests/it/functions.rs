//! Provider functions, called by a real Terraform.

use crate::support::server::Server;
use crate::support::terraform::{Terraform, binary_from};

const CONFIG: &str = r#"
locals {
  reference = provider::materialize::parse_name("materialize.Shop.\"Orders\"")
}

resource "materialize_schema" "shop" {
  name = local.reference.schema_name
}

resource "materialize_table" "orders" {
  name          = local.reference.name
  schema_name   = materialize_schema.shop.name
  database_name = local.reference.database_name
  column {
    name = "it's"
    type = "text"
  }
}

resource "materialize_view" "late" {
  name = "late"
  statement = join(" ", [
    "SELECT", provider::materialize::quote_identifier(materialize_table.orders.column[0].name),
    "FROM", provider::materialize::qualified_name("materialize", "shop", materialize_table.orders.name),
    "WHERE", provider::materialize::quote_identifier("it's"), "<>", provider::materialize::quote_literal("it's"),
  ])
}

output "id" {
  value = provider::materialize::parse_id(materialize_table.orders.id)
}
"#;

fn terraform(server: &Server, config: &str) -> Option<Terraform> {
    let terraform = Terraform::for_server(&binary_from(1, 8)?, server, "");
    terraform.write("main.tf", config);
    Some(terraform)
}

#[test]
fn functions_take_apart_and_put_together_what_sql_needs() {
    let server = Server::emulator(&[]);
    let Some(terraform) = terraform(&server, CONFIG) else { return };
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    let session = server.session();
    session.query("INSERT INTO shop.\"Orders\" VALUES ('it''s'), ('theirs')").unwrap();
    assert_eq!(session.lines("SELECT * FROM late").unwrap(), ["theirs"]);
    let outputs = terraform.run(&["output", "-json"]).expect_ok().stdout;
    let outputs: serde_json::Value = serde_json::from_str(&outputs).expect("outputs in JSON");
    let catalog = session.lines("SELECT id FROM mz_tables WHERE name = 'Orders'").unwrap();
    assert_eq!(outputs["id"]["value"], serde_json::json!({"id": catalog[0], "region": "self-hosted"}));
}

#[test]
fn what_is_no_name_is_refused_where_it_stands() {
    let server = Server::emulator(&[]);
    let config = "output \"name\" {\n  value = provider::materialize::parse_name(\"a.b.c.d\")\n}\n";
    let Some(terraform) = terraform(&server, config) else { return };
    let errors = terraform.plan().errors();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].detail.contains("The argument is no name of an object"), "{}", errors[0]);
    assert_eq!(errors[0].line, 2);
}
