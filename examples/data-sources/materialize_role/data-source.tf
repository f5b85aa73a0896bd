# All roles, and those whose name is like a pattern.
data "materialize_role" "all" {}

data "materialize_role" "people" {
  like_pattern = "%@example.com"
}

output "people" {
  value = data.materialize_role.people.roles[*].name
}
