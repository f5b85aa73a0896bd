//! `materialize_source_webhook`: rows from HTTP requests.

use super::{source, webhook};
use crate::declare::*;
use crate::sql::Kind;

pub const SOURCE_WEBHOOK: Resource = Resource {
    name: "materialize_source_webhook",
    kind: Kind::Source,
    scope: Scope::Schema,
    doc: "A source that takes HTTP requests at a URL of its own and keeps them as rows. Only its name, owner and comment \
          can be altered: any other change replaces the source and **loses its rows**, which nobody sends again.",
    attrs: &[
        source::CLUSTER_NAME,
        source::SIZE,
        text("url")
            .computed()
            .follows(&["name"])
            .column("h.url")
            .doc("Where requests are to be sent. It holds the names of the database, the schema and the source."),
        webhook::BODY_FORMAT,
        webhook::INCLUDE_HEADER,
        webhook::INCLUDE_HEADERS,
        webhook::CHECK_EXPRESSION,
        webhook::CHECK_OPTIONS,
    ],
    rules: &[Rule::AtLeastOneOf(&["body_format"])],
    lookups: &[Lookup {
        from: "mz_catalog.mz_sources o LEFT JOIN mz_catalog.mz_clusters c ON c.id = o.cluster_id LEFT JOIN \
               mz_internal.mz_webhook_sources h ON h.id = o.id",
        ..source::MAIN
    }],
    columns: true,
    create: |_, v| vec![source::create(v).then(webhook::clauses(v))],
    alters: &[webhook::UNSENT, webhook::NO_HEADERS],
    there: |found| found.create_sql().has("FROM WEBHOOK"),
    read: webhook::read,
    validate: webhook::validate,
    ..Resource::NONE
};
