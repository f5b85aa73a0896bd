data "materialize_sink" "shop" {
  database_name = "materialize"
  schema_name   = "public"
}

output "names" {
  value = data.materialize_sink.shop.sinks[*].name
}
