data "materialize_network_policy" "all" {}

output "allowed" {
  value = { for policy in data.materialize_network_policy.all.network_policies : policy.name => policy.rules[*].address }
}
