resource "materialize_role" "developers" {
  name = "developers"
}

resource "materialize_role" "ada" {
  name = "ada@example.com"
}

resource "materialize_role_grant" "ada_develops" {
  role_name   = materialize_role.developers.name
  member_name = materialize_role.ada.name
}
