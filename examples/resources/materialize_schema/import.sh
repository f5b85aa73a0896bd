# By name
terraform import materialize_schema.raw shop.raw

# By the id that the server gave: SELECT id FROM mz_schemas WHERE name = 'raw'
terraform import materialize_schema.raw self-hosted:u7

# By database and name
terraform import materialize_schema.served 'self-hosted:name:shop|served'
