resource "materialize_role" "developers" {
  name = "developers"
}

resource "materialize_role" "readers" {
  name = "readers"
}

# Whatever type a developer makes, readers may use it.
resource "materialize_type_grant_default_privilege" "readers" {
  target_role_name = materialize_role.developers.name
  grantee_name     = materialize_role.readers.name
  privilege        = "USAGE"
}

resource "materialize_schema" "staging" {
  name = "staging"
}

# Only in one schema, whoever makes it.
resource "materialize_type_grant_default_privilege" "staging" {
  target_role_name = "PUBLIC"
  grantee_name     = materialize_role.readers.name
  privilege        = "USAGE"
  database_name    = materialize_schema.staging.database_name
  schema_name      = materialize_schema.staging.name
}
