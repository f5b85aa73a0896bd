//! `materialize_connection_postgres`: how a PostgreSQL database is reached.

use super::connection::*;
use crate::declare::*;

pub const CONNECTION_POSTGRES: Resource = Resource {
    name: "materialize_connection_postgres",
    doc: "How a PostgreSQL database is reached. Every change is made in place, in one statement.",
    attrs: &[
        HOST,
        PORT.default(Default::Int(5432)).doc("The port."),
        DATABASE,
        USER,
        PASSWORD,
        SSH_TUNNEL,
        AWS_PRIVATELINK,
        SSL_MODE
            .check(Check::OneOfIgnoringCase(&[
                "disable", "require", "required", "verify-ca", "verify_ca", "verify-full", "verify_full",
            ]))
            .doc("`disable`, `require`, `verify-ca` or `verify-full`, with PostgreSQL's meanings."),
        SSL_CERTIFICATE_AUTHORITY,
        SSL_CERTIFICATE,
        SSL_KEY,
        scope::VALIDATE,
    ],
    rules: TLS_AND_NETWORK,
    options_after: "TO POSTGRES",
    ..FAMILY
};
