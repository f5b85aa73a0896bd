data "materialize_index" "shop" {
  database_name = "materialize"
}

output "indexes" {
  value = data.materialize_index.shop.indexes[*].name
}
