//! `materialize_connection_iceberg_catalog`: how an Iceberg catalog is reached.

use super::connection::{self, *};
use crate::declare::scope::REFERENCE;
use crate::declare::*;
use crate::sql::Kind;

const TEXT: &[Check] = &[Check::Length(1, 2048)];

const ATTRS: &[Attr] = &[
    text("catalog_type")
        .required()
        .checks(&[Check::OneOfIgnoringCase(&["s3tablesrest", "rest"])])
        .same(same::ignoring_case)
        .option(SqlOption::new("CATALOG TYPE", Form::Literal))
        .doc("`s3tablesrest` for Amazon S3 Tables, or `rest`."),
    text("url").required().checks(TEXT).option(SqlOption::new("URL", Form::Literal)).doc("The catalog's URL."),
    text("warehouse")
        .checks(TEXT)
        .option(SqlOption::new("WAREHOUSE", Form::Literal))
        .doc("The warehouse; for S3 Tables the ARN of the table bucket."),
    AWS_CONNECTION.doc("The AWS connection to sign in with, for `s3tablesrest`."),
    block("credential", REFERENCE)
        .refers(Kind::Secret)
        .option(SqlOption::new("CREDENTIAL", Form::Secret))
        .doc("The secret that holds the credential, for `rest`: `client id:client secret`, or a token."),
    text("scope").checks(TEXT).option(SqlOption::new("SCOPE", Form::Literal)).doc("The OAuth scope, for `rest`."),
    scope::VALIDATE,
];

pub const CONNECTION_ICEBERG_CATALOG: Resource = Resource {
    name: "materialize_connection_iceberg_catalog",
    kind: Kind::Connection,
    scope: Scope::Schema,
    doc: "How an Iceberg catalog is reached. Materialize does not alter such connections: a change replaces it.",
    attrs: ATTRS,
    rules: &[Rule::ExactlyOneOf(&["aws_connection", "credential"]), Rule::Requires("scope", &["credential"])],
    lookups: &[MAIN],
    options_after: "TO ICEBERG CATALOG",
    create: |v| connection::create(v, "ICEBERG CATALOG", ATTRS, []),
    ..Resource::NONE
};
