#> CREATE ROLE "analyst"
resource "materialize_role" "analyst" {
  name = "analyst"
}
#> CREATE ROLE "other"
resource "materialize_role" "other" {
  name = "other"
}
#> CREATE CLUSTER "compute" (SIZE '25cc', REPLICATION FACTOR 1, INTROSPECTION INTERVAL = '1s')
resource "materialize_cluster" "compute" {
  name               = "compute"
  size               = "25cc"
  replication_factor = 1
}
#> CREATE DATABASE "Sales"
#> DROP SCHEMA IF EXISTS "Sales"."public"
resource "materialize_database" "sales" {
  name = "Sales"
}
#> CREATE SCHEMA "Sales"."v.1"
resource "materialize_schema" "v1" {
  name          = "v.1"
  database_name = materialize_database.sales.name
}
#> CREATE TABLE "materialize"."public"."orders" (id integer NOT NULL DEFAULT NULL, total numeric DEFAULT NULL, placed timestamptz DEFAULT NULL)
resource "materialize_table" "orders" {
  name = "orders"
  column {
    name     = "id"
    type     = "int"
    nullable = true
  }
  column {
    name = "total"
    type = "numeric"
  }
  column {
    name = "placed"
    type = "timestamptz"
  }
}
#> CREATE VIEW "materialize"."public"."big" AS SELECT id, total AS total FROM orders WHERE total > 100
#> ALTER VIEW "materialize"."public"."big" OWNER TO "analyst"
#> COMMENT ON VIEW "materialize"."public"."big" IS 'big ones'
#~ name = "big" => name = "Big \"ones\""
resource "materialize_view" "big" {
  name           = "big"
  statement      = "SELECT id, total AS total FROM orders WHERE total > 100"
  ownership_role = materialize_role.analyst.name
  comment        = "big ones"
  depends_on     = [materialize_table.orders]
}
#> CREATE VIEW "Sales"."v.1"."Several" AS SELECT
#  id,
#  count(*) AS n
#  FROM
#  materialize.public.orders
#  GROUP BY id
#  
#~ schema_name = materialize_schema.v1.name => comment = "several lines" ;; schema_name = materialize_schema.v1.name
resource "materialize_view" "lines" {
  name          = "Several"
  schema_name   = materialize_schema.v1.name
  database_name = materialize_schema.v1.database_name
  statement     = <<SQL
SELECT
id,
count(*) AS n
FROM
materialize.public.orders
GROUP BY id
SQL
  depends_on    = [materialize_table.orders]
}
#> CREATE VIEW "materialize"."public"."with_end" AS WITH t AS (SELECT 1 AS a) SELECT a::bigint, 'x;y' AS b FROM t;
resource "materialize_view" "with_end" {
  name      = "with_end"
  statement = "WITH t AS (SELECT 1 AS a) SELECT a::bigint, 'x;y' AS b FROM t;"
}
#> CREATE MATERIALIZED VIEW "materialize"."public"."per_day" IN CLUSTER "compute" WITH (ASSERT NOT NULL "day", ASSERT NOT NULL "n") AS SELECT date_trunc('day', placed) AS day, count(*) AS n FROM materialize.public.orders GROUP BY 1
#> ALTER MATERIALIZED VIEW "materialize"."public"."per_day" OWNER TO "analyst"
#~ ownership_role = materialize_role.analyst.name => ownership_role = materialize_role.other.name
resource "materialize_materialized_view" "per_day" {
  name               = "per_day"
  cluster_name       = materialize_cluster.compute.name
  not_null_assertion = ["day", "n"]
  statement          = "SELECT date_trunc('day', placed) AS day, count(*) AS n FROM materialize.public.orders GROUP BY 1"
  ownership_role     = materialize_role.analyst.name
  depends_on         = [materialize_table.orders]
}
#> CREATE MATERIALIZED VIEW "Sales"."v.1"."mv:1" IN CLUSTER "compute" AS SELECT * FROM materialize.public.orders
#> COMMENT ON MATERIALIZED VIEW "Sales"."v.1"."mv:1" IS 'all'
#~ name = "mv:1" => name = "mv:2"
resource "materialize_materialized_view" "no_cluster" {
  name          = "mv:1"
  cluster_name  = materialize_cluster.compute.name
  schema_name   = materialize_schema.v1.name
  database_name = materialize_schema.v1.database_name
  statement     = "SELECT * FROM materialize.public.orders"
  comment       = "all"
  depends_on    = [materialize_table.orders]
}
#> CREATE MATERIALIZED VIEW "materialize"."public"."none" IN CLUSTER "compute" AS SELECT 1 AS one, NULL::text AS nothing
resource "materialize_materialized_view" "no_assertion" {
  name               = "none"
  cluster_name       = materialize_cluster.compute.name
  not_null_assertion = []
  statement          = "SELECT 1 AS one, NULL::text AS nothing"
}
#> CREATE INDEX by_total IN CLUSTER compute ON "materialize"."public"."big" USING ARRANGEMENT (total, id)
#~ name = "by_total" => comment = "two keys" ;; name = "by_total"
resource "materialize_index" "keys" {
  name         = "by_total"
  cluster_name = materialize_cluster.compute.name
  method       = "arrangement"
  obj_name {
    name = materialize_view.big.name
  }
  col_expr {
    field = "total"
  }
  col_expr {
    field = "id"
  }
}
#> CREATE INDEX by_upper IN CLUSTER compute ON "materialize"."public"."with_end" USING ARRANGEMENT (upper(b))
#> COMMENT ON INDEX by_upper IS 'of an expression'
#~ comment = "of an expression" => comment = "an expression"
resource "materialize_index" "expression" {
  name         = "by_upper"
  cluster_name = materialize_cluster.compute.name
  obj_name {
    name          = materialize_view.with_end.name
    schema_name   = "public"
    database_name = "materialize"
  }
  col_expr {
    field = "upper(b)"
  }
  comment = "of an expression"
}
#> CREATE DEFAULT INDEX IN CLUSTER compute ON "Sales"."v.1"."mv:1" USING ARRANGEMENT
resource "materialize_index" "default" {
  cluster_name = materialize_cluster.compute.name
  default      = true
  obj_name {
    name          = materialize_materialized_view.no_cluster.name
    schema_name   = materialize_schema.v1.name
    database_name = materialize_schema.v1.database_name
  }
}
#> CREATE DEFAULT INDEX IN CLUSTER compute ON "materialize"."public"."with_end" USING ARRANGEMENT
resource "materialize_index" "default_of_view" {
  cluster_name = materialize_cluster.compute.name
  default      = true
  method       = "ARRANGEMENT"
  obj_name {
    name = materialize_view.with_end.name
  }
}
#> CREATE SOURCE "materialize"."public"."hook" IN CLUSTER "compute" FROM WEBHOOK BODY FORMAT JSON
resource "materialize_source_webhook" "hook" {
  name         = "hook"
  cluster_name = materialize_cluster.compute.name
  body_format  = "JSON"
}
#> CREATE INDEX hook_body IN CLUSTER compute ON "materialize"."public"."hook" USING ARRANGEMENT (body)
resource "materialize_index" "of_source" {
  name         = "hook_body"
  cluster_name = materialize_cluster.compute.name
  obj_name {
    name = materialize_source_webhook.hook.name
  }
  col_expr {
    field = "body"
  }
}
