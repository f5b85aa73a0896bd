//! `materialize_connection_iceberg_catalog`: how an Iceberg catalog is reached.

use super::connection::{self, *};
use crate::declare::scope::{REFERENCE, text_or_secret};
use crate::declare::*;
use crate::sql::Kind;

const TEXT: &[Check] = &[Check::Length(0, 2048)];

const ATTRS: &[Attr] = &[
    text("catalog_type")
        .required()
        .checks(&[Check::OneOfIgnoringCase(&["s3tablesrest", "rest"])])
        .same(same::ignoring_case)
        .option(SqlOption::new("CATALOG TYPE", Form::Spelt(str::to_lowercase)))
        .doc("`s3tablesrest` for Amazon S3 Tables, or `rest`."),
    text("url")
        .required()
        .checks(&[Check::Length(1, 2048)])
        .option(SqlOption::new("URL", Form::Literal))
        .fault(UNREACHABLE)
        .doc("The catalog's URL."),
    text("warehouse")
        .checks(TEXT)
        .option(SqlOption::new("WAREHOUSE", Form::Literal))
        .doc("The warehouse; for S3 Tables the ARN of the table bucket."),
    AWS_CONNECTION.doc("The AWS connection to sign in with, for `s3tablesrest`."),
    block("gcp_connection", REFERENCE)
        .refers(Kind::Connection)
        .option(SqlOption::new("GCP CONNECTION", Form::Reference(Kind::Connection)))
        .newer("GCP CONNECTION")
        .doc("The GCP connection to sign in with, for `rest` at BigLake. Only newer servers know it."),
    text_or_secret("credential")
        .option(SqlOption::new("CREDENTIAL", Form::TextOrSecret))
        .doc("The credential, for `rest`: `client id:client secret`, or a token."),
    text("scope").checks(TEXT).option(SqlOption::new("SCOPE", Form::Literal)).doc("The OAuth scope, for `rest`."),
    text("oauth2_server_url")
        .checks(&[Check::Length(1, 2048)])
        .option(SqlOption::new("OAUTH2 SERVER URL", Form::Literal))
        .newer("OAUTH2 SERVER URL")
        .doc("Where the credential is exchanged for a token, if not at the catalog itself. Only newer servers know it."),
    text("access_delegation")
        .checks(&[Check::OneOf(&["vended-credentials"])])
        .option(SqlOption::new("ACCESS DELEGATION", Form::Literal))
        .newer("DELEGATION")
        .doc(
            "`vended-credentials`, for `rest`: the catalog gives out the credentials with which files are written. Only \
             newer servers know it.",
        ),
    scope::VALIDATE,
];

pub const CONNECTION_ICEBERG_CATALOG: Resource = Resource {
    name: "materialize_connection_iceberg_catalog",
    kind: Kind::Connection,
    scope: Scope::Schema,
    doc: "How an Iceberg catalog is reached. Materialize does not alter such connections: a change replaces it.",
    attrs: ATTRS,
    rules: &[
        Rule::ExactlyOneOf(&["aws_connection", "gcp_connection", "credential"]),
        Rule::Requires("aws_connection", &["warehouse"]),
        Rule::Requires("gcp_connection", &["warehouse"]),
        Rule::Requires("scope", &["credential"]),
        Rule::Requires("oauth2_server_url", &["credential"]),
        Rule::Conflicts("access_delegation", &["aws_connection"]),
    ],
    lookups: &[MAIN],
    options_after: "TO ICEBERG CATALOG",
    create: |v| connection::create(v, "ICEBERG CATALOG", ATTRS, []),
    ..Resource::NONE
};
