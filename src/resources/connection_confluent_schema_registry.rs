//! `materialize_connection_confluent_schema_registry`: how a schema registry is reached.

use super::connection::*;
use crate::declare::*;

pub const CONNECTION_CONFLUENT_SCHEMA_REGISTRY: Resource = Resource {
    name: "materialize_connection_confluent_schema_registry",
    doc: "How a Confluent schema registry, or one that speaks its language, is reached. Every change is made in place, in \
          one statement.",
    attrs: &[
        text("url")
            .required()
            .check(Check::Text(|url| url.contains("://"), "a URL such as \"https://registry.example.com:8081\""))
            .option("URL")
            .fault(UNREACHABLE)
            .doc("The registry's URL."),
        text_or_secret("username").option("USER").doc("The user who signs in."),
        PASSWORD,
        SSH_TUNNEL,
        AWS_PRIVATELINK,
        SSL_CERTIFICATE_AUTHORITY,
        SSL_CERTIFICATE,
        SSL_KEY,
        scope::VALIDATE,
    ],
    rules: TLS_AND_NETWORK,
    options_after: "TO CONFLUENT SCHEMA REGISTRY",
    ..FAMILY
};
