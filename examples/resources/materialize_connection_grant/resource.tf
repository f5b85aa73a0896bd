resource "materialize_role" "developers" {
  name = "developers"
}

resource "materialize_connection_kafka" "broker" {
  name              = "broker"
  security_protocol = "PLAINTEXT"
  validate          = false

  kafka_broker {
    broker = "kafka.example.com:9092"
  }
}

resource "materialize_connection_grant" "developers_use_broker" {
  role_name       = materialize_role.developers.name
  privilege       = "USAGE"
  connection_name = materialize_connection_kafka.broker.name
  schema_name     = materialize_connection_kafka.broker.schema_name
  database_name   = materialize_connection_kafka.broker.database_name
}
