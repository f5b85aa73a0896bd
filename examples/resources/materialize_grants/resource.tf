resource "materialize_role" "readers" {
  name = "readers"
}

resource "materialize_role" "loaders" {
  name = "loaders"
}

resource "materialize_table" "orders" {
  name = "orders"

  column {
    name = "id"
    type = "bigint"
  }
}

# These and no others, but for the owner of the table.
resource "materialize_grants" "orders" {
  object_type   = "TABLE"
  database_name = materialize_table.orders.database_name
  schema_name   = materialize_table.orders.schema_name
  object_name   = materialize_table.orders.name

  grant {
    role_name  = materialize_role.readers.name
    privileges = ["SELECT"]
  }

  grant {
    role_name  = materialize_role.loaders.name
    privileges = ["SELECT", "INSERT", "UPDATE", "DELETE"]
  }
}

resource "materialize_cluster" "reports" {
  name = "reports"
  size = "25cc"
}

resource "materialize_grants" "reports" {
  object_type = "CLUSTER"
  object_name = materialize_cluster.reports.name

  grant {
    role_name  = "PUBLIC"
    privileges = ["USAGE"]
  }
}
