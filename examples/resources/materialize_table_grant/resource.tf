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

# Several privileges are several grants.
resource "materialize_role" "writers" {
  name = "writers"
}

resource "materialize_table_grant" "writers" {
  for_each = toset(["SELECT", "INSERT", "UPDATE", "DELETE"])

  role_name     = materialize_role.writers.name
  privilege     = each.key
  table_name    = materialize_table.orders.name
  schema_name   = materialize_table.orders.schema_name
  database_name = materialize_table.orders.database_name
}
