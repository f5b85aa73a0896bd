resource "materialize_scim_group" "analysts" {
  name = "analysts"
}

resource "materialize_scim_group_roles" "analysts" {
  group_id = materialize_scim_group.analysts.id
  roles    = ["Member"]
}
