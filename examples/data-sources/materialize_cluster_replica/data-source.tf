data "materialize_cluster_replica" "all" {}

output "replicas" {
  value = [for replica in data.materialize_cluster_replica.all.cluster_replicas : "${replica.cluster}.${replica.name}"]
}
