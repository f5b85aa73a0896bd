//! Numbers of any precision: an `i64`, or decimal text kept digit by digit.

use std::fmt;

/// A number as Terraform has it. Terraform computes with 512 bits; what does not fit in an `i64` is kept as plain
/// decimal text so that it travels back unchanged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Number {
    Int(i64),
    /// Plain decimal text (no exponent, no superfluous zeros), which is not an `i64`.
    Decimal(String),
}

impl Number {
    /// Reads decimal text, with or without an exponent. `None` if it is not a number, or one whose plain text would
    /// be unreasonably long (an exponent beyond ±4096).
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, rest) = match text.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (&rest[..at], rest[at + 1..].parse::<i64>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = [whole, fraction].concat();
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) || exponent.unsigned_abs() > 4096 {
            return None;
        }
        let point = whole.len() as i64 + exponent;
        let (whole, fraction) = if point <= 0 {
            (String::new(), "0".repeat(point.unsigned_abs() as usize) + &digits)
        } else if point as usize >= digits.len() {
            (digits.clone() + &"0".repeat(point as usize - digits.len()), String::new())
        } else {
            (digits[..point as usize].to_owned(), digits[point as usize..].to_owned())
        };
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            whole => whole,
        };
        let fraction = fraction.trim_end_matches('0');
        if fraction.is_empty() {
            let text = format!("{sign}{whole}");
            return Some(text.parse().map(Self::Int).unwrap_or(Self::Decimal(text)));
        }
        Some(Self::Decimal(format!("{sign}{whole}.{fraction}")))
    }

    /// The number, if it is whole and fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Decimal(_) => None,
        }
    }

    /// The nearest floating point number.
    pub fn as_f64(&self) -> f64 {
        match self {
            Self::Int(number) => *number as f64,
            Self::Decimal(text) => text.parse().unwrap_or(f64::NAN),
        }
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(number) => write!(f, "{number}"),
            Self::Decimal(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_in_one_form() {
        for (text, plain) in [
            ("0", "0"),
            ("-0", "0"),
            ("007", "7"),
            ("1.50", "1.5"),
            ("1.0", "1"),
            ("1e3", "1000"),
            ("25e-3", "0.025"),
            ("-1.25E1", "-12.5"),
            ("18446744073709551616", "18446744073709551616"),
            (".5", "0.5"),
        ] {
            assert_eq!(Number::parse(text).unwrap().to_string(), plain, "{text}");
        }
        for text in ["", "-", ".", "e5", "1e", "1e99999", "1e-9223372036854775808", "0x1", "NaN", "1 "] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }
}
