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
#> CREATE SOURCE "materialize"."public"."w_text" IN CLUSTER "ingest" FROM WEBHOOK BODY FORMAT TEXT
#~ name = "w_text" => name = "W.text"
resource "materialize_source_webhook" "text" {
  name         = "w_text"
  cluster_name = materialize_cluster.ingest.name
  body_format  = "TEXT"
}
#> CREATE SOURCE "materialize"."In.1"."w:bytes" IN CLUSTER "ingest" FROM WEBHOOK BODY FORMAT bytes INCLUDE HEADERS
#> ALTER SOURCE "materialize"."In.1"."w:bytes" OWNER TO "reader"
#> COMMENT ON SOURCE "materialize"."In.1"."w:bytes" IS 'bytes'
#~ comment = "bytes" => comment = "octets"
resource "materialize_source_webhook" "bytes" {
  name           = "w:bytes"
  schema_name    = materialize_schema.in.name
  cluster_name   = materialize_cluster.ingest.name
  body_format    = "bytes"
  ownership_role = materialize_role.reader.name
  comment        = "bytes"
  include_headers {
    all = true
  }
}
#> CREATE SOURCE "materialize"."public"."w_full" IN CLUSTER "ingest" FROM WEBHOOK BODY FORMAT Json INCLUDE HEADER 'x-one' AS one BYTES INCLUDE HEADER 'x-two' AS two INCLUDE HEADERS ('x-a', 'x-b', NOT 'x-c') CHECK ( WITH (HEADERS, BODY AS b BYTES, SECRET "materialize"."public"."pw" AS s BYTES) constant_time_eq(decode(headers->'x-sig', 'base64'), hmac(b, s, 'sha256')))
#~ comment = "full" => comment = "complete"
#> COMMENT ON SOURCE "materialize"."public"."w_full" IS 'full'
resource "materialize_source_webhook" "full" {
  name         = "w_full"
  cluster_name = materialize_cluster.ingest.name
  body_format  = "Json"
  comment      = "full"
  include_header {
    header = "x-one"
    alias  = "one"
    bytes  = true
  }
  include_header {
    header = "x-two"
    alias  = "two"
  }
  include_headers {
    only = ["x-a", "x-b"]
    not  = ["x-c"]
  }
  check_options {
    field {
      headers = true
    }
  }
  check_options {
    field {
      body = true
    }
    alias = "b"
    bytes = true
  }
  check_options {
    field {
      secret {
        name          = materialize_secret.pw.name
        schema_name   = "public"
        database_name = "materialize"
      }
    }
    alias = "s"
    bytes = true
  }
  check_expression = "constant_time_eq(decode(headers->'x-sig', 'base64'), hmac(b, s, 'sha256'))"
}
#> CREATE SOURCE "materialize"."public"."w_open" IN CLUSTER "ingest" FROM WEBHOOK BODY FORMAT JSON CHECK ( WITH (BODY, HEADERS) body IS NOT NULL AND headers IS NOT NULL)
resource "materialize_source_webhook" "simple_check" {
  name         = "w_open"
  cluster_name = materialize_cluster.ingest.name
  body_format  = "JSON"
  check_options {
    field {
      body = true
    }
  }
  check_options {
    field {
      headers = true
      body    = false
    }
    bytes = false
  }
  check_expression = "body IS NOT NULL AND headers IS NOT NULL"
}
#> CREATE TABLE "materialize"."public"."wt_plain" FROM WEBHOOK BODY FORMAT JSON
#~ name = "wt_plain" => comment = "plain" ;; name = "wt_plain"
resource "materialize_source_table_webhook" "plain" {
  name        = "wt_plain"
  body_format = "JSON"
}
#> CREATE TABLE "materialize"."In.1"."Wt ""full""" FROM WEBHOOK BODY FORMAT bytes INCLUDE HEADER 'x-one' AS one INCLUDE HEADERS (NOT 'x-c') CHECK ( WITH (BODY AS request, SECRET "materialize"."public"."pw") request IS NOT NULL)
#> ALTER TABLE "materialize"."In.1"."Wt ""full""" OWNER TO "reader"
#> COMMENT ON TABLE "materialize"."In.1"."Wt ""full""" IS 'full'
#~ comment = "full" => comment = "complete"
resource "materialize_source_table_webhook" "full" {
  name           = "Wt \"full\""
  schema_name    = materialize_schema.in.name
  body_format    = "bytes"
  ownership_role = materialize_role.reader.name
  comment        = "full"
  include_header {
    header = "x-one"
    alias  = "one"
  }
  include_headers {
    not = ["x-c"]
  }
  check_options {
    field {
      body = true
    }
    alias = "request"
  }
  check_options {
    field {
      secret {
        name = materialize_secret.pw.name
      }
    }
  }
  check_expression = "request IS NOT NULL"
}
#> CREATE SOURCE "materialize"."public"."lg_tpch" IN CLUSTER "ingest" FROM LOAD GENERATOR TPCH (TICK INTERVAL '500ms', SCALE FACTOR 0.50) FOR ALL TABLES EXPOSE PROGRESS AS "materialize"."In.1"."p"
#~ name = "lg_tpch" => name = "LG tpch"
resource "materialize_source_load_generator" "tpch" {
  name                = "lg_tpch"
  cluster_name        = materialize_cluster.ingest.name
  load_generator_type = "TPCH"
  tpch_options {
    tick_interval = "500ms"
    scale_factor  = 0.5
  }
  expose_progress {
    name        = "p"
    schema_name = materialize_schema.in.name
  }
}
#> CREATE SOURCE "materialize"."In.1"."lg_auction" IN CLUSTER "ingest" FROM LOAD GENERATOR AUCTION FOR ALL TABLES
#> ALTER SOURCE "materialize"."In.1"."lg_auction" OWNER TO "reader"
#> COMMENT ON SOURCE "materialize"."In.1"."lg_auction" IS 'bids'
#~ comment = "bids" => comment = "all bids"
resource "materialize_source_load_generator" "auction" {
  name                = "lg_auction"
  schema_name         = materialize_schema.in.name
  cluster_name        = materialize_cluster.ingest.name
  load_generator_type = "AUCTION"
  ownership_role      = materialize_role.reader.name
  comment             = "bids"
}
#> CREATE SOURCE "materialize"."public"."lg_lower" IN CLUSTER "ingest" FROM LOAD GENERATOR marketing (TICK INTERVAL '2s')
#~ name = "lg_lower" => name = "lg_renamed"
resource "materialize_source_load_generator" "lower" {
  name                = "lg_lower"
  cluster_name        = materialize_cluster.ingest.name
  load_generator_type = "marketing"
  marketing_options {
    tick_interval = "2s"
  }
}
#> CREATE SCHEMA "materialize"."In.2"
resource "materialize_schema" "two" {
  name = "In.2"
}
#> CREATE SOURCE "materialize"."In.2"."lg_scaled" IN CLUSTER "ingest" FROM LOAD GENERATOR AUCTION (TICK INTERVAL '1s') FOR ALL TABLES
resource "materialize_source_load_generator" "scaled" {
  name                = "lg_scaled"
  schema_name         = materialize_schema.two.name
  cluster_name        = materialize_cluster.ingest.name
  load_generator_type = "AUCTION"
  auction_options {
    tick_interval = "1s"
    scale_factor  = 2
  }
}
