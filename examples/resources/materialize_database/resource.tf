resource "materialize_database" "shop" {
  name    = "shop"
  comment = "What the shop needs."
}
