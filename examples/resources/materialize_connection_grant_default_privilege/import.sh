# By name; what is between the bars is the database and the schema, if there is one
terraform import materialize_connection_grant_default_privilege.readers 'readers|developers|||USAGE'

# By the ids of the grantee and of the role whose connections are meant
terraform import materialize_connection_grant_default_privilege.readers 'self-hosted:GRANT DEFAULT|CONNECTION|u3|u2|||USAGE'
