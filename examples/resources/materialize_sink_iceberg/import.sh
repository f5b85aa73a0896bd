# By name
terraform import materialize_sink_iceberg.prices materialize.public.prices_to_lake

# By the id that the server gave: SELECT id FROM mz_sinks WHERE name = 'prices_to_lake'
terraform import materialize_sink_iceberg.prices self-hosted:u4
