data "materialize_region" "all" {}

output "hosts" {
  value = { for region in data.materialize_region.all.regions : region.id => region.host }
}
