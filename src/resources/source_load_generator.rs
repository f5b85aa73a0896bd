//! `materialize_source_load_generator`: made-up data, for trying things out.

use super::source;
use crate::declare::*;
use crate::diag::Diagnostic;
use crate::sql::{Kind, Statement, as_number, as_text, option};
use crate::value::{Number, Value};

const TICK: Attr = text("tick_interval")
    .checks(&[scope::INTERVAL])
    .same(same::intervals)
    .option(SqlOption::new("TICK INTERVAL", Form::Literal))
    .doc("How often something new is made.");
const SCALE: Attr = float("scale_factor")
    .default(Default::Float("0.01"))
    .option(SqlOption::new("SCALE FACTOR", Form::Literal))
    .checks(&[Check::Positive])
    .doc("The amount of data; 1 is about a gigabyte.");

const TPCH: &[Attr] = &[TICK, SCALE];

/// The generators without a scale: what is configured is kept and never sent.
const OTHERS: &[Attr] =
    &[TICK, SCALE.stored("this generator has no scale").deprecated("This generator has no scale.").doc("Ignored.")];

const TYPES: &[(&str, &str)] =
    &[("AUCTION", "auction_options"), ("MARKETING", "marketing_options"), ("TPCH", "tpch_options")];

pub const SOURCE_LOAD_GENERATOR: Resource = Resource {
    name: "materialize_source_load_generator",
    kind: Kind::Source,
    scope: Scope::Schema,
    doc: "A source of made-up data, with a subsource for each of its tables. On destroy its own subsources are dropped \
          with it; if anything else depends on them, Materialize refuses, and nothing is lost.",
    attrs: &[
        source::CLUSTER_NAME,
        source::SIZE,
        text("load_generator_type")
            .required()
            .checks(&[Check::OneOfIgnoringCase(&["AUCTION", "MARKETING", "TPCH"])])
            .same(same::ignoring_case)
            .doc("What is made: `AUCTION`, `MARKETING` or `TPCH`."),
        block("auction_options", OTHERS).doc("Options of the auction house."),
        block("marketing_options", OTHERS).doc("Options of the marketing data."),
        block("tpch_options", TPCH).doc("Options of TPC-H."),
        source::EXPOSE_PROGRESS,
        source::TIMESTAMP_INTERVAL,
        scope::RETAIN_HISTORY,
    ],
    rules: &[
        Rule::Conflicts("auction_options", &["marketing_options", "tpch_options"]),
        Rule::Conflicts("marketing_options", &["tpch_options"]),
    ],
    lookups: &[source::MAIN, source::SUBSOURCES],
    create: |v| {
        let generator = v.str("load_generator_type").to_uppercase();
        let options = options_of(v, &generator);
        let create = source::create(v).word("FROM LOAD GENERATOR").word(&generator);
        let create = if options.is_empty() { create } else { create.group(options) };
        vec![create.word("FOR ALL TABLES").then(source::end(v))]
    },
    alters: &[
        source::OPTIONS,
        // Options that are never sent make no other source.
        on(&["auction_options[]", "marketing_options[]"], |_| Vec::new()).only_if(|prior, planned| {
            ["auction_options", "marketing_options"].iter().all(|block| {
                let tick = |value: &Value| {
                    Values::new(value, &Value::Null).block(block).map(|b| b.get("tick_interval").clone())
                };
                same::intervals(&tick(prior).unwrap_or_default(), &tick(planned).unwrap_or_default())
            })
        }),
    ],
    read: |found, read| {
        let statement = found.create_sql();
        let Some(generator) = statement.word_after("FROM LOAD GENERATOR") else { return true };
        read.set("load_generator_type", Value::text(generator));
        for (name, block) in TYPES {
            let prior = found.prior.get(block);
            let group = statement.group_after(&format!("FROM LOAD GENERATOR {name}"));
            let here = *name == generator && (group.is_some() || !prior.items().is_empty());
            let blocks = here.then(|| {
                let group = group.unwrap_or_default();
                let scale = option(group, "SCALE FACTOR").and_then(as_number).and_then(Number::parse);
                let before = prior.items().first().map_or(&Value::Null, |block| block.get("scale_factor"));
                Value::from([
                    ("tick_interval", option(group, "TICK INTERVAL").and_then(as_text).into()),
                    // Only TPCH has one; for the others, what the configuration says is as good as any.
                    ("scale_factor", scale.map_or_else(|| before.clone(), Value::Number)),
                ])
            });
            read.set(block, Value::List(blocks.into_iter().collect()));
        }
        source::read_progress(found, read);
        true
    },
    validate: |config| {
        let Some(generator) = config.get("load_generator_type").as_text().map(str::to_uppercase) else {
            return Vec::new();
        };
        let others = TYPES.iter().filter(|(name, block)| *name != generator && !config.get(block).items().is_empty());
        let wrong = |(name, block): &(&str, &'static str)| {
            let detail =
                format!("`{block}` is for `load_generator_type = \"{name}\"`; this source's is \"{generator}\".");
            Diagnostic::error("Options of another load generator", detail).at(*block)
        };
        others.map(wrong).collect()
    },
    delete: Some(source::delete),
    ..Resource::NONE
};

fn options_of(v: &Values, generator: &str) -> Vec<Statement> {
    let Some((_, block)) = TYPES.iter().find(|(name, _)| *name == generator) else { return Vec::new() };
    let Some(options) = v.block(block) else { return Vec::new() };
    option_items(if generator == "TPCH" { TPCH } else { &[TICK] }, &options)
}
