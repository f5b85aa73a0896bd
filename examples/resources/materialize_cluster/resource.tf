# Resized without an interruption: the old replicas serve until the new ones are ready.
resource "materialize_cluster" "serving" {
  name               = "serving"
  size               = "25cc"
  replication_factor = 1

  wait_until_ready {
    enabled    = true
    timeout    = "10m"
    on_timeout = "ROLLBACK"
  }
}

# Runs only while it refreshes materialized views.
resource "materialize_cluster" "nightly" {
  name = "nightly"
  size = "25cc"

  scheduling {
    on_refresh {
      enabled                 = true
      hydration_time_estimate = "10 minutes"
    }
  }
}
