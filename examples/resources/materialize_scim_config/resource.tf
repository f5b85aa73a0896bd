resource "materialize_scim_config" "okta" {
  source          = "okta"
  connection_name = "okta"
}
