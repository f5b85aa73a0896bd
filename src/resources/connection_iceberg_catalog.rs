//! `materialize_connection_iceberg_catalog`: how an Iceberg catalog is reached.

use super::connection::*;
use crate::declare::*;
use crate::sql::Kind;

const TEXT: Check = Check::Length(0, 2048);

pub const CONNECTION_ICEBERG_CATALOG: Resource = Resource {
    name: "materialize_connection_iceberg_catalog",
    doc: "How an Iceberg catalog is reached. Materialize does not alter such connections: a change replaces it.",
    attrs: &[
    text("catalog_type")
        .required()
        .keyword(&["s3tablesrest", "rest"])
        .option("CATALOG TYPE")
        .form(Form::Spelt(str::to_lowercase))
        .doc("`s3tablesrest` for Amazon S3 Tables, or `rest`."),
    text("url").required().length(1, 2048).option("URL").fault(UNREACHABLE).doc("The catalog's URL."),
    text("warehouse").check(TEXT).option("WAREHOUSE").doc("The warehouse; for S3 Tables the ARN of the table bucket."),
    AWS_CONNECTION.doc("The AWS connection to sign in with, for `s3tablesrest`."),
    reference("gcp_connection", Kind::Connection)
        .option("GCP CONNECTION")
        .newer("GCP CONNECTION")
        .doc("The GCP connection to sign in with, for `rest` at BigLake. Only newer servers know it."),
    text_or_secret("credential")
        .option("CREDENTIAL")
        .doc("The credential, for `rest`: `client id:client secret`, or a token."),
    text("scope").check(TEXT).option("SCOPE").doc("The OAuth scope, for `rest`."),
    text("oauth2_server_url").length(1, 2048).option("OAUTH2 SERVER URL").newer("OAUTH2 SERVER URL").doc(
        "Where the credential is exchanged for a token, if not at the catalog itself. Only newer servers know it.",
    ),
    text("access_delegation").one_of(&["vended-credentials"]).option("ACCESS DELEGATION").newer("DELEGATION").doc(
        "`vended-credentials`, for `rest`: the catalog gives out the credentials with which files are written. Only \
             newer servers know it.",
    ),
    scope::VALIDATE,
],
    rules: &[
        Rule::ExactlyOneOf(&["aws_connection", "gcp_connection", "credential"]),
        Rule::Requires(&["aws_connection", "gcp_connection"], &["warehouse"]),
        Rule::Requires(&["scope", "oauth2_server_url"], &["credential"]),
        Rule::Conflicts("access_delegation", &["aws_connection"]),
    ],
    options_after: "TO ICEBERG CATALOG",
    alters: &[],
    ..FAMILY
};
