# By name
terraform import materialize_schema_objects_grant.analysts 'TABLE|materialize.marts|analysts|SELECT'

# By the ids of the schema and of the role
terraform import materialize_schema_objects_grant.analysts 'self-hosted:GRANT ALL|TABLE|u3|u1|SELECT'
