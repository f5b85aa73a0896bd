resource "materialize_database" "shop" {
  name    = "shop"
  comment = "Managed by Terraform."
}

locals {
  schemas = {
    ingest = "Connections, sources and their tables."
    model  = "What is computed. Not for readers: it changes without notice."
    serve  = "What analysts and services may rely on."
  }
}

resource "materialize_schema" "by_layer" {
  for_each = local.schemas

  name          = each.key
  database_name = materialize_database.shop.name
  comment       = each.value
}
