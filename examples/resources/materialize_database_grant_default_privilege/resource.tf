resource "materialize_role" "developers" {
  name = "developers"
}

resource "materialize_role" "readers" {
  name = "readers"
}

# Whatever database a developer makes, readers may use it.
resource "materialize_database_grant_default_privilege" "readers" {
  target_role_name = materialize_role.developers.name
  grantee_name     = materialize_role.readers.name
  privilege        = "USAGE"
}
