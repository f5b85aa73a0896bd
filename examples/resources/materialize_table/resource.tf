resource "materialize_table" "orders" {
  name    = "orders"
  comment = "One row for every order."

  column {
    name     = "id"
    type     = "bigint"
    nullable = true # means NOT NULL; the word is kept from earlier versions of the provider
    comment  = "Counts up."
  }

  column {
    name = "customer"
    type = "text"
  }

  column {
    name    = "placed_at"
    type    = "timestamp"
    default = "now()"
  }
}

# Tables that are alike.
resource "materialize_table" "lookup" {
  for_each = toset(["countries", "currencies"])

  name = each.key

  column {
    name     = "code"
    type     = "text"
    nullable = true # NOT NULL, as in the official provider
  }

  column {
    name = "name"
    type = "text"
  }
}
