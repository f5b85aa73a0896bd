//! The tables of a PostgreSQL, MySQL or SQL Server upstream, as the emulator was told of them.

use super::Context;
use crate::catalog::item::{Column, Connection, Key, Reference};
use crate::catalog::upstream::UpstreamTable;
use crate::datum::SqlError;
use crate::sql::error::{Hint, plan};
use crate::sql::options::{Options, Value};
use crate::sql::parser::Parser;
use crate::sql::types::{DataType, data_type};

/// The tables that a source over a connection may read.
pub fn references(cx: &Context<'_>, connection: &Connection, options: &Options) -> Result<Vec<Reference>, SqlError> {
    let host = connection.options.text("HOST")?.unwrap_or_default();
    let database = connection.options.text("DATABASE")?.unwrap_or_default();
    let port = |default: u16| match connection.option("PORT") {
        Some(Value::Number(n)) => n.parse().unwrap_or(default),
        _ => default,
    };
    let up = &cx.catalog.upstreams;
    let (prefix, tables) = match connection.kind {
        "POSTGRES" => {
            let found = up.postgres.iter().find(|p| p.host == host && p.port == port(5432) && p.database == database);
            let Some(found) = found else {
                let refused = "error connecting to server: Connection refused (os error 111)";
                return Err(plan("failed to connect to PostgreSQL database").detail(refused));
            };
            let publication =
                options.text("PUBLICATION")?.ok_or_else(|| plan("CONNECTION must specify PUBLICATION"))?;
            if !found.publications.contains(&publication) {
                return Err(plan("failed to connect to PostgreSQL database")
                    .detail(format!("publication {publication} does not exist")));
            }
            (found.database.clone(), &found.tables)
        }
        kind => {
            let mysql = kind == "MYSQL";
            let (servers, default) = if mysql { (&up.mysql, 3306) } else { (&up.sql_server, 1433) };
            let Some(found) = servers.iter().find(|s| s.host == host && s.port == port(default)) else {
                return Err(plan(format!(
                    "failed to connect to {} database",
                    if mysql { "MySQL" } else { "SQL Server" }
                )));
            };
            // MySQL has no databases above schemas: a word stands in for one.
            (if mysql { "mysql".to_owned() } else { found.database.clone().unwrap_or(database) }, &found.tables)
        }
    };
    // OIDs as PostgreSQL gives them out: a table takes some for its types and its overflow table, a schema one.
    let (mut oid, mut schemas) = (FIRST_OID, vec!["public"]);
    let mut out = Vec::new();
    for table in tables {
        if !schemas.contains(&table.schema.as_str()) {
            schemas.push(&table.schema);
            oid += 1;
        }
        out.push(reference(cx, &prefix, oid, table)?);
        oid += key_distance(table.columns.iter().map(|c| c.ty.as_str())) + 1;
    }
    Ok(out)
}

/// How far a table's primary key is from the table: farther when long values need a table of their own.
fn key_distance<'t>(mut types: impl Iterator<Item = &'t str>) -> u64 {
    let long =
        |ty: &str| ["text", "varchar", "character varying", "jsonb", "json", "bytea"].iter().any(|w| ty.starts_with(w));
    if types.any(long) { 6 } else { 4 }
}

fn reference(cx: &Context<'_>, database: &str, oid: u64, table: &UpstreamTable) -> Result<Reference, SqlError> {
    let mut columns = Vec::new();
    for column in &table.columns {
        let mut parser = Parser::new(&column.ty)?;
        let mut ty = data_type(&mut parser)?;
        cx.catalog.resolve_data_type(&cx.session.names, &mut ty)?;
        columns.push(Column::new(column.name.clone(), ty, !column.not_null));
    }
    let key = Key { name: Some(format!("{}_pkey", table.name)), primary: true, columns: table.primary_key.clone() };
    Ok(Reference {
        path: vec![database.to_owned(), table.schema.clone(), table.name.clone()],
        namespace: Some(table.schema.clone()),
        name: table.name.clone(),
        columns: Some(columns),
        keys: if table.primary_key.is_empty() { Vec::new() } else { vec![key] },
        // The OID that the table's message carries, until the message is made.
        details: oid.to_string(),
    })
}

const FIRST_OID: u64 = 16_483;

/// What columns TEXT COLUMNS and EXCLUDE COLUMNS name, of one table.
pub fn apply(
    cx: &Context<'_>,
    reference: &Reference,
    text: &[String],
    exclude: &[String],
) -> Result<(Vec<Column>, String), SqlError> {
    let all = reference.columns.clone().unwrap_or_default();
    for name in text.iter().chain(exclude) {
        if !all.iter().any(|c| c.name == *name) {
            let table = reference.path.join(".");
            return Err(plan(format!(
                "invalid TEXT COLUMNS option value: column \"{name}\" not found in table {table}"
            )));
        }
    }
    let kept: Vec<Column> = all.iter().filter(|c| !exclude.contains(&c.name)).cloned().collect();
    let details = details(cx, reference, &all, exclude);
    let as_text = |mut c: Column| {
        if text.contains(&c.name) {
            c.ty = cx.catalog.system_type("text");
        }
        c
    };
    Ok((kept.into_iter().map(as_text).collect(), details))
}

fn varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}
fn number(out: &mut Vec<u8>, field: u64, n: u64) {
    varint(out, field << 3);
    varint(out, n);
}
fn bytes(out: &mut Vec<u8>, field: u64, data: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, data.len() as u64);
    out.extend(data);
}

/// The message that describes an upstream table to the server, in hexadecimal.
fn details(cx: &Context<'_>, reference: &Reference, columns: &[Column], exclude: &[String]) -> String {
    let oid: u64 = reference.details.parse().unwrap_or(FIRST_OID);
    let mut table = Vec::new();
    bytes(&mut table, 1, reference.name.as_bytes());
    bytes(&mut table, 2, reference.namespace.as_deref().unwrap_or_default().as_bytes());
    number(&mut table, 3, oid);
    for (n, c) in columns.iter().enumerate().filter(|(_, c)| !exclude.contains(&c.name)) {
        let (type_oid, modifier) = upstream_type(cx, &c.ty);
        let mut column = Vec::new();
        bytes(&mut column, 1, c.name.as_bytes());
        number(&mut column, 2, type_oid);
        number(&mut column, 3, modifier as u64);
        if c.nullable {
            number(&mut column, 4, 1);
        }
        number(&mut column, 6, n as u64 + 1);
        bytes(&mut table, 4, &column);
    }
    for key in &reference.keys {
        let mut out = Vec::new();
        let types: Vec<String> = columns.iter().map(|c| cx.catalog.type_long(&c.ty)).collect();
        number(&mut out, 1, oid + key_distance(types.iter().map(String::as_str)));
        bytes(&mut out, 2, key.name.as_deref().unwrap_or_default().as_bytes());
        let positions: Vec<u8> =
            key.columns.iter().filter_map(|k| columns.iter().position(|c| c.name == *k)).map(|i| i as u8 + 1).collect();
        bytes(&mut out, 3, &positions);
        number(&mut out, 4, 1);
        bytes(&mut table, 5, &out);
    }
    let (mut inner, mut outer) = (Vec::new(), Vec::new());
    bytes(&mut inner, 1, &table);
    bytes(&mut outer, 1, &inner);
    hex(&outer)
}

/// The upstream's own modifier, which keeps a numeric's precision.
fn upstream_type(cx: &Context<'_>, ty: &DataType) -> (u64, i64) {
    let (oid, modifier) = cx.catalog.type_oid(ty);
    match ty {
        DataType::Named(name, modifiers) if name.parts.last().is_some_and(|n| n == "numeric") => {
            match modifiers.as_slice() {
                [precision, scale] => (oid, (precision << 16 | scale) + 4),
                _ => (oid, -1),
            }
        }
        _ => (oid, modifier),
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The DETAILS of a PostgreSQL source: its replication slot, the timeline, the database.
pub fn source_details(database: &str) -> String {
    use std::hash::{BuildHasher, RandomState};
    let unique: String = (0..2u64).map(|n| format!("{:016x}", RandomState::new().hash_one(n))).collect();
    let mut out = Vec::new();
    bytes(&mut out, 2, format!("materialize_{unique}").as_bytes());
    number(&mut out, 3, 1);
    bytes(&mut out, 4, database.as_bytes());
    hex(&out)
}

/// The table that a reference of one to three parts means.
pub fn find<'r>(references: &'r [Reference], parts: &[String]) -> Result<&'r Reference, SqlError> {
    let mut matching = references.iter().filter(|r| r.path.ends_with(parts));
    match (matching.next(), matching.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(plan(format!("reference to {} not found in source", parts.join(".")))),
        (Some(_), Some(_)) => Err(plan(format!(
            "reference {} is ambiguous, consider specifying an additional layer of qualification",
            parts.join(".")
        ))),
    }
}
