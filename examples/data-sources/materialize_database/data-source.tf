data "materialize_database" "all" {}

output "databases" {
  value = data.materialize_database.all.databases[*].name
}
