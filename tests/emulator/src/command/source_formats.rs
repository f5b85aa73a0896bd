//! FORMAT, INCLUDE and ENVELOPE of sources, their tables, and sinks.

use super::Context;
use crate::catalog::Catalog;
use crate::catalog::item::{Column, Definition, Envelope, Format, FormatPart, Formats, Ingest};
use crate::datum::SqlError;
use crate::sql::doc::{Doc, text, titled};
use crate::sql::error::{plan, unsupported};
use crate::sql::expr::Name;
use crate::sql::options::{Options, Value, print_list};
use crate::sql::parser::{Parsed, Parser};
use crate::sql::print::{Printer, literal};
use crate::sql::types::DataType;

/// A FORMAT as written: a schema registry's connection is still a name in its options.
fn format(p: &mut Parser) -> Parsed<Format> {
    let word = |w: &str| FormatPart::Word(w.to_owned());
    let known = ["AVRO", "PROTOBUF", "REGEX", "CSV", "JSON", "TEXT", "BYTES"].into_iter().find(|w| p.kw(w));
    let (name, sql) = match known {
        Some("AVRO") => {
            p.expect_kw("USING")?;
            let sql = match () {
                () if p.kw("SCHEMA") => inline(p, "AVRO USING SCHEMA")?,
                () if p.newer && p.kw("AWS") => glue(p)?,
                () => registry(p, "AVRO")?,
            };
            ("avro", sql)
        }
        Some("PROTOBUF") => {
            if p.kw("MESSAGE") {
                let message = p.string()?;
                p.expect_kw("USING SCHEMA")?;
                (
                    "protobuf",
                    vec![
                        word("PROTOBUF MESSAGE "),
                        FormatPart::Str(message),
                        word(" USING SCHEMA "),
                        FormatPart::Str(p.string()?),
                    ],
                )
            } else {
                p.expect_kw("USING")?;
                ("protobuf", registry(p, "PROTOBUF")?)
            }
        }
        Some("REGEX") => ("regex", vec![word("REGEX "), FormatPart::Str(p.string()?)]),
        Some("CSV") => ("csv", csv(p)?),
        Some("JSON") => ("json", vec![word(if p.kw("ARRAY") { "JSON ARRAY" } else { "JSON" })]),
        Some("TEXT") => ("text", vec![word("TEXT")]),
        Some("BYTES") => ("bytes", vec![word("BYTES")]),
        _ => return p.expected("AVRO, PROTOBUF, REGEX, CSV, JSON, TEXT, or BYTES"),
    };
    Ok(Format { name, sql })
}

fn inline(p: &mut Parser, words: &str) -> Parsed<Vec<FormatPart>> {
    let mut out = vec![FormatPart::Word(format!("{words} ")), FormatPart::Str(p.string()?)];
    if p.peek().is_some_and(|t| t.is_op("(")) {
        let options = crate::sql::options::options(p, &["CONFLUENT WIRE FORMAT"])?;
        out.extend([FormatPart::Word(" ".into()), FormatPart::Options(options)]);
    }
    Ok(out)
}

/// `CONFLUENT SCHEMA REGISTRY CONNECTION c (…)` after USING, with strategies and seeds.
fn registry(p: &mut Parser, name: &str) -> Parsed<Vec<FormatPart>> {
    p.expect_kw("CONFLUENT SCHEMA REGISTRY CONNECTION")?;
    let connection = Value::Item(Name::new(p.name()?));
    let mut out = vec![
        FormatPart::Word(format!("{name} USING CONFLUENT SCHEMA REGISTRY CONNECTION ")),
        FormatPart::Options(Options(vec![("CONNECTION", connection)])),
    ];
    if p.op("(") {
        let mut shown = Options::default();
        loop {
            if p.kw("DOC") {
                p.expect_kw("ON")?;
                doc_on(p, "DOC ON", &mut shown)?;
            } else if p.is_kw("KEY") || p.is_kw("VALUE") {
                let key = p.expect_one_of(&["KEY", "VALUE"])?;
                if p.kw("COMPATIBILITY") {
                    p.expect_kw("LEVEL")?;
                    let name = if key == "KEY" { "KEY COMPATIBILITY LEVEL" } else { "VALUE COMPATIBILITY LEVEL" };
                    shown.0.push((name, crate::sql::options::flag_value(p)?));
                } else {
                    p.expect_kw("DOC ON")?;
                    doc_on(p, if key == "KEY" { "KEY DOC ON" } else { "VALUE DOC ON" }, &mut shown)?;
                }
            } else {
                let name = p.option_name(&["AVRO KEY FULLNAME", "AVRO VALUE FULLNAME", "NULL DEFAULTS"])?;
                shown.0.push((name, crate::sql::options::flag_value(p)?));
            }
            if !p.op(",") {
                break;
            }
        }
        p.expect_op(")")?;
        out.extend([FormatPart::Word(" ".into()), FormatPart::Options(shown)]);
    }
    if p.kw("SEED") {
        out.push(FormatPart::Word(" SEED".into()));
        for side in ["KEY", "VALUE"] {
            if p.kws(&format!("{side} SCHEMA")) {
                out.extend([FormatPart::Word(format!(" {side} SCHEMA ")), FormatPart::Str(p.string()?)]);
                if name == "PROTOBUF" {
                    p.expect_kw("MESSAGE")?;
                    out.extend([FormatPart::Word(" MESSAGE ".into()), FormatPart::Str(p.string()?)]);
                }
            }
        }
    }
    for side in ["KEY", "VALUE"] {
        if p.are_kws(&format!("{side} STRATEGY")) {
            p.kws(&format!("{side} STRATEGY"));
            strategy(p, side, &mut out)?;
        }
    }
    Ok(out)
}

/// `AWS GLUE SCHEMA REGISTRY CONNECTION c (…)` after USING and AWS, with its seed. Only newer servers know it.
fn glue(p: &mut Parser) -> Parsed<Vec<FormatPart>> {
    p.expect_kw("GLUE SCHEMA REGISTRY CONNECTION")?;
    let connection = Value::Item(Name::new(p.name()?));
    let mut out = vec![
        FormatPart::Word("AVRO USING AWS GLUE SCHEMA REGISTRY CONNECTION ".into()),
        FormatPart::Options(Options(vec![("CONNECTION", connection)])),
    ];
    if p.peek().is_some_and(|t| t.is_op("(")) {
        let options = crate::sql::options::options(p, &GLUE_OPTIONS)?;
        out.extend([FormatPart::Word(" ".into()), FormatPart::Options(options)]);
    }
    if p.kw("SEED") {
        p.expect_kw("VALUE SCHEMA")?;
        out.extend([FormatPart::Word(" SEED VALUE SCHEMA ".into()), FormatPart::Str(p.string()?)]);
    }
    Ok(out)
}

/// Only sources read a schema by one name, only sinks have one for each side.
const GLUE_OPTIONS: [&str; 5] =
    ["SCHEMA NAME", "KEY SCHEMA NAME", "VALUE SCHEMA NAME", "KEY COMPATIBILITY LEVEL", "VALUE COMPATIBILITY LEVEL"];

/// Puts the schema that a source names at AWS Glue into its format.
fn seed_from_glue(cx: &Context<'_>, format: &mut Format) -> Result<(), SqlError> {
    let option = |name: &str| {
        format
            .sql
            .iter()
            .find_map(|part| if let FormatPart::Options(options) = part { options.get(name) } else { None })
    };
    if let Some(name) = GLUE_OPTIONS[1..].iter().find(|name| option(name).is_some()) {
        return Err(plan(format!("{name} is not supported for AWS Glue Schema Registry sources")));
    }
    let Some(Value::Str(name)) = option("SCHEMA NAME") else {
        return Err(plan("AWS Glue Schema Registry sources must specify SCHEMA NAME"));
    };
    let item = match option("CONNECTION") {
        Some(Value::Item(connection)) => connection.item.and_then(|id| cx.catalog.items.get(&id)),
        _ => None,
    };
    let registry = match item.map(|item| &item.definition) {
        Some(Definition::Connection(c)) => c.options.text("REGISTRY")?.unwrap_or_default(),
        _ => String::new(),
    };
    let found = cx.catalog.upstreams.glue.iter().find(|r| r.name == registry).and_then(|r| r.schemas.get(name));
    let Some(schema) = found.cloned() else {
        return Err(plan(format!("schema \"{name}\" not found in AWS Glue Schema Registry \"{registry}\"")));
    };
    format.sql.extend([FormatPart::Word(" SEED VALUE SCHEMA ".into()), FormatPart::Str(schema)]);
    Ok(())
}

fn strategy(p: &mut Parser, side: &str, out: &mut Vec<FormatPart>) -> Parsed<()> {
    let word = |strategy: String| FormatPart::Word(format!(" {side} STRATEGY {strategy}"));
    match p.expect_one_of(&["ID", "LATEST", "INLINE"])? {
        "ID" => out.push(word(format!("ID {}", p.number()?))),
        "INLINE" => out.extend([word("INLINE ".into()), FormatPart::Str(p.string()?)]),
        latest => out.push(word(latest.into())),
    }
    Ok(())
}

/// Takes the strategies out of a format: what they found is kept as its seed, they themselves are not. The schemas that
/// are given inline, of keys and of values.
fn take_strategies(format: &mut Format) -> [Option<String>; 2] {
    ["KEY", "VALUE"].map(|side| {
        let begins = format!(" {side} STRATEGY ");
        let at = format.sql.iter().position(|part| matches!(part, FormatPart::Word(w) if w.starts_with(&begins)))?;
        let FormatPart::Word(strategy) = format.sql.remove(at) else { return None };
        match strategy.ends_with("INLINE ").then(|| format.sql.remove(at)) {
            Some(FormatPart::Str(schema)) => Some(schema),
            _ => None,
        }
    })
}

/// `TYPE t = 'doc'` or `COLUMN t.c = 'doc'`; kept as the map of one entry under the words before.
fn doc_on(p: &mut Parser, words: &'static str, shown: &mut Options) -> Parsed<()> {
    let column = p.expect_one_of(&["TYPE", "COLUMN"])? == "COLUMN";
    let name = p.name()?;
    p.op("=");
    let doc = Value::Str(p.string()?);
    let option = match (words, column) {
        ("KEY DOC ON", false) => "KEY DOC ON TYPE",
        ("KEY DOC ON", true) => "KEY DOC ON COLUMN",
        ("VALUE DOC ON", false) => "VALUE DOC ON TYPE",
        ("VALUE DOC ON", true) => "VALUE DOC ON COLUMN",
        (_, false) => "DOC ON TYPE",
        (_, true) => "DOC ON COLUMN",
    };
    shown.0.push((option, Value::List(vec![Value::Item(Name::new(name)), doc])));
    Ok(())
}

fn csv(p: &mut Parser) -> Parsed<Vec<FormatPart>> {
    p.expect_kw("WITH")?;
    let mut out = Vec::new();
    if p.kw("HEADER") || p.kw("HEADERS") {
        out.push(FormatPart::Word("CSV WITH HEADER".into()));
        if p.peek().is_some_and(|t| t.is_op("(")) {
            out.extend([FormatPart::Word(" ".into()), FormatPart::Idents(p.paren_list(Parser::ident)?)]);
        }
    } else {
        let n = p.number()?;
        p.expect_kw("COLUMNS")?;
        out.push(FormatPart::Word(format!("CSV WITH {n} COLUMNS")));
    }
    if p.kws("DELIMITED BY") {
        let delimiter = p.string()?;
        // The comma is not worth saying.
        if delimiter != "," {
            out.extend([FormatPart::Word(" DELIMITED BY ".into()), FormatPart::Str(delimiter)]);
        }
    }
    Ok(out)
}

/// FORMAT, or KEY FORMAT with VALUE FORMAT.
pub fn formats(p: &mut Parser) -> Parsed<Option<Formats>> {
    if p.kws("KEY FORMAT") {
        let key = format(p)?;
        p.expect_kw("VALUE FORMAT")?;
        return Ok(Some(Formats::KeyValue(key, format(p)?)));
    }
    if p.kw("FORMAT") { format(p).map(|f| Some(Formats::Bare(f))) } else { Ok(None) }
}

/// All three clauses, those that are there.
pub fn ingest(p: &mut Parser) -> Parsed<Ingest> {
    let mut out = Ingest { format: formats(p)?, ..Ingest::default() };
    if p.kw("INCLUDE") {
        out.include = p.list(|p| {
            let what = p.expect_one_of(&["KEY", "TIMESTAMP", "PARTITION", "OFFSET", "HEADERS", "HEADER"])?;
            let mut what = what.to_owned();
            if what == "HEADER" {
                what += &format!(" {}", literal(&p.string()?));
            }
            let mut alias = if p.kw("AS") { Some(p.ident()?) } else { None };
            if what.starts_with("HEADER ") && p.kw("BYTES") {
                // BYTES follows the name.
                alias = alias.map(|a| format!("{a}\0"));
            }
            Ok((what, alias))
        })?;
    }
    if p.kw("ENVELOPE") {
        out.envelope = Some(match p.expect_one_of(&["NONE", "DEBEZIUM", "UPSERT", "MATERIALIZE"])? {
            "NONE" => Envelope::None,
            "DEBEZIUM" => Envelope::Debezium,
            "MATERIALIZE" => Envelope::Materialize,
            _ => Envelope::Upsert(decoding_errors(p)?),
        });
    }
    Ok(out)
}

fn decoding_errors(p: &mut Parser) -> Parsed<Option<Option<String>>> {
    if !p.op("(") {
        return Ok(None);
    }
    p.expect_kw("VALUE DECODING ERRORS")?;
    p.op("=");
    let bracket = p.op("(");
    p.expect_kw("INLINE")?;
    let name = if p.kw("AS") { Some(p.ident()?) } else { None };
    if bracket {
        p.expect_op(")")?;
    }
    p.expect_op(")")?;
    Ok(Some(name))
}

/// Looks up the registries that formats name, and puts the schemas found there in.
pub fn resolve(cx: &Context<'_>, ingest: &mut Ingest, topic: Option<&str>) -> Result<(), SqlError> {
    for format in each(&mut ingest.format) {
        resolve_format(cx, format)?;
    }
    let Some(topic) = topic else { return Ok(()) };
    let subject = |cx: &Context<'_>, side: &str| {
        let registries = &cx.catalog.upstreams.schema_registry;
        registries.iter().find_map(|r| r.subjects.get(&format!("{topic}-{side}")).cloned())
    };
    for format in each(&mut ingest.format) {
        let seeded = format.sql.iter().any(|part| matches!(part, FormatPart::Word(w) if w.starts_with(" SEED")));
        if is_glue(format) {
            if !seeded {
                seed_from_glue(cx, format)?;
            }
            continue;
        }
        let by_registry = matches!(format.sql.first(), Some(FormatPart::Word(w)) if w.contains("REGISTRY"));
        let [key, value] = take_strategies(format);
        if by_registry && !seeded {
            let Some(value) = value.or_else(|| subject(cx, "value")) else {
                return Err(plan(format!("No value schema found for topic {topic}")));
            };
            format.sql.push(FormatPart::Word(" SEED".into()));
            for (side, schema) in [("KEY", key.or_else(|| subject(cx, "key"))), ("VALUE", Some(value))] {
                let Some(schema) = schema else { continue };
                let message =
                    (format.name == "protobuf").then(|| super::protobuf::first_message(&schema)).transpose()?;
                format.sql.extend([FormatPart::Word(format!(" {side} SCHEMA ")), FormatPart::Str(schema)]);
                if let Some(message) = message {
                    format.sql.extend([FormatPart::Word(" MESSAGE ".into()), FormatPart::Str(message)]);
                }
            }
        }
    }
    Ok(())
}

fn each(formats: &mut Option<Formats>) -> Vec<&mut Format> {
    match formats {
        None => Vec::new(),
        Some(Formats::Bare(f)) => vec![f],
        Some(Formats::KeyValue(k, v)) => vec![k, v],
    }
}

/// Whether its schemas are at AWS Glue.
pub fn is_glue(format: &Format) -> bool {
    matches!(format.sql.first(), Some(FormatPart::Word(w)) if w.contains("AWS GLUE"))
}

fn resolve_format(cx: &Context<'_>, format: &mut Format) -> Result<(), SqlError> {
    let (kind, what) = match is_glue(format) {
        true => ("AWS GLUE SCHEMA REGISTRY", "an AWS Glue Schema Registry connection"),
        false => ("CONFLUENT SCHEMA REGISTRY", "a schema registry connection"),
    };
    for part in &mut format.sql {
        let FormatPart::Options(options) = part else { continue };
        for (option, value) in &mut options.0 {
            match value {
                Value::Item(name) => {
                    let id = cx.catalog.resolve_item(&cx.session.names, &name.parts)?;
                    match cx.catalog.items.get(&id).map(|i| &i.definition) {
                        Some(Definition::Connection(c)) if c.kind == kind => name.item = Some(id),
                        _ => return Err(plan(format!("{} is not {what}", cx.catalog.dotted(id)))),
                    }
                }
                Value::List(list) if option.contains("DOC ON") => {
                    if let Some(Value::Item(name)) = list.first_mut() {
                        let parts = match option.ends_with("COLUMN") {
                            true => &name.parts[..name.parts.len().saturating_sub(1)],
                            false => &name.parts[..],
                        };
                        name.item = Some(cx.catalog.resolve_any(&cx.session.names, parts)?);
                    }
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn print_format(p: &Printer, format: &Format) -> String {
    let part = |part: &FormatPart| match part {
        FormatPart::Word(w) => w.clone(),
        FormatPart::Ident(i) => p.ident(i),
        FormatPart::Idents(list) => format!("({})", list.iter().map(|i| p.ident(i)).collect::<Vec<_>>().join(", ")),
        FormatPart::Str(s) => literal(s),
        FormatPart::Item(id) => p.item(*id),
        FormatPart::Options(options) => match options.0.as_slice() {
            [("CONNECTION", Value::Item(name))] => name.item.map_or(String::new(), |id| p.item(id)),
            _ => print_options(p, options),
        },
    };
    format.sql.iter().map(part).collect()
}

fn print_options(p: &Printer, options: &Options) -> String {
    let one = |(name, value): &(&'static str, Value)| match value {
        Value::List(list) if name.contains("DOC ON") => {
            let (on, doc) = match list.as_slice() {
                [Value::Item(on), doc] => (on, doc.print(p)),
                _ => return String::new(),
            };
            let relation = on.item.map_or(String::new(), |id| p.relation(id));
            let column = on
                .parts
                .last()
                .filter(|_| name.ends_with("COLUMN"))
                .map_or(String::new(), |c| format!(".{}", p.ident(c)));
            format!("{name} {relation}{column} = {doc}")
        }
        value => print_list(&Options(vec![(name, value.clone())]), p),
    };
    format!("({})", options.0.iter().map(one).collect::<Vec<_>>().join(", "))
}

pub fn print_formats(p: &Printer, formats: &Formats) -> Doc {
    match formats {
        Formats::Bare(f) => titled("FORMAT", text(print_format(p, f))),
        Formats::KeyValue(k, v) => {
            text(format!("KEY FORMAT {} VALUE FORMAT {}", print_format(p, k), print_format(p, v)))
        }
    }
}

pub fn print(p: &Printer, ingest: &Ingest) -> Vec<Doc> {
    let mut out: Vec<Doc> = ingest.format.iter().map(|f| print_formats(p, f)).collect();
    if !ingest.include.is_empty() {
        let one = |(what, alias): &(String, Option<String>)| match alias {
            Some(alias) => {
                let (name, bytes) = alias.strip_suffix('\0').map_or((alias.as_str(), ""), |a| (a, " BYTES"));
                format!("{what} AS {}{bytes}", p.ident(name))
            }
            None => what.clone(),
        };
        out.push(text(format!("INCLUDE {}", ingest.include.iter().map(one).collect::<Vec<_>>().join(", "))));
    }
    out.extend(ingest.envelope.as_ref().map(|e| {
        text(match e {
            Envelope::None => "ENVELOPE NONE".into(),
            Envelope::Debezium => "ENVELOPE DEBEZIUM".into(),
            Envelope::Materialize => "ENVELOPE MATERIALIZE".into(),
            Envelope::Upsert(None) => "ENVELOPE UPSERT".into(),
            Envelope::Upsert(Some(None)) => "ENVELOPE UPSERT (VALUE DECODING ERRORS = (INLINE))".into(),
            Envelope::Upsert(Some(Some(name))) => {
                format!("ENVELOPE UPSERT (VALUE DECODING ERRORS = (INLINE AS {}))", p.ident(name))
            }
        })
    }));
    out
}

/// The columns that a stream of Kafka gives.
pub fn columns(catalog: &Catalog, ingest: &Ingest) -> Result<Vec<Column>, SqlError> {
    let ty = |name: &str| catalog.system_type(name);
    let (key, value) = match &ingest.format {
        None => return Ok(Vec::new()),
        Some(Formats::Bare(f)) => (None, f),
        Some(Formats::KeyValue(k, v)) => (Some(k), v),
    };
    let upsert = matches!(ingest.envelope, Some(Envelope::Upsert(_)));
    if upsert && key.is_none() && value.name != "avro" && value.name != "protobuf" {
        return Err(plan("ENVELOPE [DEBEZIUM] UPSERT requires that KEY FORMAT be specified"));
    }
    let mut out = key_columns(catalog, ingest)?;
    let values = value_columns(catalog, value)?;
    // What the value repeats of the key without being asked for a name of its own is there once.
    out.retain(|key| !values.iter().any(|value| value.name == key.name));
    out.extend(values);
    if let Some(Envelope::Upsert(Some(name))) = &ingest.envelope {
        out.push(Column::new(name.clone().unwrap_or_else(|| "error".into()), ty("record"), true));
    }
    for (what, alias) in &ingest.include {
        let (name, ty) = match what.as_str() {
            "TIMESTAMP" => ("timestamp", ty("timestamp")),
            "PARTITION" => ("partition", ty("int4")),
            "OFFSET" => ("offset", ty("uint8")),
            "HEADERS" => ("headers", DataType::List(Box::new(ty("record")))),
            header if header.starts_with("HEADER ") => {
                let bytes = alias.as_ref().is_some_and(|a| a.ends_with('\0'));
                ("header", ty(if bytes { "bytea" } else { "text" }))
            }
            _ => continue,
        };
        let name = alias.as_deref().map_or(name, |a| a.trim_end_matches('\0'));
        let nullable = what.starts_with("HEADER ");
        out.push(Column::new(name, ty, nullable));
    }
    Ok(out)
}

/// The columns of a stream's keys, where they are asked for: INCLUDE KEY, or an envelope that goes by them.
pub fn key_columns(catalog: &Catalog, ingest: &Ingest) -> Result<Vec<Column>, SqlError> {
    let alias = ingest.include.iter().find(|(what, _)| what == "KEY").map(|(_, alias)| alias.clone());
    if alias.is_none() && !matches!(ingest.envelope, Some(Envelope::Upsert(_))) {
        return Ok(Vec::new());
    }
    let format = match &ingest.format {
        Some(Formats::KeyValue(key, _)) => key,
        // A registry has the schemas of both.
        Some(Formats::Bare(format)) if seed(format, "KEY").is_some() => format,
        _ => return Ok(Vec::new()),
    };
    let mut columns = part_columns(catalog, format, "KEY")?;
    let composite = matches!(format.name, "avro" | "protobuf" | "csv" | "regex");
    let name = match alias.flatten() {
        Some(name) => name,
        None if composite => return Ok(columns),
        None => "key".into(),
    };
    // Under one name, several columns are a record.
    Ok(vec![match columns.len() {
        1 => Column { name, ..columns.remove(0) },
        _ => Column::new(name, catalog.system_type("record"), false),
    }])
}

/// The schema, and the message in it, that a registry was asked for.
fn seed<'a>(format: &'a Format, side: &str) -> Option<(&'a str, Option<&'a str>)> {
    let word = format!(" {side} SCHEMA ");
    let at = format.sql.iter().position(|part| matches!(part, FormatPart::Word(w) if *w == word))?;
    match &format.sql[at + 1..] {
        [FormatPart::Str(schema), FormatPart::Word(w), FormatPart::Str(message), ..] if w == " MESSAGE " => {
            Some((schema, Some(message)))
        }
        [FormatPart::Str(schema), ..] => Some((schema, None)),
        _ => None,
    }
}

/// The columns of keys or values: a registry's schema of that side, else what the format itself says.
fn part_columns(catalog: &Catalog, format: &Format, side: &str) -> Result<Vec<Column>, SqlError> {
    match seed(format, side) {
        Some((schema, Some(message))) => super::protobuf::columns(catalog, schema, message),
        Some((schema, None)) => avro_columns(catalog, schema),
        None => value_columns(catalog, format),
    }
}

fn value_columns(catalog: &Catalog, format: &Format) -> Result<Vec<Column>, SqlError> {
    let ty = |name: &str| catalog.system_type(name);
    let words: String =
        format.sql.iter().filter_map(|p| if let FormatPart::Word(w) = p { Some(w.as_str()) } else { None }).collect();
    Ok(match format.name {
        "text" => vec![Column::new("text", ty("text"), false)],
        "json" => vec![Column::new("data", ty("jsonb"), false)],
        "bytes" => vec![Column::new("data", ty("bytea"), false)],
        "csv" => {
            let named = format
                .sql
                .iter()
                .find_map(|p| if let FormatPart::Idents(list) = p { Some(list.clone()) } else { None });
            let count = words.split_whitespace().find_map(|w| w.parse::<usize>().ok());
            let names = match (named, count) {
                (Some(names), _) => names,
                (None, Some(n)) => (1..=n).map(|i| format!("column{i}")).collect(),
                (None, None) => return Err(plan("CSV WITH HEADER is only supported with S3 sources")),
            };
            names.into_iter().map(|n| Column::new(n, ty("text"), false)).collect()
        }
        "regex" => {
            let pattern =
                format.sql.iter().find_map(|p| if let FormatPart::Str(s) = p { Some(s.as_str()) } else { None });
            groups(pattern.unwrap_or_default()).into_iter().map(|n| Column::new(n, ty("text"), true)).collect()
        }
        "avro" => {
            let schema =
                format.sql.iter().rev().find_map(|p| if let FormatPart::Str(s) = p { Some(s.as_str()) } else { None });
            avro_columns(catalog, schema.unwrap_or_default())?
        }
        "protobuf" => {
            let texts: Vec<&str> = (format.sql.iter())
                .filter_map(|part| if let FormatPart::Str(text) = part { Some(text.as_str()) } else { None })
                .collect();
            // The message and its schema; behind a registry's seed it is the other way round.
            match (&texts[..], words.contains("REGISTRY")) {
                ([message, schema], false) | ([.., schema, message], true) => {
                    super::protobuf::columns(catalog, schema, message)?
                }
                _ => return Err(plan("FORMAT PROTOBUF needs a schema")),
            }
        }
        other => return Err(unsupported(&format!("the columns of FORMAT {}", other.to_uppercase()))),
    })
}

/// Names of the capturing groups of a regular expression.
fn groups(pattern: &str) -> Vec<String> {
    let mut out = Vec::new();
    let bytes = pattern.as_bytes();
    for (i, _) in pattern.match_indices('(') {
        if i > 0 && bytes[i - 1] == b'\\' {
            continue;
        }
        let rest = &pattern[i + 1..];
        let name = rest
            .strip_prefix("?P<")
            .or_else(|| rest.strip_prefix("?<"))
            .and_then(|r| r.split_once('>'))
            .map(|(n, _)| n);
        match name {
            Some(name) => out.push(name.to_owned()),
            None if rest.starts_with('?') => {}
            None => out.push(format!("column{}", out.len() + 1)),
        }
    }
    out
}

/// The type of an Avro schema, a logical type before the one that carries it.
fn avro_type(catalog: &Catalog, schema: &serde_json::Value) -> DataType {
    let text = |name: &str| schema.get(name).and_then(|value| value.as_str()).unwrap_or_default();
    let carrier = schema.as_str().unwrap_or_else(|| text("type"));
    let inner = |name: &str| Box::new(avro_type(catalog, schema.get(name).unwrap_or(&serde_json::Value::Null)));
    let system = match (carrier, text("logicalType")) {
        ("bytes" | "fixed", "decimal") => "numeric",
        ("int", "date") => "date",
        ("long", "timestamp-millis" | "timestamp-micros") => "timestamp",
        ("string", "uuid") => "uuid",
        ("boolean", _) => "bool",
        ("int", _) => "int4",
        ("long", _) => "int8",
        ("float", _) => "float4",
        ("double", _) => "float8",
        ("bytes" | "fixed", _) => "bytea",
        ("string" | "enum", _) => "text",
        ("array", _) => return DataType::List(inner("items")),
        ("map", _) => return DataType::Map(Box::new(catalog.system_type("text")), inner("values")),
        _ => "record",
    };
    catalog.system_type(system)
}

/// The fields of an Avro record.
fn avro_columns(catalog: &Catalog, schema: &str) -> Result<Vec<Column>, SqlError> {
    let invalid = || plan("validating Avro value schema: the schema is not a record");
    let schema: serde_json::Value = serde_json::from_str(schema).map_err(|_| invalid())?;
    let fields = schema.get("fields").and_then(|f| f.as_array()).ok_or_else(invalid)?;
    let one = |field: &serde_json::Value| {
        let name = field.get("name").and_then(|n| n.as_str()).unwrap_or_default();
        let ty = field.get("type").cloned().unwrap_or_default();
        let (ty, nullable) = match ty.as_array() {
            Some(union) => {
                (union.iter().find(|t| *t != "null").cloned().unwrap_or_default(), union.iter().any(|t| t == "null"))
            }
            None => (ty, false),
        };
        Column::new(name, avro_type(catalog, &ty), nullable)
    };
    Ok(fields.iter().map(one).collect())
}
