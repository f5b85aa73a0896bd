# One deployment: a schema with all models, the cluster that computes them, and who may read them.

terraform {
  required_providers {
    materialize = {
      source = "materialize-rs/materialize"
    }
  }
}

variable "name" {
  description = "The name of the schema and of the cluster."
  type        = string
}

variable "database" {
  type = string
}

variable "models" {
  description = "The folder with the models, one file each."
  type        = string
}

variable "orders" {
  description = "The table of orders, as SQL wants its name."
  type        = string
}

variable "readers" {
  description = "The role that reads the models."
  type        = string
}

resource "materialize_schema" "models" {
  name          = var.name
  database_name = var.database
}

resource "materialize_cluster" "models" {
  name = var.name
  size = "25cc"
}

resource "materialize_materialized_view" "model" {
  for_each = toset([for file in fileset(var.models, "*.sql") : trimsuffix(file, ".sql")])

  name          = each.key
  database_name = materialize_schema.models.database_name
  schema_name   = materialize_schema.models.name
  cluster_name  = materialize_cluster.models.name
  statement     = templatefile("${var.models}/${each.key}.sql", { orders = var.orders })
}

# A model on top of another: it is in the same deployment, whatever that is called at the moment.
resource "materialize_view" "best_customers" {
  name          = "best_customers"
  database_name = materialize_schema.models.database_name
  schema_name   = materialize_schema.models.name

  statement = <<-SQL
    SELECT customer
    FROM ${materialize_materialized_view.model["revenue"].qualified_sql_name}
    WHERE revenue > 1000
  SQL
}

resource "materialize_index" "best_customers" {
  name         = "best_customers_idx"
  cluster_name = materialize_cluster.models.name

  obj_name {
    name          = materialize_view.best_customers.name
    schema_name   = materialize_view.best_customers.schema_name
    database_name = materialize_view.best_customers.database_name
  }

  col_expr {
    field = "customer"
  }
}

resource "materialize_schema_grant" "readers" {
  role_name     = var.readers
  privilege     = "USAGE"
  database_name = materialize_schema.models.database_name
  schema_name   = materialize_schema.models.name
}

resource "materialize_cluster_grant" "readers" {
  role_name    = var.readers
  privilege    = "USAGE"
  cluster_name = materialize_cluster.models.name
}

resource "materialize_materialized_view_grant" "readers" {
  for_each = materialize_materialized_view.model

  role_name              = var.readers
  privilege              = "SELECT"
  database_name          = each.value.database_name
  schema_name            = each.value.schema_name
  materialized_view_name = each.value.name
}

resource "materialize_view_grant" "readers" {
  role_name     = var.readers
  privilege     = "SELECT"
  database_name = materialize_view.best_customers.database_name
  schema_name   = materialize_view.best_customers.schema_name
  view_name     = materialize_view.best_customers.name
}
