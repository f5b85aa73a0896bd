# By name
terraform import materialize_source_kafka.events materialize.public.events

# By the id that the server gave: SELECT id FROM mz_sources WHERE name = 'events'
terraform import materialize_source_kafka.events self-hosted:u5
