resource "materialize_cluster" "ingest" {
  name = "ingest"
  size = "25cc"
}

# The tables that it makes (auctions, bids, ...) go into its schema.
resource "materialize_schema" "auction" {
  name = "auction"
}

resource "materialize_source_load_generator" "auction" {
  name                = "auction"
  schema_name         = materialize_schema.auction.name
  cluster_name        = materialize_cluster.ingest.name
  load_generator_type = "AUCTION"

  auction_options {
    tick_interval = "1s"
  }
}
