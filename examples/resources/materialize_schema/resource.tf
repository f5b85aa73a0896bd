resource "materialize_role" "owner" {
  name = "shop_owner"
}

resource "materialize_database" "shop" {
  name = "shop"
}

resource "materialize_schema" "raw" {
  name           = "raw"
  database_name  = materialize_database.shop.name
  ownership_role = materialize_role.owner.name
  comment        = "As it comes from upstream."
}

# A schema that is swapped with another one on every deployment is known by its name, not by its id.
resource "materialize_schema" "served" {
  name             = "served"
  database_name    = materialize_database.shop.name
  identify_by_name = true
}

# One for each layer, with what is said about it.
resource "materialize_schema" "layer" {
  for_each = {
    staging = "Cleaned, one view for each table."
    marts   = "What dashboards read."
  }

  name          = each.key
  database_name = materialize_database.shop.name
  comment       = each.value
}
