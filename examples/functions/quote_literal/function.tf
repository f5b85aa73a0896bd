variable "greeting" {
  default = "it's fine"
}

resource "materialize_view" "greetings" {
  name      = "greetings"
  statement = "SELECT ${provider::materialize::quote_literal(var.greeting)} AS greeting"
}
