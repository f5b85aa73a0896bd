resource "materialize_secret" "password" {
  name             = "password"
  value_wo         = "change me"
  value_wo_version = 1
}

resource "materialize_connection_confluent_schema_registry" "registry" {
  name = "registry"
  url  = "https://registry.example.com:8081"

  username {
    text = "materialize"
  }

  password {
    name = materialize_secret.password.name
  }

  validate = false
}
