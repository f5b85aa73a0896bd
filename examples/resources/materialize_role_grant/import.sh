# By name
terraform import materialize_role_grant.ada_develops 'developers|"ada@example.com"'

# By the ids of the role and of its member: SELECT role_id, member FROM mz_role_members
terraform import materialize_role_grant.ada_develops 'self-hosted:ROLE MEMBER|u2|u3'
