# Deploys as a service of its own, whose app password exists only while Terraform runs.
ephemeral "materialize_app_password" "deploy" {
  name  = "deploy"
  type  = "service"
  user  = "deployer"
  roles = ["Admin"]

  # Should Terraform be killed before it can delete it.
  expires_in_minutes = 60
}

provider "materialize" {
  alias    = "deploy"
  password = ephemeral.materialize_app_password.deploy.password
}

resource "materialize_database" "analytics" {
  provider = materialize.deploy
  name     = "analytics"
}
