# By name
terraform import materialize_connection_aws_glue_schema_registry.registry materialize.public.registry

# By the id that the server gave: SELECT id FROM mz_connections WHERE name = 'registry'
terraform import materialize_connection_aws_glue_schema_registry.registry self-hosted:u2
