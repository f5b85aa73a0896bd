resource "materialize_cluster" "serving" {
  name = "serving"
  size = "25cc"
}

resource "materialize_table" "orders" {
  name = "orders"

  column {
    name = "customer"
    type = "bigint"
  }

  column {
    name = "total"
    type = "numeric(10, 2)"
  }
}

# Always up to date. Another query is computed beside it, and then takes its place.
resource "materialize_materialized_view" "revenue" {
  name         = "revenue"
  cluster_name = materialize_cluster.serving.name
  statement    = <<-SQL
    SELECT customer, sum(total) AS revenue
    FROM ${materialize_table.orders.qualified_sql_name}
    GROUP BY customer
  SQL

  not_null_assertion  = ["customer"]
  replacement_timeout = "30 minutes"

  column_comments = {
    revenue = "What the customer has paid so far."
  }
}

# Once a night.
resource "materialize_materialized_view" "customers" {
  name         = "customers"
  cluster_name = materialize_cluster.serving.name
  statement    = "SELECT DISTINCT customer FROM ${materialize_table.orders.qualified_sql_name}"

  refresh {
    every      = "1 day"
    aligned_to = "2026-01-01 03:00:00"
  }
}
