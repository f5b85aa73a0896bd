# Every file below models/ is a model. As in dbt, a model does not spell out the names of what it reads from: it says
# ${raw.orders} or ${staging.orders}, and Terraform knows from that what has to be made first.

locals {
  raw     = { for name, table in materialize_source_table_postgres.raw : name => table.qualified_sql_name }
  staging = { for name, view in materialize_view.staging : name => view.qualified_sql_name }
}

resource "materialize_view" "staging" {
  for_each = toset([for file in fileset(path.module, "models/staging/*.sql") : trimsuffix(basename(file), ".sql")])

  name          = "stg_${each.key}"
  database_name = materialize_schema.layer["staging"].database_name
  schema_name   = materialize_schema.layer["staging"].name
  statement     = templatefile("${path.module}/models/staging/${each.key}.sql", { raw = local.raw })
}

resource "materialize_materialized_view" "mart" {
  for_each = toset([for file in fileset(path.module, "models/marts/*.sql") : trimsuffix(basename(file), ".sql")])

  name                = each.key
  database_name       = materialize_schema.layer["marts"].database_name
  schema_name         = materialize_schema.layer["marts"].name
  cluster_name        = materialize_cluster.transform.name
  statement           = templatefile("${path.module}/models/marts/${each.key}.sql", { staging = local.staging })
  replacement_timeout = "1 hour"
}

# Dashboards ask for one customer, or for one day: those answers come from memory.
resource "materialize_index" "mart" {
  for_each = { customer_orders = "customer_id", daily_revenue = "day" }

  name         = "${each.key}_by_${each.value}"
  cluster_name = materialize_cluster.bi.name

  obj_name {
    name          = materialize_materialized_view.mart[each.key].name
    schema_name   = materialize_materialized_view.mart[each.key].schema_name
    database_name = materialize_materialized_view.mart[each.key].database_name
  }

  col_expr {
    field = each.value
  }
}
