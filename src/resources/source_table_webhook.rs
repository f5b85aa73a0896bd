//! `materialize_source_table_webhook`: a table of HTTP requests.

use super::webhook;
use crate::declare::*;
use crate::sql::Kind;

pub const SOURCE_TABLE_WEBHOOK: Resource = Resource {
    name: "materialize_source_table_webhook",
    kind: Kind::Table,
    scope: Scope::Schema,
    doc: "A table that takes HTTP requests, as `materialize_source_webhook` does, but needs no cluster. Only its name, \
          owner and comment can be altered: any other change replaces the table and **loses its rows**.",
    attrs: &[
        webhook::BODY_FORMAT.required(),
        webhook::INCLUDE_HEADER,
        webhook::INCLUDE_HEADERS,
        webhook::CHECK_EXPRESSION,
        webhook::CHECK_OPTIONS,
    ],
    lookups: &[Lookup { columns: &[("create_sql", "o.create_sql")], from: "mz_catalog.mz_tables o", ..Lookup::NONE }],
    columns: true,
    create: |r, v| vec![r.begin(v).then(webhook::clauses(v))],
    alters: &[webhook::UNSENT, webhook::NO_HEADERS],
    there: |found| found.create_sql().has("FROM WEBHOOK"),
    read: webhook::read,
    validate: webhook::validate,
    ..Resource::NONE
};
