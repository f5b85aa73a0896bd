resource "materialize_role" "readers" {
  name = "readers"
}

resource "materialize_schema" "reports" {
  name = "reports"
}

resource "materialize_schema_grant" "readers_use_reports" {
  role_name     = materialize_role.readers.name
  privilege     = "USAGE"
  schema_name   = materialize_schema.reports.name
  database_name = materialize_schema.reports.database_name
}

# Who may do what, one line each.
locals {
  grants = {
    writers_use    = { role = "writers", privilege = "USAGE" }
    writers_create = { role = "writers", privilege = "CREATE" }
    guests_use     = { role = "guests", privilege = "USAGE" }
  }
}

resource "materialize_role" "function" {
  for_each = toset([for grant in local.grants : grant.role])

  name = each.key
}

resource "materialize_schema_grant" "reports" {
  for_each = local.grants

  role_name     = materialize_role.function[each.value.role].name
  privilege     = each.value.privilege
  schema_name   = materialize_schema.reports.name
  database_name = materialize_schema.reports.database_name
}
