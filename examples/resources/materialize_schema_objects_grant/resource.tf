resource "materialize_role" "analysts" {
  name = "analysts"
}

resource "materialize_schema" "marts" {
  name = "marts"
}

# All that is there: tables, views, materialized views and sources.
resource "materialize_schema_objects_grant" "analysts" {
  role_name     = materialize_role.analysts.name
  object_type   = "TABLE"
  schema_name   = materialize_schema.marts.name
  database_name = materialize_schema.marts.database_name
  privilege     = "SELECT"
}

# All that will be made there by this role.
resource "materialize_table_grant_default_privilege" "analysts" {
  grantee_name     = materialize_role.analysts.name
  privilege        = "SELECT"
  target_role_name = materialize_schema.marts.ownership_role
  schema_name      = materialize_schema.marts.name
  database_name    = materialize_schema.marts.database_name
}
