//! What the session and the server are set to.

use super::{Inquiry, boolean, lenient, optional, strict, text};
use crate::datum::Datum;
use crate::sql::error::plan;

pub const ALL: &[Inquiry] = &[
    strict("current_setting", (1, 2), "text", |facts, args| {
        let name = args[0].text();
        let missing_ok = args.get(1).is_some_and(|arg| *arg.value == Datum::Bool(true));
        let key = name.to_lowercase();
        let value = facts.session.settings.get(&key).cloned();
        match value.or_else(|| facts.catalog.parameters.get(&key).map(|p| p.value.clone())) {
            None if !missing_ok => Err(plan(format!("unrecognized configuration parameter \"{name}\""))),
            value => Ok(optional(value)),
        }
    }),
    // The time of the read: nothing that is written later shows.
    lenient("mz_now", (0, 0), "mz_timestamp", |_, _| Ok(Datum::Timestamp(crate::catalog::change::now_ms()))),
    lenient("mz_version_num", (0, 0), "integer", |facts, _| {
        // v26.18.0 is 2601800.
        let mut parts = facts.session.version.trim_start_matches('v').split('.').map(|n| n.parse().unwrap_or(0));
        let mut next = || parts.next().unwrap_or(0);
        Ok(Datum::Int(next() * 100_000 + next() * 100 + next()))
    }),
    lenient("pg_is_in_recovery", (0, 0), "boolean", |_, _| Ok(boolean(false))),
    strict("pg_encoding_to_char", (1, 1), "text", |_, args| {
        // Materialize knows one encoding.
        Ok(if *args[0].value == Datum::Int(6) { text("UTF8") } else { Datum::Null })
    }),
    strict("pg_tablespace_location", (1, 1), "text", |_, _| Ok(Datum::Null)),
];
