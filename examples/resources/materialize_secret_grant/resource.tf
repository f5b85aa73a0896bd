resource "materialize_role" "developers" {
  name = "developers"
}

variable "broker_password" {
  type      = string
  sensitive = true
  default   = "change me"
}

resource "materialize_secret" "broker_password" {
  name  = "broker_password"
  value = var.broker_password
}

resource "materialize_secret_grant" "developers_use_password" {
  role_name     = materialize_role.developers.name
  privilege     = "USAGE"
  secret_name   = materialize_secret.broker_password.name
  schema_name   = materialize_secret.broker_password.schema_name
  database_name = materialize_secret.broker_password.database_name
}
