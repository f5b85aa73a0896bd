resource "materialize_connection_kafka" "kafka" {
  name              = "kafka"
  security_protocol = "PLAINTEXT"

  kafka_broker {
    broker = "127.0.0.1:9092"
  }
}

resource "materialize_cluster" "ingest" {
  name = "ingest"
  size = "25cc"
}

# The origin of tables: see materialize_source_table_kafka.
resource "materialize_source_kafka" "events" {
  name         = "events"
  cluster_name = materialize_cluster.ingest.name
  topic        = "events"

  kafka_connection {
    name = materialize_connection_kafka.kafka.name
  }
}
