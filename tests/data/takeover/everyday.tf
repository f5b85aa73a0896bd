#> CREATE ROLE "role-1"
#> COMMENT ON ROLE "role-1" IS 'role 1 comment'
resource "materialize_role" "role_1" {
  name    = "role-1"
  comment = "role 1 comment"
}
#> CREATE CLUSTER "cluster_sources" (SIZE '25cc', INTROSPECTION INTERVAL = '1s')
resource "materialize_cluster" "cluster_source" {
  name = "cluster_sources"
  size = "25cc"
}
#> CREATE DATABASE "example_database"
#> DROP SCHEMA IF EXISTS "example_database"."public"
resource "materialize_database" "database" {
  name = "example_database"
}
#> CREATE SCHEMA "example_database"."public"
#> COMMENT ON SCHEMA "example_database"."public" IS 'public schema comment'
resource "materialize_schema" "public" {
  name          = "public"
  database_name = materialize_database.database.name
  comment       = "public schema comment"
}
#> CREATE SCHEMA "example_database"."example_schema"
resource "materialize_schema" "schema" {
  name          = "example_schema"
  database_name = materialize_database.database.name
}
#> CREATE SECRET "example_database"."example_schema"."pg_pass" AS 'c2VjcmV0Cg=='
resource "materialize_secret" "postgres_password" {
  name          = "pg_pass"
  schema_name   = materialize_schema.schema.name
  database_name = materialize_database.database.name
  value         = "c2VjcmV0Cg=="
}
#> CREATE CONNECTION "materialize"."public"."kafka_connection" TO KAFKA (BROKERS ('127.0.0.1:9092'), SECURITY PROTOCOL = 'PLAINTEXT')
#> COMMENT ON CONNECTION "materialize"."public"."kafka_connection" IS 'connection kafka comment'
resource "materialize_connection_kafka" "kafka_connection" {
  name              = "kafka_connection"
  comment           = "connection kafka comment"
  security_protocol = "PLAINTEXT"
  kafka_broker {
    broker = "127.0.0.1:9092"
  }
  validate = true
}
#> CREATE CONNECTION "materialize"."public"."schema_registry_connection" TO CONFLUENT SCHEMA REGISTRY (URL 'http://127.0.0.1:8081')
resource "materialize_connection_confluent_schema_registry" "schema_registry" {
  name = "schema_registry_connection"
  url  = "http://127.0.0.1:8081"
}
#> CREATE CONNECTION "materialize"."public"."kafka_conn_multiple_brokers" TO KAFKA (BROKERS ('redpanda:9092', 'redpanda:9092'), PROGRESS TOPIC 'progress_topic', PROGRESS TOPIC REPLICATION FACTOR 1, SASL MECHANISMS = 'SCRAM-SHA-256', SASL USERNAME = 'sasl-user', SASL PASSWORD = SECRET "example_database"."example_schema"."pg_pass", SECURITY PROTOCOL = 'SASL_PLAINTEXT') WITH (VALIDATE = false)
resource "materialize_connection_kafka" "kafka_conn_multiple_brokers" {
  name = "kafka_conn_multiple_brokers"
  kafka_broker {
    broker = "redpanda:9092"
  }
  kafka_broker {
    broker = "redpanda:9092"
  }
  sasl_username {
    text = "sasl-user"
  }
  sasl_password {
    name          = materialize_secret.postgres_password.name
    database_name = materialize_secret.postgres_password.database_name
    schema_name   = materialize_secret.postgres_password.schema_name
  }
  security_protocol                 = "SASL_PLAINTEXT"
  sasl_mechanisms                   = "SCRAM-SHA-256"
  progress_topic                    = "progress_topic"
  progress_topic_replication_factor = 1
  validate                          = false
}
#> CREATE CONNECTION "materialize"."public"."ssh_connection" TO SSH TUNNEL (HOST 'ssh_host', USER 'ssh_user', PORT 22)
#> COMMENT ON CONNECTION "materialize"."public"."ssh_connection" IS 'connection ssh tunnel comment'
resource "materialize_connection_ssh_tunnel" "ssh_connection" {
  name        = "ssh_connection"
  schema_name = "public"
  comment     = "connection ssh tunnel comment"
  host        = "ssh_host"
  user        = "ssh_user"
  port        = 22
  validate    = false
}
#> CREATE CONNECTION "materialize"."public"."kafka_conn_ssh_broker" TO KAFKA (BROKERS ('redpanda:9092' USING SSH TUNNEL "materialize"."public"."ssh_connection", 'redpanda:9092')) WITH (VALIDATE = false)
resource "materialize_connection_kafka" "kafka_conn_ssh_broker" {
  name = "kafka_conn_ssh_broker"
  kafka_broker {
    broker = "redpanda:9092"
    ssh_tunnel {
      name          = materialize_connection_ssh_tunnel.ssh_connection.name
      database_name = materialize_connection_ssh_tunnel.ssh_connection.database_name
      schema_name   = materialize_connection_ssh_tunnel.ssh_connection.schema_name
    }
  }
  kafka_broker {
    broker = "redpanda:9092"
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."aws_conn" TO AWS ( ENDPOINT = 'http://localhost:4566',  ACCESS KEY ID = 'test',  SECRET ACCESS KEY = SECRET "example_database"."example_schema"."pg_pass") WITH (VALIDATE = false)
resource "materialize_connection_aws" "aws_conn" {
  name     = "aws_conn"
  endpoint = "http://localhost:4566"
  access_key_id {
    text = "test"
  }
  secret_access_key {
    name          = materialize_secret.postgres_password.name
    database_name = materialize_secret.postgres_password.database_name
    schema_name   = materialize_secret.postgres_password.schema_name
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."postgres-connection-with-secret" TO POSTGRES (HOST 'postgres', PORT 5432, USER SECRET "example_database"."example_schema"."pg_pass", PASSWORD SECRET "example_database"."example_schema"."pg_pass", SSL MODE 'require', SSL CERTIFICATE AUTHORITY 'ca_certificate_content', SSL CERTIFICATE 'client_certificate_content', SSL KEY SECRET "example_database"."example_schema"."pg_pass", DATABASE 'postgres') WITH (VALIDATE = false)
resource "materialize_connection_postgres" "postgres_ssl_connection" {
  name     = "postgres-connection-with-secret"
  host     = "postgres"
  port     = 5432
  database = "postgres"
  user {
    secret {
      name          = materialize_secret.postgres_password.name
      database_name = materialize_secret.postgres_password.database_name
      schema_name   = materialize_secret.postgres_password.schema_name
    }
  }
  password {
    name          = materialize_secret.postgres_password.name
    database_name = materialize_secret.postgres_password.database_name
    schema_name   = materialize_secret.postgres_password.schema_name
  }
  ssl_mode = "require"
  ssl_certificate {
    text = "client_certificate_content"
  }
  ssl_key {
    name          = materialize_secret.postgres_password.name
    database_name = materialize_secret.postgres_password.database_name
    schema_name   = materialize_secret.postgres_password.schema_name
  }
  ssl_certificate_authority {
    text = "ca_certificate_content"
  }
  validate = false
}
#! update
#> CREATE CONNECTION "materialize"."public"."mysql_ssl_connection" TO MYSQL (HOST 'mysql', PORT 3306, USER 'repluser', PASSWORD SECRET "example_database"."example_schema"."pg_pass", SSL MODE 'verify-identity', SSL CERTIFICATE 'client_certificate_content', SSL KEY SECRET "example_database"."example_schema"."pg_pass") WITH (VALIDATE = false)
resource "materialize_connection_mysql" "mysql_ssl_connection" {
  name = "mysql_ssl_connection"
  host = "mysql"
  port = 3306
  user {
    text = "repluser"
  }
  password {
    name          = materialize_secret.postgres_password.name
    database_name = materialize_secret.postgres_password.database_name
    schema_name   = materialize_secret.postgres_password.schema_name
  }
  ssl_mode = "verify-identity"
  ssl_certificate {
    text = "client_certificate_content"
  }
  ssl_key {
    name          = materialize_secret.postgres_password.name
    database_name = materialize_secret.postgres_password.database_name
    schema_name   = materialize_secret.postgres_password.schema_name
  }
  ssl_certificate_authority {
    text = "ca_certificate_content"
  }
  validate = false
}
#> CREATE SOURCE "example_database"."example_schema"."load_gen" IN CLUSTER "cluster_sources" FROM LOAD GENERATOR TPCH (TICK INTERVAL '500ms', SCALE FACTOR 0.01) FOR ALL TABLES EXPOSE PROGRESS AS "materialize"."public"."expose_load_gen"
#> COMMENT ON SOURCE "example_database"."example_schema"."load_gen" IS 'source load generator comment'
resource "materialize_source_load_generator" "load_generator" {
  name                = "load_gen"
  schema_name         = materialize_schema.schema.name
  database_name       = materialize_database.database.name
  comment             = "source load generator comment"
  cluster_name        = materialize_cluster.cluster_source.name
  load_generator_type = "TPCH"
  tpch_options {
    tick_interval = "500ms"
    scale_factor  = 0.01
  }
  expose_progress {
    name = "expose_load_gen"
  }
}
#> CREATE SOURCE "example_database"."public"."load_gen_auction" IN CLUSTER "cluster_sources" FROM LOAD GENERATOR AUCTION (TICK INTERVAL '500ms') FOR ALL TABLES
resource "materialize_source_load_generator" "load_generator_auction" {
  name                = "load_gen_auction"
  schema_name         = materialize_schema.public.name
  database_name       = materialize_database.database.name
  cluster_name        = materialize_cluster.cluster_source.name
  load_generator_type = "AUCTION"
  auction_options {
    tick_interval = "500ms"
  }
}
#> CREATE INDEX loadgen_index IN CLUSTER cluster_sources ON "example_database"."public"."accounts" USING ARRANGEMENT (id)
#> COMMENT ON INDEX "example_database"."public"."loadgen_index" IS 'index comment'
resource "materialize_index" "loadgen_index" {
  name         = "loadgen_index"
  comment      = "index comment"
  cluster_name = materialize_cluster.cluster_source.name
  obj_name {
    name          = "accounts"
    schema_name   = materialize_source_load_generator.load_generator_auction.schema_name
    database_name = materialize_source_load_generator.load_generator_auction.database_name
  }
  col_expr {
    field = "id"
  }
}
#? replace
#> CREATE SINK "example_database"."example_schema"."sink_kafka" IN CLUSTER "cluster_sources" FROM "example_database"."public"."accounts" INTO KAFKA CONNECTION "materialize"."public"."kafka_connection" (TOPIC 'topic1') KEY (id) NOT ENFORCED FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION "materialize"."public"."schema_registry_connection" (DOC ON TYPE "example_database"."public"."accounts" = 'top level comment', KEY DOC ON COLUMN "example_database"."public"."accounts"."id" = 'comment key', VALUE DOC ON COLUMN "example_database"."public"."accounts"."id" = 'comment value', KEY COMPATIBILITY LEVEL 'BACKWARD', VALUE COMPATIBILITY LEVEL 'FORWARD') ENVELOPE DEBEZIUM WITH (SNAPSHOT = true)
#> COMMENT ON SINK "example_database"."example_schema"."sink_kafka" IS 'sink comment'
resource "materialize_sink_kafka" "sink_kafka" {
  name             = "sink_kafka"
  schema_name      = materialize_schema.schema.name
  database_name    = materialize_database.database.name
  comment          = "sink comment"
  cluster_name     = materialize_cluster.cluster_source.name
  topic            = "topic1"
  key              = ["id"]
  key_not_enforced = true
  from {
    name          = "accounts"
    database_name = materialize_source_load_generator.load_generator_auction.database_name
    schema_name   = materialize_source_load_generator.load_generator_auction.schema_name
  }
  kafka_connection {
    name          = materialize_connection_kafka.kafka_connection.name
    database_name = materialize_connection_kafka.kafka_connection.database_name
    schema_name   = materialize_connection_kafka.kafka_connection.schema_name
  }
  format {
    avro {
      schema_registry_connection {
        name          = materialize_connection_confluent_schema_registry.schema_registry.name
        database_name = materialize_connection_confluent_schema_registry.schema_registry.database_name
        schema_name   = materialize_connection_confluent_schema_registry.schema_registry.schema_name
      }
      avro_doc_type {
        object {
          name          = "accounts"
          database_name = materialize_source_load_generator.load_generator_auction.database_name
          schema_name   = materialize_source_load_generator.load_generator_auction.schema_name
        }
        doc = "top level comment"
      }
      avro_doc_column {
        object {
          name          = materialize_source_load_generator.load_generator.name
          database_name = materialize_source_load_generator.load_generator.database_name
          schema_name   = materialize_source_load_generator.load_generator.schema_name
        }
        column = "id"
        doc    = "comment key"
        key    = true
      }
      avro_doc_column {
        object {
          name          = "accounts"
          database_name = materialize_source_load_generator.load_generator_auction.database_name
          schema_name   = materialize_source_load_generator.load_generator_auction.schema_name
        }
        column = "id"
        doc    = "comment value"
        value  = true
      }
      key_compatibility_level   = "BACKWARD"
      value_compatibility_level = "FORWARD"
    }
  }
  envelope {
    debezium = true
  }
}
#> CREATE TABLE "example_database"."example_schema"."simple_table_sink" (key_column text DEFAULT NULL, kafka_header map[text => text] DEFAULT NULL)
#> COMMENT ON TABLE "example_database"."example_schema"."simple_table_sink" IS 'table sink comment'
resource "materialize_table" "simple_table_sink" {
  name          = "simple_table_sink"
  schema_name   = materialize_schema.schema.name
  database_name = materialize_database.database.name
  comment       = "table sink comment"
  column {
    name = "key_column"
    type = "text"
  }
  column {
    name = "kafka_header"
    type = "map[text => text]"
  }
  lifecycle {
    ignore_changes = [column]
  }
}
#> CREATE TABLE "example_database"."example_schema"."simple_table" (column_1 text DEFAULT NULL, column_2 integer DEFAULT NULL, column_3 text NOT NULL DEFAULT NULL, column_4 text DEFAULT NULL, column_5 text NOT NULL DEFAULT NULL)
#> COMMENT ON COLUMN "example_database"."example_schema"."simple_table"."column_2" IS 'column_2 comment'
resource "materialize_table" "simple_table" {
  name          = "simple_table"
  schema_name   = materialize_schema.schema.name
  database_name = materialize_database.database.name
  column {
    name = "column_1"
    type = "text"
  }
  column {
    name    = "column_2"
    type    = "int"
    comment = "column_2 comment"
  }
  column {
    name     = "column_3"
    type     = "text"
    nullable = true
  }
  column {
    name    = "column_4"
    type    = "text"
    default = "NULL"
  }
  column {
    name     = "column_5"
    type     = "text"
    nullable = true
    default  = "NULL"
  }
}
#> CREATE SINK "example_database"."example_schema"."sink_kafka_headers" IN CLUSTER "cluster_sources" FROM "example_database"."example_schema"."simple_table_sink" INTO KAFKA CONNECTION "materialize"."public"."kafka_connection" (TOPIC 'topic1', TOPIC REPLICATION FACTOR = 1, TOPIC PARTITION COUNT = 6, TOPIC CONFIG MAP['cleanup.policy' => 'compact', 'retention.ms' => '86400000']) KEY (key_column) NOT ENFORCED HEADERS kafka_header FORMAT JSON ENVELOPE UPSERT WITH (SNAPSHOT = true)
resource "materialize_sink_kafka" "sink_kafka_headers" {
  name                     = "sink_kafka_headers"
  schema_name              = materialize_schema.schema.name
  database_name            = materialize_database.database.name
  cluster_name             = materialize_cluster.cluster_source.name
  topic                    = "topic1"
  topic_replication_factor = 1
  topic_partition_count    = 6
  topic_config = {
    "cleanup.policy" = "compact"
    "retention.ms"   = "86400000"
  }
  key              = ["key_column"]
  key_not_enforced = true
  snapshot         = true
  headers          = "kafka_header"
  from {
    name          = materialize_table.simple_table_sink.name
    database_name = materialize_table.simple_table_sink.database_name
    schema_name   = materialize_table.simple_table_sink.schema_name
  }
  kafka_connection {
    name          = materialize_connection_kafka.kafka_connection.name
    database_name = materialize_connection_kafka.kafka_connection.database_name
    schema_name   = materialize_connection_kafka.kafka_connection.schema_name
  }
  format {
    json = true
  }
  envelope {
    upsert = true
  }
}
#> CREATE SINK "example_database"."example_schema"."sink_both" IN CLUSTER "cluster_sources" FROM "example_database"."example_schema"."simple_table" INTO KAFKA CONNECTION "materialize"."public"."kafka_connection" (TOPIC 'both') KEY (column_1) NOT ENFORCED FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION "materialize"."public"."schema_registry_connection" (KEY DOC ON TYPE "example_database"."example_schema"."simple_table" = 'type', KEY DOC ON COLUMN "example_database"."example_schema"."simple_table"."column_1" = 'column') ENVELOPE UPSERT WITH (SNAPSHOT = true)
#? replace
resource "materialize_sink_kafka" "sink_both" {
  name             = "sink_both"
  schema_name      = materialize_schema.schema.name
  database_name    = materialize_database.database.name
  cluster_name     = materialize_cluster.cluster_source.name
  topic            = "both"
  key              = ["column_1"]
  key_not_enforced = true
  from {
    name          = materialize_table.simple_table.name
    database_name = materialize_table.simple_table.database_name
    schema_name   = materialize_table.simple_table.schema_name
  }
  kafka_connection {
    name = materialize_connection_kafka.kafka_connection.name
  }
  format {
    avro {
      schema_registry_connection {
        name = materialize_connection_confluent_schema_registry.schema_registry.name
      }
      avro_doc_type {
        object {
          name          = materialize_table.simple_table.name
          database_name = materialize_table.simple_table.database_name
          schema_name   = materialize_table.simple_table.schema_name
        }
        doc   = "type"
        key   = true
        value = true
      }
      avro_doc_column {
        object {
          name          = materialize_table.simple_table.name
          database_name = materialize_table.simple_table.database_name
          schema_name   = materialize_table.simple_table.schema_name
        }
        column = "column_1"
        doc    = "column"
        key    = true
        value  = true
      }
    }
  }
  envelope {
    upsert = true
  }
}
#> CREATE SOURCE "materialize"."public"."source_kafka_text" IN CLUSTER "cluster_sources" FROM KAFKA CONNECTION "materialize"."public"."kafka_connection" (TOPIC 'events') KEY FORMAT TEXT VALUE FORMAT TEXT EXPOSE PROGRESS AS "materialize"."public"."expose_kafka"
resource "materialize_source_kafka" "format_text" {
  name         = "source_kafka_text"
  cluster_name = materialize_cluster.cluster_source.name
  topic        = "events"
  kafka_connection {
    name          = materialize_connection_kafka.kafka_connection.name
    schema_name   = materialize_connection_kafka.kafka_connection.schema_name
    database_name = materialize_connection_kafka.kafka_connection.database_name
  }
  key_format {
    text = true
  }
  value_format {
    text = true
  }
  expose_progress {
    name = "expose_kafka"
  }
  depends_on = [materialize_sink_kafka.sink_kafka]
}
#> CREATE SOURCE "materialize"."public"."kafka_upsert_options_source" IN CLUSTER "cluster_sources" FROM KAFKA CONNECTION "materialize"."public"."kafka_connection" (TOPIC 'events', START OFFSET (0)) KEY FORMAT TEXT VALUE FORMAT TEXT INCLUDE PARTITION AS partition_alias, OFFSET AS offset_alias ENVELOPE UPSERT (VALUE DECODING ERRORS = (INLINE AS "my_error_col"))
resource "materialize_source_kafka" "upsert_options" {
  name = "kafka_upsert_options_source"
  kafka_connection {
    name = materialize_connection_kafka.kafka_connection.name
  }
  cluster_name = materialize_cluster.cluster_source.name
  topic        = "events"
  key_format {
    text = true
  }
  value_format {
    text = true
  }
  envelope {
    upsert = true
    upsert_options {
      value_decoding_errors {
        inline {
          enabled = true
          alias   = "my_error_col"
        }
      }
    }
  }
  start_offset            = [0]
  include_timestamp_alias = "timestamp_alias"
  include_offset          = true
  include_offset_alias    = "offset_alias"
  include_partition       = true
  include_partition_alias = "partition_alias"
  include_key_alias       = "key_alias"
}
#> CREATE SOURCE "materialize"."public"."example_webhook_source" IN CLUSTER "cluster_sources" FROM WEBHOOK BODY FORMAT json INCLUDE HEADERS (NOT 'x-mz-api-key') CHECK ( WITH (HEADERS, SECRET "example_database"."example_schema"."pg_pass" AS secret) headers->'x-mz-api-key' = secret)
#> COMMENT ON SOURCE "materialize"."public"."example_webhook_source" IS 'source webhook comment'
resource "materialize_source_webhook" "example_webhook_source" {
  name             = "example_webhook_source"
  comment          = "source webhook comment"
  cluster_name     = materialize_cluster.cluster_source.name
  body_format      = "json"
  check_expression = "headers->'x-mz-api-key' = secret"
  include_headers {
    not = ["x-mz-api-key"]
  }
  check_options {
    field {
      headers = true
    }
  }
  check_options {
    field {
      secret {
        name          = materialize_secret.postgres_password.name
        database_name = materialize_secret.postgres_password.database_name
        schema_name   = materialize_secret.postgres_password.schema_name
      }
    }
    alias = "secret"
  }
}
#> CREATE SOURCE "materialize"."public"."basic_webhook" IN CLUSTER "cluster_sources" FROM WEBHOOK BODY FORMAT json INCLUDE HEADER 'event-type' AS event_type INCLUDE HEADERS ('a', 'b', NOT 'c', NOT 'd') CHECK ( WITH (BODY AS bytes, HEADERS, SECRET "example_database"."example_schema"."pg_pass" AS BASIC_HOOK_AUTH) headers->'authorization' = BASIC_HOOK_AUTH)
resource "materialize_source_webhook" "basic" {
  name         = "basic_webhook"
  cluster_name = materialize_cluster.cluster_source.name
  body_format  = "json"
  include_header {
    header = "event-type"
    alias  = "event_type"
  }
  include_headers {
    only = ["a", "b"]
    not  = ["c", "d"]
  }
  check_options {
    field {
      body = true
    }
    alias = "bytes"
  }
  check_options {
    field {
      headers = true
    }
  }
  check_options {
    field {
      secret {
        name          = materialize_secret.postgres_password.name
        database_name = materialize_secret.postgres_password.database_name
        schema_name   = materialize_secret.postgres_password.schema_name
      }
    }
    alias = "BASIC_HOOK_AUTH"
  }
  check_expression = "headers->'authorization' = BASIC_HOOK_AUTH"
}
#> CREATE TABLE "example_database"."example_schema"."webhook_source_table" FROM WEBHOOK BODY FORMAT json INCLUDE HEADERS
#> COMMENT ON TABLE "example_database"."example_schema"."webhook_source_table" IS 'Webhook source table integration test'
resource "materialize_source_table_webhook" "webhook_table_integration" {
  name          = "webhook_source_table"
  schema_name   = materialize_schema.schema.name
  database_name = materialize_database.database.name
  body_format   = "json"
  include_headers {
    all = true
  }
  check_options {
    field {
      body = true
    }
    alias = "bytes"
  }
  comment = "Webhook source table integration test"
}
#> CREATE VIEW "example_database"."example_schema"."simple_view" AS SELECT
#      1 AS id
#  
#> COMMENT ON VIEW "example_database"."example_schema"."simple_view" IS 'view comment'
resource "materialize_view" "simple_view" {
  name          = "simple_view"
  schema_name   = materialize_schema.schema.name
  database_name = materialize_database.database.name
  comment       = "view comment"
  statement     = <<SQL
SELECT
    1 AS id
SQL
}
#> CREATE MATERIALIZED VIEW "example_database"."example_schema"."simple_materialized_view" IN CLUSTER "quickstart" AS SELECT
#      1 AS id
#  
resource "materialize_materialized_view" "simple" {
  name          = "simple_materialized_view"
  schema_name   = materialize_schema.schema.name
  database_name = materialize_database.database.name
  cluster_name  = "quickstart"
  statement     = <<SQL
SELECT
    1 AS id
SQL
}
#> CREATE INDEX simple IN CLUSTER quickstart ON "example_database"."example_schema"."simple_materialized_view" USING ARRANGEMENT (id)
resource "materialize_index" "materialized_view_index" {
  name         = "simple"
  cluster_name = "quickstart"
  obj_name {
    name          = materialize_materialized_view.simple.name
    schema_name   = materialize_materialized_view.simple.schema_name
    database_name = materialize_materialized_view.simple.database_name
  }
  col_expr {
    field = "id"
  }
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "role-1" GRANT USAGE ON SCHEMAS TO PUBLIC
resource "materialize_schema_grant_default_privilege" "nodb" {
  privilege        = "USAGE"
  grantee_name     = "PUBLIC"
  target_role_name = materialize_role.role_1.name
  database_name    = ""
}
#> ALTER DEFAULT PRIVILEGES FOR ALL ROLES GRANT UPDATE ON TABLES TO "role-1"
resource "materialize_table_grant_default_privilege" "nodb_nos" {
  privilege        = "UPDATE"
  grantee_name     = materialize_role.role_1.name
  target_role_name = "PUBLIC"
  database_name    = ""
  schema_name      = ""
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "role-1" GRANT SELECT ON TABLES TO "role-1"
resource "materialize_table_grant_default_privilege" "one" {
  privilege        = "SELECT"
  grantee_name     = materialize_role.role_1.name
  target_role_name = materialize_role.role_1.name
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "role-1" GRANT SELECT ON TABLES TO "role-1"
resource "materialize_table_grant_default_privilege" "again" {
  privilege        = "SELECT"
  grantee_name     = materialize_role.role_1.name
  target_role_name = materialize_role.role_1.name
}
#> GRANT USAGE ON CONNECTION "materialize"."public"."kafka_connection" TO "role-1"
resource "materialize_connection_grant" "usage" {
  role_name       = materialize_role.role_1.name
  privilege       = "USAGE"
  connection_name = materialize_connection_kafka.kafka_connection.name
  schema_name     = materialize_connection_kafka.kafka_connection.schema_name
  database_name   = materialize_connection_kafka.kafka_connection.database_name
}
#> GRANT SELECT ON TABLE "example_database"."example_schema"."load_gen" TO "role-1"
resource "materialize_source_grant" "select" {
  role_name     = materialize_role.role_1.name
  privilege     = "SELECT"
  source_name   = materialize_source_load_generator.load_generator.name
  schema_name   = materialize_source_load_generator.load_generator.schema_name
  database_name = materialize_source_load_generator.load_generator.database_name
}
#> GRANT SELECT ON TABLE "example_database"."public"."accounts" TO "role-1"
resource "materialize_source_grant" "subsource" {
  role_name     = materialize_role.role_1.name
  privilege     = "SELECT"
  source_name   = "accounts"
  schema_name   = materialize_source_load_generator.load_generator_auction.schema_name
  database_name = materialize_source_load_generator.load_generator_auction.database_name
}
