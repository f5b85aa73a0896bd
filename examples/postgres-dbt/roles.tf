resource "materialize_role" "dbt" {
  name    = "dbt"
  comment = "Builds models in staging and marts."
}

resource "materialize_role" "bi" {
  name    = "bi"
  comment = "Reads marts, and nothing else."
}

resource "materialize_database_grant" "usage" {
  for_each = { dbt = materialize_role.dbt, bi = materialize_role.bi }

  role_name     = each.value.name
  privilege     = "USAGE"
  database_name = materialize_database.warehouse.name
}

locals {
  # Who may do what in which schema, one line for each grant.
  schema_grants = {
    dbt_reads_raw      = { role = materialize_role.dbt.name, layer = "raw", privilege = "USAGE" }
    dbt_uses_staging   = { role = materialize_role.dbt.name, layer = "staging", privilege = "USAGE" }
    dbt_builds_staging = { role = materialize_role.dbt.name, layer = "staging", privilege = "CREATE" }
    dbt_uses_marts     = { role = materialize_role.dbt.name, layer = "marts", privilege = "USAGE" }
    dbt_builds_marts   = { role = materialize_role.dbt.name, layer = "marts", privilege = "CREATE" }
    bi_uses_marts      = { role = materialize_role.bi.name, layer = "marts", privilege = "USAGE" }
  }

  cluster_grants = {
    dbt_uses_transform   = { role = materialize_role.dbt.name, cluster = materialize_cluster.transform.name, privilege = "USAGE" }
    dbt_builds_transform = { role = materialize_role.dbt.name, cluster = materialize_cluster.transform.name, privilege = "CREATE" }
    bi_uses_bi           = { role = materialize_role.bi.name, cluster = materialize_cluster.bi.name, privilege = "USAGE" }
  }
}

resource "materialize_schema_grant" "layer" {
  for_each = local.schema_grants

  role_name     = each.value.role
  privilege     = each.value.privilege
  database_name = materialize_schema.layer[each.value.layer].database_name
  schema_name   = materialize_schema.layer[each.value.layer].name
}

resource "materialize_cluster_grant" "cluster" {
  for_each = local.cluster_grants

  role_name    = each.value.role
  privilege    = each.value.privilege
  cluster_name = each.value.cluster
}

resource "materialize_table_grant" "dbt_reads_raw" {
  for_each = materialize_source_table_postgres.raw

  role_name     = materialize_role.dbt.name
  privilege     = "SELECT"
  database_name = each.value.database_name
  schema_name   = each.value.schema_name
  table_name    = each.value.name
}

resource "materialize_materialized_view_grant" "bi_reads_mart" {
  for_each = materialize_materialized_view.mart

  role_name              = materialize_role.bi.name
  privilege              = "SELECT"
  database_name          = each.value.database_name
  schema_name            = each.value.schema_name
  materialized_view_name = each.value.name
}

resource "materialize_role_grant" "deployer_is_dbt" {
  count = var.deployer == null ? 0 : 1

  role_name   = materialize_role.dbt.name
  member_name = var.deployer
}

# What dbt will build in marts can be read by BI from the first moment on. Privileges on tables hold for views,
# materialized views and sources too.
resource "materialize_table_grant_default_privilege" "bi_reads_what_dbt_builds" {
  grantee_name     = materialize_role.bi.name
  target_role_name = materialize_role.dbt.name
  privilege        = "SELECT"
  database_name    = materialize_schema.layer["marts"].database_name
  schema_name      = materialize_schema.layer["marts"].name

  depends_on = [materialize_role_grant.deployer_is_dbt]
}
