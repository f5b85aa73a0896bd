resource "materialize_role" "developers" {
  name = "developers"
}

resource "materialize_database" "shop" {
  name = "shop"
}

resource "materialize_database_grant" "developers_create_in_shop" {
  role_name     = materialize_role.developers.name
  privilege     = "CREATE"
  database_name = materialize_database.shop.name
}
