resource "materialize_user" "ada" {
  email = "ada@example.com"
  roles = ["Member"]
}
