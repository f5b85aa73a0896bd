resource "materialize_secret" "password" {
  name             = "password"
  value_wo         = "change me"
  value_wo_version = 1
}

resource "materialize_connection_mysql" "shop" {
  name = "shop_database"
  host = "127.0.0.1"
  port = 3399

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
# materialize_source_table_mysql.
resource "materialize_source_mysql" "shop" {
  name         = "shop"
  cluster_name = materialize_cluster.ingest.name
  schemas      = ["shop"]

  mysql_connection {
    name = materialize_connection_mysql.shop.name
  }
}
