resource "materialize_table" "orders" {
  name = "orders"

  column {
    name = "id"
    type = "bigint"
  }

  column {
    name = "customer"
    type = "text"
  }
}

resource "materialize_view" "orders_per_customer" {
  name = "orders_per_customer"

  statement = <<-EOT
    SELECT customer, count(*) AS orders
    FROM ${materialize_table.orders.qualified_sql_name}
    GROUP BY customer
  EOT
}
