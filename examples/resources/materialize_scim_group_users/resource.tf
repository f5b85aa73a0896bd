resource "materialize_user" "ada" {
  email = "ada@example.com"
  roles = ["Member"]
}

resource "materialize_scim_group" "analysts" {
  name = "analysts"
}

resource "materialize_scim_group_users" "analysts" {
  group_id = materialize_scim_group.analysts.id
  users    = [materialize_user.ada.id]
}
