resource "materialize_connection_aws" "lake" {
  name                     = "lake"
  aws_region               = "us-east-1"
  assume_role_arn          = "arn:aws:iam::123456789012:role/materialize"
  assume_role_session_name = "materialize"
  validate                 = false
}

# For the trust policy of the role.
output "external_id" {
  value = materialize_connection_aws.lake.external_id
}
