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
#> CREATE SOURCE "materialize"."public"."K.json" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events') FORMAT JSON
#~ name = "K.json" => name = "K2.json"
resource "materialize_source_kafka" "json" {
  name         = "K.json"
  cluster_name = materialize_cluster.ingest.name
  topic        = "events"
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    json = true
  }
}
#> CREATE SOURCE "materialize"."public"."K.text_none" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events') FORMAT TEXT ENVELOPE NONE
#~ name = "K.text_none" => name = "K2.text_none"
resource "materialize_source_kafka" "text_none" {
  name         = "K.text_none"
  cluster_name = materialize_cluster.ingest.name
  topic        = "events"
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    text = true
  }
  envelope {
    none = true
  }
}
#> CREATE SOURCE "materialize"."public"."K.bytes" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events') FORMAT BYTES
#~ name = "K.bytes" => name = "K2.bytes"
resource "materialize_source_kafka" "bytes" {
  name         = "K.bytes"
  cluster_name = materialize_cluster.ingest.name
  topic        = "events"
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    bytes = true
  }
}
#> CREATE SOURCE "materialize"."public"."K.avro" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events') FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION "materialize"."public"."csr" ENVELOPE NONE
#~ name = "K.avro" => name = "K2.avro"
resource "materialize_source_kafka" "avro" {
  name         = "K.avro"
  cluster_name = materialize_cluster.ingest.name
  topic        = "events"
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    avro {
      schema_registry_connection {
        name = materialize_connection_confluent_schema_registry.csr.name
      }
    }
  }
  envelope {
    none = true
  }
}
#> CREATE SOURCE "materialize"."public"."K.avro_latest" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events') FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION "materialize"."public"."csr" KEY STRATEGY LATEST VALUE STRATEGY LATEST ENVELOPE UPSERT
#~ name = "K.avro_latest" => name = "K2.avro_latest"
resource "materialize_source_kafka" "avro_latest" {
  name         = "K.avro_latest"
  cluster_name = materialize_cluster.ingest.name
  topic        = "events"
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    avro {
      key_strategy   = "LATEST"
      value_strategy = "latest"
      schema_registry_connection {
        name          = materialize_connection_confluent_schema_registry.csr.name
        schema_name   = "public"
        database_name = "materialize"
      }
    }
  }
  envelope {
    upsert = true
  }
}
#> CREATE SOURCE "materialize"."public"."K.csv" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events') FORMAT CSV WITH HEADER ( a, b )
#~ name = "K.csv" => name = "K2.csv"
resource "materialize_source_kafka" "csv" {
  name         = "K.csv"
  cluster_name = materialize_cluster.ingest.name
  topic        = "events"
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    csv {
      header = ["a", "b"]
    }
  }
}
#> CREATE SOURCE "materialize"."public"."K.keyed" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events') KEY FORMAT JSON VALUE FORMAT JSON ENVELOPE UPSERT (VALUE DECODING ERRORS = (INLINE))
#~ name = "K.keyed" => name = "K2.keyed"
resource "materialize_source_kafka" "keyed" {
  name         = "K.keyed"
  cluster_name = materialize_cluster.ingest.name
  topic        = "events"
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  key_format {
    json = true
  }
  value_format {
    json = true
  }
  envelope {
    upsert = true
    upsert_options {
      value_decoding_errors {
        inline {
          enabled = true
        }
      }
    }
  }
}
#> CREATE SOURCE "materialize"."public"."K.keyed_alias" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events') KEY FORMAT BYTES VALUE FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION "materialize"."public"."csr" ENVELOPE UPSERT (VALUE DECODING ERRORS = (INLINE AS "Err.1"))
#~ name = "K.keyed_alias" => name = "K2.keyed_alias"
resource "materialize_source_kafka" "keyed_alias" {
  name         = "K.keyed_alias"
  cluster_name = materialize_cluster.ingest.name
  topic        = "events"
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  key_format {
    bytes = true
  }
  value_format {
    avro {
      schema_registry_connection {
        name = materialize_connection_confluent_schema_registry.csr.name
      }
    }
  }
  envelope {
    upsert = true
    upsert_options {
      value_decoding_errors {
        inline {
          enabled = true
          alias   = "Err.1"
        }
      }
    }
  }
}
#> CREATE SOURCE "materialize"."In.1"."everything" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events', START OFFSET (5,7)) KEY FORMAT TEXT VALUE FORMAT TEXT INCLUDE KEY AS k, HEADERS AS h, PARTITION AS p, OFFSET AS o, TIMESTAMP AS t ENVELOPE NONE EXPOSE PROGRESS AS "materialize"."In.1"."everything:p"
#> ALTER SOURCE "materialize"."In.1"."everything" OWNER TO "reader"
#> COMMENT ON SOURCE "materialize"."In.1"."everything" IS 'all of it'
#~ comment = "all of it" => comment = "everything"
resource "materialize_source_kafka" "everything" {
  name                    = "everything"
  schema_name             = materialize_schema.in.name
  cluster_name            = materialize_cluster.ingest.name
  topic                   = "events"
  ownership_role          = materialize_role.reader.name
  comment                 = "all of it"
  include_key             = true
  include_key_alias       = "k"
  include_headers         = true
  include_headers_alias   = "h"
  include_partition       = true
  include_partition_alias = "p"
  include_offset          = true
  include_offset_alias    = "o"
  include_timestamp       = true
  include_timestamp_alias = "t"
  start_offset            = [5, 7]
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
    none = true
  }
  expose_progress {
    name        = "everything:p"
    schema_name = materialize_schema.in.name
  }
}
#> CREATE SOURCE "materialize"."public"."lying" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events', START TIMESTAMP -1000) FORMAT JSON
resource "materialize_source_kafka" "aliases_alone" {
  name                    = "lying"
  cluster_name            = materialize_cluster.ingest.name
  topic                   = "events"
  start_timestamp         = -1000
  include_key             = false
  include_key_alias       = "k"
  include_headers         = false
  include_headers_alias   = "h"
  include_partition_alias = "p"
  include_offset          = false
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  format {
    json = true
  }
}
#> CREATE SOURCE "materialize"."public"."bare" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events')
#~ name = "bare" => name = "Bare"
resource "materialize_source_kafka" "bare" {
  name         = "bare"
  cluster_name = materialize_cluster.ingest.name
  topic        = "events"
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
}
#> CREATE TABLE "materialize"."public"."T.json" FROM SOURCE "materialize"."public"."bare" FORMAT JSON
#~ name = "T.json" => comment = "said" ;; name = "T.json"
resource "materialize_source_table_kafka" "json" {
  name = "T.json"
  source {
    name = materialize_source_kafka.bare.name
  }
  format {
    json = true
  }
}
#> CREATE TABLE "materialize"."public"."T.text_none" FROM SOURCE "materialize"."public"."bare" (REFERENCE "events") FORMAT TEXT ENVELOPE NONE
#~ name = "T.text_none" => comment = "said" ;; name = "T.text_none"
resource "materialize_source_table_kafka" "text_none" {
  name  = "T.text_none"
  topic = "events"
  source {
    name = materialize_source_kafka.bare.name
  }
  format {
    text = true
  }
  envelope {
    none = true
  }
}
#> CREATE TABLE "materialize"."public"."T.bytes" FROM SOURCE "materialize"."public"."bare" (REFERENCE "events") FORMAT BYTES
#~ name = "T.bytes" => comment = "said" ;; name = "T.bytes"
resource "materialize_source_table_kafka" "bytes" {
  name  = "T.bytes"
  topic = "events"
  source {
    name = materialize_source_kafka.bare.name
  }
  format {
    bytes = true
  }
}
#> CREATE TABLE "materialize"."public"."T.avro" FROM SOURCE "materialize"."public"."bare" (REFERENCE "events") FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION "materialize"."public"."csr" ENVELOPE NONE
#~ name = "T.avro" => comment = "said" ;; name = "T.avro"
resource "materialize_source_table_kafka" "avro" {
  name  = "T.avro"
  topic = "events"
  source {
    name = materialize_source_kafka.bare.name
  }
  format {
    avro {
      schema_registry_connection {
        name = materialize_connection_confluent_schema_registry.csr.name
      }
    }
  }
  envelope {
    none = true
  }
}
#> CREATE TABLE "materialize"."public"."T.avro_latest" FROM SOURCE "materialize"."public"."bare" (REFERENCE "events") FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION "materialize"."public"."csr" KEY STRATEGY LATEST VALUE STRATEGY LATEST ENVELOPE UPSERT
#~ name = "T.avro_latest" => comment = "said" ;; name = "T.avro_latest"
resource "materialize_source_table_kafka" "avro_latest" {
  name  = "T.avro_latest"
  topic = "events"
  source {
    name = materialize_source_kafka.bare.name
  }
  format {
    avro {
      key_strategy   = "LATEST"
      value_strategy = "latest"
      schema_registry_connection {
        name          = materialize_connection_confluent_schema_registry.csr.name
        schema_name   = "public"
        database_name = "materialize"
      }
    }
  }
  envelope {
    upsert = true
  }
}
#> CREATE TABLE "materialize"."public"."T.csv" FROM SOURCE "materialize"."public"."bare" FORMAT CSV WITH HEADER ( a, b )
#~ name = "T.csv" => comment = "said" ;; name = "T.csv"
resource "materialize_source_table_kafka" "csv" {
  name = "T.csv"
  source {
    name = materialize_source_kafka.bare.name
  }
  format {
    csv {
      header = ["a", "b"]
    }
  }
}
#> CREATE TABLE "materialize"."public"."T.keyed" FROM SOURCE "materialize"."public"."bare" (REFERENCE "events") KEY FORMAT JSON VALUE FORMAT JSON ENVELOPE UPSERT (VALUE DECODING ERRORS = (INLINE))
#~ name = "T.keyed" => comment = "said" ;; name = "T.keyed"
resource "materialize_source_table_kafka" "keyed" {
  name  = "T.keyed"
  topic = "events"
  source {
    name = materialize_source_kafka.bare.name
  }
  key_format {
    json = true
  }
  value_format {
    json = true
  }
  envelope {
    upsert = true
    upsert_options {
      value_decoding_errors {
        inline {
          enabled = true
        }
      }
    }
  }
}
#> CREATE TABLE "materialize"."public"."T.keyed_alias" FROM SOURCE "materialize"."public"."bare" (REFERENCE "events") KEY FORMAT BYTES VALUE FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION "materialize"."public"."csr" ENVELOPE UPSERT (VALUE DECODING ERRORS = (INLINE AS "Err.1"))
#~ name = "T.keyed_alias" => comment = "said" ;; name = "T.keyed_alias"
resource "materialize_source_table_kafka" "keyed_alias" {
  name  = "T.keyed_alias"
  topic = "events"
  source {
    name = materialize_source_kafka.bare.name
  }
  key_format {
    bytes = true
  }
  value_format {
    avro {
      schema_registry_connection {
        name = materialize_connection_confluent_schema_registry.csr.name
      }
    }
  }
  envelope {
    upsert = true
    upsert_options {
      value_decoding_errors {
        inline {
          enabled = true
          alias   = "Err.1"
        }
      }
    }
  }
}
#> CREATE TABLE "materialize"."In.1"."included" FROM SOURCE "materialize"."public"."bare" (REFERENCE "events") KEY FORMAT TEXT VALUE FORMAT JSON INCLUDE KEY AS "K.1", HEADERS AS "h", PARTITION AS "p", OFFSET, TIMESTAMP AS "t" ENVELOPE UPSERT
#> ALTER TABLE "materialize"."In.1"."included" OWNER TO "reader"
#> COMMENT ON TABLE "materialize"."In.1"."included" IS 'with more'
#~ ownership_role = materialize_role.reader.name => ownership_role = "mz_system"
resource "materialize_source_table_kafka" "included" {
  name                    = "included"
  schema_name             = materialize_schema.in.name
  topic                   = "events"
  ownership_role          = materialize_role.reader.name
  comment                 = "with more"
  include_key             = true
  include_key_alias       = "K.1"
  include_headers         = true
  include_headers_alias   = "h"
  include_partition       = true
  include_partition_alias = "p"
  include_offset          = true
  include_timestamp       = true
  include_timestamp_alias = "t"
  source {
    name = materialize_source_kafka.bare.name
  }
  key_format {
    text = true
  }
  value_format {
    json = true
  }
  envelope {
    upsert = true
  }
}
