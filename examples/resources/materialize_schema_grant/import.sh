# By name
terraform import materialize_schema_grant.readers_use_reports 'materialize.reports|readers|USAGE'

# By the ids of the schema and of the role
terraform import materialize_schema_grant.readers_use_reports 'self-hosted:GRANT|SCHEMA|u1|u2|USAGE'
