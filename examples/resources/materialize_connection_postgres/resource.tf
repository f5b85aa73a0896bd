resource "materialize_secret" "password" {
  name             = "password"
  value_wo         = "change me"
  value_wo_version = 1
}

resource "materialize_connection_postgres" "shop" {
  name     = "shop"
  host     = "shop.example.com"
  port     = 5432
  database = "shop"

  user {
    text = "materialize"
  }

  password {
    name = materialize_secret.password.name
  }

  ssl_mode = "verify-full"

  # Do not try to reach the database while applying.
  validate = false
}
