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

# No subsources: only the tables that are asked for.
resource "materialize_source_postgres" "shop" {
  name         = "shop"
  cluster_name = materialize_cluster.ingest.name
  publication  = "shop_pub"

  postgres_connection {
    name = materialize_connection_postgres.shop.name
  }
}

# A column of a type that Materialize does not read is read as text.
resource "materialize_source_table_postgres" "events" {
  name                 = "events"
  upstream_schema_name = "audit"
  upstream_name        = "events"
  text_columns         = ["body"]

  source {
    name = materialize_source_postgres.shop.name
  }
}

# All others of a list. A name more is a table more, and the ones that are there are not read again.
resource "materialize_source_table_postgres" "public" {
  for_each = toset(["customers", "orders"])

  name                 = each.key
  upstream_schema_name = "public"
  upstream_name        = each.key

  source {
    name = materialize_source_postgres.shop.name
  }
}
