//! Intervals: from text to milliseconds, and as they are shown.

use super::error::plan;
use crate::datum::SqlError;

/// Milliseconds of `10 minutes`, `1s`, `1 day 02:03:04`, `-5s`; a bare number is seconds.
pub fn parse_ms(text: &str) -> Result<i64, SqlError> {
    let invalid = || plan(format!("invalid input syntax for type interval: {text:?}"));
    let exceeds = |what: &str| plan(format!("invalid input syntax for type interval: {what}: {text:?}"));
    let mut total = 0f64;
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(invalid());
    }
    while !rest.is_empty() {
        let len = rest.find(|c: char| !(c.is_ascii_digit() || "+-.:".contains(c))).unwrap_or(rest.len());
        let (number, tail) = rest.split_at(len);
        if number.contains(':') {
            let mut parts = number.trim_start_matches(['+', '-']).split(':').map(|p| p.parse::<f64>());
            let mut seconds = 0.0;
            for scale in [3600.0, 60.0, 1.0] {
                seconds += scale * parts.next().unwrap_or(Ok(0.0)).map_err(|_| invalid())?;
            }
            total += if number.starts_with('-') { -seconds } else { seconds } * 1000.0;
            rest = tail.trim_start();
            continue;
        }
        let n: f64 = number.parse().map_err(|_| invalid())?;
        let tail = tail.trim_start();
        let len = tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(len);
        let scale = match unit.to_ascii_lowercase().as_str() {
            "us" | "microsecond" | "microseconds" => 0.001,
            "ms" | "msec" | "millisecond" | "milliseconds" => 1.0,
            "" | "s" | "sec" | "secs" | "second" | "seconds" => 1000.0,
            "m" | "min" | "mins" | "minute" | "minutes" => 60_000.0,
            "h" | "hr" | "hrs" | "hour" | "hours" => 3_600_000.0,
            "d" | "day" | "days" => 86_400_000.0,
            "w" | "week" | "weeks" => 604_800_000.0,
            "mon" | "mons" | "month" | "months" => 2_592_000_000.0,
            "y" | "yr" | "year" | "years" => 31_104_000_000.0,
            unit => return Err(exceeds(&format!("unknown units {unit}"))),
        };
        total += n * scale;
        rest = tail.trim_start();
    }
    // What an interval can hold: as many days and as many hours as fit 32 bits, at a microsecond each.
    const LONGEST: f64 = (86_400_000.0 + 3_600_000.0) * 2_147_483_648.0;
    if total.abs() > LONGEST {
        return Err(exceeds("exceeds min/max interval duration"));
    }
    Ok(total as i64)
}

/// Milliseconds of an option that is a duration: it is not negative, and months have no length.
pub fn parse_duration(option: &str, text: &str) -> Result<u64, SqlError> {
    let invalid = |message: &str| plan(format!("invalid {option}: {message}"));
    let ms = parse_ms(text).map_err(|e| invalid(&e.message))?;
    if has_months(text) {
        return Err(invalid("cannot convert interval with months to duration"));
    }
    u64::try_from(ms).map_err(|_| invalid("cannot convert negative interval to duration"))
}

/// `00:00:01`, `2 days 03:00:00`, as PostgreSQL shows an interval.
pub fn show(ms: u64) -> String {
    let (days, rest) = (ms / 86_400_000, ms % 86_400_000);
    let (h, m, s, frac) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000);
    let frac = if frac == 0 { String::new() } else { format!(".{frac:03}").trim_end_matches('0').to_owned() };
    let time = format!("{h:02}:{m:02}:{s:02}{frac}");
    match days {
        0 => time,
        1 if rest == 0 => "1 day".into(),
        1 => format!("1 day {time}"),
        n if rest == 0 => format!("{n} days"),
        n => format!("{n} days {time}"),
    }
}

/// As `show`, of what may be negative: `-01:00:00`, `-1 days`.
pub fn show_signed(ms: i64) -> String {
    if ms >= 0 {
        return show(ms.unsigned_abs());
    }
    let (days, rest) = (ms.unsigned_abs() / 86_400_000, ms.unsigned_abs() % 86_400_000);
    match (days, rest) {
        (0, _) => format!("-{}", show(rest)),
        (_, 0) => format!("-{days} days"),
        _ => format!("-{days} days -{}", show(rest)),
    }
}

/// Whether the text has months or years, whose length in milliseconds depends on the calendar.
pub fn has_months(text: &str) -> bool {
    let units = ["mon", "mons", "month", "months", "y", "yr", "year", "years"];
    text.split(|c: char| !c.is_alphabetic()).any(|word| units.contains(&word.to_ascii_lowercase().as_str()))
}
