# By name
terraform import materialize_connection_iceberg_catalog.tables materialize.public.tables

# By the id that the server gave: SELECT id FROM mz_connections WHERE name = 'tables'
terraform import materialize_connection_iceberg_catalog.tables self-hosted:u5
