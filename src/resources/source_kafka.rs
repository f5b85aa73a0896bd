//! `materialize_source_kafka`: reads a Kafka topic.

use super::{format, source};
use crate::declare::*;
use crate::sql::Kind;

/// Why what belongs to one table is better said there.
const TABLES: &str = "Say it in `materialize_source_table_kafka`, which reads from a source without a format.";

const fn old(attr: Attr) -> Attr {
    attr.outdated(TABLES)
}

const fn old_all<const N: usize>(attrs: &[Attr; N]) -> [Attr; N] {
    let mut all = *attrs;
    let mut at = 0;
    while at < N {
        all[at] = old(all[at]);
        at += 1;
    }
    all
}

const TOPIC_OPTIONS: &[Attr] = &[
    text("topic").required().length(1, 249).option("TOPIC").doc("The topic."),
    text("group_id_prefix").length(1, 255).option("GROUP ID PREFIX").doc("A prefix for the id of the consumer group."),
    interval("topic_metadata_refresh_interval")
        .option("TOPIC METADATA REFRESH INTERVAL")
        .doc("How often the topic's partitions are looked up, such as \"60s\"."),
    of("start_offset", Ty::List(&Ty::Int))
        .option("START OFFSET")
        .doc("The offset of each partition, in order, from which on messages are read."),
    int("start_timestamp").unread().zero_is_none().option("START TIMESTAMP").doc(
        "Reads messages from this time on: milliseconds since 1970, or if negative before now. Materialize makes \
              offsets of it.",
    ),
];

pub const SOURCE_KAFKA: Resource = Resource {
    name: "materialize_source_kafka",
    kind: Kind::Source,
    scope: Scope::Schema,
    doc: "A source that reads a Kafka topic. Leave the format out, and make one or more tables from it with \
          `materialize_source_table_kafka`: this is what Materialize recommends, and each table can be changed by itself.",
    attrs: &[
        reference("kafka_connection", Kind::Connection)
            .required()
            .clause("FROM KAFKA CONNECTION")
            .doc("The connection to Kafka."),
        old(format::FORMAT),
        old(format::KEY_FORMAT),
        old(format::VALUE_FORMAT),
        format::INCLUDE_HEADER,
        old(format::ENVELOPE),
        columns::COLUMN_NAMES,
        columns::PRIMARY_KEY,
    ],
    tables: &[TOPIC_OPTIONS, &old_all(format::INCLUDE), source::SHARED],
    rules: &[format::RULES[0], format::RULES[1], Rule::Conflicts("start_offset", &["start_timestamp"])],
    lookups: &[source::MAIN],
    columns: true,
    create: |_, v| {
        let options = option_items(TOPIC_OPTIONS, v);
        let connection = v.reference_in("kafka_connection").unwrap_or_default();
        let create = source::create(v).word("FROM KAFKA CONNECTION").name(&connection).group(options);
        vec![create.then(format::clauses(v)).then(source::end(v))]
    },
    alters: &[
        source::OPTIONS,
        source::PROGRESS,
        format::UNUSED,
        // The offsets that the server made of a time which the state of an import does not know.
        noted(&["start_offset"], |prior, planned| {
            prior.get("start_timestamp").is_null() && !planned.get("start_timestamp").is_null()
        }),
    ],
    options_after: "FROM KAFKA CONNECTION",
    read: |found, read| {
        format::read(found, read);
        columns::read_names(found, read, true);
        source::read_progress(found, read);
        // A time is written as the offsets that it led to.
        let timed = found.prior.get("start_timestamp");
        if !timed.is_null() && read.get("start_timestamp").is_null() {
            read.set("start_timestamp", timed.clone());
            read.set("start_offset", found.prior.get("start_offset").clone());
        }
    },
    validate: format::validate,
    upgrade: format::upgrade,
    ..Resource::NONE
};
