#> CREATE TABLE "materialize"."public"."Orders" (id integer NOT NULL DEFAULT NULL, customer_id integer DEFAULT NULL, total numeric DEFAULT NULL, placed timestamptz DEFAULT NULL, data jsonb DEFAULT NULL, tags text list DEFAULT NULL)
resource "materialize_table" "orders" {
  name = "Orders"
  column {
    name     = "id"
    type     = "int"
    nullable = true
  }
  column {
    name = "customer_id"
    type = "int"
  }
  column {
    name = "total"
    type = "numeric"
  }
  column {
    name = "placed"
    type = "timestamptz"
  }
  column {
    name = "data"
    type = "jsonb"
  }
  column {
    name = "tags"
    type = "text list"
  }
}
#> CREATE VIEW "materialize"."public"."windowed" AS SELECT id, row_number() OVER (PARTITION BY customer_id ORDER BY placed DESC NULLS LAST) AS rn, sum(total) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) running, lag(total, 1) IGNORE NULLS OVER (ORDER BY id) FROM "Orders"
resource "materialize_view" "windowed" {
  name       = "windowed"
  statement  = "SELECT id, row_number() OVER (PARTITION BY customer_id ORDER BY placed DESC NULLS LAST) AS rn, sum(total) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) running, lag(total, 1) IGNORE NULLS OVER (ORDER BY id) FROM \"Orders\""
  depends_on = [materialize_table.orders]
}
#> CREATE VIEW "materialize"."public"."ctes" AS
#  -- the big ones
#  WITH big AS (
#  SELECT * FROM "Orders" WHERE total > 1e3 /* a lot */
#  ), small (a, b) AS (SELECT id, total FROM "Orders" WHERE NOT total > 1000)
#  SELECT DISTINCT ON (big.customer_id) big.id, COALESCE(small.b, 0)::numeric(10,2) AS b
#  FROM big LEFT OUTER JOIN small ON small.a = big.id
#  ORDER BY big.customer_id, big.id;
#  
resource "materialize_view" "ctes" {
  name       = "ctes"
  statement  = <<-EOT

    -- the big ones
    WITH big AS (
    SELECT * FROM "Orders" WHERE total > 1e3 /* a lot */
    ), small (a, b) AS (SELECT id, total FROM "Orders" WHERE NOT total > 1000)
    SELECT DISTINCT ON (big.customer_id) big.id, COALESCE(small.b, 0)::numeric(10,2) AS b
    FROM big LEFT OUTER JOIN small ON small.a = big.id
    ORDER BY big.customer_id, big.id;
  EOT
  depends_on = [materialize_table.orders]
}
#> CREATE VIEW "materialize"."public"."jsons" AS SELECT o.data->>'a' AS a, (data->'b')::text b, data #>> '{c,d}' AS c, jsonb_array_elements(data->'e') e, tags[1] AS t, date_trunc('month', placed) AT TIME ZONE 'UTC' AS m, EXTRACT(EPOCH FROM placed) AS ep, placed + INTERVAL '1' DAY AS next, CASE WHEN total BETWEEN 1 AND 10 THEN 'low' WHEN total IS NULL THEN NULL ELSE 'high' END AS band, total IN (1, 2, 3) AS in_list, id = ANY (ARRAY[1,2]) AS any_of, 'it''s' || E'\n' AS s, TIMESTAMP '2020-01-01 00:00:00' AS ts, -1 AS neg, +2 AS pos, 2 % 1 AS rest, NULLIF(id, 0) AS n FROM "materialize"."public"."Orders" AS o WHERE data ? 'a' AND data @> '{"x": 1}' AND customer_id <> ALL (SELECT 1) AND "data"->>'name' ILIKE '%foo%' ESCAPE '!'
resource "materialize_view" "jsons" {
  name       = "jsons"
  statement  = "SELECT o.data->>'a' AS a, (data->'b')::text b, data #>> '{c,d}' AS c, jsonb_array_elements(data->'e') e, tags[1] AS t, date_trunc('month', placed) AT TIME ZONE 'UTC' AS m, EXTRACT(EPOCH FROM placed) AS ep, placed + INTERVAL '1' DAY AS next, CASE WHEN total BETWEEN 1 AND 10 THEN 'low' WHEN total IS NULL THEN NULL ELSE 'high' END AS band, total IN (1, 2, 3) AS in_list, id = ANY (ARRAY[1,2]) AS any_of, 'it''s' || E'\\n' AS s, TIMESTAMP '2020-01-01 00:00:00' AS ts, -1 AS neg, +2 AS pos, 2 % 1 AS rest, NULLIF(id, 0) AS n FROM \"materialize\".\"public\".\"Orders\" AS o WHERE data ? 'a' AND data @> '{\"x\": 1}' AND customer_id <> ALL (SELECT 1) AND \"data\"->>'name' ILIKE '%foo%' ESCAPE '!'"
  depends_on = [materialize_table.orders]
}
#> CREATE VIEW "materialize"."public"."sets" AS (SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 'y') EXCEPT SELECT 3, 'z' UNION DISTINCT VALUES (4, 'w') ORDER BY 1 LIMIT 10 OFFSET 1
resource "materialize_view" "sets" {
  name      = "sets"
  statement = "(SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 'y') EXCEPT SELECT 3, 'z' UNION DISTINCT VALUES (4, 'w') ORDER BY 1 LIMIT 10 OFFSET 1"
}
#> CREATE VIEW "materialize"."public"."recursive" AS WITH MUTUALLY RECURSIVE (RETURN AT RECURSION LIMIT 10) t (n int, s TEXT) AS (SELECT 1, 'a' UNION SELECT n + 1, s FROM t WHERE n < 5) SELECT * FROM t
resource "materialize_view" "recursive" {
  name      = "recursive"
  statement = "WITH MUTUALLY RECURSIVE (RETURN AT RECURSION LIMIT 10) t (n int, s TEXT) AS (SELECT 1, 'a' UNION SELECT n + 1, s FROM t WHERE n < 5) SELECT * FROM t"
}
#> CREATE VIEW "materialize"."public"."lateral_join" AS select O.ID, l.* from "Orders" O cross join lateral (select max(total) as m from "Orders" o2 where o2.customer_id = O.customer_id) l, generate_series(1, 3) AS g(x) where exists (select 1 from "Orders" x where x.id = O.id) group by O.id, l.m, x having count(*) filter (where O.total is not null) > 0 options (aggregate input group size = 1000)
resource "materialize_view" "lateral_join" {
  name       = "lateral_join"
  statement  = "select O.ID, l.* from \"Orders\" O cross join lateral (select max(total) as m from \"Orders\" o2 where o2.customer_id = O.customer_id) l, generate_series(1, 3) AS g(x) where exists (select 1 from \"Orders\" x where x.id = O.id) group by O.id, l.m, x having count(*) filter (where O.total is not null) > 0 options (aggregate input group size = 1000)"
  depends_on = [materialize_table.orders]
}
#> CREATE MATERIALIZED VIEW "materialize"."public"."temporal" IN CLUSTER "quickstart" AS SELECT id, string_agg(tags[1], ',' ORDER BY id) AS tags, array_agg(DISTINCT total) AS totals FROM "Orders" WHERE mz_now() <= placed + INTERVAL '30 days' GROUP BY 1
resource "materialize_materialized_view" "temporal" {
  name         = "temporal"
  cluster_name = "quickstart"
  statement    = "SELECT id, string_agg(tags[1], ',' ORDER BY id) AS tags, array_agg(DISTINCT total) AS totals FROM \"Orders\" WHERE mz_now() <= placed + INTERVAL '30 days' GROUP BY 1"
  depends_on   = [materialize_table.orders]
}
#> CREATE VIEW "materialize"."public"."catalog" AS SELECT c.name, s.size FROM mz_clusters c JOIN mz_catalog.mz_cluster_replicas s ON c.id = s.cluster_id LEFT JOIN mz_internal.mz_cluster_replica_statuses st ON st.replica_id = s.id WHERE c.name LIKE 'a%'
resource "materialize_view" "catalog" {
  name      = "catalog"
  statement = "SELECT c.name, s.size FROM mz_clusters c JOIN mz_catalog.mz_cluster_replicas s ON c.id = s.cluster_id LEFT JOIN mz_internal.mz_cluster_replica_statuses st ON st.replica_id = s.id WHERE c.name LIKE 'a%'"
}
#> CREATE MATERIALIZED VIEW "materialize"."public"."tab ümlaut" IN CLUSTER "quickstart" WITH (ASSERT NOT NULL "Order ID") AS SELECT 1 AS "Order ID", '-- no; comment' AS "ключ"
resource "materialize_materialized_view" "unicode" {
  name               = "tab ümlaut"
  cluster_name       = "quickstart"
  not_null_assertion = ["Order ID"]
  statement          = "SELECT 1 AS \"Order ID\", '-- no; comment' AS \"ключ\""
}
#> CREATE INDEX idx1 IN CLUSTER quickstart ON "materialize"."public"."tab ümlaut" USING ARRANGEMENT ("Order ID", "ключ" || 'x', ("Order ID" + 1))
resource "materialize_index" "odd" {
  name         = "idx1"
  cluster_name = "quickstart"
  obj_name {
    name = materialize_materialized_view.unicode.name
  }
  col_expr {
    field = "\"Order ID\""
  }
  col_expr {
    field = "\"ключ\" || 'x'"
  }
  col_expr {
    field = "(\"Order ID\" + 1)"
  }
}
#> CREATE INDEX IDX2 IN CLUSTER quickstart ON "materialize"."public"."sets" USING ARRANGEMENT (A, cast(a as text), coalesce(b, 'none'), a::bigint)
resource "materialize_index" "upper" {
  name         = "idx2"
  cluster_name = "quickstart"
  obj_name {
    name = materialize_view.sets.name
  }
  col_expr {
    field = "A"
  }
  col_expr {
    field = "cast(a as text)"
  }
  col_expr {
    field = "coalesce(b, 'none')"
  }
  col_expr {
    field = "a::bigint"
  }
}
#> CREATE TABLE "materialize"."public"."mixed" (Id integer NOT NULL DEFAULT NULL, "Note" text DEFAULT NULL, CreatedAt timestamp DEFAULT NULL)
#> COMMENT ON COLUMN "materialize"."public"."mixed"."id" IS 'the key'
#~ comment = "the key" => comment = "a key"
resource "materialize_table" "mixed" {
  name = "mixed"
  column {
    name     = "Id"
    type     = "INT"
    nullable = true
    comment  = "the key"
  }
  column {
    name = "\"Note\""
    type = "Text"
  }
  column {
    name = "CreatedAt"
    type = "TIMESTAMP"
  }
}
