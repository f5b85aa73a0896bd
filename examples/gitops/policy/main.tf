# Judges a plan: what holds data is not destroyed or replaced, unless its address is on the list.
#
# Only Terraform is needed for it, no provider and no server:
#
#   terraform -chdir=policy plan -var plan=/path/to/tfplan.json -var allowed=/path/to/deletions-allowed.txt

variable "plan" {
  description = "The file that `terraform show -json` made of the plan."
  type        = string
}

variable "allowed" {
  description = "The file with addresses that may be destroyed all the same."
  type        = string
}

locals {
  advice = "If that is meant, add the address to deletions-allowed.txt."

  # Of these the data would be gone, or would have to be read from upstream again. Views and indexes are computed anew.
  holds_data = "^materialize_(database|schema|source_.*|table|sink_.*|secret)$"
  grants     = "_grant(_default_privilege)?$"

  plan    = jsondecode(file(var.plan))
  changes = try(local.plan.resource_changes, []) # a plan without resources has none
  lines   = [for line in split("\n", file(var.allowed)) : trimspace(line)]
  allowed = [for line in local.lines : line if line != "" && !startswith(line, "#")]

  destroyed = [
    for change in local.changes : change.address
    if contains(change.change.actions, "delete")
    && can(regex(local.holds_data, change.type)) && !can(regex(local.grants, change.type))
  ]
  forbidden = setsubtract(local.destroyed, local.allowed)

  # A source may stay and lose a table all the same, if its tables are blocks of it.
  tables = {
    for change in local.changes : change.address => {
      before = try(length(change.change.before.table), 0)
      after  = try(length(change.change.after.table), 0)
    } if contains(change.change.actions, "update")
  }
  fewer_tables     = [for address, tables in local.tables : address if tables.after < tables.before]
  forbidden_tables = setsubtract(local.fewer_tables, local.allowed)
}

output "verdict" {
  value = "The plan destroys nothing that it must not."

  precondition {
    condition     = can(local.plan.format_version)
    error_message = "That is no plan: make it with `terraform show -json tfplan`."
  }

  precondition {
    condition     = length(local.forbidden) == 0
    error_message = "This plan destroys or replaces what holds data: ${join(", ", local.forbidden)}. ${local.advice}"
  }

  precondition {
    condition     = length(local.forbidden_tables) == 0
    error_message = "This plan takes tables out of: ${join(", ", local.forbidden_tables)}. ${local.advice}"
  }
}
