data "materialize_user" "admin" {
  email = "admin@example.com"
}

output "admin" {
  value = data.materialize_user.admin.id
}
