//! Intervals written with a clock, `1 day 02:03:04`: the engine reads units only.

/// The same interval in units, if there is a clock in it.
pub fn in_units(text: &str) -> Option<String> {
    if !text.contains(':') {
        return None;
    }
    let word = |word: &str| match word.split_once(':') {
        Some((hours, rest)) => clock(hours, rest),
        None => Some(word.to_owned()),
    };
    text.split_whitespace().map(word).collect::<Option<Vec<_>>>().map(|words| words.join(" "))
}

/// `02` and `03:04.5`.
fn clock(hours: &str, rest: &str) -> Option<String> {
    let (sign, hours) = match hours.strip_prefix('-') {
        Some(hours) => ("-", hours),
        None => ("", hours.trim_start_matches('+')),
    };
    let (minutes, seconds) = rest.split_once(':').unwrap_or((rest, "0"));
    let numbers = [hours, minutes, seconds];
    let known = numbers.iter().all(|part| part.parse::<f64>().is_ok());
    known.then(|| format!("{sign}{hours} hours {sign}{minutes} minutes {sign}{seconds} seconds"))
}

#[cfg(test)]
mod tests {
    use super::in_units;

    #[test]
    fn clocks_are_spelt_out() {
        assert_eq!(in_units("1 day 02:03:04.5").as_deref(), Some("1 day 02 hours 03 minutes 04.5 seconds"));
        assert_eq!(in_units("-01:30").as_deref(), Some("-01 hours -30 minutes -0 seconds"));
        assert_eq!(in_units("1 day"), None);
        assert_eq!(in_units("a:b"), None);
    }
}
