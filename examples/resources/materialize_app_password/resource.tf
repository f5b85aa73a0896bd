# With the roles and under the name of its own: for pipelines and programs.
resource "materialize_app_password" "deploy" {
  name  = "deploy"
  type  = "service"
  user  = "deploy"
  roles = ["Member"]
}

# Of the user whose app password the provider has.
resource "materialize_app_password" "mine" {
  name = "laptop"
}
