#> CREATE ROLE "r"
resource "materialize_role" "r" {
  name     = "r"
  comment  = ""
  password = ""
  region   = ""
}
#> CREATE CLUSTER "c" (SIZE '25cc')
#~ comment = "" => comment = "said"
resource "materialize_cluster" "c" {
  name                   = "c"
  size                   = "25cc"
  comment                = ""
  ownership_role         = ""
  region                 = ""
  availability_zones     = []
  introspection_interval = ""
  scheduling {
    on_refresh {
      enabled                   = false
      hydration_time_estimate   = ""
      rehydration_time_estimate = ""
    }
  }
}
#> CREATE CLUSTER "u" (REPLICAS ())
resource "materialize_cluster" "u" {
  name                   = "u"
  size                   = ""
  introspection_interval = ""
}
#> CREATE CLUSTER REPLICA "u"."r1" SIZE = '25cc'
resource "materialize_cluster_replica" "r1" {
  name                   = "r1"
  cluster_name           = materialize_cluster.u.name
  size                   = "25cc"
  availability_zone      = ""
  introspection_interval = ""
  comment                = ""
  region                 = ""
}
#> CREATE DATABASE "d"
#> DROP SCHEMA IF EXISTS "d"."public"
resource "materialize_database" "d" {
  name           = "d"
  comment        = ""
  ownership_role = ""
  region         = ""
}
#> CREATE SCHEMA "d"."s"
resource "materialize_schema" "s" {
  name             = "s"
  database_name    = materialize_database.d.name
  comment          = ""
  ownership_role   = ""
  region           = ""
}
#> CREATE SECRET "d"."s"."x" AS ''
resource "materialize_secret" "x" {
  name           = "x"
  value          = ""
  schema_name    = materialize_schema.s.name
  database_name  = materialize_schema.s.database_name
  comment        = ""
  ownership_role = ""
  region         = ""
}
#> CREATE CONNECTION "materialize"."public"."aws" TO AWS ( ACCESS KEY ID = 'x',  SECRET ACCESS KEY = SECRET "d"."s"."x") WITH (VALIDATE = false)
resource "materialize_connection_aws" "aws" {
  name                     = "aws"
  endpoint                 = ""
  aws_region               = ""
  assume_role_arn          = ""
  assume_role_session_name = ""
  comment                  = ""
  ownership_role           = ""
  region                   = ""
  access_key_id {
    text = "x"
  }
  secret_access_key {
    name          = materialize_secret.x.name
    schema_name   = materialize_secret.x.schema_name
    database_name = materialize_secret.x.database_name
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."pl" TO AWS PRIVATELINK (SERVICE NAME 'com.amazonaws.vpce.us-east-1.vpce-svc-1',AVAILABILITY ZONES ('use1-az1'))
resource "materialize_connection_aws_privatelink" "pl" {
  name               = "pl"
  service_name       = "com.amazonaws.vpce.us-east-1.vpce-svc-1"
  availability_zones = ["use1-az1"]
  comment            = ""
  ownership_role     = ""
  region             = ""
}
#> CREATE CONNECTION "materialize"."public"."k" TO KAFKA (BROKERS ('127.0.0.1:9092'), SECURITY PROTOCOL = 'PLAINTEXT')
resource "materialize_connection_kafka" "k" {
  name                              = "k"
  security_protocol                 = "PLAINTEXT"
  sasl_mechanisms                   = ""
  progress_topic                    = ""
  progress_topic_replication_factor = 0
  comment                           = ""
  ownership_role                    = ""
  region                            = ""
  kafka_broker {
    broker            = "127.0.0.1:9092"
    target_group_port = 0
    availability_zone = ""
  }
}
#> CREATE CONNECTION "materialize"."public"."k2" TO KAFKA (BROKERS ('b:9092')) WITH (VALIDATE = false)
resource "materialize_connection_kafka" "k2" {
  name              = "k2"
  security_protocol = ""
  kafka_broker {
    broker = "b:9092"
  }
  ssl_certificate {
    text = ""
  }
  ssl_certificate_authority {
    text = ""
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."pg" TO POSTGRES (HOST '127.0.0.1', PORT 5499, USER 'postgres', PASSWORD SECRET "d"."s"."x", DATABASE 'shop') WITH (VALIDATE = false)
resource "materialize_connection_postgres" "pg" {
  name           = "pg"
  host           = "127.0.0.1"
  port           = 5499
  database       = "shop"
  ssl_mode       = ""
  comment        = ""
  ownership_role = ""
  region         = ""
  user {
    text = "postgres"
  }
  password {
    name          = materialize_secret.x.name
    schema_name   = materialize_secret.x.schema_name
    database_name = materialize_secret.x.database_name
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."my" TO MYSQL (HOST '127.0.0.1', PORT 3399, USER 'reader') WITH (VALIDATE = false)
resource "materialize_connection_mysql" "my" {
  name     = "my"
  host     = "127.0.0.1"
  port     = 3399
  ssl_mode = ""
  user {
    text = "reader"
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."csr" TO CONFLUENT SCHEMA REGISTRY (URL 'http://127.0.0.1:8081') WITH (VALIDATE = false)
resource "materialize_connection_confluent_schema_registry" "csr" {
  name = "csr"
  url  = "http://127.0.0.1:8081"
  username {
    text = ""
  }
  ssl_certificate_authority {
    text = ""
  }
  validate = false
}
#> CREATE TABLE "d"."s"."t" (a text DEFAULT NULL)
resource "materialize_table" "t" {
  name           = "t"
  schema_name    = materialize_schema.s.name
  database_name  = materialize_schema.s.database_name
  comment        = ""
  ownership_role = ""
  region         = ""
  column {
    name     = "a"
    type     = "text"
    nullable = false
    default  = "NULL"
    comment  = ""
  }
}
#> CREATE VIEW "d"."s"."v" AS SELECT 1 AS a
resource "materialize_view" "v" {
  name           = "v"
  schema_name    = materialize_schema.s.name
  database_name  = materialize_schema.s.database_name
  statement      = "SELECT 1 AS a"
  comment        = ""
  ownership_role = ""
  region         = ""
}
#> CREATE MATERIALIZED VIEW "d"."s"."m" IN CLUSTER "c" AS SELECT 1 AS a
resource "materialize_materialized_view" "m" {
  name               = "m"
  cluster_name       = materialize_cluster.c.name
  schema_name        = materialize_schema.s.name
  database_name      = materialize_schema.s.database_name
  statement          = "SELECT 1 AS a"
  not_null_assertion = []
  comment            = ""
  ownership_role     = ""
  region             = ""
}
#> CREATE INDEX i IN CLUSTER c ON "d"."s"."m" USING ARRANGEMENT (a)
resource "materialize_index" "i" {
  name         = "i"
  cluster_name = materialize_cluster.c.name
  comment      = ""
  region       = ""
  obj_name {
    name          = materialize_materialized_view.m.name
    schema_name   = materialize_materialized_view.m.schema_name
    database_name = materialize_materialized_view.m.database_name
  }
  col_expr {
    field = "a"
  }
}
#> CREATE TYPE "d"."s"."ty" AS LIST (ELEMENT TYPE = text)
resource "materialize_type" "ty" {
  name           = "ty"
  schema_name    = materialize_schema.s.name
  database_name  = materialize_schema.s.database_name
  comment        = ""
  ownership_role = ""
  region         = ""
  list_properties {
    element_type = "text"
  }
}
#> CREATE SOURCE "d"."s"."kafka" IN CLUSTER "c" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events') FORMAT TEXT
resource "materialize_source_kafka" "kafka" {
  name                    = "kafka"
  cluster_name            = materialize_cluster.c.name
  schema_name             = materialize_schema.s.name
  database_name           = materialize_schema.s.database_name
  topic                   = "events"
  include_key             = false
  include_key_alias       = ""
  include_headers         = false
  include_headers_alias   = ""
  include_partition       = false
  include_partition_alias = ""
  include_offset          = false
  include_offset_alias    = ""
  include_timestamp       = false
  include_timestamp_alias = ""
  start_offset            = []
  start_timestamp         = 0
  comment                 = ""
  ownership_role          = ""
  region                  = ""
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    text = true
  }
}
#> CREATE SOURCE "d"."s"."csv" IN CLUSTER "c" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events') FORMAT CSV WITH HEADER ( a, b )
resource "materialize_source_kafka" "csv" {
  name          = "csv"
  cluster_name  = materialize_cluster.c.name
  schema_name   = materialize_schema.s.name
  database_name = materialize_schema.s.database_name
  topic         = "events"
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    csv {
      column       = 0
      header       = ["a", "b"]
      delimited_by = ""
    }
  }
}
#> CREATE SOURCE "d"."s"."avro" IN CLUSTER "c" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events') FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION "materialize"."public"."csr" ENVELOPE UPSERT
resource "materialize_source_kafka" "avro" {
  name          = "avro"
  cluster_name  = materialize_cluster.c.name
  schema_name   = materialize_schema.s.name
  database_name = materialize_schema.s.database_name
  topic         = "events"
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    avro {
      key_strategy   = ""
      value_strategy = ""
      schema_registry_connection {
        name = materialize_connection_confluent_schema_registry.csr.name
      }
    }
  }
  envelope {
    debezium = false
    none     = false
    upsert   = true
    upsert_options {
      value_decoding_errors {
        inline {
          enabled = false
          alias   = ""
        }
      }
    }
  }
}
#> CREATE SOURCE "d"."s"."bare" IN CLUSTER "c" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events')
resource "materialize_source_kafka" "bare" {
  name          = "bare"
  cluster_name  = materialize_cluster.c.name
  schema_name   = materialize_schema.s.name
  database_name = materialize_schema.s.database_name
  topic         = "events"
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
}
#> CREATE TABLE "d"."s"."kt" FROM SOURCE "d"."s"."bare" FORMAT TEXT
resource "materialize_source_table_kafka" "kt" {
  name                    = "kt"
  schema_name             = materialize_schema.s.name
  database_name           = materialize_schema.s.database_name
  topic                   = ""
  include_key             = false
  include_key_alias       = ""
  include_headers         = false
  include_headers_alias   = ""
  include_partition       = false
  include_partition_alias = ""
  include_offset          = false
  include_offset_alias    = ""
  include_timestamp       = false
  include_timestamp_alias = ""
  comment                 = ""
  ownership_role          = ""
  region                  = ""
  source {
    name          = materialize_source_kafka.bare.name
    schema_name   = materialize_source_kafka.bare.schema_name
    database_name = materialize_source_kafka.bare.database_name
  }
  format {
    text = true
  }
}
#> CREATE SOURCE "d"."s"."pg_bare" IN CLUSTER "c" FROM POSTGRES CONNECTION "materialize"."public"."pg" (PUBLICATION 'shop_pub')
resource "materialize_source_postgres" "bare" {
  name            = "pg_bare"
  cluster_name    = materialize_cluster.c.name
  schema_name     = materialize_schema.s.name
  database_name   = materialize_schema.s.database_name
  publication     = "shop_pub"
  text_columns    = []
  exclude_columns = []
  comment         = ""
  ownership_role  = ""
  region          = ""
  postgres_connection {
    name = materialize_connection_postgres.pg.name
  }
}
#> CREATE TABLE "d"."s"."pt" FROM SOURCE "d"."s"."pg_bare" (REFERENCE "public"."customers")
resource "materialize_source_table_postgres" "pt" {
  name                 = "pt"
  schema_name          = materialize_schema.s.name
  database_name        = materialize_schema.s.database_name
  upstream_name        = "customers"
  upstream_schema_name = "public"
  text_columns         = []
  exclude_columns      = []
  comment              = ""
  ownership_role       = ""
  region               = ""
  source {
    name          = materialize_source_postgres.bare.name
    schema_name   = materialize_source_postgres.bare.schema_name
    database_name = materialize_source_postgres.bare.database_name
  }
}
#> CREATE TABLE "d"."s"."pt2" FROM SOURCE "d"."s"."pg_bare" (REFERENCE "orders")
resource "materialize_source_table_postgres" "pt2" {
  name                 = "pt2"
  schema_name          = materialize_schema.s.name
  database_name        = materialize_schema.s.database_name
  upstream_name        = "orders"
  upstream_schema_name = ""
  source {
    name          = materialize_source_postgres.bare.name
    schema_name   = materialize_source_postgres.bare.schema_name
    database_name = materialize_source_postgres.bare.database_name
  }
}
#> CREATE SOURCE "d"."s"."my_all" IN CLUSTER "c" FROM MYSQL CONNECTION "materialize"."public"."my"
resource "materialize_source_mysql" "none" {
  name           = "my_all"
  cluster_name   = materialize_cluster.c.name
  schema_name    = materialize_schema.s.name
  database_name  = materialize_schema.s.database_name
  all_tables     = false
  text_columns   = []
  ignore_columns = []
  mysql_connection {
    name = materialize_connection_mysql.my.name
  }
}
#> CREATE SOURCE "d"."s"."hook" IN CLUSTER "c" FROM WEBHOOK BODY FORMAT TEXT
resource "materialize_source_webhook" "hook" {
  name             = "hook"
  cluster_name     = materialize_cluster.c.name
  schema_name      = materialize_schema.s.name
  database_name    = materialize_schema.s.database_name
  body_format      = "TEXT"
  check_expression = ""
  comment          = ""
  ownership_role   = ""
  region           = ""
  include_headers {
    all  = false
    only = []
    not  = []
  }
}
#> CREATE SOURCE "d"."s"."hook2" IN CLUSTER "c" FROM WEBHOOK BODY FORMAT TEXT INCLUDE HEADERS CHECK ( WITH (BODY) body IS NOT NULL)
resource "materialize_source_webhook" "hook2" {
  name             = "hook2"
  cluster_name     = materialize_cluster.c.name
  schema_name      = materialize_schema.s.name
  database_name    = materialize_schema.s.database_name
  body_format      = "TEXT"
  check_expression = "body IS NOT NULL"
  include_headers {
    all  = true
    only = []
    not  = []
  }
  check_options {
    field {
      body    = true
      headers = false
    }
    alias = ""
    bytes = false
  }
}
#> CREATE SINK "d"."s"."sink" IN CLUSTER "c" FROM "d"."s"."t" INTO KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'out') FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION "materialize"."public"."csr" ENVELOPE DEBEZIUM WITH (SNAPSHOT = true)
resource "materialize_sink_kafka" "sink" {
  name                     = "sink"
  cluster_name             = materialize_cluster.c.name
  schema_name              = materialize_schema.s.name
  database_name            = materialize_schema.s.database_name
  topic                    = "out"
  compression_type         = ""
  headers                  = ""
  partition_by             = ""
  key                      = []
  key_not_enforced         = false
  topic_config             = {}
  topic_partition_count    = 0
  topic_replication_factor = 0
  comment                  = ""
  ownership_role           = ""
  region                   = ""
  from {
    name          = materialize_table.t.name
    schema_name   = materialize_table.t.schema_name
    database_name = materialize_table.t.database_name
  }
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    avro {
      avro_key_fullname         = ""
      avro_value_fullname       = ""
      schema_registry_connection {
        name = materialize_connection_confluent_schema_registry.csr.name
      }
    }
  }
  envelope {
    debezium = true
    upsert   = false
  }
}
#> CREATE SOURCE "d"."s"."lg" IN CLUSTER "c" FROM LOAD GENERATOR AUCTION FOR ALL TABLES
resource "materialize_source_load_generator" "lg" {
  name                = "lg"
  cluster_name        = materialize_cluster.c.name
  schema_name         = materialize_schema.s.name
  database_name       = materialize_schema.s.database_name
  load_generator_type = "AUCTION"
  comment             = ""
  ownership_role      = ""
  region              = ""
  auction_options {
    tick_interval = ""
    scale_factor  = 0
  }
}
