resource "materialize_role" "readers" {
  name = "readers"
}

resource "materialize_view" "prices" {
  name      = "prices"
  statement = "SELECT 'apple' AS product, 3 AS price"
}

resource "materialize_view_grant" "readers_select_prices" {
  role_name     = materialize_role.readers.name
  privilege     = "SELECT"
  view_name     = materialize_view.prices.name
  schema_name   = materialize_view.prices.schema_name
  database_name = materialize_view.prices.database_name
}
