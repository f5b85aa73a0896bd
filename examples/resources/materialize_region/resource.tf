resource "materialize_region" "oregon" {
  region_id = "aws/us-west-2"

  timeouts {
    create = "30m"
  }
}

# In the same apply, once the region answers.
resource "materialize_database" "analytics" {
  name   = "analytics"
  region = materialize_region.oregon.id
}
