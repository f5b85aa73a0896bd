# By name
terraform import materialize_source_mysql.shop materialize.public.shop

# By the id that the server gave: SELECT id FROM mz_sources WHERE name = 'shop'
terraform import materialize_source_mysql.shop self-hosted:u5
