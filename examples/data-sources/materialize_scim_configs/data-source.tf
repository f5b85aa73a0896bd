data "materialize_scim_configs" "all" {}

output "scim" {
  value = data.materialize_scim_configs.all.configurations[*].connection_name
}
