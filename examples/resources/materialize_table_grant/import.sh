# By name
terraform import materialize_table_grant.readers_select_orders 'materialize.public.orders|readers|SELECT'

# By the ids of the table and of the role
terraform import materialize_table_grant.readers_select_orders 'self-hosted:GRANT|TABLE|u1|u2|SELECT'
