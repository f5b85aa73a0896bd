# By name
terraform import materialize_cluster_grant.analysts_use_analytics 'analytics|analysts|USAGE'

# By the ids of the cluster and of the role
terraform import materialize_cluster_grant.analysts_use_analytics 'self-hosted:GRANT|CLUSTER|u1|u2|USAGE'
