# By name
terraform import materialize_source_webhook.orders materialize.public.orders

# By the id that the server gave: SELECT id FROM mz_sources WHERE name = 'orders'
terraform import materialize_source_webhook.orders self-hosted:u2
