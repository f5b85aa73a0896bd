//! What sinks may not be: options and clauses that do not go together.

use crate::catalog::item::{Column, Format, FormatPart, Formats, Sink};
use crate::datum::SqlError;
use crate::sql::error::plan;
use crate::sql::options::{Options, Value};
use crate::sql::types::DataType;

/// The column of HEADERS.
pub fn headers(sink: &Sink, columns: &[Column]) -> Result<(), SqlError> {
    let Some(headers) = &sink.headers else { return Ok(()) };
    if sink.envelope == Some("debezium") {
        return Err(plan("HEADERS option is not supported with ENVELOPE DEBEZIUM"));
    }
    let Some(column) = columns.iter().find(|c| c.name == *headers) else {
        return Err(plan(format!("HEADERS column ({headers}) is unknown")));
    };
    let named = |ty: &DataType| matches!(ty, DataType::Named(n, _) if n.parts.last().is_some_and(|n| n == "text" || n == "bytea"));
    match &column.ty {
        DataType::Map(_, value) if named(value) => Ok(()),
        _ => Err(plan("HEADERS column must have type map[text => text] or map[text => bytea]")),
    }
}

/// What of a Kafka sink goes together; `columns` is how many columns its values have.
pub fn kafka(sink: &Sink, columns: usize) -> Result<(), SqlError> {
    if sink.with.get("COMMIT INTERVAL").is_some() {
        return Err(plan("COMMIT INTERVAL option is not supported with KAFKA sinks"));
    }
    let options = &sink.options;
    for prefix in ["TRANSACTIONAL ID PREFIX", "PROGRESS GROUP ID PREFIX"] {
        if options.get(prefix).is_some() && options.bool("LEGACY IDS")? == Some(true) {
            return Err(plan(format!("LEGACY IDS cannot be used at the same time as {prefix}")));
        }
    }
    if options.text("TOPIC")?.is_none() {
        return Err(plan("KAFKA CONNECTION must specify TOPIC"));
    }
    if let Some(Value::Str(text) | Value::Interval(text)) = options.get("TOPIC METADATA REFRESH INTERVAL") {
        super::source_rules::refresh_interval(text)?;
    }
    for name in ["TOPIC PARTITION COUNT", "TOPIC REPLICATION FACTOR"] {
        match options.get(name) {
            Some(Value::Number(count)) if count == "0" || (count.starts_with('-') && count != "-1") => {
                return Err(plan(format!("{name} must be a positive integer")));
            }
            None | Some(Value::Number(_)) => {}
            Some(_) => return Err(plan(format!("invalid {name}: cannot use value as number"))),
        }
    }
    if let Some(kind) = options.text("COMPRESSION TYPE")?
        && !["none", "gzip", "snappy", "lz4", "zstd"].contains(&kind.as_str())
    {
        return Err(plan(format!("invalid COMPRESSION TYPE: {kind}")));
    }
    let key = sink.key.as_ref().map(|(names, _)| names.len());
    match &sink.format {
        None => Err(plan("sink without format not yet supported")),
        Some(Formats::Bare(both)) => {
            key.map_or(Ok(()), |arity| format(both, arity, key.is_some()))?;
            format(both, columns, key.is_some())
        }
        Some(Formats::KeyValue(of_key, of_value)) => {
            key.map_or(Ok(()), |arity| format(of_key, arity, key.is_some()))?;
            format(of_value, columns, key.is_some())
        }
    }
}

/// One format for so many columns.
fn format(format: &Format, columns: usize, keyed: bool) -> Result<(), SqlError> {
    let words: String = format.sql.iter().map(|p| if let FormatPart::Word(w) = p { w.as_str() } else { "" }).collect();
    match format.name {
        "avro" => {
            for word in ["SEED", "KEY STRATEGY", "VALUE STRATEGY"] {
                if words.contains(word) {
                    return Err(plan(format!("{word} option does not make sense with sinks")));
                }
            }
            let mut options = format.sql.iter().filter_map(|p| match p {
                FormatPart::Options(options) => Some(options),
                _ => None,
            });
            if super::source_formats::is_glue(format) {
                return options.try_for_each(|options| glue(options, keyed));
            }
            options.try_for_each(|options| fullnames(options, keyed))
        }
        "json" if words.contains("ARRAY") => Err(plan("JSON ARRAY format in sinks not yet supported")),
        "text" | "bytes" if columns != 1 => Err(plan("BYTES or TEXT format with multiple columns not yet supported")),
        "json" | "text" | "bytes" => Ok(()),
        other => Err(plan(format!("sink format {} not yet supported", other.to_uppercase()))),
    }
}

/// The names and levels of schemas at AWS Glue.
fn glue(options: &Options, keyed: bool) -> Result<(), SqlError> {
    let given = |name: &str| options.get(name).is_some();
    if given("SCHEMA NAME") {
        return Err(plan(
            "SCHEMA NAME is not supported for AWS Glue Schema Registry sinks, use KEY SCHEMA NAME and VALUE SCHEMA NAME \
             instead",
        ));
    }
    if !keyed && (given("KEY SCHEMA NAME") || given("KEY COMPATIBILITY LEVEL")) {
        return Err(plan("KEY SCHEMA NAME and KEY COMPATIBILITY LEVEL require a corresponding KEY field"));
    }
    Ok(())
}

fn fullnames(options: &Options, keyed: bool) -> Result<(), SqlError> {
    let given = |name: &str| options.get(name).is_some();
    let (key, value) = (given("AVRO KEY FULLNAME"), given("AVRO VALUE FULLNAME"));
    if key && !keyed {
        return Err(plan("Cannot specify AVRO KEY FULLNAME without a corresponding KEY field"));
    }
    if keyed && key != value {
        return Err(plan(
            "Must specify both AVRO KEY FULLNAME and AVRO VALUE FULLNAME when specifying generated schema names",
        ));
    }
    Ok(())
}
