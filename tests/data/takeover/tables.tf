#> CREATE ROLE "writer"
resource "materialize_role" "writer" {
  name = "writer"
}
#> CREATE ROLE "keeper"
resource "materialize_role" "keeper" {
  name = "keeper"
}
#> CREATE DATABASE "Lake.House"
#> DROP SCHEMA IF EXISTS "Lake.House"."public"
resource "materialize_database" "lake" {
  name = "Lake.House"
}
#> CREATE SCHEMA "Lake.House"."s:1"
resource "materialize_schema" "s" {
  name          = "s:1"
  database_name = materialize_database.lake.name
}
#> CREATE TABLE "materialize"."public"."aliases" (a bigint DEFAULT NULL, b boolean DEFAULT NULL, c double precision DEFAULT NULL, d double precision DEFAULT NULL, e double precision DEFAULT NULL, f integer DEFAULT NULL, g integer DEFAULT NULL, h jsonb DEFAULT NULL, i numeric DEFAULT NULL, j float4 DEFAULT NULL, k smallint DEFAULT NULL, l uint4 DEFAULT NULL)
#~ name = "aliases" => name = "aliased"
resource "materialize_table" "aliases" {
  name = "aliases"
  column {
    name = "a"
    type = "int8"
  }
  column {
    name = "b"
    type = "bool"
  }
  column {
    name = "c"
    type = "float"
  }
  column {
    name = "d"
    type = "float8"
  }
  column {
    name = "e"
    type = "double"
  }
  column {
    name = "f"
    type = "int"
  }
  column {
    name = "g"
    type = "int4"
  }
  column {
    name = "h"
    type = "json"
  }
  column {
    name = "i"
    type = "decimal"
  }
  column {
    name = "j"
    type = "real"
  }
  column {
    name = "k"
    type = "int2"
  }
  column {
    name = "l"
    type = "uint"
  }
}
#> CREATE TABLE "Lake.House"."s:1"."Types ""all""" (a INT DEFAULT NULL, b varchar(20) DEFAULT NULL, c VARCHAR DEFAULT NULL, d char(3) DEFAULT NULL, e bpchar DEFAULT NULL, f numeric(10,2) DEFAULT NULL, g DECIMAL(10, 2) DEFAULT NULL, h timestamptz DEFAULT NULL, i timestamp with time zone DEFAULT NULL, j timestamp(3) DEFAULT NULL, k timestamp without time zone DEFAULT NULL, l date DEFAULT NULL, m time DEFAULT NULL, n interval DEFAULT NULL, o bytea DEFAULT NULL, p uuid DEFAULT NULL, q int4[] DEFAULT NULL, r text list DEFAULT NULL, s map[text=>int] DEFAULT NULL, t oid DEFAULT NULL, u uint2 DEFAULT NULL, v uint8 DEFAULT NULL, w float4 DEFAULT NULL, x character varying(5) DEFAULT NULL, y mz_timestamp DEFAULT NULL, z string DEFAULT NULL)
#> ALTER TABLE "Lake.House"."s:1"."Types ""all""" OWNER TO "writer"
#> COMMENT ON TABLE "Lake.House"."s:1"."Types ""all""" IS 'every type'
#~ comment = "every type" => comment = "all of them"
resource "materialize_table" "types" {
  name           = "Types \"all\""
  schema_name    = materialize_schema.s.name
  database_name  = materialize_schema.s.database_name
  ownership_role = materialize_role.writer.name
  comment        = "every type"
  column {
    name = "a"
    type = "INT"
  }
  column {
    name = "b"
    type = "varchar(20)"
  }
  column {
    name = "c"
    type = "VARCHAR"
  }
  column {
    name = "d"
    type = "char(3)"
  }
  column {
    name = "e"
    type = "bpchar"
  }
  column {
    name = "f"
    type = "numeric(10,2)"
  }
  column {
    name = "g"
    type = "DECIMAL(10, 2)"
  }
  column {
    name = "h"
    type = "timestamptz"
  }
  column {
    name = "i"
    type = "timestamp with time zone"
  }
  column {
    name = "j"
    type = "timestamp(3)"
  }
  column {
    name = "k"
    type = "timestamp without time zone"
  }
  column {
    name = "l"
    type = "date"
  }
  column {
    name = "m"
    type = "time"
  }
  column {
    name = "n"
    type = "interval"
  }
  column {
    name = "o"
    type = "bytea"
  }
  column {
    name = "p"
    type = "uuid"
  }
  column {
    name = "q"
    type = "int4[]"
  }
  column {
    name = "r"
    type = "text list"
  }
  column {
    name = "s"
    type = "map[text=>int]"
  }
  column {
    name = "t"
    type = "oid"
  }
  column {
    name = "u"
    type = "uint2"
  }
  column {
    name = "v"
    type = "uint8"
  }
  column {
    name = "w"
    type = "float4"
  }
  column {
    name = "x"
    type = "character varying(5)"
  }
  column {
    name = "y"
    type = "mz_timestamp"
  }
  column {
    name = "z"
    type = "string"
  }
}
#> CREATE TABLE "materialize"."public"."defaults" (id integer NOT NULL DEFAULT 1, n numeric DEFAULT 1.50, t text DEFAULT 'it''s', e text DEFAULT '', neg integer DEFAULT -1, b boolean DEFAULT false, made timestamptz NOT NULL DEFAULT now(), cur timestamptz DEFAULT current_timestamp, j jsonb DEFAULT '{}'::jsonb, x text DEFAULT NULL, l text DEFAULT null, s integer DEFAULT 1 + 1, up text DEFAULT upper('a'), i interval DEFAULT INTERVAL '1 day', c text DEFAULT CAST(1 AS text))
#> COMMENT ON COLUMN "materialize"."public"."defaults"."id" IS 'the key'
#> COMMENT ON COLUMN "materialize"."public"."defaults"."x" IS 'it''s x'
#~ comment = "the key" => comment = "a key"
resource "materialize_table" "defaults" {
  name = "defaults"
  column {
    name     = "id"
    type     = "int"
    nullable = true
    default  = "1"
    comment  = "the key"
  }
  column {
    name    = "n"
    type    = "numeric"
    default = "1.50"
  }
  column {
    name    = "t"
    type    = "text"
    default = "'it''s'"
  }
  column {
    name    = "e"
    type    = "text"
    default = "''"
  }
  column {
    name    = "neg"
    type    = "int"
    default = "-1"
  }
  column {
    name    = "b"
    type    = "bool"
    default = "false"
  }
  column {
    name     = "made"
    type     = "timestamptz"
    nullable = true
    default  = "now()"
  }
  column {
    name    = "cur"
    type    = "timestamptz"
    default = "current_timestamp"
  }
  column {
    name    = "j"
    type    = "jsonb"
    default = "'{}'::jsonb"
  }
  column {
    name     = "x"
    type     = "text"
    nullable = false
    comment  = "it's x"
  }
  column {
    name    = "l"
    type    = "text"
    default = "null"
  }
  column {
    name    = "s"
    type    = "int"
    default = "1 + 1"
  }
  column {
    name    = "up"
    type    = "text"
    default = "upper('a')"
  }
  column {
    name    = "i"
    type    = "interval"
    default = "INTERVAL '1 day'"
  }
  column {
    name    = "c"
    type    = "text"
    default = "CAST(1 AS text)"
  }
}
#> CREATE TYPE "materialize"."public"."Color" AS LIST (ELEMENT TYPE = text)
#> ALTER TYPE "materialize"."public"."Color" OWNER TO "writer"
#~ comment = "" => comment = "many"
resource "materialize_type" "list" {
  name           = "Color"
  ownership_role = materialize_role.writer.name
  comment        = ""
  list_properties {
    element_type = "text"
  }
}
#> CREATE TYPE "Lake.House"."s:1"."pairs" AS MAP (KEY TYPE text, VALUE TYPE = bool)
#> ALTER TYPE "Lake.House"."s:1"."pairs" OWNER TO "writer"
#~ ownership_role = materialize_role.writer.name => ownership_role = materialize_role.keeper.name
resource "materialize_type" "map" {
  name           = "pairs"
  schema_name    = materialize_schema.s.name
  database_name  = materialize_schema.s.database_name
  ownership_role = materialize_role.writer.name
  map_properties {
    key_type   = "text"
    value_type = "bool"
  }
}
#> CREATE TYPE "materialize"."public"."row" AS (id INT, name varchar(10), colors "Color", at timestamp with time zone)
#> COMMENT ON TYPE "materialize"."public"."row" IS 'a row'
#~ comment = "a row" => comment = "rows"
resource "materialize_type" "row" {
  name    = "row"
  comment = "a row"
  row_properties {
    field_name = "id"
    field_type = "INT"
  }
  row_properties {
    field_name = "name"
    field_type = "varchar(10)"
  }
  row_properties {
    field_name = "colors"
    field_type = "\"Color\""
  }
  row_properties {
    field_name = "at"
    field_type = "timestamp with time zone"
  }
  depends_on = [materialize_type.list]
}
#> CREATE TABLE "materialize"."public"."of_types" (c "Color" DEFAULT NULL, d materialize.public."Color" DEFAULT NULL)
resource "materialize_table" "of_types" {
  name = "of_types"
  column {
    name = "c"
    type = "\"Color\""
  }
  column {
    name = "d"
    type = "materialize.public.\"Color\""
  }
  depends_on = [materialize_type.list]
}
