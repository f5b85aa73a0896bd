resource "materialize_sso_config" "okta" {
  enabled      = true
  type         = "oidc"
  sso_endpoint = "https://example.okta.com"
  sign_request = false
}

resource "materialize_sso_default_roles" "okta" {
  sso_config_id = materialize_sso_config.okta.id
  roles         = ["Member"]
}
