resource "materialize_network_policy" "office" {
  name    = "office"
  comment = "Only from inside the company."

  rule {
    name      = "head_quarters"
    action    = "allow"
    direction = "ingress"
    address   = "203.0.113.0/24"
  }

  rule {
    name      = "vpn"
    action    = "allow"
    direction = "ingress"
    address   = "2001:db8::/32"
  }
}
