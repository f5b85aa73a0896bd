terraform {
  required_providers {
    materialize = {
      source = "materialize-rs/materialize"
    }
  }
}

# Signs in with the app password in MZ_PASSWORD. Nothing is asked of the cloud before a resource needs it.
provider "materialize" {
  default_region = "aws/us-east-1"
}

# Not enabled yet: what is in it is made in the same apply, once it answers.
resource "materialize_region" "oregon" {
  region_id = "aws/us-west-2"
}

resource "materialize_database" "virginia" {
  name = "analytics"
}

resource "materialize_database" "oregon" {
  name   = "analytics"
  region = materialize_region.oregon.id
}

resource "materialize_user" "ada" {
  email = "ada@example.com"
  roles = ["Member"]
}

# For a pipeline: it signs in to the cloud and to SQL.
resource "materialize_app_password" "deploy" {
  name  = "deploy"
  type  = "service"
  user  = "deploy"
  roles = ["Member"]
}
