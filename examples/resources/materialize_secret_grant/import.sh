# By name
terraform import materialize_secret_grant.developers_use_password 'materialize.public.broker_password|developers|USAGE'

# By the ids of the secret and of the role
terraform import materialize_secret_grant.developers_use_password 'self-hosted:GRANT|SECRET|u1|u2|USAGE'
