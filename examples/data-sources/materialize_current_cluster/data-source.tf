data "materialize_current_cluster" "current" {}

output "cluster" {
  value = data.materialize_current_cluster.current.name
}
