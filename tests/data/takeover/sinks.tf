#> CREATE CLUSTER "ingest" (SIZE '25cc', INTROSPECTION INTERVAL = '1s')
resource "materialize_cluster" "ingest" {
  name = "ingest"
  size = "25cc"
}
#> CREATE ROLE "reader"
resource "materialize_role" "reader" {
  name = "reader"
}
#> CREATE SCHEMA "materialize"."In.1"
resource "materialize_schema" "in" {
  name = "In.1"
}
#> CREATE SECRET "materialize"."public"."pw" AS 'postgres'
resource "materialize_secret" "pw" {
  name  = "pw"
  value = "postgres"
}
#> CREATE CONNECTION "materialize"."public"."k" TO KAFKA (BROKERS ('127.0.0.1:9092'), SECURITY PROTOCOL = 'PLAINTEXT')
resource "materialize_connection_kafka" "k" {
  name              = "k"
  security_protocol = "PLAINTEXT"
  kafka_broker {
    broker = "127.0.0.1:9092"
  }
}
#> CREATE CONNECTION "materialize"."public"."csr" TO CONFLUENT SCHEMA REGISTRY (URL 'http://127.0.0.1:8081')
resource "materialize_connection_confluent_schema_registry" "csr" {
  name = "csr"
  url  = "http://127.0.0.1:8081"
}
#> CREATE TABLE "materialize"."public"."out" (id integer NOT NULL DEFAULT NULL, note text DEFAULT NULL, h map[text=>text] DEFAULT NULL)
resource "materialize_table" "out" {
  name = "out"
  column {
    name     = "id"
    type     = "int"
    nullable = true
  }
  column {
    name = "note"
    type = "text"
  }
  column {
    name = "h"
    type = "map[text=>text]"
  }
}
#> CREATE MATERIALIZED VIEW "materialize"."In.1"."Out.view" IN CLUSTER "ingest" AS SELECT id, 'x' AS note FROM materialize.public.out
resource "materialize_materialized_view" "view" {
  name         = "Out.view"
  cluster_name = materialize_cluster.ingest.name
  schema_name  = materialize_schema.in.name
  statement    = "SELECT id, 'x' AS note FROM materialize.public.out"
  depends_on   = [materialize_table.out]
}
#> CREATE MATERIALIZED VIEW "materialize"."public"."out_mv" IN CLUSTER "ingest" AS SELECT id, 'x' AS note FROM materialize.public.out
#~ name = "out_mv" => name = "Out mv"
resource "materialize_materialized_view" "out" {
  name         = "out_mv"
  cluster_name = materialize_cluster.ingest.name
  statement    = "SELECT id, 'x' AS note FROM materialize.public.out"
  depends_on   = [materialize_table.out]
}
#> CREATE SINK "materialize"."public"."s_plain" IN CLUSTER "ingest" FROM "materialize"."public"."out_mv" INTO KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'out-plain') FORMAT JSON ENVELOPE DEBEZIUM WITH (SNAPSHOT = true)
#~ name = "s_plain" => name = "S plain"
resource "materialize_sink_kafka" "plain" {
  name         = "s_plain"
  cluster_name = materialize_cluster.ingest.name
  topic        = "out-plain"
  from {
    name = materialize_materialized_view.out.name
  }
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    json = true
  }
  envelope {
    debezium = true
  }
}
#> CREATE SINK "materialize"."In.1"."S:full" IN CLUSTER "ingest" FROM "materialize"."public"."out" INTO KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'out-full', COMPRESSION TYPE = LZ4, TOPIC REPLICATION FACTOR = 3, TOPIC PARTITION COUNT = 6, TOPIC CONFIG MAP['cleanup.policy' => 'compact', 'retention.ms' => '86400000'], PARTITION BY = id) KEY (id) NOT ENFORCED HEADERS h FORMAT JSON ENVELOPE UPSERT WITH (SNAPSHOT = true)
#> ALTER SINK "materialize"."In.1"."S:full" OWNER TO "reader"
#> COMMENT ON SINK "materialize"."In.1"."S:full" IS 'full'
#~ comment = "full" => comment = "complete"
resource "materialize_sink_kafka" "full" {
  name                     = "S:full"
  schema_name              = materialize_schema.in.name
  cluster_name             = materialize_cluster.ingest.name
  topic                    = "out-full"
  compression_type         = "LZ4"
  topic_replication_factor = 3
  topic_partition_count    = 6
  topic_config = {
    "cleanup.policy" = "compact"
    "retention.ms"   = "86400000"
  }
  partition_by     = "id"
  key              = ["id"]
  key_not_enforced = true
  headers          = "h"
  ownership_role   = materialize_role.reader.name
  comment          = "full"
  from {
    name          = materialize_table.out.name
    schema_name   = "public"
    database_name = "materialize"
  }
  kafka_connection {
    name          = materialize_connection_kafka.k.name
    schema_name   = "public"
    database_name = "materialize"
  }
  format {
    json = true
  }
  envelope {
    upsert = true
  }
}
#> CREATE SINK "materialize"."public"."s_docs" IN CLUSTER "ingest" FROM "materialize"."In.1"."Out.view" INTO KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'out-docs') KEY (id, note) NOT ENFORCED FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION "materialize"."public"."csr" (DOC ON TYPE "materialize"."In.1"."Out.view" = 'the type', KEY DOC ON COLUMN "materialize"."In.1"."Out.view"."id" = 'the key', VALUE DOC ON COLUMN "materialize"."In.1"."Out.view"."note" = 'it''s a note') ENVELOPE UPSERT WITH (SNAPSHOT = true)
#~ name = "s_docs" => name = "S.docs"
resource "materialize_sink_kafka" "docs" {
  name             = "s_docs"
  cluster_name     = materialize_cluster.ingest.name
  topic            = "out-docs"
  key              = ["id", "note"]
  key_not_enforced = true
  from {
    name        = materialize_materialized_view.view.name
    schema_name = materialize_materialized_view.view.schema_name
  }
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    avro {
      schema_registry_connection {
        name = materialize_connection_confluent_schema_registry.csr.name
      }
      avro_doc_type {
        doc = "the type"
        object {
          name        = materialize_materialized_view.view.name
          schema_name = materialize_materialized_view.view.schema_name
        }
      }
      avro_doc_column {
        object {
          name        = materialize_materialized_view.view.name
          schema_name = materialize_materialized_view.view.schema_name
        }
        column = "id"
        doc    = "the key"
        key    = true
      }
      avro_doc_column {
        object {
          name        = materialize_materialized_view.view.name
          schema_name = materialize_materialized_view.view.schema_name
        }
        column = "note"
        doc    = "it's a note"
        value  = true
      }
    }
  }
  envelope {
    upsert = true
  }
}
#> CREATE SINK "materialize"."public"."s_levels" IN CLUSTER "ingest" FROM "materialize"."public"."out_mv" INTO KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'out-levels', COMPRESSION TYPE = none) FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION "materialize"."public"."csr" (KEY COMPATIBILITY LEVEL 'BACKWARD', VALUE COMPATIBILITY LEVEL 'FULL_TRANSITIVE') ENVELOPE DEBEZIUM WITH (SNAPSHOT = true)
resource "materialize_sink_kafka" "levels" {
  name             = "s_levels"
  cluster_name     = materialize_cluster.ingest.name
  topic            = "out-levels"
  compression_type = "none"
  snapshot         = true
  from {
    name = materialize_materialized_view.out.name
  }
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    avro {
      schema_registry_connection {
        name = materialize_connection_confluent_schema_registry.csr.name
      }
      key_compatibility_level   = "BACKWARD"
      value_compatibility_level = "FULL_TRANSITIVE"
    }
  }
  envelope {
    debezium = true
  }
}
#> CREATE SINK "materialize"."public"."s_late" IN CLUSTER "ingest" FROM "materialize"."public"."out_mv" INTO KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'out-late') KEY (id) NOT ENFORCED FORMAT JSON ENVELOPE UPSERT
#> ALTER SINK "materialize"."public"."s_late" SET FROM "materialize"."In.1"."Out.view"
#? replace
#~ name = "s_late" => comment = "late" ;; name = "s_late"
resource "materialize_sink_kafka" "late" {
  name             = "s_late"
  cluster_name     = materialize_cluster.ingest.name
  topic            = "out-late"
  snapshot         = false
  key              = ["id"]
  key_not_enforced = true
  topic_config     = {}
  from {
    name        = materialize_materialized_view.view.name
    schema_name = materialize_materialized_view.view.schema_name
  }
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    json = true
  }
  envelope {
    upsert = true
  }
}
#> CREATE CONNECTION "materialize"."public"."aws" TO AWS ( REGION = 'us-east-1',  ASSUME ROLE ARN = 'arn:aws:iam::123456789012:role/mz') WITH (VALIDATE = false)
resource "materialize_connection_aws" "aws" {
  name            = "aws"
  aws_region      = "us-east-1"
  assume_role_arn = "arn:aws:iam::123456789012:role/mz"
  validate        = false
}
#> CREATE CONNECTION "materialize"."public"."ice" TO ICEBERG CATALOG (CATALOG TYPE = 's3tablesrest', URL = 'https://s3tables.us-east-1.amazonaws.com/iceberg', WAREHOUSE = 'arn:aws:s3tables:us-east-1:123456789012:bucket/b', AWS CONNECTION = "materialize"."public"."aws") WITH (VALIDATE = false)
resource "materialize_connection_iceberg_catalog" "ice" {
  name         = "ice"
  catalog_type = "s3tablesrest"
  url          = "https://s3tables.us-east-1.amazonaws.com/iceberg"
  warehouse    = "arn:aws:s3tables:us-east-1:123456789012:bucket/b"
  aws_connection {
    name = materialize_connection_aws.aws.name
  }
  validate = false
}
#> CREATE SINK "materialize"."In.1"."Ice.sink" IN CLUSTER "ingest" FROM "materialize"."public"."out_mv" INTO ICEBERG CATALOG CONNECTION "materialize"."public"."ice" (NAMESPACE = 'sales', TABLE = 'out') USING AWS CONNECTION "materialize"."public"."aws" KEY (id) NOT ENFORCED MODE UPSERT WITH (COMMIT INTERVAL = '10s')
#> ALTER SINK "materialize"."In.1"."Ice.sink" OWNER TO "reader"
#> COMMENT ON SINK "materialize"."In.1"."Ice.sink" IS 'ice'
#~ comment = "ice" => comment = "cold"
resource "materialize_sink_iceberg" "ice" {
  name             = "Ice.sink"
  schema_name      = materialize_schema.in.name
  cluster_name     = materialize_cluster.ingest.name
  namespace        = "sales"
  table            = "out"
  key              = ["id"]
  key_not_enforced = true
  commit_interval  = "10s"
  ownership_role   = materialize_role.reader.name
  comment          = "ice"
  from {
    name = materialize_materialized_view.out.name
  }
  iceberg_catalog_connection {
    name = materialize_connection_iceberg_catalog.ice.name
  }
  aws_connection {
    name = materialize_connection_aws.aws.name
  }
}
