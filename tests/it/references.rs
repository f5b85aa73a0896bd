//! What is renamed is the same object. Everything that can refer to something refers, in one configuration, to objects
//! that are then renamed: in the configuration, and by somebody else. Nothing may be replaced: a source that is made
//! anew loses its data.

use std::collections::{BTreeMap, BTreeSet};

use provider::declare::Attr;
use provider::engine::Declared;
use provider::sql::Kind;
use provider::value::Value as State;
use serde_json::Value;

use crate::support::hcl;
use crate::support::plan::{Action, Plan, within, without_indices};
use crate::support::server::Server;
use crate::support::sql::Session;
use crate::support::terraform::{Terraform, binaries};

/// References that this configuration cannot have, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    (".protobuf.schema_registry_connection", "the emulator decodes no PROTOBUF; it is read where that of Avro is"),
    ("materialize_source_table_kafka expose_progress", "it is only kept in the state"),
    ("materialize_connection_grant_default_privilege", "as that of tables"),
    ("materialize_secret_grant_default_privilege", "as that of tables"),
    ("materialize_type_grant_default_privilege", "as that of tables"),
];

/// `named x` is a name that changes, in a schema whose name changes; `placed x` is a name that stays, in that schema;
/// `block @ kind.label` is a block that refers to that resource.
const CONFIG: &str = r#"
resource "materialize_database" "d" {
  name = "d"
}
resource "materialize_schema" "s" {
  name          = "s${var.n}"
  database_name = materialize_database.d.name
}
resource "materialize_role" "r" {
  name = "r"
}
resource "materialize_cluster" "c" {
  name               = "c${var.n}"
  size               = "25cc"
  replication_factor = 0
}
resource "materialize_cluster" "bare" {
  name = "bare${var.n}"
}
resource "materialize_cluster_replica" "it" {
  name         = "r1"
  cluster_name = materialize_cluster.bare.name
  size         = "25cc"
}
resource "materialize_secret" "pw" {
  named pw
  value = "x"
}
resource "materialize_type" "it" {
  placed type
  list_properties {
    element_type = "int4"
  }
}
resource "materialize_connection_ssh_tunnel" "ssh" {
  named ssh
  host = "bastion.example.com"
  port = 22
  user = "mz"
}
resource "materialize_connection_aws_privatelink" "pl" {
  named pl
  service_name       = "com.amazonaws.us-east-1.vpce.x"
  availability_zones = ["use1-az1"]
}
resource "materialize_connection_aws" "aws" {
  named aws
  validate        = false
  assume_role_arn = "arn:aws:iam::123456789012:role/mz"
}
resource "materialize_connection_aws" "keys" {
  placed aws_keys
  validate          = false
  access_key_id @ secret materialize_secret.pw
  secret_access_key @ materialize_secret.pw
  session_token @ secret materialize_secret.pw
}
resource "materialize_connection_kafka" "sasl" {
  placed sasl
  validate          = false
  security_protocol = "SASL_SSL"
  sasl_mechanisms   = "PLAIN"
  kafka_broker {
    broker = "a:9092"
    ssh_tunnel @ materialize_connection_ssh_tunnel.ssh
  }
  kafka_broker {
    broker            = "b:9092"
    availability_zone = "use1-az1"
    privatelink_connection @ materialize_connection_aws_privatelink.pl
  }
  broker_matching_rule {
    pattern = "*.use1-az1.*"
    privatelink_connection @ materialize_connection_aws_privatelink.pl
  }
  sasl_username @ secret materialize_secret.pw
  sasl_password @ materialize_secret.pw
  ssl_certificate_authority @ secret materialize_secret.pw
}
resource "materialize_connection_kafka" "ssl" {
  placed ssl
  validate          = false
  security_protocol = "SSL"
  kafka_broker {
    broker = "a:9092"
  }
  ssh_tunnel @ materialize_connection_ssh_tunnel.ssh
  ssl_certificate @ secret materialize_secret.pw
  ssl_key @ materialize_secret.pw
}
resource "materialize_connection_kafka" "linked" {
  placed linked
  validate          = false
  security_protocol = "PLAINTEXT"
  aws_privatelink {
    privatelink_connection_port = 9092
    privatelink_connection @ materialize_connection_aws_privatelink.pl
  }
}
resource "materialize_connection_kafka" "msk" {
  placed msk
  validate          = false
  security_protocol = "SASL_SSL"
  kafka_broker {
    broker = "a:9092"
  }
  aws_connection @ materialize_connection_aws.aws
}
resource "materialize_connection_confluent_schema_registry" "tunnel" {
  placed csr_tunnel
  validate = false
  url      = "https://registry.example.com"
  username @ secret materialize_secret.pw
  password @ materialize_secret.pw
  ssh_tunnel @ materialize_connection_ssh_tunnel.ssh
  ssl_certificate @ secret materialize_secret.pw
  ssl_certificate_authority @ secret materialize_secret.pw
  ssl_key @ materialize_secret.pw
}
resource "materialize_connection_confluent_schema_registry" "linked" {
  placed csr_linked
  validate = false
  url      = "https://registry.example.com"
  aws_privatelink @ materialize_connection_aws_privatelink.pl
}
resource "materialize_connection_postgres" "tunnel" {
  placed pg_tunnel
  validate = false
  host     = "db.example.com"
  database = "shop"
  ssl_mode = "verify-ca"
  user @ secret materialize_secret.pw
  password @ materialize_secret.pw
  ssh_tunnel @ materialize_connection_ssh_tunnel.ssh
  ssl_certificate @ secret materialize_secret.pw
  ssl_certificate_authority @ secret materialize_secret.pw
  ssl_key @ materialize_secret.pw
}
resource "materialize_connection_postgres" "linked" {
  placed pg_linked
  validate = false
  host     = "db.example.com"
  database = "shop"
  user {
    text = "reader"
  }
  aws_privatelink @ materialize_connection_aws_privatelink.pl
}
resource "materialize_connection_mysql" "tunnel" {
  placed my_tunnel
  validate = false
  host     = "db.example.com"
  ssl_mode = "verify-ca"
  user @ secret materialize_secret.pw
  password @ materialize_secret.pw
  ssh_tunnel @ materialize_connection_ssh_tunnel.ssh
  ssl_certificate @ secret materialize_secret.pw
  ssl_certificate_authority @ secret materialize_secret.pw
  ssl_key @ materialize_secret.pw
}
resource "materialize_connection_mysql" "linked" {
  placed my_linked
  validate = false
  host     = "db.example.com"
  ssl_mode = "required"
  user {
    text = "reader"
  }
  aws_connection @ materialize_connection_aws.aws
  aws_privatelink @ materialize_connection_aws_privatelink.pl
}
resource "materialize_connection_sqlserver" "tunnel" {
  placed ms_tunnel
  validate = false
  host     = "db.example.com"
  database = "shop"
  ssl_mode = "verify_ca"
  user @ secret materialize_secret.pw
  password @ materialize_secret.pw
  ssh_tunnel @ materialize_connection_ssh_tunnel.ssh
  ssl_certificate @ secret materialize_secret.pw
  ssl_certificate_authority @ secret materialize_secret.pw
  ssl_key @ materialize_secret.pw
}
resource "materialize_connection_sqlserver" "linked" {
  placed ms_linked
  validate = false
  host     = "db.example.com"
  database = "shop"
  user {
    text = "reader"
  }
  password @ materialize_secret.pw
  aws_privatelink @ materialize_connection_aws_privatelink.pl
}
resource "materialize_connection_iceberg_catalog" "lake" {
  named lake
  validate     = false
  catalog_type = "s3tablesrest"
  url          = "https://s3tables.us-east-1.amazonaws.com/iceberg"
  warehouse    = "arn:aws:s3tables:us-east-1:123456789012:bucket/lake"
  aws_connection @ materialize_connection_aws.aws
}
resource "materialize_connection_iceberg_catalog" "rest" {
  placed rest
  validate     = false
  catalog_type = "rest"
  url          = "https://lake.example.com"
  warehouse    = "w"
  credential @ secret materialize_secret.pw
}
resource "materialize_connection_gcp" "gcp" {
  named gcp
  service_account_key @ materialize_secret.pw
}
resource "materialize_connection_iceberg_catalog" "google" {
  placed google
  validate     = false
  catalog_type = "rest"
  url          = "https://lake.example.com"
  warehouse    = "gs://lake"
  gcp_connection @ materialize_connection_gcp.gcp
}
resource "materialize_connection_aws_glue_schema_registry" "glue" {
  named glue
  registry = "shop"
  aws_connection @ materialize_connection_aws.aws
}

resource "materialize_connection_kafka" "k" {
  named k
  security_protocol = "PLAINTEXT"
  kafka_broker {
    broker = "127.0.0.1:9092"
  }
}
resource "materialize_connection_confluent_schema_registry" "csr" {
  named csr
  url = "http://127.0.0.1:8081"
}
resource "materialize_connection_postgres" "pg" {
  named pg
  host     = "127.0.0.1"
  port     = 5499
  database = "shop"
  user {
    text = "reader"
  }
  password @ materialize_secret.pw
}
resource "materialize_connection_mysql" "my" {
  named my
  host = "127.0.0.1"
  port = 3399
  user {
    text = "reader"
  }
  password @ materialize_secret.pw
}
resource "materialize_connection_sqlserver" "ms" {
  named ms
  host     = "127.0.0.1"
  port     = 1499
  database = "shop"
  user {
    text = "reader"
  }
  password @ materialize_secret.pw
}

resource "materialize_source_kafka" "k" {
  named from_k
  cluster_name = materialize_cluster.c.name
  expose_progress {
    name          = "offsets"
    schema_name   = materialize_schema.s.name
    database_name = materialize_database.d.name
  }
  topic        = "orders"
  kafka_connection @ materialize_connection_kafka.k
}
resource "materialize_source_kafka" "avro" {
  placed avro
  cluster_name = materialize_cluster.c.name
  topic        = "orders"
  kafka_connection @ materialize_connection_kafka.k
  format {
    avro {
      schema_registry_connection @ materialize_connection_confluent_schema_registry.csr
    }
  }
}
resource "materialize_source_kafka" "both" {
  placed both
  cluster_name = materialize_cluster.c.name
  topic        = "orders"
  kafka_connection @ materialize_connection_kafka.k
  key_format {
    avro {
      schema_registry_connection @ materialize_connection_confluent_schema_registry.csr
    }
  }
  value_format {
    avro {
      schema_registry_connection @ materialize_connection_confluent_schema_registry.csr
    }
  }
  include_key = true
  include_key_alias = "the key"
}
resource "materialize_source_table_kafka" "avro" {
  placed t_avro
  topic = "orders"
  source @ materialize_source_kafka.k
  format {
    avro {
      schema_registry_connection @ materialize_connection_confluent_schema_registry.csr
    }
  }
}
resource "materialize_source_table_kafka" "both" {
  placed t_both
  topic = "orders"
  source @ materialize_source_kafka.k
  key_format {
    avro {
      schema_registry_connection @ materialize_connection_confluent_schema_registry.csr
    }
  }
  value_format {
    avro {
      schema_registry_connection @ materialize_connection_confluent_schema_registry.csr
    }
  }
  include_key = true
  include_key_alias = "the key"
}
resource "materialize_source_kafka" "glue" {
  placed from_glue
  cluster_name = materialize_cluster.c.name
  topic        = "orders"
  kafka_connection @ materialize_connection_kafka.k
  format {
    avro {
      schema_name = "orders"
      aws_glue_schema_registry_connection @ materialize_connection_aws_glue_schema_registry.glue
    }
  }
}
resource "materialize_source_kafka" "glued" {
  placed from_glued
  cluster_name = materialize_cluster.c.name
  topic        = "orders"
  kafka_connection @ materialize_connection_kafka.k
  key_format {
    avro {
      schema_name = "orders"
      aws_glue_schema_registry_connection @ materialize_connection_aws_glue_schema_registry.glue
    }
  }
  value_format {
    avro {
      schema_name = "orders"
      aws_glue_schema_registry_connection @ materialize_connection_aws_glue_schema_registry.glue
    }
  }
}
resource "materialize_source_table_kafka" "glue" {
  placed t_glue
  topic = "orders"
  source @ materialize_source_kafka.k
  format {
    avro {
      schema_name = "orders"
      aws_glue_schema_registry_connection @ materialize_connection_aws_glue_schema_registry.glue
    }
  }
}
resource "materialize_source_table_kafka" "glued" {
  placed t_glued
  topic = "orders"
  source @ materialize_source_kafka.k
  key_format {
    avro {
      schema_name = "orders"
      aws_glue_schema_registry_connection @ materialize_connection_aws_glue_schema_registry.glue
    }
  }
  value_format {
    avro {
      schema_name = "orders"
      aws_glue_schema_registry_connection @ materialize_connection_aws_glue_schema_registry.glue
    }
  }
}
resource "materialize_source_postgres" "pg" {
  named from_pg
  cluster_name = materialize_cluster.c.name
  publication  = "shop_pub"
  postgres_connection @ materialize_connection_postgres.pg
  expose_progress {
    name          = "lsns"
    schema_name   = materialize_schema.s.name
    database_name = materialize_database.d.name
  }
  table {
    upstream_name        = "orders"
    upstream_schema_name = "public"
    name                 = "pg_orders"
    schema_name          = materialize_schema.s.name
    database_name        = materialize_database.d.name
  }
}
resource "materialize_source_table_postgres" "pg" {
  placed t_pg
  upstream_name        = "customers"
  upstream_schema_name = "public"
  source @ materialize_source_postgres.pg
}
resource "materialize_source_mysql" "my" {
  named from_my
  cluster_name = materialize_cluster.c.name
  mysql_connection @ materialize_connection_mysql.my
  expose_progress {
    name          = "gtids"
    schema_name   = materialize_schema.s.name
    database_name = materialize_database.d.name
  }
}
resource "materialize_source_table_mysql" "my" {
  placed t_my
  upstream_name        = "customers"
  upstream_schema_name = "shop"
  source @ materialize_source_mysql.my
}
resource "materialize_source_sqlserver" "ms" {
  named from_ms
  cluster_name = materialize_cluster.c.name
  sqlserver_connection @ materialize_connection_sqlserver.ms
  expose_progress {
    name          = "sequence_numbers"
    schema_name   = materialize_schema.s.name
    database_name = materialize_database.d.name
  }
  table {
    upstream_name        = "orders"
    upstream_schema_name = "dbo"
    name                 = "ms_orders"
  }
}
resource "materialize_source_table_sqlserver" "ms" {
  placed t_ms
  upstream_name        = "customers"
  upstream_schema_name = "dbo"
  source @ materialize_source_sqlserver.ms
}
resource "materialize_source_load_generator" "gen" {
  named gen
  cluster_name        = materialize_cluster.c.name
  expose_progress {
    name          = "ticks"
    schema_name   = materialize_schema.s.name
    database_name = materialize_database.d.name
  }
  load_generator_type = "AUCTION"
  all_tables          = false
}
resource "materialize_source_table_load_generator" "gen" {
  placed t_gen
  upstream_name = "bids"
  source @ materialize_source_load_generator.gen
}
resource "materialize_source_webhook" "hook" {
  named hook
  cluster_name     = materialize_cluster.c.name
  body_format      = "TEXT"
  check_expression = "key = 'x'"
  check_options {
    alias = "key"
    field @ secret materialize_secret.pw
  }
}
resource "materialize_source_table_webhook" "hook" {
  placed t_hook
  body_format      = "TEXT"
  check_expression = "key = 'x'"
  check_options {
    alias = "key"
    field @ secret materialize_secret.pw
  }
}

resource "materialize_table" "t" {
  named t
  ownership_role = materialize_role.r.name
  column {
    name = "id"
    type = "int"
  }
  column {
    name = "note"
    type = "text"
  }
}
resource "materialize_view" "v" {
  named v
  statement = "SELECT id, note FROM ${materialize_table.t.qualified_sql_name}"
}
resource "materialize_materialized_view" "mv" {
  named mv
  cluster_name = materialize_cluster.c.name
  statement    = "SELECT id, note FROM ${materialize_view.v.qualified_sql_name}"
}
resource "materialize_index" "i" {
  name         = "i"
  cluster_name = materialize_cluster.c.name
  obj_name @ materialize_view.v
  col_expr {
    field = "id"
  }
}
resource "materialize_sink_kafka" "one" {
  placed out_one
  cluster_name     = materialize_cluster.c.name
  topic            = "one"
  key              = ["id"]
  key_not_enforced = true
  from @ materialize_table.t
  kafka_connection @ materialize_connection_kafka.k
  format {
    avro {
      schema_registry_connection @ materialize_connection_confluent_schema_registry.csr
      avro_doc_type {
        doc = "a thing"
        object @ materialize_table.t
      }
      avro_doc_column {
        column = "id"
        doc    = "which"
        object @ materialize_table.t
      }
    }
  }
  envelope {
    upsert = true
  }
}
resource "materialize_sink_kafka" "two" {
  placed out_two
  cluster_name     = materialize_cluster.c.name
  topic            = "two"
  key              = ["id"]
  key_not_enforced = true
  from @ materialize_materialized_view.mv
  kafka_connection @ materialize_connection_kafka.k
  key_format {
    avro {
      schema_registry_connection @ materialize_connection_confluent_schema_registry.csr
      avro_doc_type {
        doc = "a key"
        key = true
        object @ materialize_materialized_view.mv
      }
      avro_doc_column {
        column = "id"
        doc    = "which"
        key    = true
        object @ materialize_materialized_view.mv
      }
    }
  }
  value_format {
    avro {
      schema_registry_connection @ materialize_connection_confluent_schema_registry.csr
      avro_doc_type {
        doc   = "a value"
        value = true
        object @ materialize_materialized_view.mv
      }
      avro_doc_column {
        column = "note"
        doc    = "what"
        value  = true
        object @ materialize_materialized_view.mv
      }
    }
  }
  envelope {
    upsert = true
  }
}
resource "materialize_sink_kafka" "three" {
  placed out_three
  cluster_name     = materialize_cluster.c.name
  topic            = "three"
  key              = ["id"]
  key_not_enforced = true
  from @ materialize_table.t
  kafka_connection @ materialize_connection_kafka.k
  format {
    avro {
      aws_glue_schema_registry_connection @ materialize_connection_aws_glue_schema_registry.glue
    }
  }
  envelope {
    upsert = true
  }
}
resource "materialize_sink_kafka" "four" {
  placed out_four
  cluster_name     = materialize_cluster.c.name
  topic            = "four"
  key              = ["id"]
  key_not_enforced = true
  from @ materialize_table.t
  kafka_connection @ materialize_connection_kafka.k
  key_format {
    avro {
      aws_glue_schema_registry_connection @ materialize_connection_aws_glue_schema_registry.glue
    }
  }
  value_format {
    avro {
      aws_glue_schema_registry_connection @ materialize_connection_aws_glue_schema_registry.glue
    }
  }
  envelope {
    upsert = true
  }
}
resource "materialize_sink_iceberg" "lake" {
  placed out_lake
  cluster_name     = materialize_cluster.c.name
  namespace        = "shop"
  table            = "t"
  key              = ["id"]
  key_not_enforced = true
  commit_interval  = "1m"
  from @ materialize_table.t
  iceberg_catalog_connection @ materialize_connection_iceberg_catalog.lake
  aws_connection @ materialize_connection_aws.aws
}
"#;

/// Grants, which name their object in attributes of their own: the type in words, and the object.
const GRANTS: &[(&str, &str, &str)] = &[
    ("connection", "USAGE", "materialize_connection_kafka.k"),
    ("materialized_view", "SELECT", "materialize_materialized_view.mv"),
    ("secret", "USAGE", "materialize_secret.pw"),
    ("source", "SELECT", "materialize_source_kafka.k"),
    ("table", "SELECT", "materialize_table.t"),
    ("view", "SELECT", "materialize_view.v"),
];

fn config() -> String {
    let mut text = String::from("variable \"n\" {\n  default = \"\"\n}\n");
    let database = "  database_name = materialize_database.d.name\n";
    for line in CONFIG.lines() {
        let (indent, words) = (line.len() - line.trim_start().len(), line.split_whitespace().collect::<Vec<_>>());
        let pad = " ".repeat(indent);
        text += &match words[..] {
            ["named", name] => {
                format!("  name = \"{name}${{var.n}}\"\n  schema_name = materialize_schema.s.name\n{database}")
            }
            ["placed", name] => format!("  name = \"{name}\"\n  schema_name = materialize_schema.s.name\n{database}"),
            [block, "@", object] => format!("{pad}{block} {{\n{}{pad}}}\n", reference(object, &pad)),
            [block, "@", inner, object] => {
                let inner = format!("{pad}  {inner} {{\n{}{pad}  }}\n", reference(object, &format!("{pad}  ")));
                format!("{pad}{block} {{\n{inner}{pad}}}\n")
            }
            _ => format!("{line}\n"),
        };
    }
    let place = "schema_name = materialize_schema.s.name\n  database_name = materialize_database.d.name";
    let role = "role_name = materialize_role.r.name";
    for (kind, privilege, object) in GRANTS {
        text += &format!(
            "resource \"materialize_{kind}_grant\" \"it\" {{\n  {role}\n  privilege = \"{privilege}\"\n  \
             {kind}_name = {object}.name\n  {place}\n}}\n"
        );
    }
    text += &format!(
        r#"
resource "materialize_type_grant" "it" {{
  {role}
  privilege = "USAGE"
  type_name = materialize_type.it.name
  {place}
}}
resource "materialize_cluster_grant" "it" {{
  {role}
  privilege    = "USAGE"
  cluster_name = materialize_cluster.c.name
}}
resource "materialize_database_grant" "it" {{
  {role}
  privilege     = "USAGE"
  database_name = materialize_database.d.name
}}
resource "materialize_schema_grant" "it" {{
  {role}
  privilege = "USAGE"
  {place}
}}
resource "materialize_grants" "it" {{
  object_type = "MATERIALIZED VIEW"
  object_name = materialize_materialized_view.mv.name
  {place}
  grant {{
    role_name  = materialize_role.r.name
    privileges = ["SELECT"]
  }}
}}
resource "materialize_schema_objects_grant" "it" {{
  {role}
  object_type = "TYPE"
  privilege   = "USAGE"
  {place}
  depends_on = [materialize_type.it]
}}
resource "materialize_table_grant_default_privilege" "it" {{
  grantee_name     = materialize_role.r.name
  target_role_name = "mz_system"
  privilege        = "SELECT"
  {place}
}}
"#
    );
    text
}

fn reference(object: &str, pad: &str) -> String {
    let part = |part: &str| format!("{pad}  {part} = {object}.{part}\n");
    ["name", "schema_name", "database_name"].map(part).concat()
}

/// Attributes and blocks that refer to something which can be renamed: the declarations say so.
fn references(attrs: &'static [Attr], prefix: &str, found: &mut BTreeSet<String>) {
    for attr in attrs {
        let path = format!("{prefix}{}", attr.name);
        if attr.refers.is_some_and(Kind::can_rename) || attr.renamed.is_some() {
            found.insert(path);
        } else if let (None, Some(inner)) = (attr.refers, attr.ty.block()) {
            references(inner, &format!("{path}."), found);
        }
    }
}

fn wanted() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for resource in provider::resources::ALL {
        let mut found = BTreeSet::new();
        references(Declared::new(resource).attrs, "", &mut found);
        let object = State::from([("object_type", State::text("TABLE"))]);
        for (kind, spread) in resource.scope.names().iter().copied().chain((resource.names)(&object)) {
            found.extend(spread.last().filter(|_| kind.can_rename()).map(|attr| (*attr).to_owned()));
        }
        all.extend(found.into_iter().map(|path| format!("{} {path}", resource.name)));
    }
    all.retain(|path| !ELSEWHERE.iter().any(|(elsewhere, _)| path.contains(elsewhere)));
    all
}

/// Catalog ids by address. Replicas and the like have none of their own in it.
fn ids(terraform: &Terraform) -> BTreeMap<String, Value> {
    terraform.resources().into_iter().map(|(address, state)| (address, state["attributes"]["id"].clone())).collect()
}

/// Renames everything whose name changes with the variable, behind Terraform's back. Schemas last: the names of the
/// others have theirs in them.
fn rename_behind(session: &Session, terraform: &Terraform, config: &str, text: &str) {
    let mut statements: [Vec<String>; 2] = Default::default();
    for block in hcl::blocks(config).iter().filter(|block| block.words[0] == "resource") {
        let set = hcl::settings(config, block);
        if !set.get("name").is_some_and(|name| name.contains("${var.n}")) {
            continue;
        }
        let resource = provider::resources::ALL.iter().find(|resource| resource.name == block.words[1]).expect("known");
        let state = terraform.attributes(&block.address()).expect("in the state");
        let part = |part: &str| Some(format!("\"{}\"", state[part].as_str()?));
        let name: Vec<String> = ["database_name", "schema_name", "name"].iter().filter_map(|p| part(p)).collect();
        let new = state["name"].as_str().expect("a name").to_owned() + text;
        let kind = resource.kind;
        let statement = format!("ALTER {} {} RENAME TO \"{new}\"", kind.words(), name.join("."));
        statements[usize::from(kind == Kind::Schema)].push(statement);
    }
    assert!(statements[0].len() > 20 && statements[1].len() == 1, "{statements:#?}");
    for statement in statements.concat() {
        session.query(&statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

/// Plans: nothing is made, dropped or replaced. Returns what changes: types and paths without indices.
fn plan(terraform: &Terraform, what: &str) -> BTreeSet<String> {
    terraform.plan().expect_ok();
    let plan = Plan::new(&terraform.show_plan());
    let wrong: Vec<String> = (plan.changes.iter())
        .filter(|change| !matches!(change.action, Action::NoOp | Action::Update))
        .map(|change| change.describe())
        .collect();
    assert!(wrong.is_empty(), "{what}: {}", wrong.join("\n"));
    let kind = |address: &str| address.split('.').next().unwrap_or_default().to_owned();
    let changed = plan.changes.iter().flat_map(|change| {
        change.changed.iter().map(move |path| format!("{} {}", kind(&change.address), without_indices(path)))
    });
    changed.collect()
}

#[test]
fn what_is_renamed_is_the_same_object() {
    let config = config();
    let server = Server::newer();
    let mut terraform = Terraform::for_server(&binaries()[0], &server, "");
    let session = server.session();
    terraform.write("main.tf", &config);
    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    let before = ids(&terraform);
    let wanted = wanted();
    let reached = |changed: &BTreeSet<String>| {
        wanted.iter().filter(|wanted| !changed.iter().any(|path| within(path, wanted))).cloned().collect::<Vec<_>>()
    };

    // In the same configuration: every reference gets its new name, and nothing else happens.
    terraform.env("TF_VAR_n", "_new");
    let changed = plan(&terraform, "renamed here");
    assert_eq!(reached(&changed), Vec::<String>::new(), "references that no plan changes");
    let mark = server.mark();
    terraform.apply_plan().expect_ok();
    terraform.check_settled().unwrap();
    assert_eq!(ids(&terraform), before);
    let sent = server.changes_since(mark).expect("the emulator tells");
    let others: Vec<&String> = sent.iter().filter(|sql| !sql.contains(" RENAME TO ")).collect();
    assert!(others.is_empty(), "besides renaming: {others:#?}");

    // By somebody else: everything gets its name back.
    rename_behind(&session, &terraform, &config, "_theirs");
    plan(&terraform, "renamed by somebody");
    terraform.apply_plan().expect_ok();
    terraform.check_settled().unwrap();
    assert_eq!(ids(&terraform), before);

    // By somebody else, and the configuration follows: there is nothing to do.
    rename_behind(&session, &terraform, &config, "er");
    terraform.env("TF_VAR_n", "_newer");
    plan(&terraform, "renamed by somebody, as the configuration says now");
    let mark = server.mark();
    terraform.apply_plan().expect_ok();
    assert_eq!(server.changes_since(mark), Some(Vec::new()));
    terraform.check_settled().unwrap();
    assert_eq!(ids(&terraform), before);
    terraform.destroy().expect_ok();
}

/// Roles, databases, types and network policies keep their names: the server has no statement for it, so a reference to
/// one of them cannot be to a renamed object.
#[test]
fn what_else_has_a_name_cannot_be_renamed() {
    let server = Server::emulator(&[]);
    let session = server.session();
    for (kind, make) in [
        (Kind::Role, "CREATE ROLE x"),
        (Kind::Database, "CREATE DATABASE x"),
        (Kind::Type, "CREATE TYPE x AS LIST (ELEMENT TYPE = int4)"),
        (Kind::NetworkPolicy, "CREATE NETWORK POLICY x (RULES ())"),
    ] {
        assert!(!kind.can_rename());
        session.query(make).unwrap();
        let statement = format!("ALTER {} x RENAME TO y", kind.words());
        assert!(session.query(&statement).is_err(), "{statement}");
    }
}

/// Told to replace what is renamed as well, Terraform plans it as if it could stay, and then as a new object.
#[test]
fn what_is_renamed_and_replaced_is_another_object() {
    let config = |name: &str| {
        format!(
            "resource \"materialize_table\" \"t\" {{\n  name = \"{name}\"\n  column {{\n    name = \"id\"\n    type = \"int\"\n  }}\n}}\n\
             resource \"materialize_role\" \"r\" {{\n  name = \"reader\"\n}}\n\
             resource \"materialize_grants\" \"it\" {{\n  object_type   = \"TABLE\"\n  object_name   = materialize_table.t.name\n  \
             schema_name   = materialize_table.t.schema_name\n  database_name = materialize_table.t.database_name\n  grant {{\n    \
             role_name  = materialize_role.r.name\n    privileges = [\"SELECT\"]\n  }}\n}}\n"
        )
    };
    let server = Server::emulator(&[]);
    let terraform = Terraform::for_server(&binaries()[0], &server, "");
    terraform.write("main.tf", &config("before"));
    terraform.apply().expect_ok();
    terraform.write("main.tf", &config("after"));
    terraform.run(&["apply", "-json", "-auto-approve", "-replace=materialize_table.t"]).expect_ok();
    terraform.check_settled().unwrap();
    let privileges = "SELECT privileges::text LIKE '%u%=r/%' FROM mz_catalog.mz_tables WHERE name = 'after'";
    assert_eq!(server.session().query(privileges).expect("rows"), [["t"]]);
}
