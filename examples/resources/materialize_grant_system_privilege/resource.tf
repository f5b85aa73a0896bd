resource "materialize_role" "developers" {
  name = "developers"
}

resource "materialize_grant_system_privilege" "developers_create_databases" {
  role_name = materialize_role.developers.name
  privilege = "CREATEDB"
}
