resource "materialize_source_load_generator" "auction" {
  name                = "auction"
  cluster_name        = "quickstart"
  load_generator_type = "AUCTION"
}

data "materialize_source_reference" "auction" {
  source_id = materialize_source_load_generator.auction.id
}

output "tables" {
  value = data.materialize_source_reference.auction.references[*].name
}
