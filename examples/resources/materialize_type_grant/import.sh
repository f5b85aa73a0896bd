# By name
terraform import materialize_type_grant.developers_use_ids 'materialize.public.ids|developers|USAGE'

# By the ids of the type and of the role
terraform import materialize_type_grant.developers_use_ids 'self-hosted:GRANT|TYPE|u1|u2|USAGE'
