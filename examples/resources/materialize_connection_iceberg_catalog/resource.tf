resource "materialize_connection_aws" "lake" {
  name            = "lake"
  aws_region      = "us-east-1"
  assume_role_arn = "arn:aws:iam::123456789012:role/materialize"
  validate        = false
}

resource "materialize_connection_iceberg_catalog" "tables" {
  name         = "tables"
  catalog_type = "s3tablesrest"
  url          = "https://s3tables.us-east-1.amazonaws.com/iceberg"
  warehouse    = "arn:aws:s3tables:us-east-1:123456789012:bucket/lake"
  validate     = false

  aws_connection {
    name = materialize_connection_aws.lake.name
  }
}
