#> CREATE ROLE "user@example.com"
resource "materialize_role" "user" {
  name = "user@example.com"
}
#> CREATE ROLE "Ünï|cö:de"
resource "materialize_role" "odd" {
  name = "Ünï|cö:de"
}
#> GRANT USAGE ON CLUSTER "quickstart" TO "user@example.com"
resource "materialize_cluster_grant" "quickstart" {
  role_name    = materialize_role.user.name
  privilege    = "USAGE"
  cluster_name = "quickstart"
}
#> GRANT USAGE ON DATABASE "materialize" TO "Ünï|cö:de"
resource "materialize_database_grant" "db" {
  role_name     = materialize_role.odd.name
  privilege     = "USAGE"
  database_name = "materialize"
}
#> GRANT CREATE ON SCHEMA "materialize"."public" TO "Ünï|cö:de"
resource "materialize_schema_grant" "public" {
  role_name     = materialize_role.odd.name
  privilege     = "CREATE"
  schema_name   = "public"
  database_name = "materialize"
}
#> CREATE TABLE "materialize"."public"."t" (a integer DEFAULT NULL)
#> ALTER TABLE "materialize"."public"."t" OWNER TO "user@example.com"
resource "materialize_table" "t" {
  name           = "t"
  ownership_role = materialize_role.user.name
  column {
    name = "a"
    type = "int"
  }
}
#> GRANT SELECT ON TABLE "materialize"."public"."t" TO "user@example.com"
resource "materialize_table_grant" "owner" {
  role_name     = materialize_role.user.name
  privilege     = "SELECT"
  table_name    = materialize_table.t.name
  schema_name   = materialize_table.t.schema_name
  database_name = materialize_table.t.database_name
}
#> GRANT SELECT ON TABLE "materialize"."public"."t" TO "Ünï|cö:de"
resource "materialize_table_grant" "one" {
  role_name     = materialize_role.odd.name
  privilege     = "SELECT"
  table_name    = materialize_table.t.name
  schema_name   = materialize_table.t.schema_name
  database_name = materialize_table.t.database_name
}
#> GRANT SELECT ON TABLE "materialize"."public"."t" TO "Ünï|cö:de"
resource "materialize_table_grant" "again" {
  role_name     = materialize_role.odd.name
  privilege     = "SELECT"
  table_name    = materialize_table.t.name
  schema_name   = materialize_table.t.schema_name
  database_name = materialize_table.t.database_name
}
#> GRANT CREATEDB ON SYSTEM TO "Ünï|cö:de"
resource "materialize_grant_system_privilege" "db" {
  role_name = materialize_role.odd.name
  privilege = "CREATEDB"
}
#> GRANT CREATENETWORKPOLICY ON SYSTEM TO "user@example.com"
resource "materialize_grant_system_privilege" "np" {
  role_name = materialize_role.user.name
  privilege = "CREATENETWORKPOLICY"
}
#> GRANT "Ünï|cö:de" TO "user@example.com"
resource "materialize_role_grant" "odd" {
  role_name   = materialize_role.odd.name
  member_name = materialize_role.user.name
}
#> ALTER ROLE "Ünï|cö:de" SET "cluster" TO 'quickstart'
resource "materialize_role_parameter" "odd" {
  role_name      = materialize_role.odd.name
  variable_name  = "cluster"
  variable_value = "quickstart"
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "user@example.com" GRANT USAGE ON CLUSTERS TO "Ünï|cö:de"
resource "materialize_cluster_grant_default_privilege" "c" {
  grantee_name     = materialize_role.odd.name
  privilege        = "USAGE"
  target_role_name = materialize_role.user.name
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "user@example.com" GRANT SELECT ON TABLES TO "user@example.com"
resource "materialize_table_grant_default_privilege" "self" {
  grantee_name     = materialize_role.user.name
  privilege        = "SELECT"
  target_role_name = materialize_role.user.name
}
#> CREATE SOURCE "materialize"."public"."hook" IN CLUSTER "quickstart" FROM WEBHOOK BODY FORMAT JSON
resource "materialize_source_webhook" "hook" {
  name         = "hook"
  cluster_name = "quickstart"
  body_format  = "JSON"
}
#> CREATE DEFAULT INDEX IN CLUSTER quickstart ON "materialize"."public"."hook" USING arrangement
#> COMMENT ON INDEX "materialize"."public"."hook_primary_idx" IS 'the default'
#~ comment = "the default" => comment = "said"
resource "materialize_index" "dflt" {
  cluster_name = "quickstart"
  default      = true
  method       = "arrangement"
  comment      = "the default"
  obj_name {
    name          = materialize_source_webhook.hook.name
    schema_name   = materialize_source_webhook.hook.schema_name
    database_name = materialize_source_webhook.hook.database_name
  }
}
#> CREATE MATERIALIZED VIEW "materialize"."public"."mv" IN CLUSTER "quickstart" WITH (ASSERT NOT NULL "b", ASSERT NOT NULL "a") AS SELECT 1 AS a, 2 AS b
resource "materialize_materialized_view" "mv" {
  name               = "mv"
  cluster_name       = "quickstart"
  not_null_assertion = ["b", "a"]
  statement          = "SELECT 1 AS a, 2 AS b"
}
#> CREATE CLUSTER "c" (SIZE '25cc', INTROSPECTION INTERVAL = '1s')
#~ name = "c" => name = "c2"
resource "materialize_cluster" "c" {
  name = "c"
  size = "25cc"
}
