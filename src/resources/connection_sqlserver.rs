//! `materialize_connection_sqlserver`: how a SQL Server database is reached.

use super::connection::{self, *};
use crate::declare::*;
use crate::sql::Kind;

const ATTRS: &[Attr] = &[
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
];

pub const CONNECTION_SQLSERVER: Resource = Resource {
    name: "materialize_connection_sqlserver",
    kind: Kind::Connection,
    scope: Scope::Schema,
    doc: "How a SQL Server database is reached. Every change is made in place, in one statement.",
    attrs: ATTRS,
    rules: &[TLS_AND_NETWORK[0], TLS_AND_NETWORK[1], TLS_AND_NETWORK[2], Rule::AtLeastOneOf(&["password"])],
    lookups: &[MAIN],
    options_after: "TO SQL SERVER",
    create: |v| connection::create(v, "SQL SERVER", ATTRS, []),
    alters: &[on(
        &[
            "host", "port", "database", "user", "password", "ssh_tunnel", "aws_privatelink", "ssl_mode",
            "ssl_certificate_authority", "ssl_certificate", "ssl_key",
        ],
        alter,
    )],
    ..Resource::NONE
};
