# The two roles of the pipeline, made once by an administrator. `terraform` can make databases, clusters and roles,
# and owns what it makes; it cannot change what others own, and is no superuser. `terraform_plan` has no privileges at
# all: planning only reads the catalog, which everybody may.

terraform {
  required_version = ">= 1.11" # write-only attributes

  required_providers {
    materialize = {
      source = "materialize-rs/materialize"
    }
  }
}

# The administrator.
provider "materialize" {}

variable "passwords" {
  description = "What the roles sign in with. Kept in the pipeline's secret store, and in no state."
  type        = object({ terraform = string, terraform_plan = string })
  sensitive   = true
  ephemeral   = true
}

variable "password_version" {
  description = "Count up to have the passwords set anew."
  type        = number
  default     = 1
}

# In the cloud it is a service app password that makes the role: see the guide on secrets.
resource "materialize_role" "terraform" {
  name                = "terraform"
  comment             = "Applies. Nobody signs in with it by hand."
  login               = true
  password_wo         = var.passwords.terraform
  password_wo_version = var.password_version
}

resource "materialize_role" "terraform_plan" {
  name                = "terraform_plan"
  comment             = "Plans, for pull requests and to find drift."
  login               = true
  password_wo         = var.passwords.terraform_plan
  password_wo_version = var.password_version
}

resource "materialize_grant_system_privilege" "terraform" {
  for_each = toset(["CREATEDB", "CREATECLUSTER", "CREATEROLE"])

  role_name = materialize_role.terraform.name
  privilege = each.key
}
