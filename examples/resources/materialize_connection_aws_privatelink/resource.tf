resource "materialize_connection_aws_privatelink" "kafka" {
  name               = "kafka"
  service_name       = "com.amazonaws.vpce.us-east-1.vpce-svc-0e123abc123198abc"
  availability_zones = ["use1-az1", "use1-az4"]
}
