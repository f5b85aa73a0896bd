# The catalog id of a table, for a query of the system catalog.
output "rows" {
  value = "SELECT * FROM mz_internal.mz_frontiers WHERE object_id = '${provider::materialize::parse_id(materialize_table.orders.id).id}'"
}

resource "materialize_table" "orders" {
  name = "orders"
  column {
    name = "id"
    type = "bigint"
  }
}
