resource "materialize_role" "readers" {
  name = "readers"
}

resource "materialize_table" "orders" {
  name = "orders"

  column {
    name = "id"
    type = "bigint"
  }
}

resource "materialize_table_grant" "readers_select_orders" {
  role_name     = materialize_role.readers.name
  privilege     = "SELECT"
  table_name    = materialize_table.orders.name
  schema_name   = materialize_table.orders.schema_name
  database_name = materialize_table.orders.database_name
}
