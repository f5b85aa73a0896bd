# What a small shop needs of Materialize: who may do what, where things run, where data comes from, and what is made
# of it. `make demo` applies it to the emulator in this repository; it is an ordinary configuration.

terraform {
  required_providers {
    materialize = {
      source = "materialize-rs/materialize"
    }
  }
}

# The server is named by MZ_HOST, MZ_PORT, MZ_USERNAME and MZ_SSLMODE.
provider "materialize" {}

variable "cluster_size" {
  description = "Size of the cluster that serves queries."
  type        = string
  default     = "25cc"
}

variable "kafka_brokers" {
  description = "Where Kafka listens."
  type        = list(string)
  default     = ["b-1.kafka.example.com:9096", "b-2.kafka.example.com:9096"]
}

variable "kafka_password" {
  description = "Sent to Materialize and stored nowhere else."
  type        = string
  sensitive   = true
  ephemeral   = true
  default     = "a password nobody shall see"
}

variable "minimum_total" {
  description = "Orders below it do not count as large."
  type        = number
  default     = 100
}

# Who

resource "materialize_role" "engineers" {
  name    = "engineers"
  comment = "Own what is built here."
}

resource "materialize_role" "analysts" {
  name    = "analysts"
  comment = "Read what is built here."
}

resource "materialize_role" "ada" {
  name = "ada@example.com"
}

resource "materialize_role_grant" "ada_is_an_engineer" {
  role_name   = materialize_role.engineers.name
  member_name = materialize_role.ada.name
}

resource "materialize_role_parameter" "ada_uses_serving" {
  role_name      = materialize_role.ada.name
  variable_name  = "cluster"
  variable_value = materialize_cluster.serving.name
}

resource "materialize_network_policy" "office" {
  name    = "office"
  comment = "Only from inside the company."

  rule {
    name      = "head_quarters"
    action    = "allow"
    direction = "ingress"
    address   = "203.0.113.0/24"
  }

  rule {
    name      = "vpn"
    action    = "allow"
    direction = "ingress"
    address   = "2001:db8::/32"
  }
}

# Where

resource "materialize_cluster" "ingest" {
  name           = "ingest"
  size           = "25cc"
  ownership_role = materialize_role.engineers.name
}

resource "materialize_cluster" "serving" {
  name           = "serving"
  size           = var.cluster_size
  comment        = "Answers the analysts."
  ownership_role = materialize_role.engineers.name
}

resource "materialize_cluster" "experiments" {
  name = "experiments"
}

resource "materialize_cluster_replica" "experiments" {
  name         = "small"
  cluster_name = materialize_cluster.experiments.name
  size         = "25cc"
}

resource "materialize_system_parameter" "max_tables" {
  name  = "max_tables"
  value = "2000"
}

# From where

resource "materialize_database" "shop" {
  name           = "shop"
  comment        = "Everything of the shop."
  ownership_role = materialize_role.engineers.name
}

resource "materialize_schema" "raw" {
  name           = "raw"
  database_name  = materialize_database.shop.name
  comment        = "As it comes from upstream."
  ownership_role = materialize_role.engineers.name
}

resource "materialize_schema" "served" {
  name           = "served"
  database_name  = materialize_database.shop.name
  ownership_role = materialize_role.engineers.name
}

resource "materialize_secret" "kafka_password" {
  name             = "kafka_password"
  database_name    = materialize_schema.raw.database_name
  schema_name      = materialize_schema.raw.name
  value_wo         = var.kafka_password
  value_wo_version = 1
}

resource "materialize_connection_kafka" "events" {
  name              = "events"
  database_name     = materialize_schema.raw.database_name
  schema_name       = materialize_schema.raw.name
  security_protocol = "SASL_SSL"
  sasl_mechanisms   = "SCRAM-SHA-512"
  validate          = false

  dynamic "kafka_broker" {
    for_each = var.kafka_brokers
    content {
      broker = kafka_broker.value
    }
  }

  sasl_username {
    text = "materialize"
  }

  sasl_password {
    name          = materialize_secret.kafka_password.name
    schema_name   = materialize_secret.kafka_password.schema_name
    database_name = materialize_secret.kafka_password.database_name
  }
}

resource "materialize_source_load_generator" "auction" {
  name                = "auction"
  database_name       = materialize_schema.raw.database_name
  schema_name         = materialize_schema.raw.name
  cluster_name        = materialize_cluster.ingest.name
  load_generator_type = "AUCTION"

  auction_options {
    tick_interval = "1s"
  }
}

resource "materialize_table" "orders" {
  name          = "orders"
  database_name = materialize_schema.raw.database_name
  schema_name   = materialize_schema.raw.name
  comment       = "One row for every order."

  column {
    name     = "id"
    type     = "bigint"
    nullable = true
    comment  = "Counts up."
  }

  column {
    name = "customer"
    type = "text"
  }

  column {
    name = "total"
    type = "numeric(10,2)"
  }

  column {
    name    = "placed_at"
    type    = "timestamp"
    default = "now()"
  }
}

# To what

resource "materialize_view" "large_orders" {
  name          = "large_orders"
  database_name = materialize_schema.served.database_name
  schema_name   = materialize_schema.served.name

  statement = <<-EOT
    SELECT id, customer, total
    FROM ${materialize_table.orders.qualified_sql_name}
    WHERE total > ${var.minimum_total}
  EOT
}

resource "materialize_index" "orders_by_customer" {
  name         = "orders_by_customer"
  cluster_name = materialize_cluster.serving.name

  obj_name {
    name          = materialize_table.orders.name
    schema_name   = materialize_table.orders.schema_name
    database_name = materialize_table.orders.database_name
  }

  col_expr {
    field = "customer"
  }
}

resource "materialize_table_grant" "analysts_read_orders" {
  role_name     = materialize_role.analysts.name
  privilege     = "SELECT"
  table_name    = materialize_table.orders.name
  schema_name   = materialize_table.orders.schema_name
  database_name = materialize_table.orders.database_name
}

resource "materialize_table_grant_default_privilege" "analysts_read" {
  target_role_name = materialize_role.engineers.name
  grantee_name     = materialize_role.analysts.name
  privilege        = "SELECT"
  database_name    = materialize_schema.served.database_name
  schema_name      = materialize_schema.served.name
}

data "materialize_current_database" "current" {}

output "connected_to" {
  value = data.materialize_current_database.current.name
}

output "large_orders" {
  value = materialize_view.large_orders.qualified_sql_name
}
