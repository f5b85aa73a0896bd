# By name; what is between the bars is the database and the schema, if there is one
terraform import materialize_type_grant_default_privilege.readers 'readers|developers|||USAGE'

# By the ids of the grantee and of the role whose types are meant
terraform import materialize_type_grant_default_privilege.readers 'self-hosted:GRANT DEFAULT|TYPE|u3|u2|||USAGE'
