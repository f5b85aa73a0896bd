//! Values as Materialize prints them.

use crate::datum::Datum;
use std::fmt::Write;

/// The text form of a value inside SQL, as a cast to `text` gives it: booleans are `true` and `false`.
/// Null prints as the empty string; callers that know better ask first.
pub fn value(datum: &Datum) -> String {
    wire_in_sql(datum, "")
}

/// The text form of a value of a known type inside SQL.
pub fn wire_in_sql(datum: &Datum, ty: &str) -> String {
    if let Datum::Bool(v) = datum { v.to_string() } else { wire(datum, ty) }
}

/// The text form of a value on the wire: booleans are `t` and `f`. `ty` is Materialize's name of its type.
pub fn wire(datum: &Datum, ty: &str) -> String {
    match datum {
        Datum::Null => String::new(),
        Datum::Bool(v) => if *v { "t" } else { "f" }.into(),
        Datum::Int(v) => v.to_string(),
        Datum::Uint(v) => v.to_string(),
        Datum::Float(v) => float(*v),
        Datum::Numeric(v) | Datum::Text(v) => v.clone(),
        Datum::Timestamp(v) if ty == "mz_timestamp" => v.to_string(),
        Datum::Timestamp(v) => timestamp(*v, !ty.starts_with("timestamp without")),
        Datum::Array(items) if ty == "int2vector" => items.iter().map(|i| wire(i, "")).collect::<Vec<_>>().join(" "),
        Datum::Array(items) => {
            let element = ty.strip_suffix("[]").or_else(|| ty.strip_suffix(" list")).unwrap_or("");
            let items: Vec<_> = items.iter().map(|item| array_item(item, element)).collect();
            format!("{{{}}}", items.join(","))
        }
        Datum::Map(entries) => {
            let entries: Vec<_> =
                entries.iter().map(|(key, v)| format!("{}=>{}", quoted(key, "=>"), array_item(v, ""))).collect();
            format!("{{{}}}", entries.join(","))
        }
    }
}

fn array_item(item: &Datum, ty: &str) -> String {
    match item {
        Datum::Null => "NULL".into(),
        Datum::Array(_) | Datum::Map(_) => wire(item, ty),
        other => quoted(&wire(other, ty), ""),
    }
}

/// PostgreSQL's rule for array elements: quoted when empty, NULL, or with a character that has a meaning there.
fn quoted(text: &str, also: &str) -> String {
    let special = |c: char| matches!(c, '{' | '}' | ',' | '"' | '\\') || c.is_whitespace();
    let plain = !text.is_empty()
        && !text.eq_ignore_ascii_case("null")
        && !text.contains(special)
        && (also.is_empty() || !text.contains(also));
    if plain { text.into() } else { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) }
}

/// `(1,"a b",)`: a record's fields, without those that are null.
pub fn record<'a>(fields: impl Iterator<Item = &'a Datum>) -> String {
    let special = |c: char| matches!(c, '(' | ')' | ',' | '"' | '\\') || c.is_whitespace();
    let field = |field: &Datum| match field {
        Datum::Null => String::new(),
        field => match wire(field, "") {
            text if text.is_empty() || text.contains(special) => {
                format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\"\""))
            }
            text => text,
        },
    };
    format!("({})", fields.map(field).collect::<Vec<_>>().join(","))
}

fn float(v: f64) -> String {
    if v.is_nan() {
        "NaN".into()
    } else if v.is_infinite() {
        if v > 0.0 { "Infinity" } else { "-Infinity" }.into()
    } else {
        v.to_string()
    }
}

/// `2026-01-31 12:00:00.5+00`: civil date by the days-from-epoch algorithm of the proleptic Gregorian calendar.
fn timestamp(millis: i64, zone: bool) -> String {
    let (days, rest) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000));
    let z = days + 719_468;
    let (era, day_of_era) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let (day, month) =
        (day_of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (seconds, fraction) = (rest / 1000, rest % 1000);
    let mut out =
        format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction > 0 {
        let digits = format!("{fraction:03}");
        let _ = write!(out, ".{}", digits.trim_end_matches('0'));
    }
    if zone {
        out.push_str("+00");
    }
    out
}

/// `1 year 2 months -3 days 04:05:06.5`; what is zero is left out.
pub fn interval(months: i32, days: i32, micros: i64) -> String {
    let mut parts = Vec::new();
    let mut part = |n: i32, unit: &str| match n {
        0 => {}
        1 => parts.push(format!("1 {unit}")),
        n => parts.push(format!("{n} {unit}s")),
    };
    part(months / 12, "year");
    part(months % 12, "month");
    part(days, "day");
    if micros != 0 || parts.is_empty() {
        let (sign, all) = (if micros < 0 { "-" } else { "" }, micros.unsigned_abs());
        let (seconds, fraction) = (all / 1_000_000, all % 1_000_000);
        let mut time = format!("{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        if fraction > 0 {
            let digits = format!("{fraction:06}");
            let _ = write!(time, ".{}", digits.trim_end_matches('0'));
        }
        parts.push(time);
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals() {
        assert_eq!(interval(0, 0, 0), "00:00:00");
        assert_eq!(interval(0, 1, 0), "1 day");
        assert_eq!(interval(14, -3, 14_706_500_000), "1 year 2 months -3 days 04:05:06.5");
        assert_eq!(interval(0, 0, -5_400_000_000), "-01:30:00");
    }

    #[test]
    fn arrays_are_quoted_as_postgres_quotes_them() {
        let items = ["a", "", "NULL", "a b", "q\"\\", "x=y/z"].map(|s| Datum::Text(s.into()));
        let array = Datum::Array(items.into_iter().chain([Datum::Null, Datum::Bool(true)]).collect());
        assert_eq!(wire(&array, "text[]"), r#"{a,"","NULL","a b","q\"\\",x=y/z,NULL,t}"#);
    }

    #[test]
    fn timestamps() {
        assert_eq!(timestamp(0, true), "1970-01-01 00:00:00+00");
        assert_eq!(timestamp(1_709_164_800_500, false), "2024-02-29 00:00:00.5");
        assert_eq!(timestamp(-1, false), "1969-12-31 23:59:59.999");
        assert_eq!(timestamp(4_102_444_799_999, true), "2099-12-31 23:59:59.999+00");
    }
}
