resource "materialize_cluster" "sinks" {
  name = "sinks"
  size = "25cc"
}

resource "materialize_connection_aws" "lake" {
  name            = "lake_aws"
  aws_region      = "us-east-1"
  assume_role_arn = "arn:aws:iam::123456789012:role/MaterializeLake"
  validate        = false
}

resource "materialize_connection_iceberg_catalog" "lake" {
  name         = "lake"
  catalog_type = "s3tablesrest"
  url          = "https://s3tables.us-east-1.amazonaws.com/iceberg"
  warehouse    = "arn:aws:s3tables:us-east-1:123456789012:bucket/lake"
  validate     = false

  aws_connection {
    name = materialize_connection_aws.lake.name
  }
}

resource "materialize_table" "prices" {
  name = "prices"

  column {
    name = "item"
    type = "text"
  }

  column {
    name = "price"
    type = "numeric(10, 2)"
  }
}

resource "materialize_sink_iceberg" "prices" {
  name         = "prices_to_lake"
  cluster_name = materialize_cluster.sinks.name

  from {
    name = materialize_table.prices.name
  }

  iceberg_catalog_connection {
    name = materialize_connection_iceberg_catalog.lake.name
  }

  aws_connection {
    name = materialize_connection_aws.lake.name
  }

  namespace = "shop"
  table     = "prices"

  key              = ["item"]
  key_not_enforced = true

  # Readers see changes at most this late.
  commit_interval = "1m"
}
