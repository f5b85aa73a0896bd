# By name
terraform import materialize_role.developers developers

# By the id that the server gave: SELECT id FROM mz_roles WHERE name = 'developers'
terraform import materialize_role.developers self-hosted:u2
