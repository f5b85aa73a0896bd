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
