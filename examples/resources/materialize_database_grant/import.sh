# By name
terraform import materialize_database_grant.developers_create_in_shop 'shop|developers|CREATE'

# By the ids of the database and of the role
terraform import materialize_database_grant.developers_create_in_shop 'self-hosted:GRANT|DATABASE|u1|u2|CREATE'
