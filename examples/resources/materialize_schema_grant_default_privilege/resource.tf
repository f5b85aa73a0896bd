resource "materialize_role" "developers" {
  name = "developers"
}

resource "materialize_role" "readers" {
  name = "readers"
}

# Whatever schema a developer makes, readers may use it.
resource "materialize_schema_grant_default_privilege" "readers" {
  target_role_name = materialize_role.developers.name
  grantee_name     = materialize_role.readers.name
  privilege        = "USAGE"
}

resource "materialize_database" "shop" {
  name = "shop"
}

# Only in one database, whoever makes it.
resource "materialize_schema_grant_default_privilege" "shop" {
  target_role_name = "PUBLIC"
  grantee_name     = materialize_role.readers.name
  privilege        = "CREATE"
  database_name    = materialize_database.shop.name
}
