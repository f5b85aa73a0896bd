#> CREATE ROLE "Odd ""owner"""
#> COMMENT ON ROLE "Odd ""owner""" IS 'it''s odd'
#~ comment = "it's odd" => comment = "still odd"
resource "materialize_role" "odd" {
  name    = "Odd \"owner\""
  comment = "it's odd"
}
#> CREATE ROLE "first.last+tag@example.com" WITH LOGIN PASSWORD 'pa''ss'
#~ login = true => login = false
resource "materialize_role" "login" {
  name     = "first.last+tag@example.com"
  login    = true
  password = "pa'ss"
}
#> CREATE ROLE "never"
#~ superuser = false => superuser = true
resource "materialize_role" "never" {
  name                 = "never"
  login                = false
  superuser            = false
  create_if_not_exists = true
}
#> CREATE ROLE "versioned"
#> ALTER ROLE "versioned" WITH PASSWORD 'second'
#~ comment = "its password is given and not kept" => comment = "the same"
#> COMMENT ON ROLE "versioned" IS 'its password is given and not kept'
resource "materialize_role" "versioned" {
  name                = "versioned"
  password_wo         = "second"
  password_wo_version = 2
  comment             = "its password is given and not kept"
}
#> CREATE ROLE "a:b"
resource "materialize_role" "colon" {
  name = "a:b"
}
#> GRANT "Odd ""owner""" TO "a:b"
resource "materialize_role_grant" "odd" {
  role_name   = materialize_role.odd.name
  member_name = materialize_role.colon.name
}
#> GRANT "Odd ""owner""" TO "first.last+tag@example.com"
resource "materialize_role_grant" "login" {
  role_name   = materialize_role.odd.name
  member_name = materialize_role.login.name
}
#> ALTER ROLE "a:b" SET "cluster" TO 'quickstart'
#~ variable_value = "quickstart" => variable_value = "other"
resource "materialize_role_parameter" "colon" {
  role_name      = materialize_role.colon.name
  variable_name  = "cluster"
  variable_value = "quickstart"
}
#> ALTER ROLE "first.last+tag@example.com" SET "statement_timeout" TO '30 s'
resource "materialize_role_parameter" "spelled" {
  role_name      = materialize_role.login.name
  variable_name  = "statement_timeout"
  variable_value = "30 s"
}
#> ALTER ROLE "first.last+tag@example.com" SET "search_path" TO 'public, app'
resource "materialize_role_parameter" "list" {
  role_name      = materialize_role.login.name
  variable_name  = "search_path"
  variable_value = "public, app"
}
#> ALTER ROLE "first.last+tag@example.com" SET "auto_route_catalog_queries" TO 'true'
#~ variable_value = "true" => variable_value = "false"
resource "materialize_role_parameter" "switch" {
  role_name      = materialize_role.login.name
  variable_name  = "auto_route_catalog_queries"
  variable_value = "true"
}
#> CREATE DATABASE "Shop.One"
#> DROP SCHEMA IF EXISTS "Shop.One"."public"
#> ALTER DATABASE "Shop.One" OWNER TO "Odd ""owner"""
#> COMMENT ON DATABASE "Shop.One" IS 'dotted'
#~ comment = "dotted" => comment = ""
resource "materialize_database" "dotted" {
  name           = "Shop.One"
  ownership_role = materialize_role.odd.name
  comment        = "dotted"
}
#> CREATE DATABASE "plain"
#> DROP SCHEMA IF EXISTS "plain"."public"
#~ comment = "" => comment = "said"
resource "materialize_database" "empty_comment" {
  name    = "plain"
  comment = ""
}
#> CREATE SCHEMA "Shop.One"."raw:data|x"
#> COMMENT ON SCHEMA "Shop.One"."raw:data|x" IS 'odd'
#~ name = "raw:data|x" => name = "raw.data"
resource "materialize_schema" "odd" {
  name          = "raw:data|x"
  database_name = materialize_database.dotted.name
  comment       = "odd"
}
#> CREATE SCHEMA "plain"."by_name"
#> ALTER SCHEMA "plain"."by_name" OWNER TO "Odd ""owner"""
#~ identify_by_name = true => identify_by_name = false
resource "materialize_schema" "by_name" {
  name             = "by_name"
  database_name    = materialize_database.empty_comment.name
  ownership_role   = materialize_role.odd.name
  identify_by_name = true
}
#> CREATE SCHEMA "plain"."public"
#~ ownership_role = "mz_system" => ownership_role = "a:b"
resource "materialize_schema" "public" {
  name           = "public"
  database_name  = materialize_database.empty_comment.name
  ownership_role = "mz_system"
  depends_on     = [materialize_role.colon]
}
#> CREATE SCHEMA "materialize"."defaulted"
#~ database_name = "materialize" => comment = "now said"
resource "materialize_schema" "defaulted" {
  name          = "defaulted"
  database_name = "materialize"
}
#> CREATE SECRET "Shop.One"."raw:data|x"."Key.1" AS 'multi line ''quoted'''
#~ value = "multi line 'quoted'" => value = "other"
resource "materialize_secret" "odd" {
  name          = "Key.1"
  schema_name   = materialize_schema.odd.name
  database_name = materialize_schema.odd.database_name
  value         = "multi line 'quoted'"
}
#> CREATE SECRET "materialize"."public"."write_only" AS 'hidden'
#> ALTER SECRET "materialize"."public"."write_only" OWNER TO "a:b"
#~ value_wo_version = 3 => value_wo_version = 4
resource "materialize_secret" "write_only" {
  name             = "write_only"
  value_wo         = "hidden"
  value_wo_version = 3
  ownership_role   = materialize_role.colon.name
}
#> CREATE SECRET "materialize"."public"."empty" AS ''
#~ name = "empty" => name = "Renamed: \"empty\""
resource "materialize_secret" "empty" {
  name  = "empty"
  value = ""
}
#> ALTER SYSTEM SET "max_tables" TO '777'
#~ value = "777" => value = "778"
resource "materialize_system_parameter" "max_tables" {
  name  = "max_tables"
  value = "777"
}
#> ALTER SYSTEM SET "enable_rbac_checks" TO 'on'
resource "materialize_system_parameter" "switch" {
  name  = "enable_rbac_checks"
  value = "on"
}
#> CREATE NETWORK POLICY "open" ( RULES ( "all: in" (action='allow', direction='ingress', address='0.0.0.0/0'), "one" (action='allow', direction='ingress', address='198.51.100.7/32') ))
#> COMMENT ON NETWORK POLICY "open" IS 'for all'
#~ address = "0.0.0.0/0" => address = "203.0.113.0/24"
resource "materialize_network_policy" "open" {
  name    = "open"
  comment = "for all"
  rule {
    name      = "all: in"
    action    = "allow"
    direction = "ingress"
    address   = "0.0.0.0/0"
  }
  rule {
    name      = "one"
    action    = "allow"
    direction = "ingress"
    address   = "198.51.100.7/32"
  }
}
