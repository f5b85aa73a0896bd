resource "materialize_sso_config" "okta" {
  enabled            = true
  type               = "saml"
  sso_endpoint       = "https://example.okta.com/app/materialize/sso/saml"
  public_certificate = <<-EOT
    -----BEGIN CERTIFICATE-----
    MIIBszCCAVmgAwIBAgIUc2FtcGxlLWNlcnRpZmljYXRlMAoGCCqGSM49BAMCMA0x
    -----END CERTIFICATE-----
  EOT
  sign_request       = true
}
