#> CREATE CONNECTION "materialize"."public"."pl" TO AWS PRIVATELINK (SERVICE NAME 'com.amazonaws.vpce.us-east-1.vpce-svc-1',AVAILABILITY ZONES ('use1-az1', 'use1-az4'))
resource "materialize_connection_aws_privatelink" "pl" {
  name               = "pl"
  service_name       = "com.amazonaws.vpce.us-east-1.vpce-svc-1"
  availability_zones = ["use1-az1", "use1-az4"]
}
#> CREATE CONNECTION "materialize"."public"."matching" TO KAFKA (BROKERS ('b1:9092', MATCHING '*.az1.*' USING AWS PRIVATELINK "materialize"."public"."pl" (PORT 9001, AVAILABILITY ZONE 'use1-az1'), MATCHING '*.az4.*' USING AWS PRIVATELINK "materialize"."public"."pl"), SECURITY PROTOCOL = 'PLAINTEXT') WITH (VALIDATE = false)
#~ target_group_port = 9001 => target_group_port = 9002
resource "materialize_connection_kafka" "matching" {
  name              = "matching"
  security_protocol = "PLAINTEXT"
  kafka_broker {
    broker = "b1:9092"
  }
  broker_matching_rule {
    pattern           = "*.az1.*"
    target_group_port = 9001
    availability_zone = "use1-az1"
    privatelink_connection {
      name = materialize_connection_aws_privatelink.pl.name
    }
  }
  broker_matching_rule {
    pattern = "*.az4.*"
    privatelink_connection {
      name          = materialize_connection_aws_privatelink.pl.name
      schema_name   = "public"
      database_name = "materialize"
    }
  }
  validate = false
}
#> CREATE CLUSTER "scaled" (SIZE '25cc', INTROSPECTION INTERVAL = '1s', AUTO SCALING STRATEGY = (ON HYDRATION (HYDRATION SIZE = '50cc', LINGER DURATION = '60s')))
#~ hydration_size = "50cc" => hydration_size = "100cc"
resource "materialize_cluster" "scaled" {
  name = "scaled"
  size = "25cc"
  auto_scaling_strategy {
    on_hydration {
      hydration_size  = "50cc"
      linger_duration = "60s"
    }
  }
}
#> CREATE CLUSTER "lingers" (SIZE '25cc', INTROSPECTION INTERVAL = '1s', AUTO SCALING STRATEGY = (ON HYDRATION (HYDRATION SIZE = '50cc')))
resource "materialize_cluster" "lingers" {
  name = "lingers"
  size = "25cc"
  auto_scaling_strategy {
    on_hydration {
      hydration_size = "50cc"
    }
  }
}
