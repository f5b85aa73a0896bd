# By name
terraform import materialize_cluster_replica.small experiments.small

# By the id that the server gave: SELECT id FROM mz_cluster_replicas WHERE name = 'small'
terraform import materialize_cluster_replica.small self-hosted:u4
