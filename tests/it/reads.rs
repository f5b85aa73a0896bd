//! How much is asked for: many grants on few objects are read together.

use crate::support::server::Server;
use crate::support::terraform::{Terraform, binaries};

const CONFIG: &str = r#"
resource "materialize_role" "r" {
  count = 60
  name  = "r${count.index}"
}
resource "materialize_table" "t" {
  count = 10
  name  = "t${count.index}"
  column {
    name = "id"
    type = "integer"
  }
}
resource "materialize_table_grant" "g" {
  count         = 60
  role_name     = materialize_role.r[count.index].name
  privilege     = "SELECT"
  database_name = "materialize"
  schema_name   = "public"
  table_name    = materialize_table.t[count.index % 5].name
}
resource "materialize_grants" "all" {
  count         = 5
  object_type   = "TABLE"
  database_name = "materialize"
  schema_name   = "public"
  object_name   = materialize_table.t[count.index + 5].name
  dynamic "grant" {
    for_each = materialize_role.r
    content {
      role_name  = grant.value.name
      privileges = ["SELECT", "INSERT"]
    }
  }
}
resource "materialize_table_grant_default_privilege" "d" {
  count            = 60
  grantee_name     = materialize_role.r[count.index].name
  target_role_name = "PUBLIC"
  privilege        = "SELECT"
}
resource "materialize_grant_system_privilege" "s" {
  count     = 60
  role_name = materialize_role.r[count.index].name
  privilege = "CREATEDB"
}
"#;

#[test]
fn many_grants_are_planned_with_few_statements() {
    let server = Server::with_upstreams();
    let terraform = Terraform::for_server(&binaries()[0], &server, "");
    terraform.write("main.tf", CONFIG);
    terraform.apply().expect_ok();
    let mark = server.mark();
    terraform.check_settled().unwrap();
    let Some(statements) = server.statements() else { return };
    let asked = &statements[mark..];
    // 255 objects of six types: each is asked for in a few batches, and then whole.
    assert!(asked.len() <= 60, "{} statements:\n{}", asked.len(), asked.join("\n"));
}
