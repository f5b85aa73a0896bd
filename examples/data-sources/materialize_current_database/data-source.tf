data "materialize_current_database" "current" {}

output "database" {
  value = data.materialize_current_database.current.name
}
