resource "materialize_secret" "postgres" {
  name             = "postgres_password"
  database_name    = materialize_schema.layer["raw"].database_name
  schema_name      = materialize_schema.layer["raw"].name
  value_wo         = var.postgres_password
  value_wo_version = var.postgres_password_version
}

resource "materialize_connection_postgres" "shop" {
  name          = "shop"
  database_name = materialize_schema.layer["raw"].database_name
  schema_name   = materialize_schema.layer["raw"].name
  host          = "replica.shop.internal.example.com"
  database      = "shop"
  ssl_mode      = "require"

  user {
    text = "materialize"
  }

  password {
    name          = materialize_secret.postgres.name
    schema_name   = materialize_secret.postgres.schema_name
    database_name = materialize_secret.postgres.database_name
  }
}

# In PostgreSQL: CREATE PUBLICATION materialize FOR TABLE customers, orders, order_items; and REPLICA IDENTITY FULL on
# each.
resource "materialize_source_postgres" "shop" {
  name          = "shop_postgres"
  database_name = materialize_schema.layer["raw"].database_name
  schema_name   = materialize_schema.layer["raw"].name
  cluster_name  = materialize_cluster.ingest.name
  publication   = "materialize"

  postgres_connection {
    name          = materialize_connection_postgres.shop.name
    schema_name   = materialize_connection_postgres.shop.schema_name
    database_name = materialize_connection_postgres.shop.database_name
  }
}

# What differs from table to table is in the map; a line more is a table more, and the others are not read again.
locals {
  upstream = {
    customers   = { text_columns = [] }
    orders      = { text_columns = ["status"] } # an enum, which Materialize does not have
    order_items = { text_columns = [] }
  }
}

resource "materialize_source_table_postgres" "raw" {
  for_each = local.upstream

  name                 = each.key
  database_name        = materialize_schema.layer["raw"].database_name
  schema_name          = materialize_schema.layer["raw"].name
  upstream_schema_name = "public"
  upstream_name        = each.key
  text_columns         = length(each.value.text_columns) > 0 ? each.value.text_columns : null

  source {
    name          = materialize_source_postgres.shop.name
    schema_name   = materialize_source_postgres.shop.schema_name
    database_name = materialize_source_postgres.shop.database_name
  }
}
