data "materialize_cluster" "all" {}

output "managed_clusters" {
  value = [for cluster in data.materialize_cluster.all.clusters : cluster.name if cluster.managed]
}
