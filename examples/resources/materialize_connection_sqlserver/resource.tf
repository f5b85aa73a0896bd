resource "materialize_secret" "password" {
  name             = "password"
  value_wo         = "change me"
  value_wo_version = 1
}

resource "materialize_connection_sqlserver" "shop" {
  name     = "shop"
  host     = "shop.example.com"
  port     = 1433
  database = "shop"

  user {
    text = "materialize"
  }

  password {
    name = materialize_secret.password.name
  }

  ssl_mode = "verify"

  # Do not try to reach the database while applying.
  validate = false
}
