# By name
terraform import materialize_source_table_load_generator.bids materialize.public.bids

# By the id that the server gave: SELECT id FROM mz_tables WHERE name = 'bids'
terraform import materialize_source_table_load_generator.bids self-hosted:u3
