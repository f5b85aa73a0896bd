# A cluster without a size has the replicas that it is given.
resource "materialize_cluster" "experiments" {
  name = "experiments"
}

resource "materialize_cluster_replica" "small" {
  name         = "small"
  cluster_name = materialize_cluster.experiments.name
  size         = "25cc"
}
