# By name
terraform import materialize_network_policy.office office

# By the id that the server gave: SELECT id FROM mz_internal.mz_network_policies WHERE name = 'office'
terraform import materialize_network_policy.office self-hosted:u1
