#> CREATE ROLE "connector"
resource "materialize_role" "connector" {
  name = "connector"
}
#> CREATE SECRET "materialize"."public"."pass" AS 'x'
resource "materialize_secret" "pass" {
  name  = "pass"
  value = "x"
}
#> CREATE SECRET "materialize"."public"."Key.pem" AS 'x'
resource "materialize_secret" "key" {
  name  = "Key.pem"
  value = "x"
}
#> CREATE SCHEMA "materialize"."conn:s"
resource "materialize_schema" "s" {
  name = "conn:s"
}
#> CREATE CONNECTION "materialize"."conn:s"."Bastion" TO SSH TUNNEL (HOST 'bastion.example.com', USER 'o''mz', PORT 22)
#> ALTER CONNECTION "materialize"."conn:s"."Bastion" OWNER TO "connector"
#~ port = 22 => port = 2222
resource "materialize_connection_ssh_tunnel" "ssh" {
  name           = "Bastion"
  schema_name    = materialize_schema.s.name
  host           = "bastion.example.com"
  user           = "o'mz"
  port           = 22
  validate       = false
  ownership_role = materialize_role.connector.name
}
#> CREATE CONNECTION "materialize"."public"."pl" TO AWS PRIVATELINK (SERVICE NAME 'com.amazonaws.vpce.us-east-1.vpce-svc-1',AVAILABILITY ZONES ('use1-az1', 'use1-az4'))
#> COMMENT ON CONNECTION "materialize"."public"."pl" IS 'private'
#~ comment = "private" => comment = "very private"
resource "materialize_connection_aws_privatelink" "pl" {
  name               = "pl"
  service_name       = "com.amazonaws.vpce.us-east-1.vpce-svc-1"
  availability_zones = ["use1-az1", "use1-az4"]
  comment            = "private"
}
#> CREATE CONNECTION "materialize"."public"."k_lower" TO KAFKA (BROKERS ('b1:9092'), SECURITY PROTOCOL = 'sasl_plaintext', SASL MECHANISMS = 'plain', SASL USERNAME = SECRET "materialize"."public"."pass", SASL PASSWORD = SECRET "materialize"."public"."Key.pem") WITH (VALIDATE = false)
#~ broker = "b1:9092" => broker = "b2:9092"
resource "materialize_connection_kafka" "lower" {
  name              = "k_lower"
  security_protocol = "sasl_plaintext"
  kafka_broker {
    broker = "b1:9092"
  }
  sasl_mechanisms = "plain"
  sasl_username {
    secret {
      name = materialize_secret.pass.name
    }
  }
  sasl_password {
    name = materialize_secret.key.name
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."k_links" TO KAFKA (BROKERS ('b1:9092' USING AWS PRIVATELINK "materialize"."public"."pl" (PORT 9001, AVAILABILITY ZONE 'use1-az1'), 'b2:9092' USING AWS PRIVATELINK "materialize"."public"."pl" (PORT 9002), 'b3:9092' USING AWS PRIVATELINK "materialize"."public"."pl", 'b4:9092' USING SSH TUNNEL "materialize"."conn:s"."Bastion"), SECURITY PROTOCOL = 'SSL', SSL CERTIFICATE AUTHORITY = SECRET "materialize"."public"."pass", SSL CERTIFICATE = '-----CERT', SSL KEY = SECRET "materialize"."public"."Key.pem") WITH (VALIDATE = false)
#~ target_group_port = 9001 => target_group_port = 9011
resource "materialize_connection_kafka" "links" {
  name              = "k_links"
  security_protocol = "SSL"
  kafka_broker {
    broker            = "b1:9092"
    target_group_port = 9001
    availability_zone = "use1-az1"
    privatelink_connection {
      name = materialize_connection_aws_privatelink.pl.name
    }
  }
  kafka_broker {
    broker            = "b2:9092"
    target_group_port = 9002
    privatelink_connection {
      name          = materialize_connection_aws_privatelink.pl.name
      schema_name   = "public"
      database_name = "materialize"
    }
  }
  kafka_broker {
    broker = "b3:9092"
    privatelink_connection {
      name = materialize_connection_aws_privatelink.pl.name
    }
  }
  kafka_broker {
    broker = "b4:9092"
    ssh_tunnel {
      name        = materialize_connection_ssh_tunnel.ssh.name
      schema_name = materialize_connection_ssh_tunnel.ssh.schema_name
    }
  }
  ssl_certificate_authority {
    secret {
      name = materialize_secret.pass.name
    }
  }
  ssl_certificate {
    text = "-----CERT"
  }
  ssl_key {
    name = materialize_secret.key.name
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."k_private" TO KAFKA (AWS PRIVATELINK "materialize"."public"."pl" (PORT 9092), SECURITY PROTOCOL = 'PLAINTEXT') WITH (VALIDATE = false)
#~ privatelink_connection_port = 9092 => privatelink_connection_port = 9093
resource "materialize_connection_kafka" "private" {
  name              = "k_private"
  security_protocol = "PLAINTEXT"
  aws_privatelink {
    privatelink_connection_port = 9092
    privatelink_connection {
      name = materialize_connection_aws_privatelink.pl.name
    }
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."k_ssh" TO KAFKA (BROKERS ('b1:9092', 'b2:9092'), SSH TUNNEL "materialize"."conn:s"."Bastion", SECURITY PROTOCOL = 'PLAINTEXT', PROGRESS TOPIC 'Progress.1') WITH (VALIDATE = false)
#> COMMENT ON CONNECTION "materialize"."public"."k_ssh" IS 'through a tunnel'
#~ name = "k_ssh" => name = "k ssh"
resource "materialize_connection_kafka" "ssh" {
  name              = "k_ssh"
  security_protocol = "PLAINTEXT"
  comment           = "through a tunnel"
  kafka_broker {
    broker = "b1:9092"
  }
  kafka_broker {
    broker = "b2:9092"
  }
  ssh_tunnel {
    name        = materialize_connection_ssh_tunnel.ssh.name
    schema_name = materialize_connection_ssh_tunnel.ssh.schema_name
  }
  progress_topic = "Progress.1"
  validate       = false
}
#> CREATE CONNECTION "materialize"."public"."aws_role" TO AWS ( ASSUME ROLE ARN = 'arn:aws:iam::123456789012:role/mz') WITH (VALIDATE = false)
#~ validate = false => aws_region = "us-east-2" ;; validate = false
resource "materialize_connection_aws" "role" {
  name            = "aws_role"
  assume_role_arn = "arn:aws:iam::123456789012:role/mz"
  validate        = false
}
#> CREATE CONNECTION "materialize"."public"."aws_keys" TO AWS ( REGION = 'eu-west-1',  ACCESS KEY ID = SECRET "materialize"."public"."pass",  SECRET ACCESS KEY = SECRET "materialize"."public"."pass",  SESSION TOKEN = 'token') WITH (VALIDATE = false)
#~ aws_region = "eu-west-1" => aws_region = "eu-west-2"
resource "materialize_connection_aws" "keys" {
  name       = "aws_keys"
  aws_region = "eu-west-1"
  access_key_id {
    secret {
      name = materialize_secret.pass.name
    }
  }
  secret_access_key {
    name = materialize_secret.pass.name
  }
  session_token {
    text = "token"
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."k_iam" TO KAFKA (BROKERS ('b1:9098'), AWS CONNECTION = "materialize"."public"."aws_role", SECURITY PROTOCOL = 'SASL_SSL') WITH (VALIDATE = false)
#~ broker = "b1:9098" => broker = "b2:9098"
resource "materialize_connection_kafka" "iam" {
  name              = "k_iam"
  security_protocol = "SASL_SSL"
  kafka_broker {
    broker = "b1:9098"
  }
  aws_connection {
    name = materialize_connection_aws.role.name
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."k_default" TO KAFKA (BROKERS ('b1:9092')) WITH (VALIDATE = false)
#? replace
#~ validate = false => security_protocol = "plaintext" ;; validate = false
resource "materialize_connection_kafka" "default_protocol" {
  name = "k_default"
  kafka_broker {
    broker = "b1:9092"
  }
  progress_topic_replication_factor = 2
  validate                          = false
}
#> CREATE CONNECTION "materialize"."public"."csr_tls" TO CONFLUENT SCHEMA REGISTRY (URL 'https://csr.example.com', SSL CERTIFICATE AUTHORITY = '-----CA', SSL CERTIFICATE = SECRET "materialize"."public"."pass", SSL KEY = SECRET "materialize"."public"."Key.pem", USERNAME = SECRET "materialize"."public"."pass", PASSWORD = SECRET "materialize"."public"."pass", SSH TUNNEL "materialize"."conn:s"."Bastion") WITH (VALIDATE = false)
#> ALTER CONNECTION "materialize"."public"."csr_tls" OWNER TO "connector"
#~ url = "https://csr.example.com" => url = "https://csr2.example.com"
resource "materialize_connection_confluent_schema_registry" "tls" {
  name           = "csr_tls"
  url            = "https://csr.example.com"
  ownership_role = materialize_role.connector.name
  ssl_certificate_authority {
    text = "-----CA"
  }
  ssl_certificate {
    secret {
      name = materialize_secret.pass.name
    }
  }
  ssl_key {
    name = materialize_secret.key.name
  }
  username {
    secret {
      name = materialize_secret.pass.name
    }
  }
  password {
    name = materialize_secret.pass.name
  }
  ssh_tunnel {
    name        = materialize_connection_ssh_tunnel.ssh.name
    schema_name = materialize_connection_ssh_tunnel.ssh.schema_name
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."csr_pl" TO CONFLUENT SCHEMA REGISTRY (URL 'http://csr.example.com:8081', AWS PRIVATELINK "materialize"."public"."pl") WITH (VALIDATE = false)
resource "materialize_connection_confluent_schema_registry" "private" {
  name = "csr_pl"
  url  = "http://csr.example.com:8081"
  aws_privatelink {
    name = materialize_connection_aws_privatelink.pl.name
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."pg_tls" TO POSTGRES (HOST 'pg', PORT 5432, USER 'mz', PASSWORD SECRET "materialize"."public"."pass", SSL MODE 'verify-full', SSL CERTIFICATE AUTHORITY '-----CA', SSL CERTIFICATE SECRET "materialize"."public"."pass", SSL KEY SECRET "materialize"."public"."Key.pem", DATABASE 'Shop') WITH (VALIDATE = false)
#~ host = "pg" => host = "pg2"
resource "materialize_connection_postgres" "tls" {
  name     = "pg_tls"
  host     = "pg"
  database = "Shop"
  user {
    text = "mz"
  }
  password {
    name = materialize_secret.pass.name
  }
  ssl_mode = "verify-full"
  ssl_certificate_authority {
    text = "-----CA"
  }
  ssl_certificate {
    secret {
      name = materialize_secret.pass.name
    }
  }
  ssl_key {
    name = materialize_secret.key.name
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."pg_private" TO POSTGRES (HOST 'pg', PORT 5432, USER SECRET "materialize"."public"."pass", SSL MODE 'verify-ca', SSL CERTIFICATE AUTHORITY SECRET "materialize"."public"."pass", SSL CERTIFICATE '-----CERT', SSL KEY SECRET "materialize"."public"."Key.pem", AWS PRIVATELINK "materialize"."public"."pl", DATABASE 'shop') WITH (VALIDATE = false)
#~ database = "shop" => database = "store"
resource "materialize_connection_postgres" "private" {
  name     = "pg_private"
  host     = "pg"
  port     = 5432
  database = "shop"
  user {
    secret {
      name = materialize_secret.pass.name
    }
  }
  ssl_mode = "verify-ca"
  ssl_certificate_authority {
    secret {
      name = materialize_secret.pass.name
    }
  }
  ssl_certificate {
    text = "-----CERT"
  }
  ssl_key {
    name = materialize_secret.key.name
  }
  aws_privatelink {
    name = materialize_connection_aws_privatelink.pl.name
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."my_ssh" TO MYSQL (HOST 'my', PORT 3306, USER SECRET "materialize"."public"."pass", PASSWORD SECRET "materialize"."public"."pass", SSH TUNNEL "materialize"."conn:s"."Bastion", SSL MODE 'VERIFY-CA', SSL CERTIFICATE AUTHORITY SECRET "materialize"."public"."pass", SSL CERTIFICATE '-----CERT', SSL KEY SECRET "materialize"."public"."Key.pem") WITH (VALIDATE = false)
#~ host = "my" => host = "my2"
resource "materialize_connection_mysql" "ssh" {
  name = "my_ssh"
  host = "my"
  user {
    secret {
      name = materialize_secret.pass.name
    }
  }
  password {
    name = materialize_secret.pass.name
  }
  ssh_tunnel {
    name        = materialize_connection_ssh_tunnel.ssh.name
    schema_name = materialize_connection_ssh_tunnel.ssh.schema_name
  }
  ssl_mode = "VERIFY-CA"
  ssl_certificate_authority {
    secret {
      name = materialize_secret.pass.name
    }
  }
  ssl_certificate {
    text = "-----CERT"
  }
  ssl_key {
    name = materialize_secret.key.name
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."my_private" TO MYSQL (HOST 'my', PORT 3307, USER 'mz', SSL MODE 'disabled', AWS PRIVATELINK "materialize"."public"."pl") WITH (VALIDATE = false)
#> COMMENT ON CONNECTION "materialize"."public"."my_private" IS 'private'
#~ port = 3307 => port = 3308
resource "materialize_connection_mysql" "private" {
  name = "my_private"
  host = "my"
  port = 3307
  user {
    text = "mz"
  }
  ssl_mode = "disabled"
  aws_privatelink {
    name = materialize_connection_aws_privatelink.pl.name
  }
  comment  = "private"
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."ms_tls" TO SQL SERVER (HOST 'ms', PORT 1433, USER SECRET "materialize"."public"."pass", PASSWORD SECRET "materialize"."public"."pass", SSH TUNNEL "materialize"."conn:s"."Bastion", SSL MODE 'verify', SSL CERTIFICATE AUTHORITY SECRET "materialize"."public"."pass", DATABASE 'Shop') WITH (VALIDATE = false)
#~ host = "ms" => host = "ms2"
resource "materialize_connection_sqlserver" "tls" {
  name     = "ms_tls"
  host     = "ms"
  database = "Shop"
  user {
    secret {
      name = materialize_secret.pass.name
    }
  }
  password {
    name = materialize_secret.pass.name
  }
  ssh_tunnel {
    name        = materialize_connection_ssh_tunnel.ssh.name
    schema_name = materialize_connection_ssh_tunnel.ssh.schema_name
  }
  ssl_mode = "verify"
  ssl_certificate_authority {
    secret {
      name = materialize_secret.pass.name
    }
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."ms_private" TO SQL SERVER (HOST 'ms', PORT 1434, USER 'sa', PASSWORD SECRET "materialize"."public"."pass", SSL MODE 'required', AWS PRIVATELINK "materialize"."public"."pl", DATABASE 'shop') WITH (VALIDATE = false)
#~ port = 1434 => port = 1435
resource "materialize_connection_sqlserver" "private" {
  name     = "ms_private"
  host     = "ms"
  port     = 1434
  database = "shop"
  user {
    text = "sa"
  }
  password {
    name = materialize_secret.pass.name
  }
  ssl_mode = "required"
  aws_privatelink {
    name = materialize_connection_aws_privatelink.pl.name
  }
  validate = false
}
#> CREATE CONNECTION "materialize"."public"."ice" TO ICEBERG CATALOG (CATALOG TYPE = 's3tablesrest', URL = 'https://s3tables.eu-west-1.amazonaws.com/iceberg', WAREHOUSE = 'arn:aws:s3tables:eu-west-1:123456789012:bucket/b', AWS CONNECTION = "materialize"."public"."aws_keys") WITH (VALIDATE = false)
#> ALTER CONNECTION "materialize"."public"."ice" OWNER TO "connector"
#> COMMENT ON CONNECTION "materialize"."public"."ice" IS 'cold'
#~ name = "ice" => name = "Ice"
resource "materialize_connection_iceberg_catalog" "ice" {
  name           = "ice"
  catalog_type   = "s3tablesrest"
  url            = "https://s3tables.eu-west-1.amazonaws.com/iceberg"
  warehouse      = "arn:aws:s3tables:eu-west-1:123456789012:bucket/b"
  ownership_role = materialize_role.connector.name
  comment        = "cold"
  aws_connection {
    name          = materialize_connection_aws.keys.name
    schema_name   = "public"
    database_name = "materialize"
  }
  validate = false
}
