# By name; what is between the bars is the database and the schema, if there is one
terraform import materialize_table_grant_default_privilege.readers 'readers|developers|||SELECT'

# By the ids of the grantee and of the role whose tables are meant
terraform import materialize_table_grant_default_privilege.readers 'self-hosted:GRANT DEFAULT|TABLE|u3|u2|||SELECT'
