resource "materialize_connection_kafka" "kafka" {
  name              = "kafka"
  security_protocol = "PLAINTEXT"

  kafka_broker {
    broker = "127.0.0.1:9092"
  }
}

resource "materialize_source_kafka" "events" {
  name         = "events"
  cluster_name = "quickstart"
  topic        = "events"

  kafka_connection {
    name = materialize_connection_kafka.kafka.name
  }
}

resource "materialize_source_table_kafka" "events_raw" {
  name = "events_raw"

  source {
    name = materialize_source_kafka.events.name
  }

  key_format {
    text = true
  }

  value_format {
    json = true
  }

  include_key       = true
  include_key_alias = "event_key"
  include_timestamp = true

  envelope {
    upsert = true
  }
}
