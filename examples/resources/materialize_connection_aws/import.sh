# By name
terraform import materialize_connection_aws.lake materialize.public.lake

# By the id that the server gave: SELECT id FROM mz_connections WHERE name = 'lake'
terraform import materialize_connection_aws.lake self-hosted:u5
