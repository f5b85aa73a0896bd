resource "materialize_organization_role" "analyst" {
  name        = "analyst"
  description = "Asks questions"
}

resource "materialize_user" "ada" {
  email = "ada@example.com"
  roles = [materialize_organization_role.analyst.name]
}
