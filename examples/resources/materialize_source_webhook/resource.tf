resource "materialize_cluster" "ingest" {
  name = "ingest"
  size = "25cc"
}

variable "webhook_key" {
  type      = string
  sensitive = true
  ephemeral = true
  default   = "change me"
}

resource "materialize_secret" "webhook_key" {
  name             = "webhook_key"
  value_wo         = var.webhook_key
  value_wo_version = 1
}

resource "materialize_source_webhook" "orders" {
  name         = "orders"
  cluster_name = materialize_cluster.ingest.name
  body_format  = "JSON"

  # A column of its own for this header ...
  include_header {
    header = "x-request-id"
    alias  = "request_id"
  }

  # ... and all others in one column, but not the signature.
  include_headers {
    not = ["x-signature"]
  }

  # Only requests that are signed with the key get in.
  check_expression = "decode(headers->'x-signature', 'hex') = hmac(body, key, 'sha256')"

  check_options {
    field {
      headers = true
    }
  }

  check_options {
    field {
      body = true
    }
    bytes = true
  }

  check_options {
    field {
      secret {
        name = materialize_secret.webhook_key.name
      }
    }
    alias = "key"
    bytes = true
  }
}

# Where the shop must send its orders.
output "orders_url" {
  value = materialize_source_webhook.orders.url
}
