data "materialize_connection" "shop" {
  database_name = "materialize"
  schema_name   = "public"
}

output "names" {
  value = data.materialize_connection.shop.connections[*].name
}
