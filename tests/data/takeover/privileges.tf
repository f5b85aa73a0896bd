#> CREATE ROLE "Team: ""A"""
resource "materialize_role" "team" {
  name = "Team: \"A\""
}
#> CREATE ROLE "lead|er"
resource "materialize_role" "lead" {
  name = "lead|er"
}
#> CREATE DATABASE "G.db"
#> DROP SCHEMA IF EXISTS "G.db"."public"
resource "materialize_database" "g" {
  name = "G.db"
}
#> CREATE SCHEMA "G.db"."G:s"
#~ name = "G:s" => name = "G:t"
resource "materialize_schema" "g" {
  name          = "G:s"
  database_name = materialize_database.g.name
}
#> CREATE CLUSTER "G c" (SIZE '25cc', REPLICATION FACTOR 0, INTROSPECTION INTERVAL = '1s')
resource "materialize_cluster" "g" {
  name               = "G c"
  size               = "25cc"
  replication_factor = 0
}
#> CREATE SECRET "G.db"."G:s"."S" AS 'x'
#~ name = "S" => name = "S 2"
resource "materialize_secret" "g" {
  name          = "S"
  value         = "x"
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> CREATE TABLE "G.db"."G:s"."T" (a integer DEFAULT NULL)
#~ name = "T" => name = "T.2"
resource "materialize_table" "g" {
  name          = "T"
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
  column {
    name = "a"
    type = "int4"
  }
}
#> CREATE VIEW "G.db"."G:s"."V" AS SELECT 1 AS one
#~ name = "V" => name = "V 2"
resource "materialize_view" "g" {
  name          = "V"
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
  statement     = "SELECT 1 AS one"
}
#> CREATE MATERIALIZED VIEW "G.db"."G:s"."M" IN CLUSTER "G c" AS SELECT 2 AS two
#~ name = "M" => name = "M:2"
resource "materialize_materialized_view" "g" {
  name          = "M"
  cluster_name  = materialize_cluster.g.name
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
  statement     = "SELECT 2 AS two"
}
#> CREATE TYPE "G.db"."G:s"."Ty" AS LIST (ELEMENT TYPE = int4)
resource "materialize_type" "g" {
  name          = "Ty"
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
  list_properties {
    element_type = "int4"
  }
}
#> CREATE CONNECTION "G.db"."G:s"."C" TO SSH TUNNEL (HOST 'b', USER 'mz', PORT 22)
#~ name = "C" => name = "C2"
resource "materialize_connection_ssh_tunnel" "g" {
  name          = "C"
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
  host          = "b"
  user          = "mz"
  port          = 22
}
#> CREATE SOURCE "G.db"."G:s"."So" IN CLUSTER "G c" FROM WEBHOOK BODY FORMAT JSON
#~ name = "So" => name = "So2"
resource "materialize_source_webhook" "g" {
  name          = "So"
  cluster_name  = materialize_cluster.g.name
  body_format   = "JSON"
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT INSERT ON TABLE "G.db"."G:s"."T" TO "Team: ""A"""
resource "materialize_table_grant" "team_insert" {
  role_name     = materialize_role.team.name
  privilege     = "INSERT"
  table_name    = materialize_table.g.name
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT SELECT ON TABLE "G.db"."G:s"."T" TO "Team: ""A"""
resource "materialize_table_grant" "team_select" {
  role_name     = materialize_role.team.name
  privilege     = "SELECT"
  table_name    = materialize_table.g.name
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT UPDATE ON TABLE "G.db"."G:s"."T" TO "Team: ""A"""
resource "materialize_table_grant" "team_update" {
  role_name     = materialize_role.team.name
  privilege     = "UPDATE"
  table_name    = materialize_table.g.name
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT DELETE ON TABLE "G.db"."G:s"."T" TO "Team: ""A"""
resource "materialize_table_grant" "team_delete" {
  role_name     = materialize_role.team.name
  privilege     = "DELETE"
  table_name    = materialize_table.g.name
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT SELECT ON TABLE "G.db"."G:s"."V" TO "Team: ""A"""
resource "materialize_view_grant" "team_select" {
  role_name     = materialize_role.team.name
  privilege     = "SELECT"
  view_name     = materialize_view.g.name
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT SELECT ON TABLE "G.db"."G:s"."M" TO "Team: ""A"""
resource "materialize_materialized_view_grant" "team_select" {
  role_name              = materialize_role.team.name
  privilege              = "SELECT"
  materialized_view_name = materialize_materialized_view.g.name
  schema_name            = materialize_schema.g.name
  database_name          = materialize_schema.g.database_name
}
#> GRANT SELECT ON TABLE "G.db"."G:s"."So" TO "Team: ""A"""
resource "materialize_source_grant" "team_select" {
  role_name     = materialize_role.team.name
  privilege     = "SELECT"
  source_name   = materialize_source_webhook.g.name
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT USAGE ON TYPE "G.db"."G:s"."Ty" TO "Team: ""A"""
resource "materialize_type_grant" "team_usage" {
  role_name     = materialize_role.team.name
  privilege     = "USAGE"
  type_name     = materialize_type.g.name
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT USAGE ON CONNECTION "G.db"."G:s"."C" TO "Team: ""A"""
resource "materialize_connection_grant" "team_usage" {
  role_name       = materialize_role.team.name
  privilege       = "USAGE"
  connection_name = materialize_connection_ssh_tunnel.g.name
  schema_name     = materialize_schema.g.name
  database_name   = materialize_schema.g.database_name
}
#> GRANT USAGE ON SECRET "G.db"."G:s"."S" TO "Team: ""A"""
resource "materialize_secret_grant" "team_usage" {
  role_name     = materialize_role.team.name
  privilege     = "USAGE"
  secret_name   = materialize_secret.g.name
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT USAGE ON SCHEMA "G.db"."G:s" TO "Team: ""A"""
resource "materialize_schema_grant" "team_usage" {
  role_name     = materialize_role.team.name
  privilege     = "USAGE"
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT CREATE ON SCHEMA "G.db"."G:s" TO "Team: ""A"""
resource "materialize_schema_grant" "team_create" {
  role_name     = materialize_role.team.name
  privilege     = "CREATE"
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT USAGE ON DATABASE "G.db" TO "Team: ""A"""
resource "materialize_database_grant" "team_usage" {
  role_name     = materialize_role.team.name
  privilege     = "USAGE"
  database_name = materialize_database.g.name
}
#> GRANT CREATE ON DATABASE "G.db" TO "Team: ""A"""
resource "materialize_database_grant" "team_create" {
  role_name     = materialize_role.team.name
  privilege     = "CREATE"
  database_name = materialize_database.g.name
}
#> GRANT USAGE ON CLUSTER "G c" TO "Team: ""A"""
resource "materialize_cluster_grant" "team_usage" {
  role_name    = materialize_role.team.name
  privilege    = "USAGE"
  cluster_name = materialize_cluster.g.name
}
#> GRANT CREATE ON CLUSTER "G c" TO "Team: ""A"""
resource "materialize_cluster_grant" "team_create" {
  role_name    = materialize_role.team.name
  privilege    = "CREATE"
  cluster_name = materialize_cluster.g.name
}
#> GRANT INSERT ON TABLE "G.db"."G:s"."T" TO PUBLIC
resource "materialize_table_grant" "all_insert" {
  role_name     = "PUBLIC"
  privilege     = "INSERT"
  table_name    = materialize_table.g.name
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT SELECT ON TABLE "G.db"."G:s"."T" TO PUBLIC
resource "materialize_table_grant" "all_select" {
  role_name     = "PUBLIC"
  privilege     = "SELECT"
  table_name    = materialize_table.g.name
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT SELECT ON TABLE "G.db"."G:s"."V" TO PUBLIC
resource "materialize_view_grant" "all_select" {
  role_name     = "PUBLIC"
  privilege     = "SELECT"
  view_name     = materialize_view.g.name
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT SELECT ON TABLE "G.db"."G:s"."M" TO PUBLIC
resource "materialize_materialized_view_grant" "all_select" {
  role_name              = "PUBLIC"
  privilege              = "SELECT"
  materialized_view_name = materialize_materialized_view.g.name
  schema_name            = materialize_schema.g.name
  database_name          = materialize_schema.g.database_name
}
#> GRANT SELECT ON TABLE "G.db"."G:s"."So" TO PUBLIC
resource "materialize_source_grant" "all_select" {
  role_name     = "PUBLIC"
  privilege     = "SELECT"
  source_name   = materialize_source_webhook.g.name
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT USAGE ON TYPE "G.db"."G:s"."Ty" TO PUBLIC
resource "materialize_type_grant" "all_usage" {
  role_name     = "PUBLIC"
  privilege     = "USAGE"
  type_name     = materialize_type.g.name
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT USAGE ON CONNECTION "G.db"."G:s"."C" TO PUBLIC
resource "materialize_connection_grant" "all_usage" {
  role_name       = "PUBLIC"
  privilege       = "USAGE"
  connection_name = materialize_connection_ssh_tunnel.g.name
  schema_name     = materialize_schema.g.name
  database_name   = materialize_schema.g.database_name
}
#> GRANT USAGE ON SECRET "G.db"."G:s"."S" TO PUBLIC
resource "materialize_secret_grant" "all_usage" {
  role_name     = "PUBLIC"
  privilege     = "USAGE"
  secret_name   = materialize_secret.g.name
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT USAGE ON SCHEMA "G.db"."G:s" TO PUBLIC
resource "materialize_schema_grant" "all_usage" {
  role_name     = "PUBLIC"
  privilege     = "USAGE"
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT CREATE ON SCHEMA "G.db"."G:s" TO PUBLIC
resource "materialize_schema_grant" "all_create" {
  role_name     = "PUBLIC"
  privilege     = "CREATE"
  schema_name   = materialize_schema.g.name
  database_name = materialize_schema.g.database_name
}
#> GRANT USAGE ON DATABASE "G.db" TO PUBLIC
resource "materialize_database_grant" "all_usage" {
  role_name     = "PUBLIC"
  privilege     = "USAGE"
  database_name = materialize_database.g.name
}
#> GRANT CREATE ON DATABASE "G.db" TO PUBLIC
resource "materialize_database_grant" "all_create" {
  role_name     = "PUBLIC"
  privilege     = "CREATE"
  database_name = materialize_database.g.name
}
#> GRANT USAGE ON CLUSTER "G c" TO PUBLIC
resource "materialize_cluster_grant" "all_usage" {
  role_name    = "PUBLIC"
  privilege    = "USAGE"
  cluster_name = materialize_cluster.g.name
}
#> GRANT CREATE ON CLUSTER "G c" TO PUBLIC
resource "materialize_cluster_grant" "all_create" {
  role_name    = "PUBLIC"
  privilege    = "CREATE"
  cluster_name = materialize_cluster.g.name
}
#> GRANT CREATEROLE ON SYSTEM TO "Team: ""A"""
resource "materialize_grant_system_privilege" "createrole" {
  role_name = materialize_role.team.name
  privilege = "CREATEROLE"
}
#> GRANT CREATEDB ON SYSTEM TO "Team: ""A"""
resource "materialize_grant_system_privilege" "createdb" {
  role_name = materialize_role.team.name
  privilege = "CREATEDB"
}
#> GRANT CREATECLUSTER ON SYSTEM TO "Team: ""A"""
resource "materialize_grant_system_privilege" "createcluster" {
  role_name = materialize_role.team.name
  privilege = "CREATECLUSTER"
}
#> GRANT CREATENETWORKPOLICY ON SYSTEM TO "Team: ""A"""
resource "materialize_grant_system_privilege" "createnetworkpolicy" {
  role_name = materialize_role.team.name
  privilege = "CREATENETWORKPOLICY"
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "lead|er" GRANT CREATE ON CLUSTERS TO "Team: ""A"""
resource "materialize_cluster_grant_default_privilege" "lead_team" {
  grantee_name     = materialize_role.team.name
  privilege        = "CREATE"
  target_role_name = materialize_role.lead.name
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "lead|er" GRANT CREATE ON CLUSTERS TO PUBLIC
resource "materialize_cluster_grant_default_privilege" "lead_all" {
  grantee_name     = "PUBLIC"
  privilege        = "CREATE"
  target_role_name = materialize_role.lead.name
}
#> ALTER DEFAULT PRIVILEGES FOR ALL ROLES GRANT CREATE ON CLUSTERS TO "Team: ""A"""
resource "materialize_cluster_grant_default_privilege" "everyone_team" {
  grantee_name     = materialize_role.team.name
  privilege        = "CREATE"
  target_role_name = "PUBLIC"
}
#> ALTER DEFAULT PRIVILEGES FOR ALL ROLES GRANT CREATE ON CLUSTERS TO PUBLIC
resource "materialize_cluster_grant_default_privilege" "everyone_all" {
  grantee_name     = "PUBLIC"
  privilege        = "CREATE"
  target_role_name = "PUBLIC"
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "lead|er" GRANT USAGE ON DATABASES TO "Team: ""A"""
resource "materialize_database_grant_default_privilege" "lead_team" {
  grantee_name     = materialize_role.team.name
  privilege        = "USAGE"
  target_role_name = materialize_role.lead.name
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "lead|er" GRANT USAGE ON DATABASES TO PUBLIC
resource "materialize_database_grant_default_privilege" "lead_all" {
  grantee_name     = "PUBLIC"
  privilege        = "USAGE"
  target_role_name = materialize_role.lead.name
}
#> ALTER DEFAULT PRIVILEGES FOR ALL ROLES GRANT USAGE ON DATABASES TO "Team: ""A"""
resource "materialize_database_grant_default_privilege" "everyone_team" {
  grantee_name     = materialize_role.team.name
  privilege        = "USAGE"
  target_role_name = "PUBLIC"
}
#> ALTER DEFAULT PRIVILEGES FOR ALL ROLES GRANT USAGE ON DATABASES TO PUBLIC
resource "materialize_database_grant_default_privilege" "everyone_all" {
  grantee_name     = "PUBLIC"
  privilege        = "USAGE"
  target_role_name = "PUBLIC"
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "lead|er" GRANT CREATE ON SCHEMAS TO "Team: ""A"""
resource "materialize_schema_grant_default_privilege" "lead_team" {
  grantee_name     = materialize_role.team.name
  privilege        = "CREATE"
  target_role_name = materialize_role.lead.name
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "lead|er" GRANT CREATE ON SCHEMAS TO PUBLIC
resource "materialize_schema_grant_default_privilege" "lead_all" {
  grantee_name     = "PUBLIC"
  privilege        = "CREATE"
  target_role_name = materialize_role.lead.name
}
#> ALTER DEFAULT PRIVILEGES FOR ALL ROLES GRANT CREATE ON SCHEMAS TO "Team: ""A"""
resource "materialize_schema_grant_default_privilege" "everyone_team" {
  grantee_name     = materialize_role.team.name
  privilege        = "CREATE"
  target_role_name = "PUBLIC"
}
#> ALTER DEFAULT PRIVILEGES FOR ALL ROLES GRANT CREATE ON SCHEMAS TO PUBLIC
resource "materialize_schema_grant_default_privilege" "everyone_all" {
  grantee_name     = "PUBLIC"
  privilege        = "CREATE"
  target_role_name = "PUBLIC"
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "lead|er" GRANT INSERT ON TABLES TO "Team: ""A"""
resource "materialize_table_grant_default_privilege" "lead_team" {
  grantee_name     = materialize_role.team.name
  privilege        = "INSERT"
  target_role_name = materialize_role.lead.name
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "lead|er" GRANT INSERT ON TABLES TO PUBLIC
resource "materialize_table_grant_default_privilege" "lead_all" {
  grantee_name     = "PUBLIC"
  privilege        = "INSERT"
  target_role_name = materialize_role.lead.name
}
#> ALTER DEFAULT PRIVILEGES FOR ALL ROLES GRANT INSERT ON TABLES TO "Team: ""A"""
resource "materialize_table_grant_default_privilege" "everyone_team" {
  grantee_name     = materialize_role.team.name
  privilege        = "INSERT"
  target_role_name = "PUBLIC"
}
#> ALTER DEFAULT PRIVILEGES FOR ALL ROLES GRANT INSERT ON TABLES TO PUBLIC
resource "materialize_table_grant_default_privilege" "everyone_all" {
  grantee_name     = "PUBLIC"
  privilege        = "INSERT"
  target_role_name = "PUBLIC"
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "lead|er" GRANT USAGE ON SECRETS TO "Team: ""A"""
resource "materialize_secret_grant_default_privilege" "lead_team" {
  grantee_name     = materialize_role.team.name
  privilege        = "USAGE"
  target_role_name = materialize_role.lead.name
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "lead|er" GRANT USAGE ON SECRETS TO PUBLIC
resource "materialize_secret_grant_default_privilege" "lead_all" {
  grantee_name     = "PUBLIC"
  privilege        = "USAGE"
  target_role_name = materialize_role.lead.name
}
#> ALTER DEFAULT PRIVILEGES FOR ALL ROLES GRANT USAGE ON SECRETS TO "Team: ""A"""
resource "materialize_secret_grant_default_privilege" "everyone_team" {
  grantee_name     = materialize_role.team.name
  privilege        = "USAGE"
  target_role_name = "PUBLIC"
}
#> ALTER DEFAULT PRIVILEGES FOR ALL ROLES GRANT USAGE ON SECRETS TO PUBLIC
resource "materialize_secret_grant_default_privilege" "everyone_all" {
  grantee_name     = "PUBLIC"
  privilege        = "USAGE"
  target_role_name = "PUBLIC"
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "lead|er" GRANT USAGE ON CONNECTIONS TO "Team: ""A"""
resource "materialize_connection_grant_default_privilege" "lead_team" {
  grantee_name     = materialize_role.team.name
  privilege        = "USAGE"
  target_role_name = materialize_role.lead.name
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "lead|er" GRANT USAGE ON CONNECTIONS TO PUBLIC
resource "materialize_connection_grant_default_privilege" "lead_all" {
  grantee_name     = "PUBLIC"
  privilege        = "USAGE"
  target_role_name = materialize_role.lead.name
}
#> ALTER DEFAULT PRIVILEGES FOR ALL ROLES GRANT USAGE ON CONNECTIONS TO "Team: ""A"""
resource "materialize_connection_grant_default_privilege" "everyone_team" {
  grantee_name     = materialize_role.team.name
  privilege        = "USAGE"
  target_role_name = "PUBLIC"
}
#> ALTER DEFAULT PRIVILEGES FOR ALL ROLES GRANT USAGE ON CONNECTIONS TO PUBLIC
resource "materialize_connection_grant_default_privilege" "everyone_all" {
  grantee_name     = "PUBLIC"
  privilege        = "USAGE"
  target_role_name = "PUBLIC"
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "lead|er" GRANT USAGE ON TYPES TO "Team: ""A"""
resource "materialize_type_grant_default_privilege" "lead_team" {
  grantee_name     = materialize_role.team.name
  privilege        = "USAGE"
  target_role_name = materialize_role.lead.name
}
#> ALTER DEFAULT PRIVILEGES FOR ROLE "lead|er" GRANT USAGE ON TYPES TO PUBLIC
resource "materialize_type_grant_default_privilege" "lead_all" {
  grantee_name     = "PUBLIC"
  privilege        = "USAGE"
  target_role_name = materialize_role.lead.name
}
#> ALTER DEFAULT PRIVILEGES FOR ALL ROLES GRANT USAGE ON TYPES TO "Team: ""A"""
resource "materialize_type_grant_default_privilege" "everyone_team" {
  grantee_name     = materialize_role.team.name
  privilege        = "USAGE"
  target_role_name = "PUBLIC"
}
