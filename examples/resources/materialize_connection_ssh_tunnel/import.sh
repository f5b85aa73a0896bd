# By name
terraform import materialize_connection_ssh_tunnel.bastion materialize.public.bastion

# By the id that the server gave: SELECT id FROM mz_connections WHERE name = 'bastion'
terraform import materialize_connection_ssh_tunnel.bastion self-hosted:u5
