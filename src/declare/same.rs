//! Meanings of values that have several spellings.

use std::borrow::Cow;

use crate::value::Value;

/// Texts that differ only in case.
pub fn ignoring_case(a: &Value, b: &Value) -> bool {
    texts(a, b, str::eq_ignore_ascii_case)
}

/// Texts that the function takes for the same.
pub fn texts(a: &Value, b: &Value, same: impl Fn(&str, &str) -> bool) -> bool {
    matches!((a.as_text(), b.as_text()), (Some(a), Some(b)) if same(a, b))
}

/// A text that means itself.
pub fn as_is(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

/// A text in small letters.
pub fn small(text: &str) -> Cow<'_, str> {
    Cow::Owned(text.to_lowercase())
}

/// SQL expressions that mean the same.
pub fn expressions(a: &Value, b: &Value) -> bool {
    texts(a, b, crate::sql::same_expression)
}

/// The identifier that a text means: what is in the quotes where all of it is one quoted identifier, else the text.
pub fn identifier(text: &str) -> Cow<'_, str> {
    let inner =
        text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).map(|inner| inner.replace("\"\"", "\u{0}"));
    match inner {
        Some(inner) if !inner.is_empty() && !inner.contains('"') => Cow::Owned(inner.replace('\u{0}', "\"")),
        _ => Cow::Borrowed(text),
    }
}

/// Identifiers, or lists of them, that are the same with and without quotes of their own.
pub fn identifiers(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => identifier(a) == identifier(b),
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| identifiers(a, b)),
        _ => false,
    }
}

/// The same, where the first may be what the server made of the second without quotes, as the official provider sends it:
/// small letters.
pub fn folded_identifiers(before: &Value, new: &Value) -> bool {
    texts(before, new, |before, new| before == new.to_lowercase()) || identifiers(before, new)
}

/// Identifiers that were read, in the spelling of the state if that one was sent without quotes, as the official
/// provider does: the server then made small letters of it.
pub fn unquoted(prior: &Value, read: Value) -> Value {
    match (prior, read) {
        (Value::Text(prior), Value::Text(read)) if prior.to_lowercase() == read => Value::text(prior),
        (Value::List(prior), Value::List(read)) if prior.len() == read.len() => {
            Value::list(prior.iter().zip(read).map(|(prior, read)| unquoted(prior, read)))
        }
        (_, read) => read,
    }
}

/// Anything: the server ignores the value.
pub fn always(_: &Value, _: &Value) -> bool {
    true
}

/// Lists with the same members in any order.
pub fn members(a: &Value, b: &Value) -> bool {
    let sorted = |value: &Value| {
        let mut items = value.items().to_vec();
        items.sort();
        items
    };
    sorted(a) == sorted(b)
}

/// Intervals of the same length: `1s`, `00:00:01`, `1 second`. `""` is no interval, and so is `0`.
pub fn intervals(a: &Value, b: &Value) -> bool {
    let length = |value: &Value| match value {
        Value::Null => Some(0),
        value => value.as_text().and_then(interval_micros),
    };
    matches!((length(a), length(b)), (Some(a), Some(b)) if a == b)
}

/// Times of the same moment: `2026-01-01 03:00:00`, or milliseconds since 1970 as the server has it.
pub fn timestamps(a: &Value, b: &Value) -> bool {
    let moment = |value: &Value| value.as_text().and_then(milliseconds);
    matches!((moment(a), moment(b)), (Some(a), Some(b)) if a == b)
}

/// Milliseconds since 1970 of a time in UTC, or of a number that is that already. `None`: not a time.
pub fn milliseconds(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches("+00").trim_end_matches('Z');
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let (date, clock) = text.split_once([' ', 'T']).unwrap_or((text, "00:00"));
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(0..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) || !clock.contains(':') {
        return None;
    }
    // Days since 1970 of a date in the Gregorian calendar, counted from March, so that leap days come last.
    let (y, m) = (year - i64::from(month <= 2), (month + 9) % 12);
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468;
    Some(days * 86_400_000 + clock_micros(clock)? / 1000)
}

/// Values of a parameter, which the server prints in spellings of its own: `on` for `true`, `10 s` for `10s` and for
/// `10000` (milliseconds), `1GB` for `1024MB`, its own words in small letters, and a list with the quotes that it needs. The
/// official provider sends a list as one name, which then has quotes around all of it.
pub fn settings(a: &Value, b: &Value) -> bool {
    let truth = |text: &str| match text.to_ascii_lowercase().as_str() {
        "on" | "true" | "yes" | "t" | "1" => Some(true),
        "off" | "false" | "no" | "f" | "0" => Some(false),
        _ => None,
    };
    let (Some(a), Some(b)) = (a.as_text().map(str::trim), b.as_text().map(str::trim)) else { return false };
    let has_unit = |text: &str| text.contains(|c: char| c.is_ascii_alphabetic() || c == ':');
    let span = |text: &str| match has_unit(text) {
        true => interval_micros(text),
        false => text.parse::<i64>().ok()?.checked_mul(1000),
    };
    let quoted = |text: &str| crate::sql::quote_ident(text);
    elements(a) == elements(b)
        || quoted(a) == b
        || quoted(b) == a
        || (truth(a).is_some() && truth(a) == truth(b))
        || (word(a).is_some() && word(a) == word(b))
        || (byte_size(a).is_some() && byte_size(a) == byte_size(b))
        || ((has_unit(a) || has_unit(b)) && span(a).is_some() && span(a) == span(b))
}

/// A value that the server has a word of its own for; weak isolation levels are all the same to it.
fn word(text: &str) -> Option<&'static str> {
    const WORDS: &[(&str, &[&str])] = &[
        ("serializable", &["serializable", "read uncommitted", "read committed", "repeatable read"]),
        ("strict serializable", &["strict serializable"]),
        ("UTC", &["utc"]),
        ("UTF8", &["utf8", "utf-8"]),
        ("debug", &["debug", "debug1", "debug2", "debug3", "debug4", "debug5"]),
        ("error", &["error"]),
        ("info", &["info"]),
        ("log", &["log"]),
        ("notice", &["notice"]),
        ("warning", &["warning", "warn"]),
    ];
    let text = text.to_ascii_lowercase();
    WORDS.iter().find(|(_, spellings)| spellings.contains(&text.as_str())).map(|(word, _)| *word)
}

/// Bytes of a size such as `128MB`.
fn byte_size(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let power =
        ["b", "kb", "mb", "gb", "tb"].iter().position(|unit| text[digits..].trim().eq_ignore_ascii_case(unit))?;
    text[..digits].parse::<u64>().ok()?.checked_mul(1 << (10 * power))
}

/// The elements of a list of identifiers, such as `public, "$user"`, without their quotes.
pub fn elements(text: &str) -> Vec<String> {
    let (mut elements, mut quoted) = (vec![String::new()], false);
    for c in text.chars() {
        quoted ^= c == '"';
        match elements.last_mut() {
            Some(element) if c != ',' || quoted => element.push(c),
            _ => elements.push(String::new()),
        }
    }
    elements.iter().map(|element| identifier(element.trim()).into_owned()).collect()
}

/// Microseconds of an interval in any of PostgreSQL's common spellings; a month has 30 days. `None`: not an interval.
pub fn interval_micros(text: &str) -> Option<i64> {
    let mut total = 0i64;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || "+-.:".contains(c))).unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        let after = after.trim_start();
        let unit_end = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_end);
        total = total.checked_add(if number.contains(':') && unit.is_empty() {
            clock_micros(number)?
        } else {
            scaled(number, unit_micros(unit)?)?
        })?;
        rest = after.trim_start();
    }
    Some(total)
}

fn clock_micros(text: &str) -> Option<i64> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |text| (-1, text));
    let mut total = 0i64;
    let mut parts = text.split(':');
    for unit in ["h", "m", "s"] {
        let Some(part) = parts.next() else { break };
        total = total.checked_add(scaled(part, unit_micros(unit)?)?)?;
    }
    parts.next().is_none().then_some(sign * total)
}

fn scaled(number: &str, unit: i64) -> Option<i64> {
    let micros = number.parse::<f64>().ok()? * unit as f64;
    (micros.abs() < 9e18).then_some(micros.round() as i64)
}

fn unit_micros(unit: &str) -> Option<i64> {
    const SECOND: i64 = 1_000_000;
    Some(match unit.to_ascii_lowercase().as_str() {
        "us" | "microsecond" | "microseconds" => 1,
        "ms" | "millisecond" | "milliseconds" => SECOND / 1000,
        "" | "s" | "sec" | "secs" | "second" | "seconds" => SECOND,
        "m" | "min" | "mins" | "minute" | "minutes" => 60 * SECOND,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600 * SECOND,
        "d" | "day" | "days" => 24 * 3600 * SECOND,
        "w" | "week" | "weeks" => 7 * 24 * 3600 * SECOND,
        "mon" | "mons" | "month" | "months" => 30 * 24 * 3600 * SECOND,
        "y" | "yr" | "year" | "years" => 12 * 30 * 24 * 3600 * SECOND,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_compared_by_moment() {
        for (a, b) in [
            ("2026-01-01 03:00:00", "1767236400000"),
            ("1970-01-01", "0"),
            ("2024-02-29T12:00:00Z", "2024-02-29 12:00:00+00"),
            ("2000-03-01 00:00", "951868800000"),
        ] {
            assert!(timestamps(&a.into(), &b.into()), "{a} = {b}");
        }
        for text in ["", "soon", "2026-13-01", "2026-01-01 now", "2026-01", "-"] {
            assert_eq!(milliseconds(text), None, "{text}");
        }
    }

    #[test]
    fn settings_are_compared_by_value() {
        let same = |a: &str, b: &str| settings(&a.into(), &b.into());
        for (a, b) in [
            ("on", "true"),
            ("10 s", "10s"),
            ("00:00:10", "10s"),
            ("60000", "1 min"),
            ("0", "0 s"),
            ("a", "a"),
            ("off", "false"),
            ("1024MB", "1GB"),
            ("Read Committed", "serializable"),
            ("utc", "UTC"),
            ("WARNING", "warning"),
            ("public,\"$user\"", "public, $user"),
            ("b, c", "\"b, c\""),
            ("b, c", "b,c"),
        ] {
            assert!(same(a, b), "{a} = {b}");
        }
        for (a, b) in [
            ("on", "off"),
            ("10s", "11s"),
            ("10", "10s"),
            ("a", "A"),
            ("2", "3"),
            ("1000", "1"),
            ("1GB", "1MB"),
            ("b, c", "b, d"),
            ("serializable", "strict serializable"),
        ] {
            assert!(!same(a, b), "{a} <> {b}");
        }
    }

    #[test]
    fn unquoted_identifiers_keep_the_spelling_of_the_state() {
        let list = |texts: &[&str]| Value::list(texts.iter().copied().map(Value::from));
        assert_eq!(unquoted(&"Key".into(), "key".into()), "Key".into());
        assert_eq!(unquoted(&"key".into(), "Key".into()), "Key".into());
        assert_eq!(unquoted(&Value::Null, "key".into()), "key".into());
        assert_eq!(unquoted(&list(&["Id", "b"]), list(&["id", "c"])), list(&["Id", "c"]));
        assert_eq!(unquoted(&list(&["Id"]), list(&["id", "b"])), list(&["id", "b"]));
    }

    #[test]
    fn identifiers_may_stand_in_quotes_of_their_own() {
        for (text, meant) in [
            ("\"customerId\"", "customerId"),
            ("\"a \"\"b\"\"\"", "a \"b\""),
            ("customerId", "customerId"),
            ("a \"b\"", "a \"b\""),
            ("\"a\" || \"b\"", "\"a\" || \"b\""),
            ("\"\"", "\"\""),
            ("\"", "\""),
        ] {
            assert_eq!(identifier(text), meant, "{text}");
        }
        let list = |texts: &[&str]| Value::list(texts.iter().copied().map(Value::from));
        assert!(identifiers(&list(&["Id", "b"]), &list(&["\"Id\"", "b"])));
        assert!(!identifiers(&list(&["Id"]), &list(&["\"id\""])));
        assert!(!identifiers(&list(&["Id"]), &list(&["Id", "b"])));
        assert!(!identifiers(&Value::Null, &"\"id\"".into()));
        for (before, new, same) in [
            ("id", "Id", true),
            ("Id", "id", false),
            ("id", "\"Id\"", false),
            ("id", "\"id\"", true),
            ("id", "it", false),
        ] {
            assert_eq!(folded_identifiers(&before.into(), &new.into()), same, "{before} {new}");
        }
    }

    #[test]
    fn intervals_are_compared_by_length() {
        for (a, b) in [
            ("1s", "00:00:01"),
            ("10 minutes", "00:10:00"),
            ("1m", "60s"),
            ("0", "0s"),
            ("", "0s"),
            ("1 day 02:00:00", "26h"),
            ("1.5s", "1500ms"),
            ("-00:00:01", "-1s"),
        ] {
            assert_eq!(interval_micros(a), interval_micros(b), "{a} = {b}");
            assert!(interval_micros(a).is_some(), "{a}");
        }
        for text in ["soon", "1 fortnight", "1:2:3:4", "1e400s", "--1s"] {
            assert_eq!(interval_micros(text), None, "{text}");
        }
    }
}
