resource "materialize_secret" "password" {
  name             = "password"
  value_wo         = "change me"
  value_wo_version = 1
}

resource "materialize_connection_postgres" "shop" {
  name     = "shop_database"
  host     = "127.0.0.1"
  port     = 5499
  database = "shop"

  user {
    text = "materialize"
  }

  password {
    name = materialize_secret.password.name
  }
}

resource "materialize_cluster" "ingest" {
  name = "ingest"
  size = "25cc"
}

# Every table of one schema is a subsource. Leave `schemas` out to make the tables one by one, with
# materialize_source_table_postgres.
resource "materialize_source_postgres" "shop" {
  name         = "shop"
  cluster_name = materialize_cluster.ingest.name
  publication  = "shop_pub"
  schemas      = ["public"]

  postgres_connection {
    name = materialize_connection_postgres.shop.name
  }
}
