# By name
terraform import materialize_source_grant.readers_select_clicks 'materialize.public.clicks|readers|SELECT'

# By the ids of the source and of the role
terraform import materialize_source_grant.readers_select_clicks 'self-hosted:GRANT|SOURCE|u1|u2|SELECT'
