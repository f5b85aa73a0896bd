# By name
terraform import materialize_source_load_generator.auction materialize.auction.auction

# By the id that the server gave: SELECT id FROM mz_sources WHERE name = 'auction'
terraform import materialize_source_load_generator.auction self-hosted:u1
