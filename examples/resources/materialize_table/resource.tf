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
