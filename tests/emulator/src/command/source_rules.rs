//! What sources may not be: options and clauses that do not go together.

use crate::catalog::item::{Column, Envelope, Formats, Ingest};
use crate::datum::SqlError;
use crate::sql::error::plan;
use crate::sql::options::{Options, Value};
use crate::sql::print::quoted;

/// Clauses about single messages, for sources that have none.
pub fn no_formats(ingest: &Ingest, kind: &str, envelopes: bool, include: bool) -> Result<(), SqlError> {
    let enveloped = !matches!(ingest.envelope, None | Some(Envelope::None));
    let except = if kind == "load generator" { " (except for KEY VALUE)" } else { "" };
    let refused = [
        (enveloped && !envelopes, format!("ENVELOPE other than NONE{except}")),
        (ingest.format.is_some(), "FORMAT".to_owned()),
        (!ingest.include.is_empty() && !include, "INCLUDE metadata".to_owned()),
    ];
    match refused.into_iter().find(|(refused, _)| *refused) {
        Some((_, feature)) => Err(plan(format!("{feature} with {kind} source is not supported"))),
        None => Ok(()),
    }
}

/// The options of a load generator: which it has, and for KEY VALUE how they fit together.
pub fn generator(generator: &str, options: &Options, ingest: &Ingest) -> Result<(), SqlError> {
    let own: &[&str] = match generator {
        "COUNTER" => &["MAX CARDINALITY"],
        "TPCH" => &["SCALE FACTOR"],
        "KEY VALUE" => {
            &["KEYS", "SNAPSHOT ROUNDS", "TRANSACTIONAL SNAPSHOT", "VALUE SIZE", "SEED", "PARTITIONS", "BATCH SIZE"]
        }
        _ => &[],
    };
    if let Some(Value::Number(factor)) = options.get("SCALE FACTOR")
        && factor.starts_with('-')
    {
        return Err(plan(format!("unsupported scale factor {factor}")));
    }
    let times: &[&str] =
        if generator == "KEY VALUE" { &["TICK INTERVAL"] } else { &["TICK INTERVAL", "AS OF", "UP TO"] };
    let foreign: Vec<&str> =
        options.0.iter().map(|(name, _)| *name).filter(|name| !own.contains(name) && !times.contains(name)).collect();
    if !foreign.is_empty() {
        let foreign = foreign.join(", ");
        return Err(plan(format!("{generator} load generators do not support {foreign} values")));
    }
    if let (as_of, Some(up_to)) = (options.unsigned("AS OF")?.unwrap_or_default(), options.unsigned("UP TO")?)
        && up_to < as_of
    {
        return Err(plan("UP TO cannot be less than AS OF"));
    }
    if generator != "KEY VALUE" {
        let metadata = "INCLUDE metadata only supported with `KEY VALUE` load generators";
        return if ingest.include.is_empty() { Ok(()) } else { Err(plan(metadata)) };
    }
    if ingest.include.iter().any(|(what, _)| what != "OFFSET" && what != "KEY") {
        return Err(plan("only `INCLUDE OFFSET` and `INCLUDE KEY` is supported"));
    }
    let number =
        |name: &str| options.unsigned(name)?.ok_or_else(|| plan(format!("LOAD GENERATOR KEY VALUE requires {name}")));
    let (keys, rounds, size) = (number("KEYS")?, number("SNAPSHOT ROUNDS")?, number("VALUE SIZE")?);
    let (partitions, batch) = (number("PARTITIONS")?, number("BATCH SIZE")?);
    number("SEED")?;
    let wrong = if [keys, partitions, size, batch].contains(&0) {
        "LOAD GENERATOR KEY VALUE options must be non-zero"
    } else if keys % partitions != 0 {
        "KEYS must be a multiple of PARTITIONS"
    } else if batch > keys {
        "KEYS must be larger than BATCH SIZE"
    } else if (keys / partitions) % batch != 0 {
        "PARTITIONS * BATCH SIZE must be a divisor of KEYS"
    } else if rounds == 0 {
        "SNAPSHOT ROUNDS must be larger than 0"
    } else {
        return Ok(());
    };
    Err(plan(wrong))
}

/// How often a topic's metadata is asked for: what the Kafka library takes.
pub fn refresh_interval(text: &str) -> Result<(), SqlError> {
    match crate::sql::interval::parse_duration("TOPIC METADATA REFRESH INTERVAL", text)? {
        ms if ms > 60 * 60 * 1000 => Err(plan("TOPIC METADATA REFRESH INTERVAL cannot be greater than 1 hour")),
        ms if ms < 1000 => Err(plan("TOPIC METADATA REFRESH INTERVAL must be at least 1 second")),
        _ => Ok(()),
    }
}

/// What of a Kafka source goes together.
pub fn kafka(options: &Options, ingest: &Ingest) -> Result<(), SqlError> {
    if let Some(Value::List(offsets)) = options.get("START OFFSET")
        && offsets.iter().any(|offset| matches!(offset, Value::Number(n) if n.starts_with('-')))
    {
        return Err(plan("START OFFSET must be a nonnegative integer"));
    }
    if options.get("START OFFSET").is_some() && options.get("START TIMESTAMP").is_some() {
        return Err(plan("cannot specify START TIMESTAMP and START OFFSET at same time"));
    }
    if let Some(Value::Str(text) | Value::Interval(text)) = options.get("TOPIC METADATA REFRESH INTERVAL") {
        refresh_interval(text)?;
    }
    let (key, value) = match &ingest.format {
        Some(Formats::KeyValue(_, value)) => (true, Some(value.name)),
        Some(Formats::Bare(value)) => (matches!(value.name, "avro" | "protobuf"), Some(value.name)),
        None => (false, None),
    };
    let avro = value.is_none_or(|name| name == "avro");
    match &ingest.envelope {
        Some(Envelope::Materialize) if !ingest.include.is_empty() => {
            Err(plan("INCLUDE <metadata> requires ENVELOPE (NONE|UPSERT|DEBEZIUM)"))
        }
        Some(Envelope::Materialize) if !avro => Err(plan("non-Avro-encoded ENVELOPE MATERIALIZE not yet supported")),
        Some(Envelope::Debezium) if !avro => Err(plan("ENVELOPE DEBEZIUM requires that VALUE FORMAT is set to AVRO")),
        _ if value.is_some() && !key && ingest.include.iter().any(|(what, _)| what == "KEY") => {
            Err(plan("INCLUDE KEY requires specifying KEY FORMAT .. VALUE FORMAT, got bare FORMAT"))
        }
        _ => Ok(()),
    }
}

/// Gives columns other names, as a list of them behind a relation's name does.
pub fn rename(what: &str, columns: &mut [Column], names: &[String], all: bool) -> Result<(), SqlError> {
    let (given, has) = (names.len(), columns.len());
    if given > has || (all && given != has && given > 0) {
        let s = |n: usize| if n == 1 { "" } else { "s" };
        return Err(plan(format!(
            "{what} definition names {given} column{}, but {what} has {has} column{}",
            s(given),
            s(has)
        )));
    }
    for (column, name) in columns.iter_mut().zip(names) {
        column.name.clone_from(name);
    }
    unique(columns)
}

/// No two columns of one name.
pub fn unique(columns: &[Column]) -> Result<(), SqlError> {
    let twice = columns.iter().enumerate().find(|(i, c)| columns[..*i].iter().any(|d| d.name == c.name));
    match twice {
        Some((_, column)) => Err(plan(format!("column {} specified more than once", quoted(&column.name)))),
        None => Ok(()),
    }
}

/// A key that nobody enforces.
pub fn key(key: &[String], columns: &[Column]) -> Result<(), SqlError> {
    for (i, name) in key.iter().enumerate() {
        if key[..i].contains(name) {
            return Err(plan(format!("Repeated column name in source key constraint: {name}")));
        }
        if !columns.iter().any(|c| c.name == *name) {
            return Err(plan(format!("No such column in source key constraint: {name}")));
        }
    }
    Ok(())
}
