#> CREATE ROLE "g"
resource "materialize_role" "g" {
  name = "g"
}
#> CREATE ROLE "t"
resource "materialize_role" "t" {
  name = "t"
}
#> CREATE DATABASE "d"
#> DROP SCHEMA IF EXISTS "d"."public"
resource "materialize_database" "d" {
  name = "d"
}
#> CREATE SCHEMA "d"."s"
resource "materialize_schema" "s" {
  name          = "s"
  database_name = materialize_database.d.name
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "t" GRANT SELECT ON TABLES TO "g"
#! replace
#? replace
resource "materialize_table_grant_default_privilege" "both" {
  grantee_name     = materialize_role.g.name
  privilege        = "SELECT"
  target_role_name = materialize_role.t.name
  schema_name      = materialize_schema.s.name
  database_name    = materialize_database.d.name
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "t" GRANT USAGE ON SECRETS TO "g"
#! replace
#? replace
resource "materialize_secret_grant_default_privilege" "both" {
  grantee_name     = materialize_role.g.name
  privilege        = "USAGE"
  target_role_name = materialize_role.t.name
  schema_name      = materialize_schema.s.name
  database_name    = materialize_database.d.name
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "t" GRANT USAGE ON CONNECTIONS TO "g"
#! replace
#? replace
resource "materialize_connection_grant_default_privilege" "both" {
  grantee_name     = materialize_role.g.name
  privilege        = "USAGE"
  target_role_name = materialize_role.t.name
  schema_name      = materialize_schema.s.name
  database_name    = materialize_database.d.name
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "t" GRANT USAGE ON TYPES TO "g"
#! replace
#? replace
resource "materialize_type_grant_default_privilege" "both" {
  grantee_name     = materialize_role.g.name
  privilege        = "USAGE"
  target_role_name = materialize_role.t.name
  schema_name      = materialize_schema.s.name
  database_name    = materialize_database.d.name
}
#> ALTER DEFAULT PRIVILEGES FOR ALL ROLES GRANT SELECT ON TABLES TO PUBLIC
#! replace
#? replace
resource "materialize_table_grant_default_privilege" "everyone" {
  grantee_name     = "PUBLIC"
  privilege        = "SELECT"
  target_role_name = "PUBLIC"
  database_name    = materialize_database.d.name
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "t" GRANT CREATE ON SCHEMAS TO "g"
#! replace
#? replace
resource "materialize_schema_grant_default_privilege" "d" {
  grantee_name     = materialize_role.g.name
  privilege        = "CREATE"
  target_role_name = materialize_role.t.name
  database_name    = materialize_database.d.name
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "t" GRANT INSERT ON TABLES TO "g"
resource "materialize_table_grant_default_privilege" "insert" {
  grantee_name     = materialize_role.g.name
  privilege        = "INSERT"
  target_role_name = materialize_role.t.name
}
