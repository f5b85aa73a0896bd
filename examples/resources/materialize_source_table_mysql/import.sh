# By name
terraform import materialize_source_table_mysql.events materialize.public.events

# By the id that the server gave: SELECT id FROM mz_tables WHERE name = 'events'
terraform import materialize_source_table_mysql.events self-hosted:u5
