variable "kafka_brokers" {
  description = "Where Kafka listens, as host:port."
  type        = list(string)
  default     = ["b-1.kafka.internal.example.com:9096", "b-2.kafka.internal.example.com:9096"]
}

variable "kafka_username" {
  type    = string
  default = "materialize"
}

variable "kafka_password" {
  description = "Goes to Materialize, and into no state and no plan."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "registry_url" {
  type    = string
  default = "https://registry.internal.example.com"
}

variable "registry_password" {
  description = "Goes to Materialize, and into no state and no plan."
  type        = string
  sensitive   = true
  ephemeral   = true
}

# A write-only value cannot be compared with what was sent before: count up when a password was changed.
variable "password_versions" {
  type    = object({ kafka = number, registry = number })
  default = { kafka = 1, registry = 1 }
}

variable "analysts" {
  description = "Roles of people who read the results. In the cloud these are their e-mail addresses."
  type        = set(string)
  default     = ["ada@example.com", "grace@example.com"]
}
