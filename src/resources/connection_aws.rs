//! `materialize_connection_aws`: who signs in to Amazon Web Services, and where.

use super::connection::*;
use crate::declare::*;
use crate::sql::Kind;
use crate::value::Value;

const TEXT: Check = Check::Length(0, 2048);

pub const CONNECTION_AWS: Resource = Resource {
    name: "materialize_connection_aws",
    doc: "Who signs in to Amazon Web Services: a role that is assumed, or credentials. Every change is made in place, in one \
          statement.",
    attrs: &[
        text("endpoint")
            .check(TEXT)
            .option("ENDPOINT")
            .doc("The URL of a service that speaks AWS's protocols, in place of AWS itself."),
        text("aws_region").check(TEXT).option("REGION").doc("The AWS region."),
        text_or_secret("access_key_id")
            .option("ACCESS KEY ID")
            .fault(UNREACHABLE)
            .doc("The access key id, for credentials. Prefer `assume_role_arn`."),
        reference("secret_access_key", Kind::Secret)
            .option("SECRET ACCESS KEY")
            .doc("The secret that holds the secret access key."),
        text_or_secret("session_token").option("SESSION TOKEN").doc("The session token of temporary credentials."),
        text("assume_role_arn")
            .check(TEXT)
            .option("ASSUME ROLE ARN")
            .fault(UNREACHABLE)
            .doc("The role that Materialize assumes. Its trust policy must name `external_id`."),
        text("assume_role_session_name")
            .check(TEXT)
            .option("ASSUME ROLE SESSION NAME")
            .doc("The name of the session, as it shows in AWS's logs."),
        text("external_id")
            .computed()
            .column("a.external_id")
            .doc("The external id by which AWS tells Materialize's customers apart; null where no role is assumed."),
        scope::VALIDATE,
    ],
    rules: &[
        Rule::ExactlyOneOf(&["assume_role_arn", "access_key_id"]),
        Rule::together(&["access_key_id", "secret_access_key"]),
        Rule::Requires(&["session_token"], &["access_key_id"]),
        Rule::Requires(&["assume_role_session_name"], &["assume_role_arn"]),
    ],
    lookups: &[Lookup {
        from: "mz_catalog.mz_connections o LEFT JOIN mz_internal.mz_aws_connections a ON a.id = o.id",
        ..MAIN
    }],
    options_after: "TO AWS",
    // It is made of the connection's own id: another role has the same one.
    adjust: |_, prior, planned| {
        let assumes = |value: &Value| !value.get("assume_role_arn").is_zero();
        if !prior.is_null() && assumes(prior) != assumes(planned) {
            planned.set("external_id", Value::Unknown);
        }
    },
    ..FAMILY
};
