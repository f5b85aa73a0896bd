resource "materialize_sso_config" "okta" {
  enabled      = true
  type         = "oidc"
  sso_endpoint = "https://example.okta.com"
  sign_request = false
}

resource "materialize_sso_group_mapping" "engineers" {
  sso_config_id = materialize_sso_config.okta.id
  group         = "engineering"
  roles         = ["Member"]
}
