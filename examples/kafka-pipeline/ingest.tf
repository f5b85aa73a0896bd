resource "materialize_secret" "kafka" {
  name             = "kafka_password"
  database_name    = materialize_schema.by_layer["ingest"].database_name
  schema_name      = materialize_schema.by_layer["ingest"].name
  value_wo         = var.kafka_password
  value_wo_version = var.password_versions.kafka
}

resource "materialize_secret" "registry" {
  name             = "registry_password"
  database_name    = materialize_schema.by_layer["ingest"].database_name
  schema_name      = materialize_schema.by_layer["ingest"].name
  value_wo         = var.registry_password
  value_wo_version = var.password_versions.registry
}

resource "materialize_connection_kafka" "kafka" {
  name              = "kafka"
  database_name     = materialize_schema.by_layer["ingest"].database_name
  schema_name       = materialize_schema.by_layer["ingest"].name
  comment           = "The shop's own Kafka. On call: the streaming team."
  security_protocol = "SASL_SSL"
  sasl_mechanisms   = "SCRAM-SHA-512"

  dynamic "kafka_broker" {
    for_each = var.kafka_brokers
    content {
      broker = kafka_broker.value
    }
  }

  sasl_username {
    text = var.kafka_username
  }

  sasl_password {
    name          = materialize_secret.kafka.name
    schema_name   = materialize_secret.kafka.schema_name
    database_name = materialize_secret.kafka.database_name
  }
}

resource "materialize_connection_confluent_schema_registry" "registry" {
  name          = "registry"
  database_name = materialize_schema.by_layer["ingest"].database_name
  schema_name   = materialize_schema.by_layer["ingest"].name
  url           = var.registry_url

  username {
    text = "materialize"
  }

  password {
    name          = materialize_secret.registry.name
    schema_name   = materialize_secret.registry.schema_name
    database_name = materialize_secret.registry.database_name
  }
}

locals {
  topics = {
    orders    = "shop.orders"
    customers = "shop.customers"
  }
}

# A source reads a topic; what the messages mean is said by its table. So another table, with another envelope or
# another schema, can be made from the same topic later, beside the first.
resource "materialize_source_kafka" "topic" {
  for_each = local.topics

  name          = "${each.key}_topic"
  database_name = materialize_schema.by_layer["ingest"].database_name
  schema_name   = materialize_schema.by_layer["ingest"].name
  cluster_name  = materialize_cluster.by_work["ingest"].name
  topic         = each.value

  kafka_connection {
    name          = materialize_connection_kafka.kafka.name
    schema_name   = materialize_connection_kafka.kafka.schema_name
    database_name = materialize_connection_kafka.kafka.database_name
  }
}

resource "materialize_source_table_kafka" "table" {
  for_each = local.topics

  name          = each.key
  database_name = materialize_schema.by_layer["ingest"].database_name
  schema_name   = materialize_schema.by_layer["ingest"].name
  comment       = "The latest message of each key in ${each.value}."

  source {
    name          = materialize_source_kafka.topic[each.key].name
    schema_name   = materialize_source_kafka.topic[each.key].schema_name
    database_name = materialize_source_kafka.topic[each.key].database_name
  }

  key_format {
    text = true
  }

  value_format {
    avro {
      schema_registry_connection {
        name          = materialize_connection_confluent_schema_registry.registry.name
        schema_name   = materialize_connection_confluent_schema_registry.registry.schema_name
        database_name = materialize_connection_confluent_schema_registry.registry.database_name
      }
    }
  }

  # The id is in the key of the messages, and nowhere else.
  include_key       = true
  include_key_alias = "id"

  envelope {
    upsert = true
  }
}
