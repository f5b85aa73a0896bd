//! What a value must be, checked before anything is sent.

use crate::value::Value;

/// A condition on one value. Only known, non-null values are checked; of a list or set of texts each.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// One of these texts, exactly.
    OneOf(&'static [&'static str]),
    /// One of these texts in any case.
    OneOfIgnoringCase(&'static [&'static str]),
    /// A whole number between both, inclusive.
    Between(i64, i64),
    /// A number greater than zero.
    Positive,
    /// A text of at least and at most so many bytes (identifiers: 1 to 255).
    Length(usize, usize),
    /// A text that the function accepts; the words say what is allowed, after "must be".
    Text(fn(&str) -> bool, &'static str),
    /// A map whose every key the function accepts; the words say what is allowed, after "each key must be".
    Keys(fn(&str) -> bool, &'static str),
    /// A list or map without a null or empty text.
    NoEmpty,
}

impl Check {
    /// What is allowed, if the value is not: a sentence that starts behind the attribute's name.
    pub fn refuse(&self, value: &Value) -> Option<String> {
        let words = |words: &[&str]| words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
        match (self, value) {
            (Check::OneOf(allowed), Value::Text(text)) if !allowed.contains(&text.as_str()) => {
                Some(format!("must be one of {}", words(allowed)))
            }
            (Check::OneOfIgnoringCase(allowed), Value::Text(text))
                if !allowed.iter().any(|word| word.eq_ignore_ascii_case(text)) =>
            {
                Some(format!("must be one of {}, in any case", words(allowed)))
            }
            (Check::Between(least, most), Value::Number(number))
                if !number.as_i64().is_some_and(|number| (*least..=*most).contains(&number)) =>
            {
                Some(if *most == i64::MAX {
                    format!("must be a whole number of at least {least}")
                } else {
                    format!("must be a whole number between {least} and {most}")
                })
            }
            (Check::Positive, Value::Number(number)) if number.as_f64() <= 0.0 => {
                Some("must be greater than zero".into())
            }
            (Check::Length(1, most), Value::Text(text)) if text.is_empty() || text.len() > *most => {
                Some(format!("must have 1 to {most} bytes; it has {}", text.len()))
            }
            (Check::Length(least, most), Value::Text(text)) if text.len() < *least || text.len() > *most => {
                Some(format!("must have at most {most} bytes; it has {}", text.len()))
            }
            (Check::Text(accepts, allowed), Value::Text(text)) if !accepts(text) => Some(format!("must be {allowed}")),
            (Check::Keys(accepts, allowed), Value::Map(items)) => {
                let wrong = items.keys().find(|key| !accepts(key))?;
                Some(format!("has the key \"{wrong}\"; each key must be {allowed}"))
            }
            (
                Check::OneOf(_) | Check::OneOfIgnoringCase(_) | Check::Length(..) | Check::Text(..),
                Value::List(items),
            ) => items.iter().find_map(|item| self.refuse(item)),
            (Check::NoEmpty, Value::List(items)) if items.iter().any(Value::is_zero) => {
                Some("must not hold an empty or null element".into())
            }
            (Check::NoEmpty, Value::Map(items)) => {
                let (key, _) = items.iter().find(|(_, value)| value.is_zero())?;
                Some(format!("must not be empty or null for \"{key}\""))
            }
            _ => None,
        }
    }
}
