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
