# By name
terraform import materialize_connection_postgres.shop materialize.public.shop

# By the id that the server gave: SELECT id FROM mz_connections WHERE name = 'shop'
terraform import materialize_connection_postgres.shop self-hosted:u5
