//! Sources, sinks, and the tables that read from sources.

use super::objects::{of_kind, sql};
use super::{Rows, Scope, acl, oid, optional, text, texts};
use crate::catalog::Catalog;
use crate::catalog::item::{Definition, Envelope, Formats, Ingest, Item, Sink, Source, SourceFrom, TableFrom};
use crate::catalog::privileges::ObjectKind;
use crate::datum::Datum;

pub fn source_kind(i: &Item) -> &'static str {
    match &i.definition {
        Definition::Source(s) => s.kind,
        // A source of the system: those of one schema are what the replicas log.
        Definition::System(r) if r.schema == "mz_introspection" => "log",
        _ => "source",
    }
}
pub fn sink_kind(i: &Item) -> &'static str {
    match &i.definition {
        Definition::Sink(s) if s.kind == "KAFKA" => "kafka",
        _ => "iceberg",
    }
}

fn sources<'a>(c: &'a Scope<'_>) -> impl Iterator<Item = (&'a Item, &'a Source)> {
    of_kind(c, ObjectKind::Source).filter_map(|i| match &i.definition {
        Definition::Source(s) => Some((i, &**s)),
        _ => None,
    })
}
fn sinks<'a>(c: &'a Scope<'_>) -> impl Iterator<Item = (&'a Item, &'a Sink)> {
    of_kind(c, ObjectKind::Sink).filter_map(|i| match &i.definition {
        Definition::Sink(s) => Some((i, &**s)),
        _ => None,
    })
}

/// Key and value format as the catalog names them.
fn formats(f: Option<&Formats>) -> (Option<&'static str>, Option<&'static str>) {
    match f {
        None => (None, None),
        Some(Formats::Bare(f)) => (None, Some(f.name)),
        Some(Formats::KeyValue(k, v)) => (Some(k.name), Some(v.name)),
    }
}
fn envelope(ingest: &Ingest) -> Option<&'static str> {
    Some(match ingest.envelope.as_ref() {
        None | Some(Envelope::None) => "none",
        Some(Envelope::Debezium) => "debezium",
        Some(Envelope::Materialize) => "materialize",
        Some(Envelope::Upsert(None)) => "upsert",
        Some(Envelope::Upsert(Some(_))) => "upsert-value-err-inline",
    })
}
/// A source has an envelope only if it gives rows itself or has its own subsources.
fn source_envelope(s: &Source) -> Option<&'static str> {
    match &s.from {
        SourceFrom::Subsource { .. } => Some("none"),
        SourceFrom::Progress | SourceFrom::Webhook(_) => None,
        SourceFrom::LoadGenerator { generator, .. } if *generator != "KEY VALUE" => s.progress.map(|_| "none"),
        SourceFrom::LoadGenerator { .. } => s.ingest.envelope.as_ref().and(envelope(&s.ingest)),
        SourceFrom::Connection { kind: "KAFKA", .. } => s.ingest.format.as_ref().and(envelope(&s.ingest)),
        SourceFrom::Connection { .. } => s.progress.map(|_| "none"),
    }
}

pub fn rows(c: &Scope, relation: &str) -> Option<Rows> {
    Some(match relation {
        "mz_sources" => of_kind(c, ObjectKind::Source).map(|i| source(c, i)).collect(),
        "mz_sinks" => sinks(c).map(|(i, s)| sink(c, i, s)).collect(),
        "mz_kafka_sinks" => sinks(c)
            .filter(|(_, s)| s.kind == "KAFKA")
            .map(|(i, s)| vec![text(i.id), text(s.options.text("TOPIC").ok().flatten().unwrap_or_default())])
            .collect(),
        "mz_iceberg_sinks" => sinks(c)
            .filter(|(_, s)| s.kind != "KAFKA")
            .map(|(i, s)| {
                let option = |name: &str| text(s.options.text(name).ok().flatten().unwrap_or_default());
                vec![text(i.id), option("NAMESPACE"), option("TABLE")]
            })
            .collect(),
        "mz_kafka_sources" => sources(c)
            .filter_map(|(i, s)| {
                let SourceFrom::Connection { kind: "KAFKA", connection, options } = &s.from else { return None };
                let option = |name: &str| options.text(name).ok().flatten().unwrap_or_default();
                let group =
                    format!("{}materialize-{}-{connection}-{}", option("GROUP ID PREFIX"), c.environment_id, i.id);
                Some(vec![text(i.id), text(group), text(option("TOPIC"))])
            })
            .collect(),
        "mz_webhook_sources" => sources(c)
            .filter(|(_, s)| matches!(s.from, SourceFrom::Webhook(_)))
            .map(|(i, _)| {
                vec![
                    text(i.id),
                    text(&i.name),
                    text(format!(
                        "https://host/api/webhook/{}",
                        c.full_name(i.id).iter().map(|n| segment(n)).collect::<Vec<_>>().join("/")
                    )),
                ]
            })
            .collect(),
        "mz_postgres_sources" => {
            let of = |s: &Source| matches!(&s.from, SourceFrom::Connection { kind: "POSTGRES", .. });
            let row = |i: &Item| vec![text(i.id), text(format!("materialize_{}", i.id)), Datum::Uint(1)];
            sources(c).filter(|(_, s)| of(s)).map(|(i, _)| row(i)).collect()
        }
        "mz_postgres_source_tables" => upstream_tables(c, "POSTGRES"),
        "mz_mysql_source_tables" => upstream_tables(c, "MYSQL"),
        "mz_sql_server_source_tables" => upstream_tables(c, "SQL SERVER"),
        "mz_kafka_source_tables" => tables(c)
            .filter_map(|(i, source, reference, ingest)| {
                let SourceFrom::Connection { kind: "KAFKA", .. } = &source.from else { return None };
                let (key, value) = formats(ingest.format.as_ref());
                Some(vec![
                    text(i.id),
                    optional(reference.last()),
                    optional(envelope(ingest)),
                    optional(key),
                    optional(value),
                ])
            })
            .collect(),
        "mz_source_references" => {
            let mut out = Vec::new();
            for (i, s) in sources(c) {
                for r in &s.references {
                    let columns = r.columns.as_ref().map_or(Datum::Null, |list| texts(list.iter().map(|c| &c.name)));
                    out.push(vec![
                        text(i.id),
                        optional(r.namespace.as_ref()),
                        text(&r.name),
                        Datum::Timestamp(i.created_at),
                        columns,
                    ]);
                }
            }
            out
        }
        "mz_source_statuses" => sources(c).map(|(i, s)| status(c, i, s.kind)).collect(),
        "mz_sink_statuses" => sinks(c).map(|(i, _)| status(c, i, sink_kind(i))).collect(),
        _ => return None,
    })
}

/// What runs on a cluster without replicas is paused.
fn status(c: &Catalog, i: &Item, kind: &str) -> Vec<Datum> {
    let paused = i.definition.cluster().and_then(|k| c.clusters.get(&k)).is_some_and(|k| k.replicas.is_empty());
    let status = text(if paused { "paused" } else { "running" });
    vec![text(i.id), text(&i.name), text(kind), Datum::Timestamp(i.created_at), status, Datum::Null, Datum::Null]
}

fn source(c: &Scope, i: &Item) -> Vec<Datum> {
    let [create, redacted] = sql(c, i);
    let (envelope, (key, value)) = match &i.definition {
        Definition::Source(s) => (source_envelope(s), formats(s.ingest.format.as_ref())),
        _ => (None, (None, None)),
    };
    vec![
        text(i.id),
        oid(i.oid),
        text(i.schema),
        text(&i.name),
        text(source_kind(i)),
        optional(i.definition.connection()),
        Datum::Null,
        optional(envelope),
        optional(key),
        optional(value),
        optional(i.definition.cluster()),
        text(i.owner),
        acl(&i.privileges),
        create,
        redacted,
    ]
}

fn sink(c: &Scope, i: &Item, s: &Sink) -> Vec<Datum> {
    let [create, redacted] = sql(c, i);
    // One FORMAT serves for the key, too, if there is a key.
    let (key, value) = match formats(s.format.as_ref()) {
        (None, value) if s.key.is_some() => (value, value),
        both => both,
    };
    let format = match (&s.format, key, value) {
        (Some(Formats::KeyValue(..)), Some(key), Some(value)) if key != value => {
            Some(format!("key-{key}-value-{value}"))
        }
        (_, _, value) => value.map(str::to_owned),
    };
    vec![
        text(i.id),
        oid(i.oid),
        text(i.schema),
        text(&i.name),
        text(sink_kind(i)),
        text(s.connection),
        Datum::Null,
        optional(s.envelope),
        optional(format),
        optional(key),
        optional(value),
        text(s.cluster),
        text(i.owner),
        create,
        redacted,
    ]
}

/// Tables that read from a source: the table, the source, the reference, how it is read.
fn tables<'a>(c: &'a Scope<'_>) -> impl Iterator<Item = (&'a Item, &'a Source, &'a [String], &'a Ingest)> {
    of_kind(c, ObjectKind::Table).filter_map(|i| {
        let Definition::Table(t) = &i.definition else { return None };
        let Some(TableFrom::Source { source, reference, ingest, .. }) = &t.from else { return None };
        match c.items.get(source).map(|s| &s.definition) {
            Some(Definition::Source(s)) => Some((i, &**s, reference.as_slice(), ingest)),
            _ => None,
        }
    })
}

/// Subsources and tables of sources of one kind: id, schema, table.
/// A name as a part of a URL's path: everything but what stands for itself there is escaped.
fn segment(name: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'"' | b'#' | b'<' | b'>' | b'?' | b'`' | b'{' | b'}' | b'^' | b'/' | b'%' | b'\\' => format!("%{byte:02X}"),
        b'!'..=b'~' => (byte as char).to_string(),
        _ => format!("%{byte:02X}"),
    };
    name.bytes().map(escaped).collect()
}

fn upstream_tables(c: &Scope, kind: &str) -> Rows {
    let row = |i: &Item, reference: &[String]| {
        let at = |back: usize| optional(reference.len().checked_sub(back).and_then(|n| reference.get(n)));
        vec![text(i.id), at(2), at(1)]
    };
    let of_kind = |s: &Source| matches!(&s.from, SourceFrom::Connection { kind: k, .. } if *k == kind);
    let mut out: Rows =
        tables(c).filter(|(_, s, ..)| of_kind(s)).map(|(i, _, reference, _)| row(i, reference)).collect();
    for (i, s) in sources(c) {
        if let SourceFrom::Subsource { of, reference, .. } = &s.from
            && let Some(Definition::Source(parent)) = c.items.get(of).map(|i| &i.definition)
            && of_kind(parent)
        {
            out.push(row(i, reference));
        }
    }
    out
}
