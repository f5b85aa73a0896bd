# By role and variable
terraform import materialize_role_parameter.cluster 'self-hosted:ada@example.com|cluster'
