# By name
terraform import materialize_grants.orders 'TABLE|materialize.public.orders'

# By the type and the id of the object
terraform import materialize_grants.orders 'self-hosted:GRANTS|TABLE|u1'
