//! `materialize_sink_kafka`: writes changes to a Kafka topic.

use super::format::{self, CLAUSES, GLUE_REGISTRY, one_is_true};
use super::sink;
use crate::declare::*;
use crate::sql::{Kind, Node, Statement, as_group, as_name, as_text, find, item, options, starts_with};
use crate::value::Value;

const LEVEL: Check = Check::OneOf(&[
    "BACKWARD", "BACKWARD_TRANSITIVE", "FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE", "NONE",
]);
const COUNT: Check = Check::Between(-1, i32::MAX as i64);
const TEXT: Check = Check::Length(1, 10_000);

const DOC_OBJECT: Attr = reference("object", Kind::View).required();
const DOC: Attr = text("doc").required().check(TEXT).doc("The documentation.");
const DOC_KEY: Attr = boolean("key").doc("Whether it is for the schema of the key.");
const DOC_VALUE: Attr =
    boolean("value").doc("Whether it is for the schema of the value. If neither is set, it is for both schemas.");

const DOC_TYPE: &[Attr] = &[DOC_OBJECT.doc("The relation or type."), DOC, DOC_KEY, DOC_VALUE];
const DOC_COLUMN: &[Attr] = &[
    DOC_OBJECT.doc("The relation or type that has the column."),
    identifier("column").required().doc("The column."),
    DOC,
    DOC_KEY,
    DOC_VALUE,
];

const AVRO: &[Attr] = &[
    reference("schema_registry_connection", Kind::Connection)
        .doc("The connection to the Confluent schema registry in which schemas are registered."),
    GLUE_REGISTRY
        .doc("The connection to the registry of AWS Glue in which schemas are registered. Only newer servers know it."),
    text("key_schema_name")
        .length(1, 255)
        .option("KEY SCHEMA NAME")
        .doc("The name of the key's schema at AWS Glue; the topic's with `-key` if not set."),
    text("value_schema_name")
        .length(1, 255)
        .option("VALUE SCHEMA NAME")
        .doc("The name of the value's schema at AWS Glue; the topic's with `-value` if not set."),
    text("avro_key_fullname").check(TEXT).option("AVRO KEY FULLNAME").doc("The full name of the key's Avro record."),
    text("avro_value_fullname")
        .check(TEXT)
        .option("AVRO VALUE FULLNAME")
        .doc("The full name of the value's Avro record."),
    boolean("null_defaults")
        .option("NULL DEFAULTS")
        .doc("Whether nullable fields have null as their default in the schema."),
    blocks("avro_doc_type", DOC_TYPE).doc("Documentation of a record."),
    blocks("avro_doc_column", DOC_COLUMN).doc("Documentation of a field."),
    text("key_compatibility_level")
        .check(LEVEL)
        .option("KEY COMPATIBILITY LEVEL")
        .doc("The compatibility level that the registry is given for the key's subject, if it has none yet."),
    text("value_compatibility_level")
        .check(LEVEL)
        .option("VALUE COMPATIBILITY LEVEL")
        .doc("The compatibility level that the registry is given for the value's subject, if it has none yet."),
];

const REGISTRIES: &[(&str, &str)] = &[
    ("schema_registry_connection", "CONFLUENT SCHEMA REGISTRY CONNECTION"),
    (GLUE_REGISTRY.name, "AWS GLUE SCHEMA REGISTRY CONNECTION"),
];
/// The server takes no names of records and no documentation together with AWS Glue.
const AVRO_RULES: &[Rule] = &[
    Rule::ExactlyOneOf(&["schema_registry_connection", "aws_glue_schema_registry_connection"]),
    Rule::Conflicts("schema_registry_connection", &["key_schema_name", "value_schema_name"]),
    Rule::Conflicts(
        "aws_glue_schema_registry_connection",
        &["avro_key_fullname", "avro_value_fullname", "null_defaults", "avro_doc_type", "avro_doc_column"],
    ),
];

/// The formats that are but a word.
const WORDS: &[(&str, &str)] = &[("json", "JSON"), ("text", "TEXT"), ("bytes", "BYTES")];
const FORMAT: &[Attr] = &[
    block("avro", AVRO).rules(AVRO_RULES).doc("Avro, with a schema registry."),
    boolean("json").doc("JSON, an object with the columns as its keys."),
    boolean("text").doc("Text: the one column as text."),
    boolean("bytes").doc("Bytes: the one column in its binary form."),
];
const ENVELOPE: &[Attr] = &[
    boolean("debezium").doc("Each message has the row before and after the change."),
    boolean("upsert").doc("Each message has the row after the change, under its key; a deletion has no value."),
];

const COMPRESSION: Attr = text("compression_type")
    .check(Check::OneOfIgnoringCase(&["none", "gzip", "snappy", "lz4", "zstd", "ztsd"]))
    .same(|a, b| compression(a.as_text()) == compression(b.as_text()))
    .implied(Default::Text("lz4"))
    .option("COMPRESSION TYPE")
    .doc("How messages are compressed: `none`, `gzip`, `snappy`, `lz4` (the default) or `zstd`.");
const SNAPSHOT: Attr = boolean("snapshot")
    .default(Default::Bool(true))
    .option("SNAPSHOT")
    .within("WITH")
    .doc("Whether what is there when the sink is made is written too, and not only changes after that.");

const OPTIONS: &[Attr] = &[
    text("topic").required().length(1, 249).option("TOPIC").doc("The topic. Materialize makes it if it is not there."),
    text("transactional_id_prefix")
        .check(TEXT)
        .option("TRANSACTIONAL ID PREFIX")
        .doc("A prefix for the ids of the sink's Kafka transactions."),
    text("partition_by")
        .length(1, 100_000)
        .same(same::expressions)
        .option("PARTITION BY")
        .form(Form::Sql)
        .doc("An SQL expression over the columns, a hash that decides the partition of a row."),
    text("progress_group_id_prefix")
        .check(TEXT)
        .option("PROGRESS GROUP ID PREFIX")
        .doc("A prefix for the id of the consumer group that reads the progress topic."),
    int("topic_replication_factor")
        .check(COUNT)
        .zero_is_none()
        .option("TOPIC REPLICATION FACTOR")
        .doc("The number of copies if Materialize makes the topic; -1 leaves it to the broker."),
    int("topic_partition_count")
        .check(COUNT)
        .zero_is_none()
        .option("TOPIC PARTITION COUNT")
        .doc("The number of partitions if Materialize makes the topic; -1 leaves it to the broker."),
    text_map("topic_config")
        .check(Check::Keys(|key| !key.is_empty(), "the name of a setting"))
        .option("TOPIC CONFIG")
        .doc("Settings of the topic if Materialize makes it, such as `cleanup.policy`."),
    interval("topic_metadata_refresh_interval")
        .option("TOPIC METADATA REFRESH INTERVAL")
        .doc("How often the topic's partitions are looked up, such as \"60s\"."),
];

pub const SINK_KAFKA: Resource = Resource {
    name: "materialize_sink_kafka",
    kind: Kind::Sink,
    scope: Scope::Schema,
    doc: "A sink that writes the changes of a relation to a Kafka topic. What it reads from can be changed in place; \
          anything else replaces the sink, which then writes its snapshot to the topic again.",
    attrs: &[
        sink::CLUSTER_NAME,
        sink::SIZE,
        sink::FROM,
        reference("kafka_connection", Kind::Connection)
            .required()
            .clause("KAFKA CONNECTION")
            .doc("The connection to Kafka."),
        COMPRESSION,
        sink::KEY,
        sink::KEY_NOT_ENFORCED,
        identifier("headers").quotable().clause("HEADERS").doc("The column that holds the headers of messages."),
        block("format", FORMAT).doc("The format of keys and values."),
        block("key_format", FORMAT).doc("The format of keys, if values have another one."),
        block("value_format", FORMAT).doc("The format of values, if keys have another one."),
        block("envelope", ENVELOPE)
            .rules(&[Rule::Conflicts("debezium", &["upsert"])])
            .doc("How a change becomes a message. Materialize wants one."),
        SNAPSHOT,
    ],
    tables: &[OPTIONS],
    rules: format::RULES,
    lookups: &[sink::MAIN],
    create: |_, v| {
        let compression =
            compression(v.text("compression_type")).map(|word| item().word("COMPRESSION TYPE").symbol("=").text(&word));
        let formats = CLAUSES.iter().filter_map(|(attr, words)| Some((words, v.block(attr)?)));
        let formats = formats.fold(item(), |s, (words, block)| s.word(words).then(format(&block)));
        let envelope = v.block("envelope");
        let says = |word: &str| envelope.is_some_and(|envelope| envelope.is_true(word));
        let create = sink::create(v, "KAFKA CONNECTION", "kafka_connection")
            .group(option_items(OPTIONS, v).into_iter().chain(compression))
            .then(sink::key(v))
            .with(v.identifier("headers"), |s, column| s.word("HEADERS").ident(&column))
            .then(formats)
            .when(says("debezium"), |s| s.word("ENVELOPE DEBEZIUM"))
            .when(says("upsert"), |s| s.word("ENVELOPE UPSERT"));
        vec![create.then(with_options(&[SNAPSHOT], v))]
    },
    alters: &[sink::SET_FROM],
    options_after: "KAFKA CONNECTION",
    read: |found, read| {
        // What the official provider has in its states as `false` it never says to the server.
        if read.get("snapshot").is_null() {
            let told = found.prior.get("snapshot").as_bool().unwrap_or(true);
            read.set("snapshot", Value::Bool(told));
        }
        let statement = found.create_sql();
        let envelope = statement.word_after("ENVELOPE").map(|word| {
            let is = |other: &str| Value::Bool(word.eq_ignore_ascii_case(other));
            Value::from([("debezium", is("debezium")), ("upsert", is("upsert"))])
        });
        read.set("envelope", Value::list(envelope));
        for (attr, nodes) in format::clauses_of(statement) {
            let block = nodes.map(|nodes| read_format(found, attr, nodes, read.get("from")));
            read.set(attr, Value::list(block));
        }
    },
    validate: |config| {
        let formats =
            CLAUSES.iter().flat_map(|(attr, _)| one_is_true(config, attr, &["avro", "json", "text", "bytes"]));
        formats.chain(one_is_true(config, "envelope", &["debezium", "upsert"])).chain(sink::validate(config)).collect()
    },
    ..Resource::NONE
};

/// The word that the server knows; the official provider has one misspelt.
fn compression(word: Option<&str>) -> Option<String> {
    word.map(str::to_lowercase).map(|word| if word == "ztsd" { "zstd".to_owned() } else { word })
}

fn format(v: &Values) -> Statement {
    if let Some(avro) = v.block("avro") {
        let docs = [("avro_doc_type", "TYPE"), ("avro_doc_column", "COLUMN")];
        let docs = docs.iter().flat_map(|(attr, what)| avro.blocks(attr).flat_map(|doc| docs_of(&doc, what)));
        let registry = REGISTRIES.iter().find_map(|(attr, words)| Some((avro.reference_in(attr)?, words)));
        let registry = item().word("AVRO USING").with(registry, |s, (name, words)| s.word(words).name(&name));
        return registry.group_if_any("", option_items(AVRO, &avro).into_iter().chain(docs));
    }
    WORDS.iter().filter(|(name, _)| v.is_true(name)).fold(item(), |s, (_, word)| s.word(word))
}

/// `[KEY | VALUE] DOC ON TYPE … = '…'`; twice if it is said of both.
fn docs_of(doc: &Values, what: &str) -> Vec<Statement> {
    let mut object = doc.reference_in("object").unwrap_or_default();
    object.parts.extend(doc.text("column").map(str::to_owned));
    let one = |side: &str| item().word(side).word("DOC ON").word(what).name(&object).symbol("=").text(doc.str("doc"));
    let sides: Vec<Statement> = [("key", "KEY"), ("value", "VALUE")]
        .iter()
        .filter(|(n, _)| doc.is_true(n))
        .map(|(_, side)| one(side))
        .collect();
    if sides.is_empty() { vec![one("")] } else { sides }
}

const FULLNAMES: [&str; 2] = ["avro_key_fullname", "avro_value_fullname"];

/// The block that says this format of a sink that reads from this object.
fn read_format(found: &Found, attr: &str, nodes: &[Node], from: &Value) -> Value {
    let word = |word: &str| Value::Bool(starts_with(nodes, word));
    let mut avro = Vec::new();
    let registry = REGISTRIES.iter().find_map(|(attr, words)| Some((*attr, find(nodes, words)?)));
    if let Some((registry, [connection, rest @ ..])) = registry
        && starts_with(nodes, "AVRO")
    {
        let path = format!("{attr}[0].avro[0]");
        let (group, name) = (as_group(rest), as_name(std::slice::from_ref(connection)));
        let prior = found.before(attr, 0).get("avro").items().first();
        let mut block = read_items(AVRO, group);
        // One name without the other is what the official provider never sends.
        let told = FULLNAMES.map(|name| prior.map_or(Value::Null, |prior| prior.get(name).clone()));
        if FULLNAMES.iter().all(|name| block.get(name).is_null())
            && told.iter().filter(|name| !name.is_zero()).count() == 1
        {
            FULLNAMES.into_iter().zip(told).for_each(|(name, told)| block.set(name, told));
        }
        for (attr, _) in REGISTRIES {
            let name = name.filter(|_| *attr == registry);
            block.set(attr, found.reference(&format!("{path}.{attr}"), name));
        }
        for (list, what) in [("avro_doc_type", "DOC ON TYPE"), ("avro_doc_column", "DOC ON COLUMN")] {
            let before = prior.map_or(&[][..], |prior| prior.get(list).items());
            let mut docs = read_docs(group, what, before.len());
            if docs.len() == before.len() {
                docs.iter_mut()
                    .zip(before)
                    .for_each(|(doc, told)| keep_unsent(doc, told, from, found.prior.get("from")));
            }
            for (i, (_, id)) in docs.iter().enumerate() {
                if let Some(id) = id {
                    found.refers(&format!("{path}.{list}[{i}].object"), id);
                }
            }
            block.set(list, Value::list(docs.into_iter().map(|(doc, _)| doc)));
        }
        avro.push(block);
    }
    Value::from([("avro", Value::List(avro)), ("json", word("JSON")), ("text", word("TEXT")), ("bytes", word("BYTES"))])
}

/// The blocks of all options `… DOC ON TYPE` or `… DOC ON COLUMN`, with the ids of the objects in them. What is said of
/// the key and of the value alike is one block, unless the state has them apart.
fn read_docs(group: &[Vec<Node>], what: &str, before: usize) -> Vec<(Value, Option<String>)> {
    let mut docs: Vec<(Value, Option<String>)> = Vec::new();
    let all: Vec<_> = options(group).into_iter().filter(|(words, _)| words.ends_with(what)).collect();
    for (words, nodes) in &all {
        let [Node::Name(object), rest @ ..] = *nodes else { continue };
        let column = find_column(rest);
        let is = |side: &str| Value::Bool(words.starts_with(side));
        let mut doc = Value::from([
            ("object", reference_block(object)),
            ("doc", rest.last().and_then(|doc| as_text(std::slice::from_ref(doc))).into()),
            ("key", is("KEY")),
            ("value", is("VALUE")),
        ]);
        if what.ends_with("COLUMN") {
            doc.set("column", column.into());
        }
        if let Some((last, _)) = docs.last_mut().filter(|_| before != all.len() && words.starts_with("VALUE")) {
            let mut both = doc.clone();
            both.set("key", Value::Bool(true));
            let mut last_too = last.clone();
            last_too.set("value", Value::Bool(true));
            if both == last_too {
                *last = both;
                continue;
            }
        }
        docs.push((doc, object.id.clone()));
    }
    docs
}

/// What the official provider has in its states of documentation and never sends: that it is for the value as well as for
/// the key, and a column's object, for which it takes what the sink reads from. No statement can alter it, so that what the
/// state says is what was asked for.
fn keep_unsent((doc, id): &mut (Value, Option<String>), told: &Value, from: &Value, told_from: &Value) {
    let is = |name: &str| told.get(name).as_bool() == Some(true);
    if ["doc", "column"].iter().any(|name| doc.get(name) != told.get(name)) {
        return;
    }
    if is("key") && is("value") && doc.get("key").as_bool() == Some(true) {
        doc.set("value", Value::Bool(true));
    }
    if doc.get("object") == from && told.get("object") != told_from && !doc.get("column").is_null() {
        doc.set("object", told.get("object").clone());
        *id = None;
    }
}

/// The column in `[u7 AS …]."column" = '…'`, behind the object.
fn find_column(nodes: &[Node]) -> Option<&str> {
    match nodes {
        [Node::Symbol(point), column, ..] if point == "." => as_text(std::slice::from_ref(column)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Name;

    #[test]
    fn documentation_is_of_the_object_that_it_names() {
        let object = reference_block(&Name::new(["d", "s", "point"]));
        let doc = Value::from([("object", object), ("column", "x".into()), ("doc", "across".into())]);
        let printed: Vec<String> =
            docs_of(&Values::new(&doc, &Value::Null), "COLUMN").iter().map(Statement::to_string).collect();
        assert_eq!(printed.len(), 1);
        assert!(printed[0].ends_with(r#"DOC ON COLUMN "d"."s"."point"."x" = 'across'"#), "{printed:?}");
    }

    #[test]
    fn documentation_of_key_and_value_is_one_block_unless_it_was_two() {
        let text = r#"(KEY DOC ON TYPE [u1 AS "d"."s"."t"] = 'a', VALUE DOC ON TYPE [u1 AS "d"."s"."t"] = 'a', VALUE DOC ON
                    COLUMN [u1 AS "d"."s"."t"]."c" = 'b', DOC ON TYPE [u2 AS "d"."s"."u"] = 'a')"#;
        let statement = crate::sql::parse(text).unwrap();
        let Node::Group(group) = &statement.nodes[0] else { panic!("a group") };
        let sides = |what, before| -> Vec<_> {
            let docs = read_docs(group, what, before).into_iter();
            docs.map(|(doc, id)| (doc.get("key").as_bool(), doc.get("value").as_bool(), id.unwrap())).collect()
        };
        let (yes, no, id) = (Some(true), Some(false), |n: u8| format!("u{n}"));
        assert_eq!(sides("DOC ON TYPE", 0), [(yes, yes, id(1)), (no, no, id(2))]);
        assert_eq!(sides("DOC ON TYPE", 3), [(yes, no, id(1)), (no, yes, id(1)), (no, no, id(2))]);
        assert_eq!(sides("DOC ON COLUMN", 0), [(no, yes, id(1))]);
    }
}
