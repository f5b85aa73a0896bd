resource "materialize_secret" "webhook_key" {
  name             = "webhook_key"
  value_wo         = "change me"
  value_wo_version = 1
}

resource "materialize_source_table_webhook" "clicks" {
  name = "clicks"

  # A request holds an array of clicks; each becomes a row.
  body_format = "JSON ARRAY"

  include_headers {
    only = ["user-agent", "referer"]
  }

  check_expression = "constant_time_eq(headers->'x-api-key', key)"

  check_options {
    field {
      headers = true
    }
  }

  check_options {
    field {
      secret {
        name = materialize_secret.webhook_key.name
      }
    }
    alias = "key"
  }
}
