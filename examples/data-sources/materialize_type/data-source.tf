data "materialize_type" "shop" {
  database_name = "materialize"
  schema_name   = "public"
}

output "names" {
  value = data.materialize_type.shop.types[*].name
}
