# By name
terraform import materialize_grant_system_privilege.developers_create_databases 'developers|CREATEDB'

# By the id of the role
terraform import materialize_grant_system_privilege.developers_create_databases 'self-hosted:GRANT SYSTEM|u2|CREATEDB'
