# All schemas, and those of one database.
data "materialize_schema" "all" {}

data "materialize_schema" "materialize" {
  database_name = "materialize"
}

output "schemas" {
  value = data.materialize_schema.materialize.schemas[*].name
}
