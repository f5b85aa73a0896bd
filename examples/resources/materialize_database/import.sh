# By name
terraform import materialize_database.shop shop

# By the id that the server gave: SELECT id FROM mz_databases WHERE name = 'shop'
terraform import materialize_database.shop self-hosted:u2
