# By name
terraform import materialize_table.orders materialize.public.orders

# By the id that the server gave: SELECT id FROM mz_tables WHERE name = 'orders'
terraform import materialize_table.orders self-hosted:u1
