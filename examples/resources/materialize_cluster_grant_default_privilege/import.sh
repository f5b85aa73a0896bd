# By name
terraform import materialize_cluster_grant_default_privilege.readers 'readers|developers|USAGE'

# By the ids of the grantee and of the role whose clusters are meant
terraform import materialize_cluster_grant_default_privilege.readers 'self-hosted:GRANT DEFAULT|CLUSTER|u3|u2|||USAGE'
