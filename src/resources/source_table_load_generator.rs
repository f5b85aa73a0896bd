//! `materialize_source_table_load_generator`: a table of made-up data.

use super::source_table;
use crate::declare::*;
use crate::sql::Kind;

pub const SOURCE_TABLE_LOAD_GENERATOR: Resource = Resource {
    name: "materialize_source_table_load_generator",
    kind: Kind::Table,
    scope: Scope::Schema,
    doc: "A table that a load generator fills: one of the tables of `AUCTION`, `MARKETING` or `TPCH`, or the output of \
          another generator.",
    attrs: &[
        source_table::SOURCE.doc("The load generator, a `materialize_source_load_generator`."),
        source_table::UPSTREAM_NAME
            .or_server()
            .doc("The generator's table, such as `bids`. A generator with one output needs none."),
        source_table::UPSTREAM_SCHEMA_NAME
            .doc("The generator's schema, which is its name in small letters, such as `auction`. It need not be set."),
        columns::COLUMN_NAMES
            .doc("The names of the columns of a generator with one output, in place of those that they have."),
        scope::PARTITION_BY,
        scope::RETAIN_HISTORY,
    ],
    rules: &[Rule::Requires(&["upstream_schema_name"], &["upstream_name"])],
    lookups: &[source_table::MAIN],
    there: |found| found.get("source_type") == Some("load-generator"),
    columns: true,
    create: |_, v| {
        let options = with_options(&[scope::PARTITION_BY, scope::RETAIN_HISTORY], v);
        vec![source_table::create(v).then(options)]
    },
    alters: &[source_table::OPTIONS],
    read: |found, read| {
        source_table::read_reference(found, read);
        columns::read_names(found, read, false);
    },
    ..Resource::NONE
};
