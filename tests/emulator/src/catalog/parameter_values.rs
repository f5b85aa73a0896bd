//! What values the server's parameters take, and how they are shown.

use super::parameters::{Parameter, boolean, read_only, split_list};
use crate::datum::SqlError;
use crate::sql::error::{Hint, with_code};

enum Kind {
    Bool,
    Unsigned,
    Unsigned32,
    Integer,
    Number,
    Numeric,
    Duration,
    Bytes,
    Text,
}

/// Parameters that only take the value that they have.
const FIXED: &[&str] = &["integer_datetimes", "standard_conforming_strings"];
const READ_ONLY: &[&str] = &["server_version", "server_version_num"];

fn kind(parameter: &Parameter) -> Kind {
    let value = parameter.default.as_str();
    let unit =
        |units: &[&str]| value.split_once(' ').is_some_and(|(n, u)| n.parse::<u64>().is_ok() && units.contains(&u));
    match parameter.name.as_str() {
        "extra_float_digits" => Kind::Integer,
        "max_credit_consumption_rate" => Kind::Numeric,
        name if name.ends_with("_sample_rate") || name.ends_with("_size_fraction") => Kind::Numeric,
        _ if value == "on" || value == "off" => Kind::Bool,
        _ if unit(&["s", "ms", "min", "h", "d", "us"]) => Kind::Duration,
        name if name.starts_with("max_") && value.parse::<u32>().is_ok() => Kind::Unsigned32,
        _ if value.parse::<u64>().is_ok() => Kind::Unsigned,
        _ if value.parse::<f64>().is_ok() => Kind::Number,
        _ if value.ends_with("MB") || value.ends_with("GB") || value.ends_with("kB") => Kind::Bytes,
        _ => Kind::Text,
    }
}

fn cannot_have(name: &str, values: &[String], reason: &str) -> SqlError {
    let given = values.iter().map(|v| format!("\"{v}\"")).collect::<Vec<_>>().join(",");
    with_code("22023", format!("parameter \"{name}\" cannot have value {given}: {reason}"))
}

fn single<'a>(name: &str, values: &'a [String]) -> Result<&'a str, SqlError> {
    match values {
        [value] => Ok(value),
        _ => Err(cannot_have(name, values, "expects a single value")),
    }
}

/// One of several words, whatever their case; `listed` are told when it is none of them.
fn one_of(name: &str, value: &str, allowed: &[(&str, &str)], listed: &[&str]) -> Result<String, SqlError> {
    if let Some((_, shown)) = allowed.iter().find(|(word, _)| word.eq_ignore_ascii_case(value)) {
        return Ok((*shown).to_owned());
    }
    let error = with_code("22023", format!("invalid value for parameter \"{name}\": \"{value}\""));
    Err(if listed.is_empty() { error } else { error.hint(format!("Available values: {}.", listed.join(", "))) })
}

/// A value as it is stored: a list is told as text with commas.
pub fn parse_flat(parameter: &Parameter, value: &str) -> Result<String, SqlError> {
    let list = parameter.name == "search_path";
    parse(parameter, &if list { split_list(value) } else { vec![value.to_owned()] })
}

/// A value as the parameter will show it. Errors: `22023`, `55P02`.
pub fn parse(parameter: &Parameter, values: &[String]) -> Result<String, SqlError> {
    let name = &parameter.name;
    let key = name.to_lowercase();
    match key.as_str() {
        "datestyle" => {
            let parts = values.iter().flat_map(|v| split_list(v));
            return match parts.into_iter().all(|p| p.eq_ignore_ascii_case("iso") || p.eq_ignore_ascii_case("mdy")) {
                true => Ok("ISO, MDY".into()),
                false => Err(can_only_be(name, "ISO, MDY")),
            };
        }
        "search_path" | "allowed_cluster_replica_sizes" => {
            return Ok(values.iter().map(|v| crate::sql::print::spared(v)).collect::<Vec<_>>().join(", "));
        }
        // What was set is not told.
        "failpoints" => return Ok("<omitted>".into()),
        _ => {}
    }
    let value = single(name, values)?;
    let same = |words: &[&'static str]| words.iter().map(|w| (*w, *w)).collect::<Vec<_>>();
    match key.as_str() {
        "transaction_isolation" => {
            // The weaker levels are the same as the weakest that there is.
            const WEAKER: [&str; 4] = ["read uncommitted", "read committed", "repeatable read", "serializable"];
            let mut allowed: Vec<(&str, &str)> = WEAKER.iter().map(|level| (*level, "serializable")).collect();
            allowed.extend(same(&["strong session serializable", "strict serializable"]));
            let listed: Vec<&str> = WEAKER.into_iter().chain(["strict serializable"]).collect();
            return one_of(name, value, &allowed, &listed);
        }
        "client_min_messages" => {
            let listed = ["debug5", "debug4", "debug3", "debug2", "debug1", "log", "notice", "warning", "error"];
            let mut allowed = same(&listed);
            allowed.extend([("info", "info"), ("debug", "debug2")]);
            return one_of(name, value, &allowed, &listed);
        }
        "client_encoding" => return one_of(name, value, &same(&["UTF8"]), &["UTF8"]),
        "intervalstyle" => return one_of(name, value, &same(&["postgres"]), &["postgres"]),
        "timezone" => return one_of(name, value, &same(&["UTC", "GMT", "+00:00"]), &[]),
        _ => {}
    }
    let parsed = of_kind(parameter, value)?;
    if READ_ONLY.contains(&key.as_str()) {
        return Err(read_only(name));
    }
    if FIXED.contains(&key.as_str()) && parsed != parameter.value {
        return Err(can_only_be(name, &parameter.value));
    }
    Ok(parsed)
}

fn can_only_be(name: &str, value: &str) -> SqlError {
    with_code("22023", format!("parameter \"{name}\" can only be set to \"{value}\""))
}

fn of_kind(parameter: &Parameter, value: &str) -> Result<String, SqlError> {
    let name = &parameter.name;
    let wrong = |what: &str| with_code("22023", format!("parameter \"{name}\" requires a \"{what}\" value"));
    match kind(parameter) {
        // Nothing but these words, and not in capitals.
        Kind::Bool if !matches!(value, "t" | "true" | "on" | "f" | "false" | "off") => Err(wrong("boolean")),
        Kind::Bool => Ok(if boolean(value) == Some(true) { "on" } else { "off" }.to_owned()),
        Kind::Unsigned => value.parse::<u64>().map(|n| n.to_string()).map_err(|_| wrong("unsigned integer")),
        Kind::Unsigned32 => value.parse::<u32>().map(|n| n.to_string()).map_err(|_| wrong("unsigned integer")),
        Kind::Integer => value.parse::<i32>().map(|n| n.to_string()).map_err(|_| wrong("integer")),
        Kind::Number => {
            value.parse::<f64>().map(|n| n.to_string()).map_err(|_| wrong("double-precision floating-point number"))
        }
        Kind::Numeric => {
            let number: f64 = value.parse().map_err(|_| wrong("numeric"))?;
            let refused = |reason| Err(cannot_have(name, &[value.to_owned()], reason));
            if name == "max_credit_consumption_rate" && (number.is_nan() || number.is_sign_negative()) {
                return refused("only supports non-negative, non-NaN numeric values");
            }
            if name.ends_with("_sample_rate") && !(0.0..=1.0).contains(&number) {
                return refused("only supports values in range 0.0..=1.0");
            }
            let plain = value.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
            Ok(if plain { value.to_owned() } else { number.to_string() })
        }
        Kind::Duration => match duration(value) {
            Ok(Some(us)) => Ok(show_duration(us)),
            Ok(None) => Err(wrong("duration")),
            // The server shows its own template here.
            Err(unit) => Err(cannot_have(name, &[unit], "expected us, ms, s, min, h, or d but got {o:?}")),
        },
        Kind::Bytes => bytes(value).map(show_bytes).ok_or_else(|| wrong("bytes")),
        Kind::Text => Ok(value.to_owned()),
    }
}

const BYTES: [(&str, u64); 5] = [("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10), ("B", 1)];

fn bytes(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let unit = text[digits..].trim();
    let size = if unit.is_empty() { 1 } else { BYTES.iter().find(|(name, _)| *name == unit)?.1 };
    text[..digits].parse::<u64>().ok()?.checked_mul(size)
}

/// In the largest unit of which it is a multiple.
fn show_bytes(n: u64) -> String {
    let (unit, size) = BYTES.into_iter().find(|(_, size)| n >= *size && n.is_multiple_of(*size)).unwrap_or(("B", 1));
    format!("{}{unit}", n / size)
}

const DURATIONS: [(&str, u64); 6] =
    [("d", 86_400_000_000), ("h", 3_600_000_000), ("min", 60_000_000), ("s", 1_000_000), ("ms", 1000), ("us", 1)];

/// Microseconds of `10 s`, `500ms`, `2 min`, `1h`; a bare number is milliseconds. None when there is no number that
/// fits; the unit when it is none.
fn duration(text: &str) -> Result<Option<u64>, String> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let Ok(n) = text[..digits].parse::<u64>() else { return Ok(None) };
    let unit = match text[digits..].trim_start() {
        "" => "ms",
        unit => unit,
    };
    match DURATIONS.iter().find(|(name, _)| *name == unit) {
        Some((_, size)) => Ok(n.checked_mul(*size)),
        None => Err(unit.to_owned()),
    }
}

/// Milliseconds of a duration as it is shown.
pub fn duration_ms(text: &str) -> Option<u64> {
    duration(text).ok().flatten().map(|us| us / 1000)
}

fn show_duration(us: u64) -> String {
    let unit = DURATIONS.into_iter().find(|(_, size)| us >= *size && us.is_multiple_of(*size));
    unit.map_or("0 s".into(), |(unit, size)| format!("{} {unit}", us / size))
}
