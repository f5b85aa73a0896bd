//! `materialize_connection_mysql`: how a MySQL server is reached.

use super::connection::{self, *};
use crate::declare::*;

const ATTRS: &[Attr] = &[
    HOST,
    PORT.default(Default::Int(3306)).doc("The port."),
    USER,
    PASSWORD,
    AWS_CONNECTION.doc("The AWS connection to sign in with, in place of a password: IAM authentication of Amazon RDS."),
    SSH_TUNNEL,
    AWS_PRIVATELINK,
    SSL_MODE
        .check(Check::OneOfIgnoringCase(&[
            "disabled", "require", "required", "verify-ca", "verify_ca", "verify-identity", "verify_identity",
        ]))
        .doc("`disabled`, `required`, `verify-ca` or `verify-identity`, with MySQL's meanings."),
    SSL_CERTIFICATE_AUTHORITY,
    SSL_CERTIFICATE,
    SSL_KEY,
    scope::VALIDATE,
];

pub const CONNECTION_MYSQL: Resource = Resource {
    name: "materialize_connection_mysql",
    doc: "How a MySQL server is reached. Every change is made in place, in one statement.",
    attrs: ATTRS,
    rules: &[
        TLS_AND_NETWORK[0],
        TLS_AND_NETWORK[1],
        TLS_AND_NETWORK[2],
        Rule::Conflicts("aws_connection", &["password"]),
        Rule::Requires("aws_connection", &["ssl_mode"]),
    ],
    options_after: "TO MYSQL",
    create: |v| connection::create(v, "MYSQL", ATTRS, []),
    ..FAMILY
};
