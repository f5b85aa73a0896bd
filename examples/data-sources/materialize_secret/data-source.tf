data "materialize_secret" "shop" {
  database_name = "materialize"
  schema_name   = "public"
}

output "names" {
  value = data.materialize_secret.shop.secrets[*].name
}
