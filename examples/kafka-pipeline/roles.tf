# People get privileges through a role of their function, never by themselves: who leaves is taken out in one place.

resource "materialize_role" "analysts" {
  name    = "shop_analysts"
  comment = "Read what is served."
}

resource "materialize_role" "person" {
  for_each = var.analysts

  name = each.key
}

# All members: somebody who was added by hand shows up in the next plan.
resource "materialize_role_members" "analysts" {
  role_name    = materialize_role.analysts.name
  member_names = [for person in materialize_role.person : person.name]
}

# Without USAGE on the database, the schema and the cluster, SELECT alone is of no use.
resource "materialize_database_grant" "analysts" {
  role_name     = materialize_role.analysts.name
  privilege     = "USAGE"
  database_name = materialize_database.shop.name
}

resource "materialize_schema_grant" "analysts" {
  role_name     = materialize_role.analysts.name
  privilege     = "USAGE"
  database_name = materialize_schema.by_layer["serve"].database_name
  schema_name   = materialize_schema.by_layer["serve"].name
}

resource "materialize_cluster_grant" "analysts" {
  role_name    = materialize_role.analysts.name
  privilege    = "USAGE"
  cluster_name = materialize_cluster.by_work["serve"].name
}

# Every view that is served. A new one is added to this map, and can be read at once.
locals {
  served = { revenue = materialize_view.revenue }
}

resource "materialize_view_grant" "analysts" {
  for_each = local.served

  role_name     = materialize_role.analysts.name
  privilege     = "SELECT"
  database_name = each.value.database_name
  schema_name   = each.value.schema_name
  view_name     = each.value.name
}

# Their sessions use the serving cluster without being told.
resource "materialize_role_parameter" "cluster" {
  for_each = materialize_role.person

  role_name      = each.value.name
  variable_name  = "cluster"
  variable_value = materialize_cluster.by_work["serve"].name
}
