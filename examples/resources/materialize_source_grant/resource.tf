resource "materialize_role" "readers" {
  name = "readers"
}

resource "materialize_source_load_generator" "clicks" {
  name                = "clicks"
  cluster_name        = "quickstart"
  load_generator_type = "COUNTER"
}

resource "materialize_source_grant" "readers_select_clicks" {
  role_name     = materialize_role.readers.name
  privilege     = "SELECT"
  source_name   = materialize_source_load_generator.clicks.name
  schema_name   = materialize_source_load_generator.clicks.schema_name
  database_name = materialize_source_load_generator.clicks.database_name
}
