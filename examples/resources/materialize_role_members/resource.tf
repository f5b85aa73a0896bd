resource "materialize_role" "developers" {
  name = "developers"
}

resource "materialize_role" "ada" {
  name = "ada@example.com"
}

resource "materialize_role" "grace" {
  name = "grace@example.com"
}

# These and no others.
resource "materialize_role_members" "developers" {
  role_name    = materialize_role.developers.name
  member_names = [materialize_role.ada.name, materialize_role.grace.name]
}
