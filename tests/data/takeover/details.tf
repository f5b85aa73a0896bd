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
#> CREATE TYPE "materialize"."public"."inner" AS (Street text, zip int4)
#? replace
resource "materialize_type" "inner" {
  name = "inner"
  row_properties {
    field_name = "Street"
    field_type = "text"
  }
  row_properties {
    field_name = "zip"
    field_type = "int4"
  }
}
#> CREATE TYPE "materialize"."public"."outer" AS (a "materialize"."public"."inner", b float8)
#~ name = "outer" => comment = "nested" ;; name = "outer"
resource "materialize_type" "outer" {
  name = "outer"
  row_properties {
    field_name = "a"
    field_type = materialize_type.inner.qualified_sql_name
  }
  row_properties {
    field_name = "b"
    field_type = "float8"
  }
}
#> CREATE TYPE "materialize"."public"."inners" AS LIST (ELEMENT TYPE = "materialize"."public"."inner")
resource "materialize_type" "list" {
  name = "inners"
  list_properties {
    element_type = materialize_type.inner.qualified_sql_name
  }
}
#> CREATE TYPE "materialize"."public"."by_name" AS MAP (KEY TYPE text, VALUE TYPE = "materialize"."public"."inners")
resource "materialize_type" "map" {
  name = "by_name"
  map_properties {
    key_type   = "text"
    value_type = materialize_type.list.qualified_sql_name
  }
}
#> CREATE SOURCE "materialize"."public"."aliased" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events') KEY FORMAT TEXT VALUE FORMAT TEXT INCLUDE KEY AS The_Key, HEADERS AS Heads, PARTITION AS Part, OFFSET AS Off, TIMESTAMP AS Ts ENVELOPE UPSERT (VALUE DECODING ERRORS = (INLINE AS "Err"))
#? replace
#~ name = "aliased" => comment = "said" ;; name = "aliased"
resource "materialize_source_kafka" "aliased" {
  name                    = "aliased"
  cluster_name            = materialize_cluster.ingest.name
  topic                   = "events"
  include_key             = true
  include_key_alias       = "The_Key"
  include_headers         = true
  include_headers_alias   = "Heads"
  include_partition       = true
  include_partition_alias = "Part"
  include_offset          = true
  include_offset_alias    = "Off"
  include_timestamp       = true
  include_timestamp_alias = "Ts"
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
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
          alias   = "Err"
        }
      }
    }
  }
}
#> CREATE SOURCE "materialize"."public"."disabled_inline" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events') KEY FORMAT TEXT VALUE FORMAT TEXT ENVELOPE UPSERT
resource "materialize_source_kafka" "disabled_inline" {
  name         = "disabled_inline"
  cluster_name = materialize_cluster.ingest.name
  topic        = "events"
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
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
          enabled = false
        }
      }
    }
  }
}
#> CREATE SOURCE "materialize"."public"."csv_columns" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events') FORMAT CSV WITH HEADER ( Id, Name )
#? replace
resource "materialize_source_kafka" "csv" {
  name         = "csv_columns"
  cluster_name = materialize_cluster.ingest.name
  topic        = "events"
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    csv {
      column = 2
      header = ["Id", "Name"]
    }
  }
}
#> CREATE SOURCE "materialize"."public"."offsets" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events') FORMAT JSON
#~ start_offset = [] => comment = "said" ;; start_offset = []
resource "materialize_source_kafka" "empty_lists" {
  name            = "offsets"
  cluster_name    = materialize_cluster.ingest.name
  topic           = "events"
  start_offset    = []
  start_timestamp = 0
  include_key     = false
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    json = true
    text = false
  }
}
#> CREATE SOURCE "materialize"."public"."hooked" IN CLUSTER "ingest" FROM WEBHOOK BODY FORMAT TEXT INCLUDE HEADER 'X-Trace' AS Trace CHECK ( WITH (HEADERS AS Hs, BODY AS B, SECRET "materialize"."public"."pw" AS Pw) B = Pw AND Hs IS NOT NULL)
#? replace
#~ name = "hooked" => name = "Hooked"
resource "materialize_source_webhook" "aliased" {
  name         = "hooked"
  cluster_name = materialize_cluster.ingest.name
  body_format  = "TEXT"
  include_header {
    header = "X-Trace"
    alias  = "Trace"
  }
  check_options {
    field {
      headers = true
    }
    alias = "Hs"
  }
  check_options {
    field {
      body = true
    }
    alias = "B"
  }
  check_options {
    field {
      secret {
        name = materialize_secret.pw.name
      }
    }
    alias = "Pw"
  }
  check_expression = "B = Pw AND Hs IS NOT NULL"
}
#> CREATE VIEW "materialize"."public"."keyed" AS SELECT 1 AS a, 'x'::text AS b, 2 AS c, 3 AS "D"
resource "materialize_view" "keyed" {
  name      = "keyed"
  statement = "SELECT 1 AS a, 'x'::text AS b, 2 AS c, 3 AS \"D\""
}
#> CREATE INDEX mixed IN CLUSTER ingest ON "materialize"."public"."keyed" USING ARRANGEMENT (c, upper(b), a)
#~ name = "mixed" => comment = "said" ;; name = "mixed"
resource "materialize_index" "mixed" {
  name         = "mixed"
  cluster_name = materialize_cluster.ingest.name
  obj_name {
    name = materialize_view.keyed.name
  }
  col_expr {
    field = "c"
  }
  col_expr {
    field = "upper(b)"
  }
  col_expr {
    field = "a"
  }
}
#> CREATE INDEX quoted_key IN CLUSTER ingest ON "materialize"."public"."keyed" USING ARRANGEMENT ("D", a)
resource "materialize_index" "quoted" {
  name         = "quoted_key"
  cluster_name = materialize_cluster.ingest.name
  obj_name {
    name = materialize_view.keyed.name
  }
  col_expr {
    field = "\"D\""
  }
  col_expr {
    field = "a"
  }
}
#> CREATE MATERIALIZED VIEW "materialize"."public"."sunk" IN CLUSTER "ingest" AS SELECT 1 AS id, 'x' AS note, '{a=>b}'::map[text=>text] AS h
resource "materialize_materialized_view" "sunk" {
  name         = "sunk"
  cluster_name = materialize_cluster.ingest.name
  statement    = "SELECT 1 AS id, 'x' AS note, '{a=>b}'::map[text=>text] AS h"
}
#> CREATE SINK "materialize"."public"."folded" IN CLUSTER "ingest" FROM "materialize"."public"."sunk" INTO KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'it''s.Out', COMPRESSION TYPE = Gzip, PARTITION BY = ID + 1) KEY (Id, Note) NOT ENFORCED HEADERS H FORMAT JSON ENVELOPE UPSERT WITH (SNAPSHOT = true)
#? replace
#~ name = "folded" => name = "Folded"
resource "materialize_sink_kafka" "folded" {
  name             = "folded"
  cluster_name     = materialize_cluster.ingest.name
  topic            = "it's.Out"
  compression_type = "Gzip"
  partition_by     = "ID + 1"
  key              = ["Id", "Note"]
  key_not_enforced = true
  headers          = "H"
  from {
    name = materialize_materialized_view.sunk.name
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
#> CREATE SINK "materialize"."public"."no_key" IN CLUSTER "ingest" FROM "materialize"."public"."sunk" INTO KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'no-key') FORMAT JSON ENVELOPE DEBEZIUM WITH (SNAPSHOT = true)
resource "materialize_sink_kafka" "no_key" {
  name                     = "no_key"
  cluster_name             = materialize_cluster.ingest.name
  topic                    = "no-key"
  key                      = []
  key_not_enforced         = false
  topic_partition_count    = 0
  topic_replication_factor = 0
  from {
    name = materialize_materialized_view.sunk.name
  }
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    json = true
  }
  envelope {
    debezium = true
    upsert   = false
  }
}
#> CREATE SINK "materialize"."public"."half_named" IN CLUSTER "ingest" FROM "materialize"."public"."sunk" INTO KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'half') KEY (id) NOT ENFORCED FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION "materialize"."public"."csr" ENVELOPE UPSERT WITH (SNAPSHOT = true)
#? replace
#~ name = "half_named" => name = "Half named"
resource "materialize_sink_kafka" "half_named" {
  name             = "half_named"
  cluster_name     = materialize_cluster.ingest.name
  topic            = "half"
  key              = ["id"]
  key_not_enforced = true
  from {
    name = materialize_materialized_view.sunk.name
  }
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    avro {
      schema_registry_connection {
        name = materialize_connection_confluent_schema_registry.csr.name
      }
      avro_value_fullname = "com.example.value"
    }
  }
  envelope {
    upsert = true
  }
}
#> CREATE CLUSTER "no_disk" (SIZE '25cc', REPLICATION FACTOR 1, INTROSPECTION INTERVAL = '1s')
#~ name = "no_disk" => comment = "said" ;; name = "no_disk"
resource "materialize_cluster" "no_disk" {
  name               = "no_disk"
  size               = "25cc"
  replication_factor = 1
  disk               = false
}
#> CREATE CLUSTER "by_hand" (REPLICAS ())
resource "materialize_cluster" "by_hand" {
  name = "by_hand"
}
#> CREATE CLUSTER REPLICA "by_hand"."r" SIZE = '25cc', INTROSPECTION INTERVAL = '1s'
resource "materialize_cluster_replica" "no_disk" {
  name         = "r"
  cluster_name = materialize_cluster.by_hand.name
  size         = "25cc"
  disk         = false
}
#> CREATE SOURCE "materialize"."In.1"."auction" IN CLUSTER "ingest" FROM LOAD GENERATOR AUCTION (TICK INTERVAL '1s') FOR ALL TABLES
resource "materialize_source_load_generator" "auction" {
  name                = "auction"
  schema_name         = materialize_schema.in.name
  cluster_name        = materialize_cluster.ingest.name
  load_generator_type = "AUCTION"
  auction_options {
    tick_interval = "1s"
    scale_factor  = 0.01
  }
}
#> CREATE SOURCE "materialize"."public"."tpch" IN CLUSTER "ingest" FROM LOAD GENERATOR tpch (TICK INTERVAL '1s', SCALE FACTOR 0.01)
resource "materialize_source_load_generator" "tpch" {
  name                = "tpch"
  cluster_name        = materialize_cluster.ingest.name
  load_generator_type = "tpch"
  tpch_options {
    tick_interval = "1s"
  }
}
