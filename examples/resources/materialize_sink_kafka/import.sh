# By name
terraform import materialize_sink_kafka.prices materialize.public.prices_to_kafka

# By the id that the server gave: SELECT id FROM mz_sinks WHERE name = 'prices_to_kafka'
terraform import materialize_sink_kafka.prices self-hosted:u3
