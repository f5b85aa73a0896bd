//! `materialize_source_load_generator`: made-up data, for trying things out.

use super::source;
use crate::declare::*;
use crate::diag::Diagnostic;
use crate::sql::{Kind, option, starts_with};
use crate::value::Value;

const TICK: Attr = interval("tick_interval").option("TICK INTERVAL").doc("How often something new is made.");
const AS_OF: Attr = int("as_of").between(0, i64::MAX).option("AS OF").doc("The tick to begin with.");
const UP_TO: Attr =
    int("up_to").between(0, i64::MAX).option("UP TO").doc("The tick to end before; it never ends if not set.");
const SCALE: Attr = float("scale_factor")
    .default(Default::Float("0.01"))
    .option("SCALE FACTOR")
    .check(Check::Positive)
    .zero_is_none()
    .doc("The amount of data; 1 is about a gigabyte.");
/// A generator without a scale: what is configured is kept and never sent.
const NO_SCALE: Attr = Attr { option: None, ..SCALE }
    .stored("this generator has no scale")
    .deprecated("This generator has no scale.")
    .doc("Ignored.");

const TICKS: &[Attr] = &[TICK, AS_OF, UP_TO];
const TABLES: &[Attr] = &[TICK, AS_OF, UP_TO, NO_SCALE];
const TPCH: &[Attr] = &[TICK, AS_OF, UP_TO, SCALE];
const CLOCK: &[Attr] = &[
    TICK,
    // The server writes down when the source was made.
    AS_OF.or_server().doc("The time to begin with, in milliseconds since 1970; now if not set."),
    UP_TO.doc("The time to end before, in milliseconds since 1970; it never ends if not set."),
];
const COUNTER: &[Attr] = &[
    TICK,
    AS_OF,
    UP_TO,
    number("max_cardinality", "MAX CARDINALITY").doc("The number of rows at which each new one makes the oldest go."),
];
const KEY_VALUE: &[Attr] = &[
    number("keys", "KEYS").required().doc("The number of keys, a multiple of `partitions` times `batch_size`."),
    number("snapshot_rounds", "SNAPSHOT ROUNDS").required().doc("How often each key is written in the snapshot."),
    boolean("transactional_snapshot")
        .implied(Default::Bool(true))
        .option("TRANSACTIONAL SNAPSHOT")
        .doc("Whether the snapshot appears all at once; it does if not set."),
    number("value_size", "VALUE SIZE").required().doc("The size of values, in bytes."),
    TICK.doc("How often values are written after the snapshot; never if not set."),
    int("seed").required().between(0, i64::MAX).option("SEED").doc("The seed of the random values."),
    number("partitions", "PARTITIONS").required().doc("The number of partitions that the keys are spread over."),
    number("batch_size", "BATCH SIZE").required().doc("How many keys of a partition are written at once."),
];

const fn number(name: &'static str, words: &'static str) -> Attr {
    int(name).between(1, i64::MAX).option(words)
}

/// A load generator: its words, its block of options, and whether it makes several tables.
struct Generator {
    words: &'static str,
    block: &'static str,
    options: &'static [Attr],
    tables: bool,
}

const fn generator(words: &'static str, block: &'static str, options: &'static [Attr], tables: bool) -> Generator {
    Generator { words, block, options, tables }
}

const GENERATORS: &[Generator] = &[
    generator("AUCTION", "auction_options", TABLES, true),
    generator("CLOCK", "clock_options", CLOCK, false),
    generator("COUNTER", "counter_options", COUNTER, false),
    generator("DATUMS", "datums_options", TICKS, false),
    generator("KEY VALUE", "key_value_options", KEY_VALUE, false),
    generator("MARKETING", "marketing_options", TABLES, true),
    generator("TPCH", "tpch_options", TPCH, true),
];

impl Generator {
    fn of(words: &str) -> Option<&'static Generator> {
        GENERATORS.iter().find(|generator| generator.words.eq_ignore_ascii_case(words))
    }
}

pub const SOURCE_LOAD_GENERATOR: Resource = Resource {
    name: "materialize_source_load_generator",
    kind: Kind::Source,
    scope: Scope::Schema,
    doc: "A source of made-up data, with a subsource for each of its tables. On destroy its own subsources are dropped \
          with it; if anything else depends on them, Materialize refuses, and nothing is lost.",
    attrs: &[
        text("load_generator_type")
            .required()
            .keyword(&[
                "AUCTION", "CLOCK", "COUNTER", "DATUMS", "KEY VALUE", "MARKETING", "TPCH",
            ])
            .doc("What is made: `AUCTION`, `CLOCK`, `COUNTER`, `DATUMS`, `KEY VALUE`, `MARKETING` or `TPCH`."),
        boolean("all_tables").or_server().doc(
            "Whether there is a subsource for each table of `AUCTION`, `MARKETING` or `TPCH`. If not, tables are made \
             from the source with `materialize_source_table_load_generator`. If not set, a new source has them, and one \
             that is there stays as it is.",
        ),
        block("auction_options", TABLES).doc("Options of the auction house."),
        block("clock_options", CLOCK).doc("Options of the clock."),
        block("counter_options", COUNTER).doc("Options of the counter."),
        block("datums_options", TICKS).doc("Options of the values of all types."),
        block("key_value_options", KEY_VALUE).doc("Options of keys and values."),
        block("marketing_options", TABLES).doc("Options of the marketing data."),
        block("tpch_options", TPCH).doc("Options of TPC-H."),
    ],
    tables: &[source::SHARED],
    lookups: &[source::MAIN, source::SUBSOURCES],
    there: |found| found.create_sql().has("FROM LOAD GENERATOR"),
    columns: true,
    create: |_, v| {
        let Some(generator) = Generator::of(v.str("load_generator_type")) else { return Vec::new() };
        let options = v.block(generator.block).map(|block| option_items(generator.options, &block)).unwrap_or_default();
        let create = source::create(v).word("FROM LOAD GENERATOR").word(generator.words).group_if_any("", options);
        let subsources = generator.tables && v.bool("all_tables") != Some(false);
        vec![create.when(subsources, |s| s.word("FOR ALL TABLES")).then(source::end(v))]
    },
    alters: &[
        source::OPTIONS,
        source::PROGRESS,
        // A block whose options are never sent, or are the server's own, makes no other source.
        noted(BLOCKS, |prior, planned| GENERATORS.iter().all(|g| same_options(g, prior, planned))),
    ],
    read: |found, read| {
        let nodes = found.create_sql().after("FROM LOAD GENERATOR");
        let Some(generator) = GENERATORS.iter().find(|generator| starts_with(nodes, generator.words)) else {
            return;
        };
        read.set("load_generator_type", Value::text(generator.words));
        for Generator { words, block, options, .. } in GENERATORS {
            let prior = found.prior.get(block).items().first();
            let group = found.create_sql().group_after(&format!("FROM LOAD GENERATOR {words}")).unwrap_or_default();
            // When a clock was started is no option that anybody gave.
            let said = if *words == "CLOCK" { usize::from(option(group, "AS OF").is_some()) } else { 0 } < group.len();
            let here = *words == generator.words && (said || prior.is_some());
            let mut options = here.then(|| read_items(options, group));
            if let Some(options) = &mut options {
                keep_rounded(options, prior.unwrap_or(&Value::Null));
            }
            read.set(block, Value::list(options));
        }
        // The others have no tables that there could be subsources for.
        let told = found.prior.get("all_tables").as_bool() != Some(false);
        read.set("all_tables", Value::Bool(if generator.tables { !found.more(1).is_empty() } else { told }));
        source::read_progress(found, read);
    },
    validate: |config| {
        let Some(generator) = config.get("load_generator_type").as_text().and_then(Generator::of) else {
            return Vec::new();
        };
        let set = |generator: &&Generator| !config.get(generator.block).is_zero();
        let wrong = |other: &Generator| {
            let (block, words) = (other.block, other.words);
            let detail = format!(
                "`{block}` is for `load_generator_type = \"{words}\"`; this source's is \"{}\", with `{}`.",
                generator.words, generator.block
            );
            Diagnostic::error("Options of another load generator", detail).at(block)
        };
        let others = GENERATORS.iter().filter(|other| other.words != generator.words).filter(set).map(wrong);
        let missing = (generator.block == "key_value_options" && !set(&generator)).then(|| {
            Diagnostic::error("Missing key_value_options", "`KEY VALUE` needs `key_value_options`.")
                .at("load_generator_type")
        });
        others.chain(missing).collect()
    },
    delete: Some(source::delete),
    ..Resource::NONE
};

/// The official provider sends two decimals of the scale, and has all of them in its states. No statement can alter it: if
/// the server has what comes of that, it is what was asked for.
fn keep_rounded(read: &mut Value, told: &Value) {
    let scale = |value: &Value| value.get(SCALE.name).as_number().map(|number| number.as_f64());
    let rounded = |number: f64| format!("{number:.2}").parse().ok();
    if let (Some(sent), Some(wanted)) = (scale(read), scale(told))
        && rounded(wanted) == Some(sent)
    {
        read.set(SCALE.name, told.get(SCALE.name).clone());
    }
}

/// The blocks of options, coming or going.
const BLOCKS: &[&str] = &[
    "auction_options[]", "clock_options[]", "counter_options[]", "datums_options[]", "key_value_options[]",
    "marketing_options[]", "tpch_options[]",
];

/// Whether what is sent of a generator's options means the same in both; without a block, none is set.
fn same_options(generator: &Generator, prior: &Value, planned: &Value) -> bool {
    let none = Value::Null;
    let [a, b] = [prior, planned].map(|value| value.get(generator.block).items().first().unwrap_or(&none));
    let objects = crate::engine::SameObjects::default();
    let sent = generator.options.iter().filter(|attr| attr.option.is_some());
    sent.into_iter().all(|attr| crate::engine::same(attr, a.get(attr.name), b.get(attr.name), &objects))
}
