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

# With keys of its own.
resource "materialize_index" "orders_by_customer" {
  name         = "orders_by_customer"
  cluster_name = "quickstart"

  obj_name {
    name = materialize_table.orders.name
  }

  col_expr {
    field = "customer"
  }
}

# With the keys and the name that the server chooses.
resource "materialize_index" "orders" {
  default      = true
  cluster_name = "quickstart"

  obj_name {
    name = materialize_table.orders.name
  }
}
