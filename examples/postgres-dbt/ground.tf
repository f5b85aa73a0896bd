resource "materialize_database" "warehouse" {
  name = "warehouse"
}

locals {
  layers = {
    raw     = "As PostgreSQL has it. Made by Terraform only."
    staging = "Renamed and cleaned: views, which cost nothing by themselves."
    marts   = "What dashboards read: materialized views."
  }
}

resource "materialize_schema" "layer" {
  for_each = local.layers

  name          = each.key
  database_name = materialize_database.warehouse.name
  comment       = each.value
}

resource "materialize_cluster" "ingest" {
  name = "warehouse_ingest"
  size = "25cc"
}

# The size can be changed at any time. With `wait_until_ready` the old replicas serve until the new ones are up to
# date.
resource "materialize_cluster" "transform" {
  name = "warehouse_transform"
  size = "50cc"

  wait_until_ready {
    enabled    = true
    timeout    = "30m"
    on_timeout = "ROLLBACK"
  }
}

resource "materialize_cluster" "bi" {
  name = "warehouse_bi"
  size = "25cc"
}
