# By name
terraform import materialize_source_sqlserver.shop materialize.public.shop

# By the id that the server gave: SELECT id FROM mz_sources WHERE name = 'shop'
terraform import materialize_source_sqlserver.shop self-hosted:u5
