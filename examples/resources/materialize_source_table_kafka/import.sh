# By name
terraform import materialize_source_table_kafka.events_raw materialize.public.events_raw

# By the id that the server gave: SELECT id FROM mz_tables WHERE name = 'events_raw'
terraform import materialize_source_table_kafka.events_raw self-hosted:u5
