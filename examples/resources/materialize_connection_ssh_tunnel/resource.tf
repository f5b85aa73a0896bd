resource "materialize_connection_ssh_tunnel" "bastion" {
  name = "bastion"
  host = "bastion.example.com"
  port = 22
  user = "materialize"
}

# For the bastion's authorized_keys; both, so that keys can be rotated.
output "public_keys" {
  value = [
    materialize_connection_ssh_tunnel.bastion.public_key_1,
    materialize_connection_ssh_tunnel.bastion.public_key_2,
  ]
}
