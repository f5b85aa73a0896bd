# By name
terraform import materialize_system_parameter.max_tables self-hosted:max_tables
