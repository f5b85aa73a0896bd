# By name
terraform import materialize_source_table_webhook.clicks materialize.public.clicks

# By the id that the server gave: SELECT id FROM mz_tables WHERE name = 'clicks'
terraform import materialize_source_table_webhook.clicks self-hosted:u2
