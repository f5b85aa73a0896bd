//! What is measured: configurations of N objects.

use std::ops::Range;

/// A resource block; `#` stands for the number of the object.
type Kind = &'static str;

/// Plain objects and what hangs on them: a fifth each of schemas, roles, secrets, tables and grants.
pub const FIVE: &[Kind] = &[SCHEMA, ROLE, SECRET, TABLE, TABLE_GRANT];

/// A twentieth each of twenty resource types: clusters with sources, what is in databases, and privileges.
pub const TWENTY: &[Kind] = &[
    SCHEMA,
    ROLE,
    SECRET,
    TABLE,
    TABLE_GRANT,
    r#"
resource "materialize_database" "it#" {
  name = "d#"
}
"#,
    r#"
resource "materialize_view" "it#" {
  name      = "v#"
  statement = "SELECT id, upper(note) AS note FROM materialize.public.${materialize_table.it#.name}"
  comment   = "view #"
}
"#,
    r#"
resource "materialize_materialized_view" "it#" {
  name         = "m#"
  cluster_name = "quickstart"
  statement    = "SELECT count(*) AS n FROM materialize.public.${materialize_table.it#.name}"
}
"#,
    r#"
resource "materialize_index" "it#" {
  name         = "i#"
  cluster_name = "quickstart"
  obj_name {
    name = materialize_view.it#.name
  }
  col_expr {
    field = "id"
  }
}
"#,
    r#"
resource "materialize_type" "it#" {
  name = "y#"
  list_properties {
    element_type = "int4"
  }
}
"#,
    r#"
resource "materialize_network_policy" "it#" {
  name = "n#"
  rule {
    name      = "all"
    action    = "allow"
    direction = "ingress"
    address   = "0.0.0.0/0"
  }
}
"#,
    r#"
resource "materialize_connection_kafka" "it#" {
  name              = "ck#"
  security_protocol = "SASL_SSL"
  sasl_mechanisms   = "PLAIN"
  validate          = false
  kafka_broker {
    broker = "broker-#.example.com:9092"
  }
  sasl_username {
    text = "user"
  }
  sasl_password {
    name = materialize_secret.it#.name
  }
}
"#,
    r#"
resource "materialize_connection_postgres" "it#" {
  name     = "cp#"
  host     = "db-#.example.com"
  database = "shop"
  validate = false
  user {
    text = "reader"
  }
  password {
    name = materialize_secret.it#.name
  }
}
"#,
    r#"
resource "materialize_connection_ssh_tunnel" "it#" {
  name     = "ct#"
  host     = "bastion-#.example.com"
  user     = "tunnel"
  port     = 22
  validate = false
}
"#,
    r#"
resource "materialize_source_load_generator" "it#" {
  name                = "sl#"
  cluster_name        = "quickstart"
  load_generator_type = "COUNTER"
}
"#,
    r#"
resource "materialize_source_webhook" "it#" {
  name         = "sw#"
  cluster_name = "quickstart"
  body_format  = "JSON"
}
"#,
    r#"
resource "materialize_schema_grant" "it#" {
  role_name     = materialize_role.it#.name
  privilege     = "USAGE"
  database_name = "materialize"
  schema_name   = materialize_schema.it#.name
}
"#,
    r#"
resource "materialize_secret_grant" "it#" {
  role_name     = materialize_role.it#.name
  privilege     = "USAGE"
  database_name = "materialize"
  schema_name   = "public"
  secret_name   = materialize_secret.it#.name
}
"#,
    r#"
resource "materialize_table_grant_default_privilege" "it#" {
  grantee_name     = materialize_role.it#.name
  target_role_name = "PUBLIC"
  privilege        = "SELECT"
}
"#,
    r#"
resource "materialize_role_parameter" "it#" {
  role_name      = materialize_role.it#.name
  variable_name  = "search_path"
  variable_value = "s#"
}
"#,
];

const SCHEMA: Kind = r#"
resource "materialize_schema" "it#" {
  name = "s#"
}
"#;

const ROLE: Kind = r#"
resource "materialize_role" "it#" {
  name    = "r#"
  comment = "role #"
}
"#;

const SECRET: Kind = r#"
resource "materialize_secret" "it#" {
  name = "k#"
  value = "v"
}
"#;

const TABLE: Kind = r#"
resource "materialize_table" "it#" {
  name = "t#"
  column {
    name = "id"
    type = "bigint"
  }
  column {
    name = "note"
    type = "text"
  }
}
"#;

const TABLE_GRANT: Kind = r#"
resource "materialize_table_grant" "it#" {
  role_name     = materialize_role.it#.name
  privilege     = "SELECT"
  database_name = "materialize"
  schema_name   = "public"
  table_name    = materialize_table.it#.name
}
"#;

/// Resources of these kinds, as many of each as there are numbers, each in a block of its own. With `count`, Terraform looks at all objects of a
/// block wherever one of them is named, and itself takes time by the square of N.
pub fn configuration(kinds: &[Kind], numbers: Range<usize>) -> String {
    numbered(numbers, |i| kinds.iter().map(|kind| kind.replace('#', i)).collect())
}

/// As many resources without a provider to ask; every fifth kind names two others.
pub fn floor(kinds: &[Kind], numbers: Range<usize>) -> String {
    let input = |kind: usize, i: &str| match kind % 5 {
        4 => format!("${{terraform_data.k0_{i}.id}} ${{terraform_data.k1_{i}.id}}"),
        _ => i.to_owned(),
    };
    let block = |kind: usize, i: &str| {
        format!("resource \"terraform_data\" \"k{kind}_{i}\" {{\n  input = \"{}\"\n}}\n", input(kind, i))
    };
    numbered(numbers, |i| (0..kinds.len()).map(|kind| block(kind, i)).collect())
}

fn numbered(numbers: Range<usize>, blocks: impl Fn(&str) -> String) -> String {
    numbers.map(|i| blocks(&i.to_string())).collect()
}

/// A source with subsources, and what a team puts on it.
pub const SOURCE: &str = r#"
resource "materialize_role" "reader" {
  name = "reader"
}
resource "materialize_source_load_generator" "auction" {
  name                = "auction"
  cluster_name        = "quickstart"
  load_generator_type = "AUCTION"
  comment             = "bids and auctions"
  auction_options {
    tick_interval = "1s"
  }
}
resource "materialize_source_grant" "auction" {
  role_name     = materialize_role.reader.name
  privilege     = "SELECT"
  database_name = "materialize"
  schema_name   = "public"
  source_name   = materialize_source_load_generator.auction.name
}
"#;
