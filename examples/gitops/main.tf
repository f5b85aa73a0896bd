# What the pipeline beside it deploys. Any configuration will do; this one has a source, a table and a view, so that
# there is something to lose.
#
# The server is named by MZ_HOST, MZ_PORT, MZ_USERNAME and MZ_PASSWORD; in the cloud by MZ_PASSWORD alone.

terraform {
  required_providers {
    materialize = {
      source = "materialize-rs/materialize"
    }
  }
}

provider "materialize" {}

resource "materialize_database" "shop" {
  name    = "shop"
  comment = "Changed by pull requests only."
}

resource "materialize_schema" "sales" {
  name          = "sales"
  database_name = materialize_database.shop.name
}

resource "materialize_cluster" "ingest" {
  name = "shop_ingest"
  size = "25cc"
}

resource "materialize_source_load_generator" "auction" {
  name                = "auction"
  database_name       = materialize_schema.sales.database_name
  schema_name         = materialize_schema.sales.name
  cluster_name        = materialize_cluster.ingest.name
  load_generator_type = "AUCTION"
}

resource "materialize_table" "targets" {
  name          = "targets"
  database_name = materialize_schema.sales.database_name
  schema_name   = materialize_schema.sales.name

  column {
    name = "month"
    type = "date"
  }

  column {
    name = "amount"
    type = "numeric(12, 2)"
  }
}

resource "materialize_view" "set_targets" {
  name          = "set_targets"
  database_name = materialize_schema.sales.database_name
  schema_name   = materialize_schema.sales.name
  statement     = "SELECT month, amount FROM ${materialize_table.targets.qualified_sql_name} WHERE amount > 0"
}
