//! What is measured: configurations of N objects.

/// A resource block of `COUNT` objects.
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
resource "materialize_database" "it" {
  count = COUNT
  name  = "d${count.index}"
}
"#,
    r#"
resource "materialize_view" "it" {
  count     = COUNT
  name      = "v${count.index}"
  statement = "SELECT id, upper(note) AS note FROM materialize.public.${materialize_table.it[count.index].name}"
  comment   = "view ${count.index}"
}
"#,
    r#"
resource "materialize_materialized_view" "it" {
  count        = COUNT
  name         = "m${count.index}"
  cluster_name = "quickstart"
  statement    = "SELECT count(*) AS n FROM materialize.public.${materialize_table.it[count.index].name}"
}
"#,
    r#"
resource "materialize_index" "it" {
  count        = COUNT
  name         = "i${count.index}"
  cluster_name = "quickstart"
  obj_name {
    name = materialize_view.it[count.index].name
  }
  col_expr {
    field = "id"
  }
}
"#,
    r#"
resource "materialize_type" "it" {
  count = COUNT
  name  = "y${count.index}"
  list_properties {
    element_type = "int4"
  }
}
"#,
    r#"
resource "materialize_network_policy" "it" {
  count = COUNT
  name  = "n${count.index}"
  rule {
    name      = "all"
    action    = "allow"
    direction = "ingress"
    address   = "0.0.0.0/0"
  }
}
"#,
    r#"
resource "materialize_connection_kafka" "it" {
  count             = COUNT
  name              = "ck${count.index}"
  security_protocol = "SASL_SSL"
  sasl_mechanisms   = "PLAIN"
  validate          = false
  kafka_broker {
    broker = "broker-${count.index}.example.com:9092"
  }
  sasl_username {
    text = "user"
  }
  sasl_password {
    name = materialize_secret.it[count.index].name
  }
}
"#,
    r#"
resource "materialize_connection_postgres" "it" {
  count    = COUNT
  name     = "cp${count.index}"
  host     = "db-${count.index}.example.com"
  database = "shop"
  validate = false
  user {
    text = "reader"
  }
  password {
    name = materialize_secret.it[count.index].name
  }
}
"#,
    r#"
resource "materialize_connection_ssh_tunnel" "it" {
  count    = COUNT
  name     = "ct${count.index}"
  host     = "bastion-${count.index}.example.com"
  user     = "tunnel"
  port     = 22
  validate = false
}
"#,
    r#"
resource "materialize_source_load_generator" "it" {
  count               = COUNT
  name                = "sl${count.index}"
  cluster_name        = "quickstart"
  load_generator_type = "COUNTER"
}
"#,
    r#"
resource "materialize_source_webhook" "it" {
  count        = COUNT
  name         = "sw${count.index}"
  cluster_name = "quickstart"
  body_format  = "JSON"
}
"#,
    r#"
resource "materialize_schema_grant" "it" {
  count         = COUNT
  role_name     = materialize_role.it[count.index].name
  privilege     = "USAGE"
  database_name = "materialize"
  schema_name   = materialize_schema.it[count.index].name
}
"#,
    r#"
resource "materialize_secret_grant" "it" {
  count         = COUNT
  role_name     = materialize_role.it[count.index].name
  privilege     = "USAGE"
  database_name = "materialize"
  schema_name   = "public"
  secret_name   = materialize_secret.it[count.index].name
}
"#,
    r#"
resource "materialize_table_grant_default_privilege" "it" {
  count            = COUNT
  grantee_name     = materialize_role.it[count.index].name
  target_role_name = "PUBLIC"
  privilege        = "SELECT"
}
"#,
    r#"
resource "materialize_role_parameter" "it" {
  count          = COUNT
  role_name      = materialize_role.it[count.index].name
  variable_name  = "search_path"
  variable_value = "s${count.index}"
}
"#,
];

const SCHEMA: Kind = r#"
resource "materialize_schema" "it" {
  count = COUNT
  name  = "s${count.index}"
}
"#;

const ROLE: Kind = r#"
resource "materialize_role" "it" {
  count   = COUNT
  name    = "r${count.index}"
  comment = "role ${count.index}"
}
"#;

const SECRET: Kind = r#"
resource "materialize_secret" "it" {
  count = COUNT
  name  = "k${count.index}"
  value = "v"
}
"#;

const TABLE: Kind = r#"
resource "materialize_table" "it" {
  count = COUNT
  name  = "t${count.index}"
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
resource "materialize_table_grant" "it" {
  count         = COUNT
  role_name     = materialize_role.it[count.index].name
  privilege     = "SELECT"
  database_name = "materialize"
  schema_name   = "public"
  table_name    = materialize_table.it[count.index].name
}
"#;

/// Resources of these kinds, `total` in all.
pub fn configuration(kinds: &[Kind], total: usize) -> String {
    let share = total / kinds.len();
    kinds.iter().map(|kind| kind.replace("= COUNT\n", &format!("= {share}\n"))).collect()
}

/// As many resources without a provider to ask; every fifth kind names two others.
pub fn floor(kinds: &[Kind], total: usize) -> String {
    let share = total / kinds.len();
    let input = |kind: usize| match kind % 5 {
        4 => "${terraform_data.k0[count.index].id} ${terraform_data.k1[count.index].id}",
        _ => "${count.index}",
    };
    let block = |kind| {
        let input = input(kind);
        format!("resource \"terraform_data\" \"k{kind}\" {{\n  count = {share}\n  input = \"{input}\"\n}}\n")
    };
    (0..kinds.len()).map(block).collect()
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
