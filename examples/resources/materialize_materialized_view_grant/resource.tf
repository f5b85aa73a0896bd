resource "materialize_role" "readers" {
  name = "readers"
}

resource "materialize_materialized_view" "totals" {
  name         = "totals"
  cluster_name = "quickstart"
  statement    = "SELECT 1 AS total"
}

resource "materialize_materialized_view_grant" "readers_select_totals" {
  role_name              = materialize_role.readers.name
  privilege              = "SELECT"
  materialized_view_name = materialize_materialized_view.totals.name
  schema_name            = materialize_materialized_view.totals.schema_name
  database_name          = materialize_materialized_view.totals.database_name
}
