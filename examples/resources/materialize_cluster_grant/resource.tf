resource "materialize_role" "analysts" {
  name = "analysts"
}

resource "materialize_cluster" "analytics" {
  name = "analytics"
  size = "25cc"
}

resource "materialize_cluster_grant" "analysts_use_analytics" {
  role_name    = materialize_role.analysts.name
  privilege    = "USAGE"
  cluster_name = materialize_cluster.analytics.name
}

# The same for several roles.
resource "materialize_role" "team" {
  for_each = toset(["sales", "logistics"])

  name = each.key
}

resource "materialize_cluster_grant" "teams_use_analytics" {
  for_each = materialize_role.team

  role_name    = each.value.name
  privilege    = "USAGE"
  cluster_name = materialize_cluster.analytics.name
}
