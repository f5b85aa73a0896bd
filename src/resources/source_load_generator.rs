//! `materialize_source_load_generator`: made-up data, for trying things out.

use crate::declare::scope::REFERENCE;
use crate::declare::*;
use crate::diag::Diagnostic;
use crate::sql::{Kind, Name, Statement, as_name, as_number, as_text, item, option};
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
        text("cluster_name")
            .or_server()
            .checks(scope::IDENTIFIER)
            .column("c.name")
            .id_column("c.id")
            .refers(Kind::Cluster)
            .doc("The cluster that runs the source; the session's if not set."),
        text("size").computed().column("COALESCE(o.size, c.size)").doc("The size of the cluster."),
        text("load_generator_type")
            .required()
            .checks(&[Check::OneOfIgnoringCase(&["AUCTION", "MARKETING", "TPCH"])])
            .same(same::ignoring_case)
            .doc("What is made: `AUCTION`, `MARKETING` or `TPCH`."),
        block("auction_options", OTHERS).doc("Options of the auction house."),
        block("marketing_options", OTHERS).doc("Options of the marketing data."),
        block("tpch_options", TPCH).doc("Options of TPC-H."),
        block("expose_progress", REFERENCE).doc("The name of the subsource that shows the source's progress."),
    ],
    rules: &[
        Rule::Conflicts("auction_options", &["marketing_options", "tpch_options"]),
        Rule::Conflicts("marketing_options", &["tpch_options"]),
    ],
    lookups: &[
        Lookup {
            columns: &[("create_sql", "o.create_sql")],
            from: "mz_catalog.mz_sources o LEFT JOIN mz_catalog.mz_clusters c ON c.id = o.cluster_id",
            ..Lookup::NONE
        },
        Lookup {
            columns: &[("database", "d.name"), ("schema", "s.name"), ("name", "x.name")],
            from: "mz_internal.mz_object_dependencies p JOIN mz_catalog.mz_sources x ON x.id = p.object_id JOIN \
                   mz_catalog.mz_schemas s ON s.id = x.schema_id JOIN mz_catalog.mz_databases d ON d.id = s.database_id",
            filter: Some("x.type = 'subsource'"),
            by_key: &["p.referenced_object_id"],
            ..Lookup::NONE
        },
    ],
    create: |v| {
        let generator = v.str("load_generator_type").to_uppercase();
        let options = options_of(v, &generator);
        let create = Statement::create(Kind::Source, &Scope::Schema.name_of(v))
            .with(v.text("cluster_name"), |s, name| s.word("IN CLUSTER").ident(name))
            .word("FROM LOAD GENERATOR")
            .word(&generator);
        let create = if options.is_empty() { create } else { create.group(options) };
        let progress = v.reference_in("expose_progress");
        vec![create.word("FOR ALL TABLES").with(progress, |s, name| s.word("EXPOSE PROGRESS AS").name(&name))]
    },
    alters: &[
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
        let progress = as_name(statement.after("EXPOSE PROGRESS AS").get(..1).unwrap_or_default());
        // A name of the server's making, which a rename of the source leaves as it was, is not the configuration's business.
        let schema = ["database_name", "schema_name"].map(|part| found.get(part).unwrap_or_default());
        let servers = progress.is_some_and(|name| {
            name.parts.starts_with(&schema.map(str::to_owned)) && name.last().ends_with("_progress")
        });
        let asked_for = !found.prior.get("expose_progress").items().is_empty();
        let fresh = found.prior.get("name").is_null();
        let progress = progress.filter(|_| asked_for || (fresh && !servers));
        read.set("expose_progress", progress.map_or_else(|| Value::List(Vec::new()), reference_block));
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
    delete: Some(|v, found| {
        let name = |row: &crate::catalog::Row| {
            Name::new(["database", "schema", "name"].map(|column| row.get(column).unwrap_or_default()))
        };
        let subsources: Vec<Statement> = found.more(1).iter().map(|row| item().name(&name(row))).collect();
        let own = Statement::drop(Kind::Source, &Scope::Schema.name_of(v));
        match subsources.is_empty() {
            true => vec![own],
            false => vec![item().word("DROP SOURCE").list(subsources), own],
        }
    }),
    ..Resource::NONE
};

fn options_of(v: &Values, generator: &str) -> Vec<Statement> {
    let Some((_, block)) = TYPES.iter().find(|(name, _)| *name == generator) else { return Vec::new() };
    let Some(options) = v.block(block) else { return Vec::new() };
    option_items(if generator == "TPCH" { TPCH } else { &[TICK] }, &options)
}
