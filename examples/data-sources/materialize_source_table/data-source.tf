data "materialize_source_table" "shop" {
  database_name = "materialize"
  schema_name   = "public"
}

output "names" {
  value = data.materialize_source_table.shop.tables[*].name
}
