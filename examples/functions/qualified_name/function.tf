resource "materialize_view" "large_orders" {
  name = "large_orders"
  statement = join(" ", [
    "SELECT * FROM",
    provider::materialize::qualified_name("materialize", "public", materialize_table.orders.name),
    "WHERE total > 100",
  ])
}

resource "materialize_table" "orders" {
  name = "orders"
  column {
    name = "total"
    type = "numeric"
  }
}
