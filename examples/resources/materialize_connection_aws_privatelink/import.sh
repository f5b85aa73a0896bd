# By name
terraform import materialize_connection_aws_privatelink.kafka materialize.public.kafka

# By the id that the server gave: SELECT id FROM mz_connections WHERE name = 'kafka'
terraform import materialize_connection_aws_privatelink.kafka self-hosted:u5
