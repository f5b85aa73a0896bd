#> CREATE CLUSTER "ingest" (SIZE '25cc', INTROSPECTION INTERVAL = '1s')
resource "materialize_cluster" "ingest" {
  name = "ingest"
  size = "25cc"
}
#> CREATE ROLE "reader"
resource "materialize_role" "reader" {
  name = "reader"
}
#> CREATE SCHEMA "materialize"."In.1"
resource "materialize_schema" "in" {
  name = "In.1"
}
#> CREATE SECRET "materialize"."public"."pw" AS 'postgres'
resource "materialize_secret" "pw" {
  name  = "pw"
  value = "postgres"
}
#> CREATE CONNECTION "materialize"."public"."Pg:1" TO POSTGRES (HOST '127.0.0.1', PORT 5499, USER 'postgres', PASSWORD SECRET "materialize"."public"."pw", DATABASE 'shop')
#~ name = "Pg:1" => name = "Pg:2"
resource "materialize_connection_postgres" "pg" {
  name     = "Pg:1"
  host     = "127.0.0.1"
  port     = 5499
  database = "shop"
  user {
    text = "postgres"
  }
  password {
    name = materialize_secret.pw.name
  }
}
#> CREATE CONNECTION "materialize"."public"."my" TO MYSQL (HOST '127.0.0.1', PORT 3399, USER 'reader', PASSWORD SECRET "materialize"."public"."pw")
resource "materialize_connection_mysql" "my" {
  name = "my"
  host = "127.0.0.1"
  port = 3399
  user {
    text = "reader"
  }
  password {
    name = materialize_secret.pw.name
  }
}
#> CREATE CONNECTION "materialize"."public"."ms" TO SQL SERVER (HOST '127.0.0.1', PORT 1499, USER 'reader', PASSWORD SECRET "materialize"."public"."pw", DATABASE 'shop')
resource "materialize_connection_sqlserver" "ms" {
  name     = "ms"
  host     = "127.0.0.1"
  port     = 1499
  database = "shop"
  user {
    text = "reader"
  }
  password {
    name = materialize_secret.pw.name
  }
}
#> CREATE SOURCE "materialize"."public"."pg_one" IN CLUSTER "ingest" FROM POSTGRES CONNECTION "materialize"."public"."Pg:1" (PUBLICATION 'shop_pub') FOR TABLES ("public"."customers" AS "materialize"."public"."customers")
#> COMMENT ON SOURCE "materialize"."public"."pg_one" IS 'one table'
#~ comment = "one table" => comment = "a table"
resource "materialize_source_postgres" "one" {
  name         = "pg_one"
  cluster_name = materialize_cluster.ingest.name
  publication  = "shop_pub"
  comment      = "one table"
  postgres_connection {
    name = materialize_connection_postgres.pg.name
  }
  table {
    upstream_name = "customers"
  }
}
#> CREATE SOURCE "materialize"."In.1"."Pg ""two""" IN CLUSTER "ingest" FROM POSTGRES CONNECTION "materialize"."public"."Pg:1" (PUBLICATION 'shop_pub', TEXT COLUMNS (public.customers.note, audit.events.body), EXCLUDE COLUMNS (public.orders.total)) FOR TABLES ("public"."customers" AS "materialize"."public"."Customers.2", "public"."orders" AS "materialize"."In.1"."orders", "audit"."events" AS "materialize"."In.1"."events") EXPOSE PROGRESS AS "materialize"."public"."Pg.progress"
#> ALTER SOURCE "materialize"."In.1"."Pg ""two""" OWNER TO "reader"
#~ name = "Pg \"two\"" => name = "Pg two"
resource "materialize_source_postgres" "two" {
  name           = "Pg \"two\""
  schema_name    = materialize_schema.in.name
  cluster_name   = materialize_cluster.ingest.name
  publication    = "shop_pub"
  ownership_role = materialize_role.reader.name
  postgres_connection {
    name          = materialize_connection_postgres.pg.name
    schema_name   = "public"
    database_name = "materialize"
  }
  text_columns    = ["public.customers.note", "audit.events.body"]
  exclude_columns = ["public.orders.total"]
  table {
    upstream_name        = "customers"
    upstream_schema_name = "public"
    name                 = "Customers.2"
    schema_name          = "public"
    database_name        = "materialize"
  }
  table {
    upstream_name        = "orders"
    upstream_schema_name = "public"
  }
  table {
    upstream_name        = "events"
    upstream_schema_name = "audit"
    name                 = "events"
  }
  expose_progress {
    name        = "Pg.progress"
    schema_name = "public"
  }
}
#> CREATE SOURCE "materialize"."public"."pg_grown" IN CLUSTER "ingest" FROM POSTGRES CONNECTION "materialize"."public"."Pg:1" (PUBLICATION 'shop_pub') FOR TABLES ("public"."orders" AS "materialize"."public"."grown_orders", "public"."customers" AS "materialize"."public"."grown_gone")
#> DROP SOURCE "materialize"."public"."grown_gone"
#> ALTER SOURCE "materialize"."public"."pg_grown" ADD SUBSOURCE "audit"."events" AS "materialize"."public"."grown_events" WITH (TEXT COLUMNS [audit.events.body])
#~ name = "grown_orders" => name = "grown_orders"
resource "materialize_source_postgres" "grown" {
  name         = "pg_grown"
  cluster_name = materialize_cluster.ingest.name
  publication  = "shop_pub"
  postgres_connection {
    name = materialize_connection_postgres.pg.name
  }
  text_columns = ["audit.events.body"]
  table {
    upstream_name        = "orders"
    upstream_schema_name = "public"
    name                 = "grown_orders"
  }
  table {
    upstream_name        = "events"
    upstream_schema_name = "audit"
    name                 = "grown_events"
  }
}
#> CREATE SOURCE "materialize"."public"."pg_bare" IN CLUSTER "ingest" FROM POSTGRES CONNECTION "materialize"."public"."Pg:1" (PUBLICATION 'shop_pub')
#~ name = "pg_bare" => name = "Pg.bare"
resource "materialize_source_postgres" "bare" {
  name         = "pg_bare"
  cluster_name = materialize_cluster.ingest.name
  publication  = "shop_pub"
  text_columns = []
  postgres_connection {
    name = materialize_connection_postgres.pg.name
  }
}
#> CREATE TABLE "materialize"."public"."t_customers" FROM SOURCE "materialize"."public"."pg_bare" (REFERENCE "customers")
resource "materialize_source_table_postgres" "no_schema" {
  name          = "t_customers"
  upstream_name = "customers"
  source {
    name = materialize_source_postgres.bare.name
  }
}
#> CREATE TABLE "materialize"."In.1"."T ""orders""" FROM SOURCE "materialize"."public"."pg_bare" (REFERENCE "public"."orders") WITH (TEXT COLUMNS ("customer"), EXCLUDE COLUMNS ("total"))
#> ALTER TABLE "materialize"."In.1"."T ""orders""" OWNER TO "reader"
#> COMMENT ON TABLE "materialize"."In.1"."T ""orders""" IS 'orders'
#~ comment = "orders" => comment = "all orders"
resource "materialize_source_table_postgres" "columns" {
  name                 = "T \"orders\""
  schema_name          = materialize_schema.in.name
  upstream_name        = "orders"
  upstream_schema_name = "public"
  text_columns         = ["customer"]
  exclude_columns      = ["total"]
  ownership_role       = materialize_role.reader.name
  comment              = "orders"
  source {
    name          = materialize_source_postgres.bare.name
    schema_name   = "public"
    database_name = "materialize"
  }
}
#> CREATE SOURCE "materialize"."public"."my_some" IN CLUSTER "ingest" FROM MYSQL CONNECTION "materialize"."public"."my" (TEXT COLUMNS (shop.customers.note), EXCLUDE COLUMNS (audit.events.body)) FOR TABLES ("shop"."customers" AS "materialize"."public"."my_customers", "audit"."events" AS "materialize"."public"."events")
#~ comment = "" => comment = "some"
resource "materialize_source_mysql" "some" {
  name         = "my_some"
  cluster_name = materialize_cluster.ingest.name
  comment      = ""
  mysql_connection {
    name = materialize_connection_mysql.my.name
  }
  text_columns   = ["shop.customers.note"]
  ignore_columns = ["audit.events.body"]
  table {
    upstream_name        = "customers"
    upstream_schema_name = "shop"
    name                 = "my_customers"
  }
  table {
    upstream_name        = "events"
    upstream_schema_name = "audit"
  }
}
#> CREATE SCHEMA "materialize"."My"
resource "materialize_schema" "my" {
  name = "My"
}
#> CREATE SOURCE "materialize"."My"."my_all" IN CLUSTER "ingest" FROM MYSQL CONNECTION "materialize"."public"."my" FOR ALL TABLES EXPOSE PROGRESS AS "materialize"."My"."my_all.p"
resource "materialize_source_mysql" "all" {
  name         = "my_all"
  schema_name  = materialize_schema.my.name
  cluster_name = materialize_cluster.ingest.name
  all_tables   = true
  mysql_connection {
    name = materialize_connection_mysql.my.name
  }
  expose_progress {
    name        = "my_all.p"
    schema_name = materialize_schema.my.name
  }
}
#> CREATE SOURCE "materialize"."public"."my_bare" IN CLUSTER "ingest" FROM MYSQL CONNECTION "materialize"."public"."my"
resource "materialize_source_mysql" "bare" {
  name         = "my_bare"
  cluster_name = materialize_cluster.ingest.name
  all_tables   = false
  mysql_connection {
    name = materialize_connection_mysql.my.name
  }
}
#> CREATE TABLE "materialize"."public"."my_orders" FROM SOURCE "materialize"."public"."my_bare" (REFERENCE "shop"."orders")
#~ name = "my_orders" => comment = "orders" ;; name = "my_orders"
resource "materialize_source_table_mysql" "orders" {
  name                 = "my_orders"
  upstream_name        = "orders"
  upstream_schema_name = "shop"
  source {
    name = materialize_source_mysql.bare.name
  }
}
#> CREATE TABLE "materialize"."public"."my_people" FROM SOURCE "materialize"."public"."my_bare" (REFERENCE "customers") WITH (TEXT COLUMNS ("name"), EXCLUDE COLUMNS ("note"))
resource "materialize_source_table_mysql" "columns" {
  name            = "my_people"
  upstream_name   = "customers"
  text_columns    = ["name"]
  exclude_columns = ["note"]
  source {
    name = materialize_source_mysql.bare.name
  }
}
#> CREATE SOURCE "materialize"."public"."ms_some" IN CLUSTER "ingest" FROM SQL SERVER CONNECTION "materialize"."public"."ms" (TEXT COLUMNS (dbo.customers.note), EXCLUDE COLUMNS (audit.events.body)) FOR TABLES ("dbo"."customers" AS "materialize"."public"."ms_customers", "audit"."events" AS "materialize"."public"."ms_events")
#~ comment = "some of them" => comment = "some"
#> COMMENT ON SOURCE "materialize"."public"."ms_some" IS 'some of them'
resource "materialize_source_sqlserver" "some" {
  name         = "ms_some"
  cluster_name = materialize_cluster.ingest.name
  comment      = "some of them"
  sqlserver_connection {
    name = materialize_connection_sqlserver.ms.name
  }
  text_columns    = ["dbo.customers.note"]
  exclude_columns = ["audit.events.body"]
  table {
    upstream_name = "customers"
    name          = "ms_customers"
  }
  table {
    upstream_name        = "events"
    upstream_schema_name = "audit"
    name                 = "ms_events"
  }
}
#> CREATE SCHEMA "materialize"."Ms"
resource "materialize_schema" "ms" {
  name = "Ms"
}
#> CREATE SOURCE "materialize"."Ms"."ms_all" IN CLUSTER "ingest" FROM SQL SERVER CONNECTION "materialize"."public"."ms" FOR ALL TABLES
resource "materialize_source_sqlserver" "all" {
  name         = "ms_all"
  schema_name  = materialize_schema.ms.name
  cluster_name = materialize_cluster.ingest.name
  sqlserver_connection {
    name = materialize_connection_sqlserver.ms.name
  }
}
#> CREATE SOURCE "materialize"."Ms"."ms_bare" IN CLUSTER "ingest" FROM SQL SERVER CONNECTION "materialize"."public"."ms" FOR TABLES ("dbo"."orders" AS "materialize"."Ms"."ms_orders")
#~ name = "ms_bare" => comment = "said" ;; name = "ms_bare"
resource "materialize_source_sqlserver" "bare" {
  name         = "ms_bare"
  schema_name  = materialize_schema.ms.name
  cluster_name = materialize_cluster.ingest.name
  sqlserver_connection {
    name = materialize_connection_sqlserver.ms.name
  }
  table {
    upstream_name        = "orders"
    upstream_schema_name = "dbo"
    name                 = "ms_orders"
  }
}
#> CREATE TABLE "materialize"."In.1"."ms_people" FROM SOURCE "materialize"."Ms"."ms_bare" (REFERENCE "dbo"."customers") WITH (TEXT COLUMNS ("name"), EXCLUDE COLUMNS ("note"))
#> COMMENT ON TABLE "materialize"."In.1"."ms_people" IS 'people'
#~ comment = "people" => comment = "customers"
resource "materialize_source_table_sqlserver" "columns" {
  name                 = "ms_people"
  schema_name          = materialize_schema.in.name
  upstream_name        = "customers"
  upstream_schema_name = "dbo"
  text_columns         = ["name"]
  exclude_columns      = ["note"]
  comment              = "people"
  source {
    name          = materialize_source_sqlserver.bare.name
    schema_name   = materialize_source_sqlserver.bare.schema_name
    database_name = "materialize"
  }
}
#> CREATE TABLE "materialize"."In.1"."ms_audit" FROM SOURCE "materialize"."Ms"."ms_bare" (REFERENCE "events")
resource "materialize_source_table_sqlserver" "no_schema" {
  name          = "ms_audit"
  schema_name   = materialize_schema.in.name
  upstream_name = "events"
  source {
    name        = materialize_source_sqlserver.bare.name
    schema_name = materialize_source_sqlserver.bare.schema_name
  }
}
