variable "kafka_password" {
  type      = string
  sensitive = true
  ephemeral = true
  default   = "change me"
}

# The value is stored nowhere but in Materialize. To send another one, change the version as well.
resource "materialize_secret" "kafka_password" {
  name             = "kafka_password"
  value_wo         = var.kafka_password
  value_wo_version = 1
}
