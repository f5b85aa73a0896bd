data "materialize_scim_groups" "all" {}

output "groups" {
  value = { for group in data.materialize_scim_groups.all.groups : group.name => group.users[*].email }
}
