# By name
terraform import materialize_connection_grant.developers_use_broker 'materialize.public.broker|developers|USAGE'

# By the ids of the connection and of the role
terraform import materialize_connection_grant.developers_use_broker 'self-hosted:GRANT|CONNECTION|u1|u2|USAGE'
