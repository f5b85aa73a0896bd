//! Reads and plays the recordings: a dialect of sqllogictest.
//!
//! Records are separated by empty lines: `statement ok`, `statement error` (with the expected error under `----`),
//! `query <types> [rowsort]` (with tab-separated rows under `----`), `connection NAME`, `halt`.

use emulator::wire::Running;
use std::collections::HashMap;
use std::fmt::Write;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

/// What a record expects of its statement.
#[derive(Debug, PartialEq)]
pub enum Expect {
    Ok,
    /// The error as printed by [`shown_error`].
    Error(String),
    Rows {
        columns: usize,
        sorted: bool,
        rows: Vec<String>,
    },
}

#[derive(Debug, PartialEq)]
pub struct Record {
    /// One-based line of the directive.
    pub line: usize,
    pub connection: String,
    pub sql: String,
    pub expect: Expect,
}

/// Parses a recording; an unknown directive is an error.
pub fn parse(text: &str) -> Result<Vec<Record>, String> {
    let lines: Vec<&str> = text.lines().collect();
    let (mut records, mut connection, mut at) = (Vec::new(), "mz_system".to_owned(), 0);
    let until = |at: &mut usize, end: &dyn Fn(&str) -> bool| {
        let start = *at;
        while *at < lines.len() && !end(lines[*at]) {
            *at += 1;
        }
        lines[start..*at].to_vec()
    };
    while at < lines.len() {
        let line = at + 1;
        let words: Vec<&str> = lines[at].split_whitespace().collect();
        at += 1;
        let expect = match words[..] {
            [] => continue,
            [first, ..] if first.starts_with('#') => continue,
            ["halt"] => break,
            ["connection", name] => {
                connection = name.to_owned();
                continue;
            }
            ["statement", "ok"] => Expect::Ok,
            ["statement", "error"] => Expect::Error(String::new()),
            ["query", types] | ["query", types, "nosort"] => {
                Expect::Rows { columns: types.len(), sorted: false, rows: vec![] }
            }
            ["query", types, "rowsort"] => Expect::Rows { columns: types.len(), sorted: true, rows: vec![] },
            _ => return Err(format!("line {line}: unknown directive: {}", words.join(" "))),
        };
        let sql = until(&mut at, &|l| l.is_empty() || l == "----").join("\n");
        let divided = lines.get(at) == Some(&"----");
        at += usize::from(divided);
        let expect = match expect {
            // An error ends at two empty lines: a message may hold one.
            Expect::Error(_) if divided => {
                let mut text = Vec::new();
                while at < lines.len() && !(lines[at].is_empty() && lines.get(at + 1).is_none_or(|l| l.is_empty())) {
                    text.push(lines[at]);
                    at += 1;
                }
                Expect::Error(text.join("\n"))
            }
            Expect::Rows { columns, sorted, .. } if divided => {
                let rows = until(&mut at, &|l| l.is_empty()).into_iter().map(str::to_owned).collect();
                Expect::Rows { columns, sorted, rows }
            }
            other => other,
        };
        records.push(Record { line, connection: connection.clone(), sql, expect });
    }
    Ok(records)
}

/// Plays a recording against an emulator; every mismatch with its line.
pub async fn play(emulator: &Running, records: &[Record]) -> Vec<String> {
    let mut clients: HashMap<&str, Client> = HashMap::new();
    let mut mismatches = Vec::new();
    for record in records {
        let fault = match client(emulator, &mut clients, &record.connection).await {
            Ok(client) => check(client, record).await,
            Err(e) => Some(format!("cannot connect as {}: {e}", record.connection)),
        };
        if let Some(fault) = fault {
            mismatches.push(format!("line {}: {}\n{fault}", record.line, record.sql));
        }
    }
    mismatches
}

async fn client<'c, 'a>(
    emulator: &Running,
    clients: &'c mut HashMap<&'a str, Client>,
    user: &'a str,
) -> Result<&'c Client, tokio_postgres::Error> {
    if clients.get(user).is_none_or(Client::is_closed) {
        let (client, connection) = tokio_postgres::Config::new()
            .host(emulator.addr.ip().to_string())
            .port(emulator.addr.port())
            .user(user)
            .dbname("materialize")
            .connect(NoTls)
            .await?;
        tokio::spawn(connection);
        clients.insert(user, client);
    }
    Ok(&clients[user])
}

async fn check(client: &Client, record: &Record) -> Option<String> {
    let messages = match (client.simple_query(&record.sql).await, &record.expect) {
        (Err(e), Expect::Error(expected)) => {
            let actual = shown_error(&e);
            return (actual != *expected).then(|| difference(expected, &actual));
        }
        (Err(e), Expect::Ok) => return Some(difference("ok", &shown_error(&e))),
        (Err(e), Expect::Rows { rows, .. }) => return Some(difference(&rows.join("\n"), &shown_error(&e))),
        (Ok(_), Expect::Ok) => return None,
        (Ok(_), Expect::Error(expected)) => return Some(difference(expected, "ok")),
        (Ok(messages), Expect::Rows { .. }) => messages,
    };
    let Expect::Rows { columns, sorted, rows: expected } = &record.expect else { return None };
    let mut actual = Vec::new();
    let mut width = 0;
    for message in messages {
        match message {
            SimpleQueryMessage::RowDescription(columns) => width = columns.len(),
            SimpleQueryMessage::Row(row) => {
                let values: Vec<String> = (0..row.len()).map(|i| shown_value(row.get(i))).collect();
                actual.push(values.join("\t"));
            }
            _ => {}
        }
    }
    if width != *columns {
        return Some(format!("  expected {columns} columns, got {width}"));
    }
    let mut expected = expected.clone();
    if *sorted {
        actual.sort();
        expected.sort();
    }
    (actual != expected).then(|| difference(&expected.join("\n"), &actual.join("\n")))
}

fn shown_value(value: Option<&str>) -> String {
    match value {
        None => "NULL".into(),
        Some("") => "(empty)".into(),
        Some(text) => text.replace('\n', "\\n"),
    }
}

/// `SQLSTATE: message`, then DETAIL and HINT.
fn shown_error(error: &tokio_postgres::Error) -> String {
    let Some(error) = error.as_db_error() else { return format!("not a database error: {error}") };
    let mut text = format!("{}: {}", error.code().code(), error.message());
    for (name, part) in [("DETAIL", error.detail()), ("HINT", error.hint())] {
        if let Some(part) = part {
            let _ = write!(text, "\n{name}: {part}");
        }
    }
    text
}

/// Only the lines that differ, in order.
fn difference(expected: &str, actual: &str) -> String {
    let (expected_lines, actual_lines): (Vec<_>, Vec<_>) = (expected.lines().collect(), actual.lines().collect());
    let mut out = String::new();
    for (sign, lines, others) in [('-', &expected_lines, &actual_lines), ('+', &actual_lines, &expected_lines)] {
        for line in lines.iter().filter(|line| !others.contains(line)) {
            let _ = writeln!(out, "  {sign} {line}");
        }
    }
    if out.is_empty() {
        let _ = writeln!(out, "  - {}\n  + {}", expected_lines.join("\n  - "), actual_lines.join("\n  + "));
    }
    out.trim_end().to_owned()
}
