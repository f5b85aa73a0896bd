# By name
terraform import materialize_source_table_postgres.events materialize.public.events

# By the id that the server gave: SELECT id FROM mz_tables WHERE name = 'events'
terraform import materialize_source_table_postgres.events self-hosted:u5
