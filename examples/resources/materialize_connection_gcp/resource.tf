resource "materialize_secret" "service_account" {
  name  = "lakehouse_service_account"
  value = jsonencode({ type = "service_account", project_id = "shop", private_key = "…" })
}

resource "materialize_connection_gcp" "lakehouse" {
  name = "lakehouse"

  service_account_key {
    name = materialize_secret.service_account.name
  }
}

# An Iceberg catalog of BigLake, with this service account.
resource "materialize_connection_iceberg_catalog" "tables" {
  name         = "biglake"
  catalog_type = "rest"
  url          = "https://biglake.googleapis.com/iceberg/v1/restcatalog"
  warehouse    = "gs://shop-lakehouse"
  validate     = false

  gcp_connection {
    name = materialize_connection_gcp.lakehouse.name
  }
}
