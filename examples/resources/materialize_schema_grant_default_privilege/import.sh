# By name; what is between the bars is the database, if there is one
terraform import materialize_schema_grant_default_privilege.readers 'readers|developers||USAGE'

# By the ids of the grantee and of the role whose schemas are meant
terraform import materialize_schema_grant_default_privilege.readers 'self-hosted:GRANT DEFAULT|SCHEMA|u3|u2|||USAGE'
