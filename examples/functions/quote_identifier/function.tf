variable "column" {
  default = "Total amount"
}

resource "materialize_view" "totals" {
  name      = "totals"
  statement = "SELECT 1 AS ${provider::materialize::quote_identifier(var.column)}"
}
