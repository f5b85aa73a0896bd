resource "materialize_cluster" "ingest" {
  name = "ingest"
  size = "25cc"
}

# No subsources: only the tables that are asked for.
resource "materialize_source_load_generator" "auction" {
  name                = "auction"
  cluster_name        = materialize_cluster.ingest.name
  load_generator_type = "AUCTION"
  all_tables          = false
}

resource "materialize_source_table_load_generator" "bids" {
  name          = "bids"
  upstream_name = "bids"

  source {
    name = materialize_source_load_generator.auction.name
  }
}

resource "materialize_source_load_generator" "counter" {
  name                = "counter"
  cluster_name        = materialize_cluster.ingest.name
  load_generator_type = "COUNTER"

  counter_options {
    tick_interval   = "1s"
    max_cardinality = 100
  }
}

# A generator with one output.
resource "materialize_source_table_load_generator" "numbers" {
  name = "numbers"

  source {
    name = materialize_source_load_generator.counter.name
  }
}
