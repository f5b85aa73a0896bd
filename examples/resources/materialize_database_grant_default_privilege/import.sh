# By name
terraform import materialize_database_grant_default_privilege.readers 'readers|developers|USAGE'

# By the ids of the grantee and of the role whose databases are meant
terraform import materialize_database_grant_default_privilege.readers 'self-hosted:GRANT DEFAULT|DATABASE|u3|u2|||USAGE'
