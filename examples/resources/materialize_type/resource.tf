resource "materialize_type" "address" {
  name = "address"

  row_properties {
    field_name = "street"
    field_type = "text"
  }

  row_properties {
    field_name = "zip"
    field_type = "text"
  }
}

resource "materialize_type" "tags" {
  name = "tags"

  list_properties {
    element_type = "text"
  }
}

resource "materialize_type" "attributes" {
  name = "attributes"

  map_properties {
    key_type   = "text"
    value_type = "jsonb"
  }
}
