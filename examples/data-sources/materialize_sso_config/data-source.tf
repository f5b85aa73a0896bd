data "materialize_sso_config" "all" {}

output "sso" {
  value = nonsensitive([for config in data.materialize_sso_config.all.sso_configs : config.id])
}
