resource "materialize_secret" "password" {
  name             = "password"
  value_wo         = "change me"
  value_wo_version = 1
}

resource "materialize_connection_mysql" "shop" {
  name = "shop"
  host = "shop.example.com"
  port = 3306


  user {
    text = "materialize"
  }

  password {
    name = materialize_secret.password.name
  }

  ssl_mode = "verify-identity"

  # Do not try to reach the database while applying.
  validate = false
}
