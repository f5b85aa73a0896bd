variable "kafka_password" {
  type      = string
  sensitive = true
  ephemeral = true
  default   = "change me"
}

resource "materialize_secret" "kafka_password" {
  name             = "kafka_password"
  value_wo         = var.kafka_password
  value_wo_version = 1
}

resource "materialize_connection_kafka" "events" {
  name = "events"

  kafka_broker {
    broker = "b-1.kafka.example.com:9096"
  }

  kafka_broker {
    broker = "b-2.kafka.example.com:9096"
  }

  security_protocol = "SASL_SSL"
  sasl_mechanisms   = "SCRAM-SHA-512"

  sasl_username {
    text = "materialize"
  }

  sasl_password {
    name = materialize_secret.kafka_password.name
  }

  # Do not try to reach the brokers while applying.
  validate = false
}
