# Two deployments of the same models: one is live, the other is made beside it and takes its place in one step, with
# all that clients know by name — a schema and a cluster, both called `shop`.
#
# The server is named by MZ_HOST, MZ_PORT, MZ_USERNAME and MZ_PASSWORD; in the cloud by MZ_PASSWORD alone.

terraform {
  required_providers {
    materialize = {
      source = "materialize-rs/materialize"
    }
  }
}

provider "materialize" {}

variable "deployed" {
  description = "Which deployments there are: one, and for the time of a switch both."
  type        = set(string)
  default     = ["blue"]
}

variable "live" {
  description = "The deployment that has the names which clients use. It follows the swap: see switch.sh."
  type        = string
  default     = "blue"

  validation {
    condition     = contains(var.deployed, var.live)
    error_message = "The live deployment must be deployed."
  }
}

# What does not depend on the version of the models, and is shared by both deployments.

resource "materialize_database" "shop" {
  name = "shop"
}

resource "materialize_schema" "raw" {
  name          = "raw"
  database_name = materialize_database.shop.name
}

resource "materialize_table" "orders" {
  name          = "orders"
  database_name = materialize_schema.raw.database_name
  schema_name   = materialize_schema.raw.name

  column {
    name = "customer"
    type = "bigint"
  }

  column {
    name = "total"
    type = "numeric(10, 2)"
  }
}

resource "materialize_role" "readers" {
  name = "shop_readers"
}

resource "materialize_database_grant" "readers" {
  role_name     = materialize_role.readers.name
  privilege     = "USAGE"
  database_name = materialize_database.shop.name
}

# Sessions of readers use the cluster of that name, whichever deployment has it.
resource "materialize_role_parameter" "cluster" {
  role_name      = materialize_role.readers.name
  variable_name  = "cluster"
  variable_value = "shop"
}

module "deployment" {
  source   = "./modules/deployment"
  for_each = var.deployed

  name     = each.key == var.live ? "shop" : "shop_next"
  database = materialize_database.shop.name
  models   = "${path.root}/models/${each.key}"
  orders   = materialize_table.orders.qualified_sql_name
  readers  = materialize_role.readers.name
}
