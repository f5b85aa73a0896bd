variable "relation" {
  description = "What to write to Kafka, as one writes it in SQL."
  default     = "materialize.public.orders"
}

locals {
  relation = provider::materialize::parse_name(var.relation)
}

output "schema" {
  value = local.relation.schema_name
}
