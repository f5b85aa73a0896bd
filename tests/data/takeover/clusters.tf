#> CREATE ROLE "ops"
resource "materialize_role" "ops" {
  name = "ops"
}
#> CREATE CLUSTER "Zoned" (SIZE '25cc', REPLICATION FACTOR 2, AVAILABILITY ZONES = ['test1','test2'], INTROSPECTION INTERVAL = '1s')
#> ALTER CLUSTER "Zoned" OWNER TO "ops"
#~ replication_factor = 2 => replication_factor = 1
resource "materialize_cluster" "zoned" {
  name               = "Zoned"
  size               = "25cc"
  replication_factor = 2
  availability_zones = ["test1", "test2"]
  ownership_role     = materialize_role.ops.name
}
#> CREATE CLUSTER "waits: for" (SIZE '25cc', INTROSPECTION INTERVAL = '1s')
#~ size = "25cc" => size = "50cc"
resource "materialize_cluster" "waits" {
  name = "waits: for"
  size = "25cc"
  wait_until_ready {
    enabled    = true
    timeout    = "10s"
    on_timeout = "commit"
  }
}
#> CREATE CLUSTER "never_waits" (SIZE '25cc', REPLICATION FACTOR 0, INTROSPECTION INTERVAL = '1s')
#~ timeout = "10m" => timeout = "20m"
resource "materialize_cluster" "never_waits" {
  name               = "never_waits"
  size               = "25cc"
  replication_factor = 0
  wait_until_ready {
    timeout = "10m"
  }
}
#> CREATE CLUSTER "empty_wait" (SIZE '25cc', REPLICATION FACTOR 1, INTROSPECTION INTERVAL = '1s')
#> COMMENT ON CLUSTER "empty_wait" IS 'a ''comment'''
#~ replication_factor = 1 => replication_factor = 0
resource "materialize_cluster" "empty_wait" {
  name               = "empty_wait"
  size               = "25cc"
  replication_factor = 1
  disk               = true
  comment            = "a 'comment'"
  wait_until_ready {}
}
#> CREATE CLUSTER "refreshed" (SIZE '25cc', INTROSPECTION INTERVAL = '1s', SCHEDULE = ON REFRESH (HYDRATION TIME ESTIMATE = '1 hour'))
#~ hydration_time_estimate = "1 hour" => hydration_time_estimate = "2 hours"
resource "materialize_cluster" "refreshed" {
  name = "refreshed"
  size = "25cc"
  scheduling {
    on_refresh {
      enabled                 = true
      hydration_time_estimate = "1 hour"
    }
  }
}
#> CREATE CLUSTER "older_schedule" (SIZE '25cc', INTROSPECTION INTERVAL = '1s', SCHEDULE = ON REFRESH (HYDRATION TIME ESTIMATE = '10 minutes'))
#~ size = "25cc" => comment = "x" ;; size = "25cc"
resource "materialize_cluster" "older_schedule" {
  name = "older_schedule"
  size = "25cc"
  scheduling {
    on_refresh {
      enabled                   = true
      rehydration_time_estimate = "10 minutes"
    }
  }
}
#> CREATE CLUSTER "refresh_only" (SIZE '25cc', INTROSPECTION INTERVAL = '1s', SCHEDULE = ON REFRESH)
resource "materialize_cluster" "refresh_only" {
  name = "refresh_only"
  size = "25cc"
  scheduling {
    on_refresh {
      enabled = true
    }
  }
}
#> CREATE CLUSTER "manual" (SIZE '25cc', INTROSPECTION INTERVAL = '1s', SCHEDULE = MANUAL)
resource "materialize_cluster" "manual" {
  name = "manual"
  size = "25cc"
  scheduling {
    on_refresh {
      enabled = false
    }
  }
}
#> CREATE CLUSTER "quiet" (SIZE '25cc', REPLICATION FACTOR 1, INTROSPECTION INTERVAL = '0')
#~ introspection_interval = "0" => introspection_interval = "3s"
resource "materialize_cluster" "quiet" {
  name                   = "quiet"
  size                   = "25cc"
  replication_factor     = 1
  introspection_interval = "0"
}
#> CREATE CLUSTER "slow" (SIZE '25cc', REPLICATION FACTOR 1, INTROSPECTION INTERVAL = '60s', INTROSPECTION DEBUGGING = TRUE)
#~ introspection_debugging = true => introspection_debugging = false
resource "materialize_cluster" "slow" {
  name                    = "slow"
  size                    = "25cc"
  replication_factor      = 1
  introspection_interval  = "60s"
  introspection_debugging = true
}
#> CREATE CLUSTER "NamedOne" (SIZE '25cc', REPLICATION FACTOR 1, INTROSPECTION INTERVAL = '1s')
#~ identify_by_name = true => identify_by_name = false
resource "materialize_cluster" "named" {
  name               = "NamedOne"
  size               = "25cc"
  replication_factor = 1
  identify_by_name   = true
}
#> CREATE CLUSTER "unmanaged" (REPLICAS ())
#> COMMENT ON CLUSTER "unmanaged" IS 'replicas by hand'
resource "materialize_cluster" "unmanaged" {
  name    = "unmanaged"
  comment = "replicas by hand"
}
#> CREATE CLUSTER REPLICA "unmanaged"."r1" SIZE = '25cc', AVAILABILITY ZONE = 'test1', INTROSPECTION INTERVAL = '1s'
#~ size = "25cc" => size = "25cc" ;; comment = "said"
resource "materialize_cluster_replica" "zoned" {
  name              = "r1"
  cluster_name      = materialize_cluster.unmanaged.name
  size              = "25cc"
  availability_zone = "test1"
}
#> CREATE CLUSTER REPLICA "unmanaged"."R ""2""" SIZE = '25cc', INTROSPECTION INTERVAL = '2s', INTROSPECTION DEBUGGING = TRUE
#> COMMENT ON CLUSTER REPLICA "unmanaged"."R ""2""" IS 'second'
#~ comment = "second" => comment = "the second"
resource "materialize_cluster_replica" "odd" {
  name                    = "R \"2\""
  cluster_name            = materialize_cluster.unmanaged.name
  size                    = "25cc"
  disk                    = true
  introspection_interval  = "2s"
  introspection_debugging = true
  comment                 = "second"
}
