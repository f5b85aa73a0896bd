# The ground on which dbt builds: PostgreSQL tables in `raw`, and schemas, clusters and roles so that models can be
# added, by dbt or here, without anybody asking for privileges.
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

variable "postgres_password" {
  description = "Goes to Materialize, and into no state and no plan."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "postgres_password_version" {
  description = "Count up when the password was changed."
  type        = number
  default     = 1
}

variable "deployer" {
  description = "The role that applies this, if it is no superuser: it becomes a member of dbt."
  type        = string
  default     = null
}
