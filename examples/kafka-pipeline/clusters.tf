# One cluster for each kind of work: a heavy view cannot slow down ingestion, and a restart of one leaves the others
# alone.

locals {
  clusters = {
    ingest  = { size = "25cc", replicas = 1, comment = "Sources and sinks." }
    compute = { size = "50cc", replicas = 1, comment = "Materialized views." }
    serve   = { size = "25cc", replicas = 2, comment = "Indexes, and the queries of people and dashboards." }
  }
}

resource "materialize_cluster" "by_work" {
  for_each = local.clusters

  name               = "shop_${each.key}"
  size               = each.value.size
  replication_factor = each.value.replicas
  comment            = each.value.comment
}
