//! What data from Kafka look like: formats, what is included beside the value, and envelopes. Sources and tables share it.

use crate::declare::*;
use crate::diag::{Diagnostic, Diagnostics};
use crate::sql::{
    Kind, Node, Statement, as_name, as_number, as_text, as_texts, find, first, item, option, starts_with,
};
use crate::value::{Number, Value};

const TEXT: Check = Check::Length(1, 1_000_000);
const ID: Check = Check::Between(1, i32::MAX as i64);

/// Strategies and what belongs to them are not shown: servers print the schemas that were found.
const fn strategy(name: &'static str) -> Attr {
    text(name).keyword(&["INLINE", "ID", "LATEST"]).implied(Default::Text("LATEST")).unread()
}

const REGISTRY: Attr = reference("schema_registry_connection", Kind::Connection)
    .doc("The connection to the schema registry that has the schemas.");

/// Instead of it, for Avro.
pub const GLUE_REGISTRY: Attr =
    reference("aws_glue_schema_registry_connection", Kind::Connection).newer("AWS GLUE SCHEMA REGISTRY");

const AVRO: &[Attr] = &[
    REGISTRY,
    strategy("key_strategy").doc("Which schema reads keys: `LATEST` (the default), `ID` or `INLINE`."),
    int("key_schema_id").check(ID).unread().doc("With the strategy `ID`: the registry's id of the key's schema."),
    text("key_schema").check(TEXT).unread().doc("With the strategy `INLINE`: the key's schema, in JSON."),
    strategy("value_strategy").doc("Which schema reads values: `LATEST` (the default), `ID` or `INLINE`."),
    int("value_schema_id").check(ID).unread().doc("With the strategy `ID`: the registry's id of the value's schema."),
    text("value_schema").check(TEXT).unread().doc("With the strategy `INLINE`: the value's schema, in JSON."),
    text("schema").check(TEXT).doc("The schema itself, in JSON, where there is no registry."),
    GLUE_REGISTRY.doc("The connection to the registry of AWS Glue that has the schema. Only newer servers know it."),
    text("schema_name").length(1, 255).option("SCHEMA NAME").doc("The name of the schema at AWS Glue."),
];
const PROTOBUF: &[Attr] = &[
    REGISTRY,
    text("message").check(TEXT).doc("The message's name; needed with `schema`. A registry tells it itself."),
    text("schema").check(TEXT).doc("The encoded descriptor of the schema, where there is no registry."),
];
const CSV: &[Attr] = &[
    int("column").between(0, 1_000_000).doc("The number of columns."),
    texts("header").no_empty().quotable().doc("The names of the columns, which the first line of the data has too."),
    text("delimited_by")
        .length(1, 1)
        .implied(Default::Text(","))
        .doc("The character between columns; a comma if not set."),
];
const WITH_REGISTRY: &[Rule] = &[Rule::ExactlyOneOf(&["schema_registry_connection", "schema"])];
const AVRO_RULES: &[Rule] = &[
    Rule::ExactlyOneOf(&["schema_registry_connection", "schema", "aws_glue_schema_registry_connection"]),
    Rule::Conflicts("schema", &["key_strategy", "value_strategy"]),
    Rule::Conflicts("aws_glue_schema_registry_connection", &["key_strategy", "value_strategy"]),
    Rule::together(&["aws_glue_schema_registry_connection", "schema_name"]),
];
const PROTOBUF_RULES: &[Rule] = &[WITH_REGISTRY[0], Rule::Requires(&["schema"], &["message"])];

/// The formats that are but a word.
const WORDS: &[(&str, &str)] = &[("text", "TEXT"), ("json", "JSON"), ("bytes", "BYTES")];
const FORMATS: &[&str] = &["avro", "protobuf", "csv", "regex", "text", "json", "bytes"];
const INSIDE: &[Attr] = &[
    block("avro", AVRO).rules(AVRO_RULES).doc("The Avro format."),
    block("protobuf", PROTOBUF).rules(PROTOBUF_RULES).doc("The format of Protocol Buffers."),
    blocks("csv", CSV).at_most(2).rules(&[Rule::AtLeastOneOf(&["column", "header"])]).doc("Comma-separated values."),
    text("regex").check(TEXT).doc("A regular expression, whose groups become columns."),
    boolean("text").doc("Text in UTF-8."),
    boolean("json").doc("JSON documents."),
    boolean("bytes").doc("Bytes as they are."),
];
pub const FORMAT: Attr = block("format", INSIDE).doc("The format of the data.");
pub const KEY_FORMAT: Attr = block("key_format", INSIDE).doc("The format of keys, if values have another one.");
pub const VALUE_FORMAT: Attr = block("value_format", INSIDE).doc("The format of values, if keys have another one.");
/// The attribute of each format clause, and its words.
pub const CLAUSES: &[(&str, &str)] =
    &[("format", "FORMAT"), ("key_format", "KEY FORMAT"), ("value_format", "VALUE FORMAT")];

const INLINE: &[Attr] = &[
    boolean("enabled").default(Default::Bool(false)).doc("Whether errors of decoding become a column."),
    identifier("alias").doc("The name of that column; `error` if not set."),
];
const ERRORS: &[Attr] = &[block("inline", INLINE).doc("Errors become a column beside the data.")];
const UPSERT: &[Attr] = &[block("value_decoding_errors", ERRORS)
    .doc("What to do with values that cannot be decoded; the source stops if not set.")];
const ENVELOPES: &[&str] = &["none", "upsert", "debezium"];
pub const ENVELOPE: Attr = block(
    "envelope",
    &[
        boolean("none").doc("Every message is one more row."),
        boolean("upsert")
            .doc("A message takes the place of the one before with the same key; one without a value deletes it."),
        boolean("debezium").doc("Messages are Debezium's, with the row before and after a change."),
        block("upsert_options", UPSERT).doc("Options of `upsert`."),
    ],
)
.rules(&[
    Rule::Conflicts("debezium", &["upsert", "none", "upsert_options"]),
    Rule::Conflicts("none", &["upsert", "upsert_options"]),
])
.doc("What a message means.");

pub const RULES: &[Rule] =
    &[Rule::Conflicts("format", &["key_format", "value_format"]), Rule::together(&["key_format", "value_format"])];

/// What can be included: the attribute, the attribute of its name, and the word.
pub const INCLUDES: &[(&str, &str, &str)] = &[
    ("include_key", "include_key_alias", "KEY"),
    ("include_partition", "include_partition_alias", "PARTITION"),
    ("include_offset", "include_offset_alias", "OFFSET"),
    ("include_timestamp", "include_timestamp_alias", "TIMESTAMP"),
    ("include_headers", "include_headers_alias", "HEADERS"),
];
const fn alias(name: &'static str) -> Attr {
    identifier(name).quotable().doc("The name of the column; ignored where it is not included.")
}
pub const INCLUDE: &[Attr; 10] = &[
    boolean("include_key").doc("Whether there is a column, or one for each part, with the message's key."),
    alias("include_key_alias"),
    boolean("include_partition").doc("Whether there is a column with the message's partition."),
    alias("include_partition_alias"),
    boolean("include_offset").doc("Whether there is a column with the message's offset."),
    alias("include_offset_alias"),
    boolean("include_timestamp").doc("Whether there is a column with the message's time."),
    alias("include_timestamp_alias"),
    boolean("include_headers").default(Default::Bool(false)).doc("Whether there is a column with all headers."),
    alias("include_headers_alias"),
];
const HEADER: &[Attr] = &[
    text("header").required().check(TEXT).doc("The header's key."),
    identifier("alias").required().doc("The name of the column."),
    boolean("bytes").doc("Whether the column has bytes, and not text."),
];
pub const INCLUDE_HEADER: Attr = blocks("include_header", HEADER).doc("A column with the value of one header.");

/// A change of what is not sent is only noted: the name of a column that is not there, a number of columns beside their
/// names, the message of a schema that a registry has.
pub const UNUSED: Alter = noted(
    &[
        "include_key_alias", "include_partition_alias", "include_offset_alias", "include_timestamp_alias",
        "include_headers_alias", "format.csv", "key_format.csv", "value_format.csv", "format.protobuf.message",
        "key_format.protobuf.message", "value_format.protobuf.message", "envelope[]", "envelope.upsert_options",
    ],
    |prior, planned| sent(prior).is_some_and(|before| sent(planned) == Some(before)),
);

/// The clauses that these values make, whatever the registries are called and however their schemas are chosen; `None`
/// while something is unknown.
fn sent(value: &Value) -> Option<String> {
    let includes = INCLUDES.iter().flat_map(|(include, alias, _)| [*include, *alias]);
    let names = includes.chain(CLAUSES.iter().map(|(attr, _)| *attr)).chain(["include_header", "envelope"]);
    let own = Value::Map(names.map(|name| (name.to_owned(), unnamed(value.get(name)))).collect());
    own.is_wholly_known().then(|| clauses(&Values::new(&own, &Value::Null)).to_string())
}

fn unnamed(value: &Value) -> Value {
    match value {
        Value::List(items) => Value::list(items.iter().map(unnamed)),
        Value::Map(items) => {
            let item = |(name, value): (&String, &Value)| match name.as_str() {
                "schema_registry_connection" | "aws_glue_schema_registry_connection" => {
                    (name.clone(), Value::list(value.items().iter().map(|_| Value::Null)))
                }
                // Not in the state after an import; a change of them has its own rule.
                name if AVRO.iter().any(|attr| attr.unread && attr.name == name) => (name.to_owned(), Value::Null),
                _ => (name.clone(), unnamed(value)),
            };
            Value::Map(items.iter().map(item).collect())
        }
        other => other.clone(),
    }
}

/// `[FORMAT …] [INCLUDE …] [ENVELOPE …]`.
pub fn clauses(v: &Values) -> Statement {
    let formats = CLAUSES.iter().filter_map(|(attr, words)| Some(item().word(words).then(format(&v.block(attr)?))));
    let included = INCLUDES
        .iter()
        .filter(|(include, ..)| v.is_true(include))
        .map(|(_, alias, word)| item().word(word).with(v.identifier(alias), |s, name| s.word("AS").ident(&name)));
    let headers = v.blocks("include_header").map(|header| {
        let column = item().word("HEADER").text(header.str("header")).word("AS").ident(header.str("alias"));
        column.when(header.is_true("bytes"), |s| s.word("BYTES"))
    });
    let included: Vec<Statement> = included.chain(headers).collect();
    formats
        .fold(item(), Statement::then)
        .when(!included.is_empty(), |s| s.word("INCLUDE").list(included))
        .with(v.block("envelope"), |s, block| s.then(envelope(&block)))
}

fn format(v: &Values) -> Statement {
    let registry = |v: &Values, word: &str| {
        let connection = v.reference_in("schema_registry_connection")?;
        Some(item().word(word).word("USING CONFLUENT SCHEMA REGISTRY CONNECTION").name(&connection))
    };
    if let Some(avro) = v.block("avro") {
        if let Some(connection) = avro.reference_in("aws_glue_schema_registry_connection") {
            let glue = item().word("AVRO USING AWS GLUE SCHEMA REGISTRY CONNECTION").name(&connection);
            return glue.group(option_items(AVRO, &avro));
        }
        return match registry(&avro, "AVRO") {
            None => item().word("AVRO USING SCHEMA").text(avro.str("schema")),
            Some(start) => ["key", "value"].iter().fold(start, |s, side| {
                let get = |what: &str| format!("{side}_{what}");
                let Some(strategy) = avro.text(&get("strategy")) else { return s };
                let s = s.word(&side.to_uppercase()).word("STRATEGY").word(&strategy.to_uppercase());
                let s = s.with(avro.positive(&get("schema_id")), Statement::number);
                s.with(avro.text(&get("schema")), Statement::text)
            }),
        };
    }
    if let Some(protobuf) = v.block("protobuf") {
        let inline = || item().word("PROTOBUF MESSAGE").text(protobuf.str("message")).word("USING SCHEMA");
        return registry(&protobuf, "PROTOBUF").unwrap_or_else(|| inline().text(protobuf.str("schema")));
    }
    if let Some(csv) = v.block("csv") {
        let header: Vec<Statement> = csv.identifiers("header").map(|name| item().ident(&name)).collect();
        let header = Some(header).filter(|header| !header.is_empty());
        return item()
            .word("CSV WITH")
            .with(csv.positive("column").filter(|_| header.is_none()), |s, n| s.number(n).word("COLUMNS"))
            .with(header, |s, names| s.word("HEADER").group(names))
            .with(csv.text("delimited_by").filter(|character| *character != ","), |s, character| {
                s.word("DELIMITED BY").text(character)
            });
    }
    if let Some(regex) = v.text("regex") {
        return item().word("REGEX").text(regex);
    }
    WORDS.iter().filter(|(name, _)| v.is_true(name)).fold(item(), |s, (_, word)| s.word(word))
}

fn envelope(v: &Values) -> Statement {
    let options = v.block("upsert_options");
    let errors = options.and_then(|options| options.block("value_decoding_errors")?.block("inline"));
    let errors = errors.filter(|inline| inline.is_true("enabled"));
    if v.is_true("upsert") {
        let inline = errors.map(|e| item().word("INLINE").with(e.text("alias"), |s, name| s.word("AS").ident(name)));
        let option = inline.map(|inline| item().word("VALUE DECODING ERRORS").symbol("=").group([inline]));
        return item().word("ENVELOPE UPSERT").with(option, |s, option| s.group([option]));
    }
    item()
        .when(v.is_true("none"), |s| s.word("ENVELOPE NONE"))
        .when(v.is_true("debezium"), |s| s.word("ENVELOPE DEBEZIUM"))
}

/// Reads all that this file declares.
pub fn read(found: &Found, read: &mut Value) {
    let (statement, prior) = (found.create_sql(), found.prior);
    for (attr, nodes) in clauses_of(statement) {
        let nodes = nodes.map(|nodes| until(nodes, &["VALUE FORMAT", "INCLUDE", "ENVELOPE", "EXPOSE PROGRESS"]));
        let block = nodes.map(|nodes| read_format(found, attr, nodes));
        read.set(attr, Value::list(block));
    }
    let included = included(statement);
    for (include, alias, word) in INCLUDES {
        let nodes = included.iter().find(|nodes| starts_with(nodes, word));
        read.set(include, Value::Bool(nodes.is_some()));
        // What the state says of a column that is not there is as good as anything.
        if let Some(nodes) = nodes {
            let name = find(nodes, "AS").and_then(as_text).into();
            read.set(alias, same::unquoted(prior.get(alias), name));
        }
    }
    let headers = included.iter().filter(|nodes| starts_with(nodes, "HEADER")).map(|nodes| {
        Value::from([
            ("header", nodes.get(1..2).and_then(as_text).into()),
            ("alias", find(nodes, "AS").map(first).and_then(as_text).into()),
            ("bytes", Value::Bool(find(nodes, "BYTES").is_some())),
        ])
    });
    read.set("include_header", Value::list(headers));
    let envelope = read_envelope(statement, prior.get("envelope"));
    // Options without an envelope are not sent.
    let kept =
        || prior.get("envelope").items().first().filter(|block| !ENVELOPES.iter().any(|name| chosen(block, name)));
    read.set("envelope", Value::list(envelope.or_else(|| kept().cloned())));
}

/// What stands behind each format clause of a statement, by the clause's attribute: `KEY FORMAT` is no `FORMAT`.
pub fn clauses_of(statement: &Statement) -> impl Iterator<Item = (&'static str, Option<&[Node]>)> {
    let is = |attr: &str| attr != "format" || !statement.has("KEY FORMAT");
    CLAUSES.iter().map(move |(attr, words)| (*attr, find(&statement.nodes, words).filter(|_| is(attr))))
}

/// The nodes before the first of these words.
fn until<'a>(nodes: &'a [Node], ends: &[&str]) -> &'a [Node] {
    let end = (0..nodes.len()).find(|at| ends.iter().any(|words| starts_with(&nodes[*at..], words)));
    &nodes[..end.unwrap_or(nodes.len())]
}

/// The items behind `INCLUDE`, which stand outside of brackets.
fn included(statement: &Statement) -> Vec<&[Node]> {
    let nodes = until(statement.after("INCLUDE"), &["ENVELOPE", "EXPOSE", "WITH"]);
    nodes.split(|node| matches!(node, Node::Symbol(comma) if comma == ",")).collect()
}

fn read_format(found: &Found, attr: &str, nodes: &[Node]) -> Value {
    let before = |block: &str| found.before(attr, 0).get(block).items();
    // What is not shown is as the state has it.
    let or_before = |block: &str, name: &'static str, value: Value| {
        let before = || before(block).first().map(|inside| inside.get(name).clone()).unwrap_or_default();
        (name, if value.is_null() { before() } else { value })
    };
    let text = |words: &str| find(nodes, words).map(first).and_then(as_text).into();
    let number = |words: &str| find(nodes, words).map(first).and_then(as_number).and_then(Number::parse).into();
    let connection = |words: &str, block: &str, name: &'static str| {
        let named = find(nodes, words).map(first).and_then(as_name);
        (name, found.reference(&format!("{attr}[0].{block}[0].{name}"), named))
    };
    let registry =
        |block: &str| connection("CONFLUENT SCHEMA REGISTRY CONNECTION", block, "schema_registry_connection");
    let is = |word: &str| starts_with(nodes, word);
    let glue_option = |words: &str| match find(nodes, "GLUE SCHEMA REGISTRY CONNECTION") {
        Some([_, Node::Group(group), ..]) => option(group, words).and_then(as_text).into(),
        _ => Value::Null,
    };
    // The word right behind these ones.
    let word = |words: &str| match find(nodes, words).and_then(<[Node]>::first) {
        Some(Node::Word(word)) => Value::text(word.clone()),
        _ => Value::Null,
    };
    let avro = is("AVRO").then(|| {
        Value::from([
            registry("avro"),
            connection("GLUE SCHEMA REGISTRY CONNECTION", "avro", GLUE_REGISTRY.name),
            ("schema_name", glue_option("SCHEMA NAME")),
            or_before("avro", "key_strategy", word("KEY STRATEGY")),
            or_before("avro", "key_schema_id", number("KEY STRATEGY ID")),
            or_before("avro", "key_schema", text("KEY STRATEGY INLINE")),
            or_before("avro", "value_strategy", word("VALUE STRATEGY")),
            or_before("avro", "value_schema_id", number("VALUE STRATEGY ID")),
            or_before("avro", "value_schema", text("VALUE STRATEGY INLINE")),
            ("schema", text("AVRO USING SCHEMA")),
        ])
    });
    let protobuf = is("PROTOBUF").then(|| {
        Value::from([
            registry("protobuf"),
            // The message behind `SEED` is the registry's.
            or_before("protobuf", "message", text("PROTOBUF MESSAGE")),
            ("schema", text("USING SCHEMA")),
        ])
    });
    let csv = is("CSV").then(|| {
        let header = find(nodes, "WITH HEADER").map(first).and_then(as_texts);
        let header = header.map(|names| Value::list(names.into_iter().map(Value::text)));
        let known = before("csv").first().map(|csv| csv.get("header").clone()).unwrap_or_default();
        let first = Value::from([
            or_before("csv", "column", number("WITH")),
            ("header", same::unquoted(&known, header.unwrap_or_default())),
            ("delimited_by", text("DELIMITED BY")),
        ]);
        // Only the first block is sent.
        Value::list(std::iter::once(first).chain(before("csv").iter().skip(1).cloned()))
    });
    let list = |block: Option<Value>| Value::list(block);
    Value::from([
        ("avro", list(avro)),
        ("protobuf", list(protobuf)),
        ("csv", csv.unwrap_or_else(|| Value::list([]))),
        ("regex", if is("REGEX") { text("REGEX") } else { Value::Null }),
        ("text", Value::Bool(is("TEXT"))),
        ("json", Value::Bool(is("JSON"))),
        ("bytes", Value::Bool(is("BYTES"))),
    ])
}

fn read_envelope(statement: &Statement, prior: &Value) -> Option<Value> {
    let word = statement.word_after("ENVELOPE")?;
    let is = |other: &str| Value::Bool(word.eq_ignore_ascii_case(other));
    let option =
        crate::sql::option(statement.group_after("ENVELOPE UPSERT").unwrap_or_default(), "VALUE DECODING ERRORS");
    let inline = option.map(|nodes| {
        let inline = match nodes {
            [Node::Group(items)] => items.first().map_or(&[][..], Vec::as_slice),
            nodes => nodes,
        };
        let alias = find(inline, "AS").and_then(as_text);
        Value::from([("enabled", Value::Bool(true)), ("alias", alias.into())])
    });
    let block = |name: &'static str, inside: Value| Value::list([Value::from([(name, inside)])]);
    let options = inline.map(|inline| block("value_decoding_errors", block("inline", Value::list([inline]))));
    // Options that ask for nothing are not sent.
    let prior = prior.items().first().map(|prior| prior.get("upsert_options").clone());
    let first =
        |value: &Value, name: &str| value.items().first().map(|item| item.get(name).clone()).unwrap_or_default();
    let inside = ["value_decoding_errors", "inline", "enabled"];
    let asks = |options: &Value| inside.iter().fold(options.clone(), |v, name| first(&v, name)).as_bool() == Some(true);
    let kept = prior.filter(|prior| !prior.items().is_empty() && !asks(prior));
    Some(Value::from([
        ("none", is("NONE")),
        ("upsert", is("UPSERT")),
        ("debezium", is("DEBEZIUM")),
        ("upsert_options", options.or(kept).unwrap_or_else(|| Value::list([]))),
    ]))
}

/// Older states have a text where there is a block now: `value_decoding_errors = "INLINE"`.
pub fn upgrade(state: &mut serde_json::Value) {
    let errors = state.pointer_mut("/envelope/0/upsert_options/0/value_decoding_errors");
    if let Some(errors) = errors.filter(|errors| errors.is_string()) {
        *errors = match errors.as_str() {
            Some("") => serde_json::json!([]),
            _ => serde_json::json!([{ "inline": [{ "enabled": true, "alias": "" }] }]),
        };
    }
}

pub fn validate(config: &Value) -> Diagnostics {
    let formats = CLAUSES.iter().flat_map(|(attr, _)| [one_is_true(config, attr, FORMATS), arguments(config, attr)]);
    let optional =
        |block: &Value| !block.get("upsert_options").is_zero() && !ENVELOPES.iter().any(|name| chosen(block, name));
    let alone = config.get("envelope").items().first().is_some_and(optional);
    let envelope = if alone { Vec::new() } else { one_is_true(config, "envelope", ENVELOPES) };
    formats.chain([envelope]).flatten().collect()
}

/// The strategies for schemas have what belongs to them, and nothing else.
fn arguments(config: &Value, block: &'static str) -> Diagnostics {
    let avro = config.get(block).items().first().and_then(|format| format.get("avro").items().first());
    let sides = avro.into_iter().flat_map(|avro| ["key", "value"].map(|side| (avro, side)));
    let refuse = |(avro, side): (&Value, &str)| {
        let strategy = avro.get(&format!("{side}_strategy"));
        ["ID schema_id", "INLINE schema"].map(|pair| {
            let (word, argument) = pair.split_once(' ')?;
            let argument = format!("{side}_{argument}");
            let chosen = strategy.as_text().is_some_and(|strategy| strategy.eq_ignore_ascii_case(word));
            let unknown = strategy.is_unknown() || avro.get(&argument).is_unknown();
            let detail =
                format!("In `{block}` the strategy `{word}` needs `{argument}`, and no other one can have it.");
            (!unknown && chosen == avro.get(&argument).is_zero())
                .then(|| Diagnostic::error(format!("Invalid {side}_strategy"), detail).at(block))
        })
    };
    sides.flat_map(refuse).flatten().collect()
}

/// Whether this is there and true.
fn chosen(block: &Value, name: &str) -> bool {
    !block.get(name).is_zero()
}

/// Of these blocks, texts and booleans inside of a block, exactly one must be there and true.
pub fn one_is_true(config: &Value, block: &'static str, names: &[&str]) -> Diagnostics {
    let Some(inside) = config.get(block).items().first().filter(|inside| !inside.is_unknown()) else {
        return Vec::new();
    };
    let count = names.iter().filter(|name| !inside.get(name).is_zero()).count();
    if count == 1 || names.iter().any(|name| inside.get(name).is_unknown()) {
        return Vec::new();
    }
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let detail = format!("In `{block}` exactly one of {} must be chosen; there are {count}.", names.join(", "));
    vec![Diagnostic::error(format!("Invalid {block}"), detail).at(block)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Row;
    use crate::value::{from_json, to_json};
    use serde_json::{Value as Json, json};
    use std::collections::BTreeMap;

    const ATTRS: &[Attr] = &[FORMAT, KEY_FORMAT, VALUE_FORMAT, ENVELOPE];

    fn value(json: Json) -> Value {
        from_json(&object_type(ATTRS), &json).unwrap()
    }

    /// What is read of a statement that ends so, and the objects that it names.
    fn read_of(clauses: &str, prior: Json) -> (Json, Vec<String>) {
        let sql = ["CREATE ", "SOURCE \"d\".\"s\".\"n\" FROM KAFKA CONNECTION [u1 AS \"k\"] (TOPIC = 't') ", clauses]
            .concat();
        let (key, prior, mut state) = (Key::Parts(Vec::new()), value(prior), Value::Map(BTreeMap::new()));
        let found = Found::new(&key, vec![vec![Row::of("create_sql", &sql)]], &prior);
        read(&found, &mut state);
        (to_json(&state), found.refs.take().iter().map(|(path, id)| format!("{path} {id}")).collect())
    }

    /// As servers print them: with the schemas that were found, and without the strategies that led to them.
    #[test]
    fn schemas_of_a_registry_are_not_the_configurations() {
        let registry = "USING CONFLUENT SCHEMA REGISTRY CONNECTION [u2 AS \"d\".\"s\".\"csr\"]";
        let avro = format!("AVRO {registry} SEED KEY SCHEMA '{{}}' VALUE SCHEMA '{{}}'");
        let (read, refs) = read_of(&format!("FORMAT {avro} ENVELOPE DEBEZIUM"), json!({}));
        let inside = &read["format"][0]["avro"][0];
        assert_eq!(inside["schema_registry_connection"][0]["name"], "csr");
        for name in ["key_strategy", "key_schema_id", "key_schema", "value_strategy", "value_schema", "schema"] {
            assert_eq!(inside[name], Json::Null, "{name}");
        }
        assert_eq!(refs, ["format[0].avro[0].schema_registry_connection u2"]);
        assert_eq!(read["envelope"][0]["debezium"], true);

        let prior = json!({"format": [{"avro": [{"key_strategy": "", "value_strategy": "id", "value_schema_id": 2}]}]});
        let (read, _) = read_of(&format!("FORMAT {avro}"), prior);
        let inside = &read["format"][0]["avro"][0];
        assert_eq!(inside["key_strategy"], "");
        assert_eq!((&inside["value_strategy"], &inside["value_schema_id"]), (&json!("id"), &json!(2)));

        let seed = "SEED KEY SCHEMA '0a' MESSAGE '.K' VALUE SCHEMA '0b' MESSAGE '.V'";
        let (read, _) = read_of(&format!("FORMAT PROTOBUF {registry} {seed}"), json!({}));
        let inside = &read["format"][0]["protobuf"][0];
        assert_eq!((&inside["message"], &inside["schema"]), (&Json::Null, &Json::Null));

        let (read, _) = read_of("FORMAT PROTOBUF MESSAGE 'm' USING SCHEMA '0a'", json!({}));
        let inside = &read["format"][0]["protobuf"][0];
        assert_eq!((&inside["message"], &inside["schema"]), (&json!("m"), &json!("0a")));
    }

    #[test]
    fn protobuf_is_written_as_the_server_reads_it() {
        let printed = |protobuf: Json| {
            let config = value(json!({"format": [{"protobuf": [protobuf]}]}));
            clauses(&Values::new(&config, &config)).to_string()
        };
        let inline = printed(json!({"message": "billing.Batch", "schema": "0a30"}));
        assert_eq!(inline, "FORMAT PROTOBUF MESSAGE 'billing.Batch' USING SCHEMA '0a30'");
        let registry = json!({"name": "r", "schema_name": "s", "database_name": "d"});
        assert_eq!(
            printed(json!({"schema_registry_connection": [registry]})),
            "FORMAT PROTOBUF USING CONFLUENT SCHEMA REGISTRY CONNECTION \"d\".\"s\".\"r\""
        );
    }

    #[test]
    fn keys_are_not_taken_for_values() {
        let clauses = "KEY FORMAT CSV WITH 2 COLUMNS VALUE FORMAT CSV WITH 3 COLUMNS DELIMITED BY ';' WITH (A = 1)";
        let (read, _) = read_of(clauses, json!({}));
        let csv = |side: &str| {
            let csv = &read[side][0]["csv"][0];
            (csv["column"].clone(), csv["delimited_by"].clone())
        };
        assert_eq!(read["format"], json!([]));
        assert_eq!(csv("key_format"), (json!(2), Json::Null));
        assert_eq!(csv("value_format"), (json!(3), json!(";")));

        let prior = json!({"format": [{"csv": [{"column": 3, "header": ["A", "b"]}, {"column": 4}]}]});
        let (read, _) = read_of("FORMAT CSV WITH HEADER (\"a\", \"b\")", prior);
        assert_eq!(read["format"][0]["csv"][0]["column"], 3);
        assert_eq!(read["format"][0]["csv"][0]["header"], json!(["A", "b"]));
        assert_eq!(read["format"][0]["csv"][1]["column"], 4);
    }

    #[test]
    fn only_what_is_sent_makes_another_source() {
        let csv = |column: i64, name: &str| json!({"format": [{"csv": [{"column": column, "header": [name]}]}]});
        let unused = |prior: Json, planned: Json| UNUSED.possible.unwrap()(&value(prior), &value(planned));
        assert!(unused(csv(1, "a"), csv(2, "a")));
        assert!(!unused(csv(1, "a"), csv(1, "b")));
        let protobuf = |message: &str, registry: &str| {
            let registry = json!([{"database_name": "d", "schema_name": "s", "name": registry}]);
            json!({"format": [{"protobuf": [{"message": message, "schema_registry_connection": registry}]}]})
        };
        assert!(unused(protobuf("a", "csr"), protobuf("b", "renamed")));
        assert!(!unused(protobuf("a", "csr"), csv(1, "a")));
        let upsert = |inline: Json| {
            let options = json!([{"value_decoding_errors": [{"inline": inline}]}]);
            json!({"envelope": [{"upsert": true, "upsert_options": options}]})
        };
        assert!(unused(upsert(json!([])), upsert(json!([{"enabled": false, "alias": "x"}]))));
        assert!(!unused(upsert(json!([{"enabled": false}])), upsert(json!([{"enabled": true}]))));
    }

    #[test]
    fn a_text_for_decoding_errors_becomes_a_block() {
        for (text, expected) in [("INLINE", json!([{"inline": [{"enabled": true, "alias": ""}]}])), ("", json!([]))] {
            let mut state = json!({"envelope": [{"upsert_options": [{"value_decoding_errors": text}]}]});
            upgrade(&mut state);
            assert_eq!(state["envelope"][0]["upsert_options"][0]["value_decoding_errors"], expected);
        }
    }
}
