//! `materialize_connection_mysql`: how a MySQL server is reached.

use super::connection::*;
use crate::declare::*;

pub const CONNECTION_MYSQL: Resource = Resource {
    name: "materialize_connection_mysql",
    doc: "How a MySQL server is reached. Every change is made in place, in one statement.",
    attrs: &[
        HOST,
        PORT.default(Default::Int(3306)).doc("The port."),
        USER,
        PASSWORD,
        AWS_CONNECTION
            .doc("The AWS connection to sign in with, in place of a password: IAM authentication of Amazon RDS."),
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
    ],
    rules: &[
        TLS_AND_NETWORK[0],
        TLS_AND_NETWORK[1],
        Rule::Conflicts("aws_connection", &["password"]),
        Rule::Requires(&["aws_connection"], &["ssl_mode"]),
    ],
    options_after: "TO MYSQL",
    ..FAMILY
};
