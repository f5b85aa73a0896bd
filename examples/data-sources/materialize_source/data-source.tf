data "materialize_source" "shop" {
  database_name = "materialize"
  schema_name   = "public"
}

output "names" {
  value = data.materialize_source.shop.sources[*].name
}
