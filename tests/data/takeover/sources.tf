#> CREATE CLUSTER "ingest" (SIZE '25cc', INTROSPECTION INTERVAL = '1s')
resource "materialize_cluster" "ingest" {
  name = "ingest"
  size = "25cc"
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
#> CREATE SOURCE "materialize"."public"."lg" IN CLUSTER "ingest" FROM LOAD GENERATOR TPCH (TICK INTERVAL '1s', SCALE FACTOR 0.12) FOR ALL TABLES
#? replace
resource "materialize_source_load_generator" "lg" {
  name                = "lg"
  cluster_name        = materialize_cluster.ingest.name
  load_generator_type = "TPCH"
  tpch_options {
    tick_interval = "1s"
    scale_factor  = 0.125
  }
}
#> CREATE SOURCE "materialize"."public"."deb" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events') KEY FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION "materialize"."public"."csr" VALUE FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION "materialize"."public"."csr" INCLUDE KEY, HEADERS, PARTITION, OFFSET, TIMESTAMP ENVELOPE UPSERT
resource "materialize_source_kafka" "all" {
  name         = "deb"
  cluster_name = materialize_cluster.ingest.name
  topic        = "events"
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  key_format {
    avro {
      schema_registry_connection {
        name = materialize_connection_confluent_schema_registry.csr.name
      }
    }
  }
  value_format {
    avro {
      schema_registry_connection {
        name = materialize_connection_confluent_schema_registry.csr.name
      }
    }
  }
  include_key       = true
  include_headers   = true
  include_partition = true
  include_offset    = true
  include_timestamp = true
  envelope {
    upsert = true
  }
}
#> CREATE SOURCE "materialize"."public"."ts" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events', START TIMESTAMP -3600000) KEY FORMAT BYTES VALUE FORMAT JSON ENVELOPE NONE
resource "materialize_source_kafka" "ts" {
  name            = "ts"
  cluster_name    = materialize_cluster.ingest.name
  topic           = "events"
  start_timestamp = -3600000
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
  key_format {
    bytes = true
  }
  value_format {
    json = true
  }
  envelope {
    none = true
  }
}
#> CREATE SOURCE "materialize"."public"."bare" IN CLUSTER "ingest" FROM KAFKA CONNECTION "materialize"."public"."k" (TOPIC 'events')
resource "materialize_source_kafka" "bare" {
  name         = "bare"
  cluster_name = materialize_cluster.ingest.name
  topic        = "events"
  kafka_connection {
    name = materialize_connection_kafka.k.name
  }
}
#> CREATE TABLE "materialize"."public"."t1" FROM SOURCE "materialize"."public"."bare" (REFERENCE "events") FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION "materialize"."public"."csr" INCLUDE TIMESTAMP AS "ts", PARTITION ENVELOPE DEBEZIUM
#? replace
resource "materialize_source_table_kafka" "deb" {
  name                    = "t1"
  topic                   = "events"
  include_timestamp       = true
  include_timestamp_alias = "ts"
  include_partition       = true
  include_offset_alias    = "off"
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
    debezium = true
  }
}
