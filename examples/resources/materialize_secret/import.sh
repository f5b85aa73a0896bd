# By name
terraform import materialize_secret.kafka_password materialize.public.kafka_password

# By the id that the server gave: SELECT id FROM mz_secrets WHERE name = 'kafka_password'
terraform import materialize_secret.kafka_password self-hosted:u1
