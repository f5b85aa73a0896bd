# By name
terraform import materialize_source_table_sqlserver.events materialize.public.events

# By the id that the server gave: SELECT id FROM mz_tables WHERE name = 'events'
terraform import materialize_source_table_sqlserver.events self-hosted:u5
