//! What is replaced takes along what stands on it: privileges, default privileges, indexes, replicas, memberships. All of
//! it is there again after the same apply, and not only after the next.

use std::collections::BTreeMap;

use crate::support::plan::{Action, Plan};
use crate::support::server::Server;
use crate::support::terraform::{Terraform, binaries};

const CONFIG: &str = r#"
resource "materialize_role" "owner" {
  name = "owner"
}
resource "materialize_role" "reader" {
  name = "reader"
}
resource "materialize_role" "team" {
  name = "team"
}
resource "materialize_role" "guild" {
  name = "guild"
}
resource "materialize_role_grant" "it" {
  role_name   = materialize_role.guild.name
  member_name = materialize_role.owner.name
}
resource "materialize_role_members" "it" {
  role_name    = materialize_role.team.name
  member_names = [materialize_role.owner.name]
}
resource "materialize_role_parameter" "it" {
  role_name      = materialize_role.team.name
  variable_name  = "cluster"
  variable_value = "quickstart"
}
resource "materialize_database" "it" {
  name = "it"
}
resource "materialize_database_grant" "it" {
  role_name     = materialize_role.reader.name
  privilege     = "USAGE"
  database_name = materialize_database.it.name
}
resource "materialize_schema_grant_default_privilege" "it" {
  grantee_name     = materialize_role.reader.name
  target_role_name = materialize_role.owner.name
  privilege        = "USAGE"
  database_name    = materialize_database.it.name
}
resource "materialize_schema" "it" {
  name          = "it"
  database_name = materialize_database.it.name
}
resource "materialize_schema_grant" "it" {
  role_name     = materialize_role.reader.name
  privilege     = "USAGE"
  schema_name   = materialize_schema.it.name
  database_name = materialize_database.it.name
}
resource "materialize_table_grant_default_privilege" "it" {
  grantee_name     = materialize_role.reader.name
  target_role_name = materialize_role.owner.name
  privilege        = "SELECT"
  schema_name      = materialize_schema.it.name
  database_name    = materialize_database.it.name
}
resource "materialize_cluster" "it" {
  name = "it"
}
resource "materialize_cluster_replica" "it" {
  name         = "r1"
  cluster_name = materialize_cluster.it.name
  size         = "25cc"
}
resource "materialize_cluster_grant" "it" {
  role_name    = materialize_role.reader.name
  privilege    = "USAGE"
  cluster_name = materialize_cluster.it.name
}
resource "materialize_table" "it" {
  name = "it"
  column {
    name = "id"
    type = "int"
  }
}
resource "materialize_index" "named" {
  name         = "by_id"
  cluster_name = "quickstart"
  comment      = "of the table"
  obj_name {
    name = materialize_table.it.name
  }
  col_expr {
    field = "id"
  }
}
resource "materialize_index" "default" {
  default      = true
  cluster_name = "quickstart"
  obj_name {
    name = materialize_table.it.name
  }
}
resource "materialize_table_grant" "it" {
  role_name     = materialize_role.reader.name
  privilege     = "SELECT"
  table_name    = materialize_table.it.name
  schema_name   = materialize_table.it.schema_name
  database_name = materialize_table.it.database_name
}
resource "materialize_view" "it" {
  name      = "seen"
  statement = "SELECT 1 AS one"
}
resource "materialize_index" "of_view" {
  name         = "by_one"
  cluster_name = "quickstart"
  obj_name {
    name = materialize_view.it.name
  }
  col_expr {
    field = "one"
  }
}
resource "materialize_grants" "it" {
  object_type   = "VIEW"
  object_name   = materialize_view.it.name
  schema_name   = materialize_view.it.schema_name
  database_name = materialize_view.it.database_name
  grant {
    role_name  = materialize_role.reader.name
    privileges = ["SELECT"]
  }
}
"#;

/// What stands on something else.
const ON_TOP: &[&str] = &[
    "materialize_cluster_grant.it",
    "materialize_cluster_replica.it",
    "materialize_database_grant.it",
    "materialize_grants.it",
    "materialize_index.default",
    "materialize_index.named",
    "materialize_index.of_view",
    "materialize_role_grant.it",
    "materialize_role_members.it",
    "materialize_role_parameter.it",
    "materialize_schema_grant.it",
    "materialize_schema_grant_default_privilege.it",
    "materialize_table_grant.it",
    "materialize_table_grant_default_privilege.it",
];

const BELOW: &[&str] = &[
    "materialize_cluster.it", "materialize_database.it", "materialize_role.guild", "materialize_role.team",
    "materialize_schema.it", "materialize_table.it", "materialize_view.it",
];

#[test]
fn what_stands_on_a_replaced_object_is_made_again() {
    let server = Server::emulator(&[]);
    let terraform = Terraform::for_server(&binaries()[0], &server, "");
    terraform.write("main.tf", CONFIG);
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();

    let replace: Vec<String> = BELOW.iter().map(|address| format!("-replace={address}")).collect();
    let mut plan = vec!["plan", "-json", "-out=plan"];
    plan.extend(replace.iter().map(String::as_str));
    terraform.run(&plan).expect_ok();
    let shown = Plan::new(&terraform.show_plan());
    let planned: BTreeMap<&str, Action> = shown.changes.iter().map(|c| (c.address.as_str(), c.action)).collect();
    for address in BELOW {
        assert_eq!(planned[address], Action::Replace, "{}", shown.describe());
    }
    for address in ON_TOP {
        assert_eq!(planned[address], Action::Update, "{address}: {}", shown.describe());
    }
    terraform.apply_plan().expect_ok();
    terraform.check_settled().unwrap();
    terraform.destroy().expect_ok();
}

/// A replacement that the server refuses leaves what stands on the object as it was.
#[test]
fn a_replacement_that_fails_takes_nothing_along() {
    let config = |more: &str| format!("{CONFIG}{more}");
    let server = Server::emulator(&[]);
    let terraform = Terraform::for_server(&binaries()[0], &server, "");
    terraform.write("main.tf", &config(""));
    terraform.apply().expect_ok();
    server.session().query("CREATE VIEW theirs AS SELECT id FROM it").expect("a view");
    let output = terraform.run(&["apply", "-json", "-auto-approve", "-replace=materialize_table.it"]);
    assert!(output.errors().iter().any(|error| error.text().contains("still depended upon")), "{}", output.report());
    terraform.check_settled().unwrap();
}

/// `CREATE OR REPLACE VIEW` keeps the privileges on the view, and drops the indexes.
#[test]
fn indexes_of_a_view_with_another_query_are_made_again() {
    let server = Server::emulator(&[]);
    let terraform = Terraform::for_server(&binaries()[0], &server, "");
    terraform.write("main.tf", CONFIG);
    terraform.apply().expect_ok();
    for (name, query) in [("seen", "SELECT 2 AS one"), ("seen_again", "SELECT 3 AS one"), ("seen", "SELECT 3 AS one")] {
        terraform.write("main.tf", &CONFIG.replace("\"seen\"", &format!("{name:?}")).replace("SELECT 1 AS one", query));
        terraform.apply().expect_ok();
        terraform.check_settled().unwrap();
    }
    let index = "SELECT name FROM mz_catalog.mz_indexes WHERE name = 'by_one'";
    assert_eq!(server.session().lines(index).unwrap(), ["by_one"]);
}
