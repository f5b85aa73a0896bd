# By name
terraform import materialize_cluster.serving serving

# By the id that the server gave: SELECT id FROM mz_clusters WHERE name = 'serving'
terraform import materialize_cluster.serving self-hosted:id:u2

# By name, for a cluster with identify_by_name = true
terraform import materialize_cluster.serving self-hosted:name:serving
