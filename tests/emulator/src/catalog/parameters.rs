//! The server's parameters: their names, kinds and values.

use crate::datum::SqlError;
use crate::sql::error::{Hint, plan, with_code};
use std::collections::BTreeMap;

/// Names and values that a fresh environment shows.
const TABLE: &str = include_str!("../../data/parameters.tsv");

#[derive(Clone, Debug)]
pub struct Parameter {
    /// As SHOW ALL spells it.
    pub name: String,
    pub default: String,
    pub value: String,
}

/// Parameters by their name in lower case.
pub type Parameters = BTreeMap<String, Parameter>;

pub fn defaults() -> Parameters {
    let rows = TABLE.lines().skip(1).filter_map(|l| l.split_once('\t'));
    rows.map(|(name, value)| {
        let parameter = Parameter { name: name.into(), default: value.into(), value: value.into() };
        (name.to_lowercase(), parameter)
    })
    .collect()
}

/// Parameters that a session has of its own, and that a role may set defaults for.
pub const SESSION: &[&str] = &[
    "application_name", "auto_route_catalog_queries", "client_encoding", "client_min_messages", "cluster",
    "cluster_replica", "current_object_missing_warnings", "database", "datestyle", "emit_introspection_query_notice",
    "emit_plan_insights_notice", "emit_timestamp_notice", "emit_trace_id_notice",
    "enable_session_cardinality_estimates", "enable_session_rbac_checks", "extra_float_digits", "failpoints",
    "idle_in_transaction_session_timeout", "integer_datetimes", "intervalstyle", "is_superuser",
    "max_identifier_length", "max_query_result_size", "mz_version", "real_time_recency", "real_time_recency_timeout",
    "search_path", "server_version", "server_version_num", "sql_safe_updates", "standard_conforming_strings",
    "statement_logging_sample_rate", "statement_timeout", "timezone", "transaction_isolation", "welcome_message",
];

const FIXED: &[&str] = &["is_superuser", "max_identifier_length", "mz_version", "server_version", "server_version_num"];

pub fn unrecognized(name: &str) -> SqlError {
    with_code("42704", format!("unrecognized configuration parameter \"{name}\""))
}

/// The items of a list such as `public, "a, b"`.
pub fn split_list(text: &str) -> Vec<String> {
    let (mut items, mut item, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => item.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => items.push(std::mem::take(&mut item)),
            // Spaces around an item are not part of it.
            c if !quoted && c.is_whitespace() => {}
            c => item.push(c),
        }
    }
    items.push(item);
    items.retain(|i| !i.is_empty());
    items
}

/// What PostgreSQL takes for a boolean.
pub fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "t" | "true" | "on" | "yes" | "1" => Some(true),
        "f" | "false" | "off" | "no" | "0" => Some(false),
        _ => None,
    }
}

enum Kind {
    Bool,
    Unsigned,
    Integer,
    Number,
    Duration,
    Bytes,
    Text,
}

fn kind(parameter: &Parameter) -> Kind {
    let value = parameter.default.as_str();
    let unit =
        |units: &[&str]| value.split_once(' ').is_some_and(|(n, u)| n.parse::<u64>().is_ok() && units.contains(&u));
    match parameter.name.as_str() {
        "extra_float_digits" => Kind::Integer,
        "max_credit_consumption_rate" | "scram_iterations" if value.parse::<f64>().is_ok() => Kind::Unsigned,
        _ if value == "on" || value == "off" => Kind::Bool,
        _ if unit(&["s", "ms", "min", "h", "d", "us"]) => Kind::Duration,
        _ if value.parse::<u64>().is_ok() => Kind::Unsigned,
        _ if value.parse::<f64>().is_ok() => Kind::Number,
        _ if value.ends_with("MB") || value.ends_with("GB") || value.ends_with("kB") => Kind::Bytes,
        _ => Kind::Text,
    }
}

/// A value as the parameter will show it. Errors: `22023`.
pub fn parse(parameter: &Parameter, values: &[String]) -> Result<String, SqlError> {
    let name = &parameter.name;
    let joined = values.join(", ");
    let key = name.to_lowercase();
    let wrong = |what: &str| with_code("22023", format!("parameter \"{name}\" requires a \"{what}\" value"));
    if FIXED.contains(&key.as_str()) {
        return Err(with_code("55P02", format!("parameter \"{name}\" cannot be changed")));
    }
    let one_of = |allowed: &[&str]| {
        let found = allowed.iter().find(|a| a.eq_ignore_ascii_case(&joined));
        found.map(|a| (*a).to_owned()).ok_or_else(|| {
            with_code("22023", format!("invalid value for parameter \"{name}\": \"{joined}\""))
                .hint(format!("Available values: {}.", allowed.join(", ")))
        })
    };
    match key.as_str() {
        "transaction_isolation" => {
            return one_of(&[
                "read uncommitted", "read committed", "repeatable read", "serializable", "strict serializable",
            ]);
        }
        "client_min_messages" => {
            return one_of(&["debug5", "debug4", "debug3", "debug2", "debug1", "log", "notice", "warning", "error"]);
        }
        "client_encoding" => return one_of(&["UTF8"]),
        "intervalstyle" => return one_of(&["postgres"]),
        "timezone" => return one_of(&["UTC", "+00:00", "GMT"]).map(|z| if z == "GMT" { z } else { "UTC".into() }),
        "integer_datetimes" | "standard_conforming_strings" => {
            return match boolean(&joined) {
                Some(true) => Ok("on".into()),
                Some(false) => Err(with_code("22023", format!("parameter \"{name}\" can only be set to \"on\""))),
                None => Err(wrong("boolean")),
            };
        }
        "datestyle" => {
            let parts = values.iter().flat_map(|v| split_list(v));
            return match parts.into_iter().all(|p| p.eq_ignore_ascii_case("iso") || p.eq_ignore_ascii_case("mdy")) {
                true => Ok("ISO, MDY".into()),
                false => Err(with_code("22023", format!("parameter \"{name}\" can only be set to \"ISO, MDY\""))),
            };
        }
        "search_path" => {
            return Ok(values.iter().map(|v| crate::sql::print::spared(v)).collect::<Vec<_>>().join(", "));
        }
        _ => {}
    }
    if values.len() > 1 {
        let given = values.iter().map(|v| format!("\"{v}\"")).collect::<Vec<_>>().join(",");
        let message = format!("parameter \"{name}\" cannot have value {given}: expects a single value");
        return Err(with_code("22023", message));
    }
    match kind(parameter) {
        Kind::Bool => boolean(&joined).map(|b| if b { "on" } else { "off" }.to_owned()).ok_or_else(|| wrong("boolean")),
        Kind::Unsigned => joined.parse::<u64>().map(|n| n.to_string()).map_err(|_| wrong("unsigned integer")),
        Kind::Integer => joined.parse::<i64>().map(|n| n.to_string()).map_err(|_| wrong("integer")),
        Kind::Number => {
            joined.parse::<f64>().map(|n| n.to_string()).map_err(|_| wrong("double-precision floating-point number"))
        }
        Kind::Duration => duration_ms(&joined).map(show_duration).ok_or_else(|| wrong("duration")),
        Kind::Bytes if joined.trim_end_matches(char::is_alphabetic).trim().parse::<u64>().is_ok() => Ok(joined),
        Kind::Bytes => Err(wrong("bytes")),
        Kind::Text => Ok(joined),
    }
}

/// Milliseconds of `10 s`, `500ms`, `2 min`, `1h`; a bare number is milliseconds.
pub fn duration_ms(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let n: u64 = text[..digits].parse().ok()?;
    let unit = match text[digits..].trim() {
        "" | "ms" => 1,
        "s" => 1000,
        "min" | "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    n.checked_mul(unit)
}

fn show_duration(ms: u64) -> String {
    for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000)] {
        if ms >= size && ms.is_multiple_of(size) {
            return format!("{} {unit}", ms / size);
        }
    }
    if ms == 0 { "0 s".into() } else { format!("{ms} ms") }
}

/// ALTER SYSTEM refuses some values by what they name.
pub fn no_such_policy(value: &str) -> SqlError {
    plan(format!("parameter \"network_policy\" cannot have value \"{value}\": no network policy with such name exists"))
}
