//! `materialize_source_table_kafka`: a table of what a Kafka source reads.

use super::{format, source, source_table};
use crate::declare::*;
use crate::sql::{Kind, as_name, item, option};

pub const SOURCE_TABLE_KAFKA: Resource = Resource {
    name: "materialize_source_table_kafka",
    kind: Kind::Table,
    scope: Scope::Schema,
    doc: "A table of the messages that a `materialize_source_kafka` without a format reads. A change of what it reads, or how, \
          replaces it, and it is filled again from the topic.",
    attrs: &[
        source_table::SOURCE,
        text("topic").or_server().length(1, 249).doc("The topic; the source's if not set."),
        format::FORMAT,
        format::KEY_FORMAT,
        format::VALUE_FORMAT,
        format::INCLUDE_HEADER,
        format::ENVELOPE,
        source::EXPOSE_PROGRESS.stored("a table shows no progress; its source does"),
        columns::COLUMN_NAMES,
        scope::PARTITION_BY,
        scope::RETAIN_HISTORY,
    ],
    tables: &[format::INCLUDE],
    rules: format::RULES,
    lookups: &[source_table::MAIN],
    there: |found| found.get("source_type") == Some("kafka"),
    columns: true,
    create: |r, v| {
        let topic = v.text("topic").map(|topic| item().word("REFERENCE").symbol("=").ident(topic));
        let create = columns::named(r.begin(v), v)
            .word("FROM SOURCE")
            .name(&v.reference_in("source").unwrap_or_default())
            .with(topic, |s, topic| s.group([topic]))
            .then(format::clauses(v));
        vec![create.then(with_options(&[scope::PARTITION_BY, scope::RETAIN_HISTORY], v))]
    },
    alters: &[source_table::OPTIONS, format::UNUSED],
    read: |found, read| {
        format::read(found, read);
        columns::read_names(found, read, false);
        let group = found.create_sql().group_after("FROM SOURCE").unwrap_or_default();
        let topic = option(group, "REFERENCE").and_then(as_name).map(|name| name.last());
        read.set("topic", topic.into());
    },
    validate: format::validate,
    upgrade: format::upgrade,
    ..Resource::NONE
};
