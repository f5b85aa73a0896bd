# By name; what is between the bars is the database and the schema, if there is one
terraform import materialize_secret_grant_default_privilege.readers 'readers|developers|||USAGE'

# By the ids of the grantee and of the role whose secrets are meant
terraform import materialize_secret_grant_default_privilege.readers 'self-hosted:GRANT DEFAULT|SECRET|u3|u2|||USAGE'
