resource "materialize_role" "developers" {
  name = "developers"
}

resource "materialize_type" "ids" {
  name = "ids"

  list_properties {
    element_type = "int8"
  }
}

resource "materialize_type_grant" "developers_use_ids" {
  role_name     = materialize_role.developers.name
  privilege     = "USAGE"
  type_name     = materialize_type.ids.name
  schema_name   = materialize_type.ids.schema_name
  database_name = materialize_type.ids.database_name
}
