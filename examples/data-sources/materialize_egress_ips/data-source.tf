data "materialize_egress_ips" "all" {}

# For the firewall of what Materialize connects to.
output "addresses" {
  value = data.materialize_egress_ips.all.egress_ips
}
