data "materialize_system_parameter" "isolation" {
  name = "transaction_isolation"
}

output "isolation" {
  value = data.materialize_system_parameter.isolation.parameters[0].setting
}
