terraform {
  required_providers {
    materialize = {
      source = "materialize-rs/materialize"
    }
  }
}

# A self-hosted Materialize. What is left out here is taken from the environment: MZ_HOST, MZ_PORT, MZ_USERNAME,
# MZ_PASSWORD, MZ_DATABASE, MZ_SSLMODE.
provider "materialize" {
  host     = "materialize.example.com"
  port     = 6875
  username = "terraform"
  database = "materialize"
}
