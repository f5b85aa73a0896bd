resource "materialize_role" "developers" {
  name    = "developers"
  comment = "Everybody who writes views."
}

variable "service_password" {
  type      = string
  sensitive = true
  ephemeral = true
  default   = "change me"
}

# Signs in with a password that is stored nowhere. To send another one, change the version as well.
resource "materialize_role" "service" {
  name                = "service"
  login               = true
  password_wo         = var.service_password
  password_wo_version = 1
}

# Takes a role over if it is there already, for instance because it signed in before.
resource "materialize_role" "analyst" {
  name                 = "analyst@example.com"
  create_if_not_exists = true
}

# Several at once. The key is what Terraform knows them by, so nobody moves when another one leaves.
resource "materialize_role" "team" {
  for_each = toset(["ada@example.com", "grace@example.com"])

  name = each.key
}
