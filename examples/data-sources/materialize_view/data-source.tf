data "materialize_view" "shop" {
  database_name = "materialize"
  schema_name   = "public"
}

output "names" {
  value = data.materialize_view.shop.views[*].name
}
