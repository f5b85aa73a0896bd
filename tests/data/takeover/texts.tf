#> CREATE SECRET "materialize"."public"."Пароль" AS '-----BEGIN KEY-----
#  a''bc
#  -----END KEY-----
#  '
#> COMMENT ON SECRET "materialize"."public"."Пароль" IS 'line one
#  line ''two'' 🚀'
#~ name = "Пароль" => name = "Пароль 2"
resource "materialize_secret" "pw" {
  name    = "Пароль"
  value   = "-----BEGIN KEY-----\na'bc\n-----END KEY-----\n"
  comment = "line one\nline 'two' 🚀"
}
#> CREATE CONNECTION "materialize"."public"."aws" TO AWS ( ENDPOINT = 'https://s3.example.com',  REGION = 'us-east-1',  ASSUME ROLE ARN = 'arn:aws:iam::123456789012:role/mz',  ASSUME ROLE SESSION NAME = 'session') WITH (VALIDATE = false)
#~ assume_role_session_name = "session" => assume_role_session_name = "other"
resource "materialize_connection_aws" "aws" {
  name                     = "aws"
  endpoint                 = "https://s3.example.com"
  aws_region               = "us-east-1"
  assume_role_arn          = "arn:aws:iam::123456789012:role/mz"
  assume_role_session_name = "session"
  validate                 = false
}
#> CREATE CONNECTION "materialize"."public"."pem" TO KAFKA (BROKERS ('B1.Example.com:9092', 'b2:9092', 'b0:9092'), SSL CERTIFICATE AUTHORITY = '-----BEGIN CERTIFICATE-----
#  MIIB
#  -----END CERTIFICATE-----
#  ', SSL CERTIFICATE = '-----BEGIN CERTIFICATE-----
#  it''s
#  -----END CERTIFICATE-----', SSL KEY = SECRET "materialize"."public"."Пароль", SASL MECHANISMS = 'Scram-SHA-512', SASL USERNAME = 'user''s', SASL PASSWORD = SECRET "materialize"."public"."Пароль", SECURITY PROTOCOL = 'sasl_SSL') WITH (VALIDATE = false)
#~ broker = "b2:9092" => broker = "b3:9092"
resource "materialize_connection_kafka" "pem" {
  name              = "pem"
  security_protocol = "sasl_SSL"
  sasl_mechanisms   = "Scram-SHA-512"
  kafka_broker {
    broker = "B1.Example.com:9092"
  }
  kafka_broker {
    broker            = "b2:9092"
    target_group_port = 9001
    availability_zone = "use1-az1"
  }
  kafka_broker {
    broker = "b0:9092"
  }
  sasl_username {
    text = "user's"
  }
  sasl_password {
    name = materialize_secret.pw.name
  }
  ssl_certificate_authority {
    text = <<EOT
-----BEGIN CERTIFICATE-----
MIIB
-----END CERTIFICATE-----
EOT
  }
  ssl_certificate {
    text = "-----BEGIN CERTIFICATE-----\nit's\n-----END CERTIFICATE-----"
  }
  ssl_key {
    name          = materialize_secret.pw.name
    schema_name   = materialize_secret.pw.schema_name
    database_name = materialize_secret.pw.database_name
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."pg" TO POSTGRES (HOST 'PG.Example.COM', PORT 6432, USER 'O''Neil', SSL MODE 'verify_full', SSL CERTIFICATE AUTHORITY '-----BEGIN
#  x
#  ', DATABASE 'My "DB"') WITH (VALIDATE = false)
#~ port = 6432 => port = 6433
resource "materialize_connection_postgres" "pg" {
  name     = "pg"
  host     = "PG.Example.COM"
  port     = 6432
  database = "My \"DB\""
  ssl_mode = "verify_full"
  user {
    text = "O'Neil"
  }
  ssl_certificate_authority {
    text = <<-EOT
      -----BEGIN
      x
    EOT
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."csr" TO CONFLUENT SCHEMA REGISTRY (URL 'https://Registry.example.com:8081/', USERNAME = 'u', PASSWORD = SECRET "materialize"."public"."Пароль", SSL CERTIFICATE = '-----C
#  ', SSL KEY = SECRET "materialize"."public"."Пароль") WITH (VALIDATE = false)
resource "materialize_connection_confluent_schema_registry" "csr" {
  name = "csr"
  url  = "https://Registry.example.com:8081/"
  username {
    text = "u"
  }
  password {
    name = materialize_secret.pw.name
  }
  ssl_certificate {
    text = "-----C\n"
  }
  ssl_key {
    name = materialize_secret.pw.name
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."csr2" TO CONFLUENT SCHEMA REGISTRY (URL 'http://r') WITH (VALIDATE = false)
#~ url = "http://r" => url = "http://r:8081"
resource "materialize_connection_confluent_schema_registry" "csr2" {
  name     = "csr2"
  url      = "http://r"
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."ms" TO SQL SERVER (HOST 'ms', PORT 1433, USER 'sa', PASSWORD SECRET "materialize"."public"."Пароль", SSL MODE 'VERIFY', SSL CERTIFICATE AUTHORITY '-----CA
#  ', DATABASE 'db') WITH (VALIDATE = false)
resource "materialize_connection_sqlserver" "ms" {
  name     = "ms"
  host     = "ms"
  database = "db"
  ssl_mode = "VERIFY"
  user {
    text = "sa"
  }
  password {
    name = materialize_secret.pw.name
  }
  ssl_certificate_authority {
    text = "-----CA\n"
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."my" TO MYSQL (HOST 'my', PORT 3306, USER 'u', PASSWORD SECRET "materialize"."public"."Пароль", SSL MODE 'REQUIRED') WITH (VALIDATE = false)
#~ ssl_mode = "REQUIRED" => ssl_mode = "disabled"
resource "materialize_connection_mysql" "my" {
  name = "my"
  host = "my"
  user {
    text = "u"
  }
  password {
    name = materialize_secret.pw.name
  }
  ssl_mode = "REQUIRED"
  validate = false
}
#> CREATE NETWORK POLICY "office" ( RULES ( "new york" (action='allow', direction='ingress', address='1.2.3.4/28'), "Minnesota" (action='allow', direction='ingress', address='2.3.4.5/32'), "v6" (action='allow', direction='ingress', address='2001:db8::/32') ))
#~ address = "2.3.4.5/32" => address = "2.3.4.6/32"
resource "materialize_network_policy" "office" {
  name = "office"
  rule {
    name      = "Minnesota"
    action    = "allow"
    direction = "ingress"
    address   = "2.3.4.5/32"
  }
  rule {
    name      = "new york"
    action    = "allow"
    direction = "ingress"
    address   = "1.2.3.4/28"
  }
  rule {
    name      = "v6"
    action    = "allow"
    direction = "ingress"
    address   = "2001:db8::/32"
  }
}
#> ALTER SYSTEM SET "MAX_CONNECTIONS" TO '100'
resource "materialize_system_parameter" "upper" {
  name  = "MAX_CONNECTIONS"
  value = "100"
}
#> CREATE ROLE "select"
resource "materialize_role" "select" {
  name = "select"
}
#> ALTER ROLE "select" SET "TRANSACTION_ISOLATION" TO 'read committed'
resource "materialize_role_parameter" "iso" {
  role_name      = materialize_role.select.name
  variable_name  = "TRANSACTION_ISOLATION"
  variable_value = "read committed"
}
#> ALTER ROLE "select" SET "real_time_recency" TO 'true'
resource "materialize_role_parameter" "rtr" {
  role_name      = materialize_role.select.name
  variable_name  = "real_time_recency"
  variable_value = "true"
}
#> ALTER ROLE "select" SET "statement_timeout" TO '0'
resource "materialize_role_parameter" "timeout" {
  role_name      = materialize_role.select.name
  variable_name  = "statement_timeout"
  variable_value = "0"
}
#> ALTER ROLE "select" SET "extra_float_digits" TO '3'
resource "materialize_role_parameter" "digits" {
  role_name      = materialize_role.select.name
  variable_name  = "extra_float_digits"
  variable_value = "3"
}
