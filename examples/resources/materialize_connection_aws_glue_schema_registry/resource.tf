resource "materialize_connection_aws" "glue" {
  name            = "glue_role"
  aws_region      = "us-east-1"
  assume_role_arn = "arn:aws:iam::123456789012:role/materialize"
  validate        = false
}

resource "materialize_connection_aws_glue_schema_registry" "registry" {
  name     = "registry"
  registry = "default-registry"

  aws_connection {
    name = materialize_connection_aws.glue.name
  }
}
