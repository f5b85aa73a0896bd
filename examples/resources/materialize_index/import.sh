# By name
terraform import materialize_index.orders_by_customer materialize.public.orders_by_customer

# By the id that the server gave: SELECT id FROM mz_indexes WHERE name = 'orders_by_customer'
terraform import materialize_index.orders_by_customer self-hosted:u2
