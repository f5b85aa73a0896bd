# By name
terraform import materialize_view_grant.readers_select_prices 'materialize.public.prices|readers|SELECT'

# By the ids of the view and of the role
terraform import materialize_view_grant.readers_select_prices 'self-hosted:GRANT|VIEW|u1|u2|SELECT'
