# By name
terraform import materialize_type.address materialize.public.address

# By the id that the server gave: SELECT id FROM mz_types WHERE name = 'address'
terraform import materialize_type.address self-hosted:u3
