//! `materialize_connection_sqlserver`: how a SQL Server database is reached.

use super::connection::*;
use crate::declare::*;

pub const CONNECTION_SQLSERVER: Resource = Resource {
    name: "materialize_connection_sqlserver",
    doc: "How a SQL Server database is reached. Every change is made in place, in one statement.",
    attrs: &[
        HOST,
        PORT.default(Default::Int(1433)).doc("The port."),
        DATABASE,
        USER,
        PASSWORD,
        SSH_TUNNEL,
        AWS_PRIVATELINK,
        SSL_MODE
            .check(Check::OneOfIgnoringCase(&["disabled", "required", "verify", "verify-ca", "verify_ca"]))
            .doc("`disabled`, `required`, `verify` or `verify-ca`."),
        SSL_CERTIFICATE_AUTHORITY,
        SSL_CERTIFICATE,
        SSL_KEY,
        scope::VALIDATE,
    ],
    rules: &[TLS_AND_NETWORK[0], TLS_AND_NETWORK[1], Rule::AtLeastOneOf(&["password"])],
    options_after: "TO SQL SERVER",
    ..FAMILY
};
