# By name
terraform import materialize_connection_gcp.lakehouse materialize.public.lakehouse

# By the id that the server gave: SELECT id FROM mz_connections WHERE name = 'lakehouse'
terraform import materialize_connection_gcp.lakehouse self-hosted:u2
