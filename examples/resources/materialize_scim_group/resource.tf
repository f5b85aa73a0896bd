resource "materialize_scim_group" "analysts" {
  name        = "analysts"
  description = "Who asks questions"
}
