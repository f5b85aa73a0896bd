//! What all connections share: how they are found, made and altered, and the options that most of them have.

use crate::declare::*;
use crate::sql::{Kind, Statement, item};
use crate::value::Value;

/// What is at fault when the other side does not answer.
pub const UNREACHABLE: (&str, &str) = (
    "58000",
    "Materialize tried the connection out. With `validate = false` it takes the connection as it is, without a try.",
);

pub const HOST: Attr =
    text("host").required().length(1, 1000).option("HOST").fault(UNREACHABLE).doc("The host name or address.");
pub const PORT: Attr = int("port").between(1, 65535).option("PORT");
pub const DATABASE: Attr = text("database").required().length(1, 255).option("DATABASE").doc("The database there.");
pub const USER: Attr = text_or_secret("user").required().option("USER").doc("The user who signs in.");
pub const PASSWORD: Attr =
    reference("password", Kind::Secret).option("PASSWORD").doc("The secret that holds the password.");
pub const SSH_TUNNEL: Attr =
    reference("ssh_tunnel", Kind::Connection).option("SSH TUNNEL").doc("The SSH tunnel connection to go through.");
pub const AWS_PRIVATELINK: Attr = reference("aws_privatelink", Kind::Connection)
    .option("AWS PRIVATELINK")
    .doc("The AWS PrivateLink connection to go through.");
pub const AWS_CONNECTION: Attr = reference("aws_connection", Kind::Connection).option("AWS CONNECTION");
pub const SSL_CERTIFICATE_AUTHORITY: Attr = text_or_secret("ssl_certificate_authority")
    .option("SSL CERTIFICATE AUTHORITY")
    .doc("The certificate of the authority to trust, in PEM; the system's authorities if not set.");
pub const SSL_CERTIFICATE: Attr =
    text_or_secret("ssl_certificate").option("SSL CERTIFICATE").doc("The client's certificate, in PEM.");
pub const SSL_KEY: Attr = reference("ssl_key", Kind::Secret)
    .option("SSL KEY")
    .doc("The secret that holds the key of the client's certificate, in PEM.");
pub const SSL_MODE: Attr =
    text("ssl_mode").same(|a, b| known_mode(a) == known_mode(b)).option("SSL MODE").form(Form::Spelt(mode));

/// Modes have hyphens or underscores, in any case, but not every server takes every spelling: all take this one.
fn mode(text: &str) -> String {
    text.to_lowercase().replace('-', "_")
}

/// PostgreSQL's `require` is MySQL's `required`, and Materialize takes both for both.
fn known_mode(value: &Value) -> Option<String> {
    value.as_text().map(|text| mode(text).trim_end_matches('d').to_owned())
}

/// A certificate and its key come together, and there is one way through the network.
pub const TLS_AND_NETWORK: &[Rule] =
    &[Rule::together(&["ssl_certificate", "ssl_key"]), Rule::Conflicts("ssh_tunnel", &["aws_privatelink"])];

/// The connection itself.
pub const MAIN: Lookup =
    Lookup { columns: &[("create_sql", "o.create_sql")], from: "mz_catalog.mz_connections o", ..Lookup::NONE };

/// A connection, all of whose options can be altered.
pub const FAMILY: Resource = Resource {
    kind: Kind::Connection,
    scope: Scope::Schema,
    lookups: &[MAIN],
    create: |r, v| create(r, v, []),
    alters: &[on_options(alter)],
    ..Resource::NONE
};

/// `CREATE CONNECTION … TO <kind> (…)`, with its options and further ones.
pub fn create(r: &Resource, v: &Values, more: impl IntoIterator<Item = Statement>) -> Vec<Statement> {
    let options = option_items(r.attrs, v).into_iter().chain(more);
    vec![scope::with_validate(r.begin(v).word(r.options_after).group(options), v)]
}

/// One statement for all options that change.
pub fn alter(c: &Change) -> Vec<Statement> {
    let (set, drop) = option_changes(c.resource.own_attrs(), c);
    alter_with(c, set, drop)
}

/// One statement that sets and drops these options.
pub fn alter_with(c: &Change, set: Vec<Statement>, drop: Vec<Statement>) -> Vec<Statement> {
    let set = set.into_iter().map(|option| item().word("SET").group([option]));
    let clauses = set.chain(drop.into_iter().map(|option| item().word("DROP").group([option])));
    vec![scope::with_validate(c.alter().list(clauses), &c.new)]
}
