resource "materialize_cluster" "sinks" {
  name = "sinks"
  size = "25cc"
}

resource "materialize_connection_kafka" "events" {
  name              = "events"
  security_protocol = "PLAINTEXT"

  kafka_broker {
    broker = "127.0.0.1:9092"
  }
}

resource "materialize_table" "prices" {
  name = "prices"

  column {
    name     = "item"
    type     = "text"
    nullable = true # NOT NULL, as in the official provider
  }

  column {
    name = "price"
    type = "numeric(10, 2)"
  }
}

resource "materialize_sink_kafka" "prices" {
  name         = "prices_to_kafka"
  cluster_name = materialize_cluster.sinks.name
  topic        = "prices"

  from {
    name = materialize_table.prices.name
  }

  kafka_connection {
    name = materialize_connection_kafka.events.name
  }

  # Tables have no keys: Materialize has to take our word for it that an item has one price.
  key              = ["item"]
  key_not_enforced = true

  key_format {
    text = true
  }

  value_format {
    json = true
  }

  envelope {
    upsert = true
  }

  # If Materialize makes the topic, it keeps the last price of each item.
  topic_partition_count = 4
  topic_config = {
    "cleanup.policy" = "compact"
  }

  compression_type = "zstd"
}
