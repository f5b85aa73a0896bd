//! What resources of the organisation share: roles, times.

use crate::declare::remote::short_role;
use crate::value::Value;

/// What stands with an attribute that names roles.
pub const ROLE_NAMES: &str = "The roles of the organization: `Admin`, `Member`, or the name of another one. Their order \
                              means nothing.";

/// Names of the same roles, in any order.
pub fn same_roles(a: &Value, b: &Value) -> bool {
    fn names(value: &Value) -> Vec<&str> {
        let mut names: Vec<&str> = value.items().iter().filter_map(Value::as_text).map(short_role).collect();
        names.sort_unstable();
        names
    }
    names(a) == names(b)
}

/// A moment as RFC 3339 has it, in seconds; what cannot be read stays as it is.
pub fn instant(text: &str) -> Value {
    match moment(text) {
        Some(second) => jiff::Timestamp::from_second(second).map_or(Value::Null, |time| Value::text(time.to_string())),
        None => Value::text(text),
    }
}

/// The second of a time, which may be in Go's own format: `2024-05-06 07:08:09 +0000 UTC`.
pub fn moment(text: &str) -> Option<i64> {
    let go =
        || jiff::fmt::strtime::parse("%Y-%m-%d %H:%M:%S%.f %z", text.strip_suffix(" UTC")?).ok()?.to_timestamp().ok();
    text.parse::<jiff::Timestamp>().ok().or_else(go).map(jiff::Timestamp::as_second)
}

/// Times of the same second.
pub fn instants(a: &Value, b: &Value) -> bool {
    let moment = |value: &Value| value.as_text().and_then(moment);
    moment(a).is_some() && moment(a) == moment(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_several_spellings() {
        let go = Value::text("2024-05-06 07:08:09 +0000 UTC");
        assert!(instants(&go, &Value::text("2024-05-06T07:08:09.5Z")));
        assert!(!instants(&go, &Value::text("2024-05-06T07:08:10Z")));
        assert_eq!(instant("2024-05-06T07:08:09.000Z"), Value::text("2024-05-06T07:08:09Z"));
        assert_eq!(instant("soon"), Value::text("soon"));
    }
}
