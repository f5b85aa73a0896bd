resource "materialize_secret" "password" {
  name             = "password"
  value_wo         = "change me"
  value_wo_version = 1
}

resource "materialize_connection_sqlserver" "shop" {
  name     = "shop_database"
  host     = "127.0.0.1"
  port     = 1499
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

# Every table of one schema is a subsource. Set `all_tables = false` instead to make the tables one by one, with
# materialize_source_table_sqlserver.
resource "materialize_source_sqlserver" "shop" {
  name         = "shop"
  cluster_name = materialize_cluster.ingest.name
  schemas      = ["dbo"]

  sqlserver_connection {
    name = materialize_connection_sqlserver.shop.name
  }
}
