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

# No subsources: only the tables that are asked for.
resource "materialize_source_mysql" "shop" {
  name         = "shop"
  cluster_name = materialize_cluster.ingest.name

  mysql_connection {
    name = materialize_connection_mysql.shop.name
  }
}

resource "materialize_source_table_mysql" "events" {
  name                 = "events"
  upstream_schema_name = "audit"
  upstream_name        = "events"
  exclude_columns      = ["body"]

  source {
    name = materialize_source_mysql.shop.name
  }
}
