# By name
terraform import materialize_view.orders_per_customer materialize.public.orders_per_customer

# By the id that the server gave: SELECT id FROM mz_views WHERE name = 'orders_per_customer'
terraform import materialize_view.orders_per_customer self-hosted:u2
