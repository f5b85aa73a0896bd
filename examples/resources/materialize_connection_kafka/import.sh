# By name
terraform import materialize_connection_kafka.events materialize.public.events

# By the id that the server gave: SELECT id FROM mz_connections WHERE name = 'events'
terraform import materialize_connection_kafka.events self-hosted:u2
