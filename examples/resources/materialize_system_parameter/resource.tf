resource "materialize_system_parameter" "max_tables" {
  name  = "max_tables"
  value = "2000"
}
