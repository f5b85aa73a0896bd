# Every team has a schema, a cluster and two roles of its own. A new team is a line in `teams`; what a team gets is
# said once, in modules/team.
#
# To be applied by a superuser: default privileges for what somebody else will make can be set by that role and by
# superusers.
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

variable "teams" {
  description = "The teams: who builds, who reads, and how large their cluster is."
  type = map(object({
    builders     = set(string)
    readers      = optional(set(string), [])
    cluster_size = optional(string, "25cc")
  }))
  default = {
    payments = {
      builders     = ["ada@example.com", "grace@example.com"]
      readers      = ["edsger@example.com"]
      cluster_size = "50cc"
    }
    logistics = {
      builders = ["edsger@example.com"]
      readers  = ["ada@example.com"]
    }
  }
}

# A person may be in several teams, but is one role.
resource "materialize_role" "person" {
  for_each = toset(flatten([for team in var.teams : setunion(team.builders, team.readers)]))

  name = each.key
}

resource "materialize_database" "teams" {
  name = "teams"
}

module "team" {
  source   = "./modules/team"
  for_each = var.teams

  name         = each.key
  database     = materialize_database.teams.name
  cluster_size = each.value.cluster_size
  builders     = [for name in each.value.builders : materialize_role.person[name].name]
  readers      = [for name in each.value.readers : materialize_role.person[name].name]
}

output "teams" {
  value = { for name, team in module.team : name => { schema = team.schema, cluster = team.cluster } }
}
