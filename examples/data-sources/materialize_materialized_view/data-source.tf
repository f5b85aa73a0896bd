data "materialize_materialized_view" "shop" {
  database_name = "materialize"
  schema_name   = "public"
}

output "names" {
  value = data.materialize_materialized_view.shop.materialized_views[*].name
}
