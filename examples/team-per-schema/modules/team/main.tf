# What one team gets.

terraform {
  required_providers {
    materialize = {
      source = "materialize-rs/materialize"
    }
  }
}

variable "name" {
  description = "The name of the team, of its schema and of its cluster."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]*$", var.name))
    error_message = "Small letters, digits and underscores, so that nobody has to quote the names made of it."
  }
}

variable "database" {
  description = "The database that the schema is made in."
  type        = string
}

variable "cluster_size" {
  type = string
}

variable "builders" {
  description = "Roles that make objects in the schema and run them on the cluster."
  type        = list(string)
}

variable "readers" {
  description = "Roles that read what the builders make."
  type        = list(string)
}

resource "materialize_role" "builders" {
  name    = "${var.name}_builders"
  comment = "Make objects in the schema ${var.name}."
}

resource "materialize_role" "readers" {
  name    = "${var.name}_readers"
  comment = "Read the objects in the schema ${var.name}."
}

# All members: whoever is not listed is taken out, also if somebody was let in by hand.
resource "materialize_role_members" "builders" {
  role_name    = materialize_role.builders.name
  member_names = var.builders
}

resource "materialize_role_members" "readers" {
  role_name    = materialize_role.readers.name
  member_names = var.readers
}

resource "materialize_schema" "team" {
  name          = var.name
  database_name = var.database
  comment       = "Of the team ${var.name}."
}

resource "materialize_cluster" "team" {
  name    = var.name
  size    = var.cluster_size
  comment = "Of the team ${var.name}."
}

locals {
  usage_and_create = {
    builders_usage  = { role = materialize_role.builders.name, privilege = "USAGE" }
    builders_create = { role = materialize_role.builders.name, privilege = "CREATE" }
    readers_usage   = { role = materialize_role.readers.name, privilege = "USAGE" }
  }
}

resource "materialize_database_grant" "usage" {
  for_each = toset([materialize_role.builders.name, materialize_role.readers.name])

  role_name     = each.key
  privilege     = "USAGE"
  database_name = var.database
}

resource "materialize_schema_grant" "team" {
  for_each = local.usage_and_create

  role_name     = each.value.role
  privilege     = each.value.privilege
  database_name = materialize_schema.team.database_name
  schema_name   = materialize_schema.team.name
}

resource "materialize_cluster_grant" "team" {
  for_each = local.usage_and_create

  role_name    = each.value.role
  privilege    = each.value.privilege
  cluster_name = materialize_cluster.team.name
}

# An object belongs to the person who made it, not to the role that allowed it: so the default privileges are about the
# persons. What they make can be read by the rest of the team and by its readers at once.
resource "materialize_table_grant_default_privilege" "readers" {
  for_each = toset(var.builders)

  grantee_name     = materialize_role.readers.name
  target_role_name = each.key
  privilege        = "SELECT"
  database_name    = materialize_schema.team.database_name
  schema_name      = materialize_schema.team.name
}

resource "materialize_table_grant_default_privilege" "builders" {
  for_each = toset(var.builders)

  grantee_name     = materialize_role.builders.name
  target_role_name = each.key
  privilege        = "SELECT"
  database_name    = materialize_schema.team.database_name
  schema_name      = materialize_schema.team.name
}

# The same for what connections are made with.
resource "materialize_secret_grant_default_privilege" "builders" {
  for_each = toset(var.builders)

  grantee_name     = materialize_role.builders.name
  target_role_name = each.key
  privilege        = "USAGE"
  database_name    = materialize_schema.team.database_name
  schema_name      = materialize_schema.team.name
}

output "schema" {
  value = materialize_schema.team.qualified_sql_name
}

output "cluster" {
  value = materialize_cluster.team.name
}
