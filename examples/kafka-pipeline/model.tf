# Durable, and kept up to date with every message. A new query is computed beside the old one and takes its place when
# it is complete, so the sink and the view that read from it notice nothing.
resource "materialize_materialized_view" "revenue" {
  name          = "revenue"
  database_name = materialize_schema.by_layer["model"].database_name
  schema_name   = materialize_schema.by_layer["model"].name
  cluster_name  = materialize_cluster.by_work["compute"].name

  statement = <<-SQL
    SELECT c.id AS customer_id, c.name AS customer, count(*) AS orders, sum(o.total_cents) / 100 AS revenue
    FROM ${materialize_source_table_kafka.table["customers"].qualified_sql_name} AS c
    JOIN ${materialize_source_table_kafka.table["orders"].qualified_sql_name} AS o ON o.customer_id = c.id
    GROUP BY c.id, c.name
  SQL

  not_null_assertion  = ["customer_id"]
  replacement_timeout = "30 minutes"

  column_comments = {
    orders  = "All orders so far."
    revenue = "In euros, including tax."
  }
}
