# Orders and customers come from Kafka, revenue per customer goes back to Kafka, and analysts may look.
#
# The server is named by MZ_HOST, MZ_PORT, MZ_USERNAME and MZ_PASSWORD; in the cloud by MZ_PASSWORD alone.

terraform {
  required_version = ">= 1.11" # write-only attributes

  required_providers {
    materialize = {
      source = "materialize-rs/materialize"
    }
  }
}

provider "materialize" {}
