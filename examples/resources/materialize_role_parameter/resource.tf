resource "materialize_role" "ada" {
  name = "ada@example.com"
}

resource "materialize_role_parameter" "cluster" {
  role_name      = materialize_role.ada.name
  variable_name  = "cluster"
  variable_value = "quickstart"
}
