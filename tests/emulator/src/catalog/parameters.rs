//! The server's parameters: their names, and who has them.

use crate::datum::SqlError;
use crate::sql::error::{plan, with_code};
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
        // The table tells what the system's own role saw, which has a cluster of its own.
        let value = if name == "cluster" { "quickstart" } else { value };
        let parameter = Parameter { name: name.into(), default: value.into(), value: value.into() };
        (name.to_lowercase(), parameter)
    })
    .collect()
}

/// Parameters that a session has of its own and for which the system and each role may have another default.
const WITH_DEFAULTS: &[&str] = &[
    "application_name", "client_encoding", "client_min_messages", "cluster", "cluster_replica",
    "current_object_missing_warnings", "database", "datestyle", "default_cluster_replication_factor",
    "extra_float_digits", "idle_in_transaction_session_timeout", "integer_datetimes", "intervalstyle",
    "max_query_result_size", "real_time_recency_timeout", "search_path", "standard_conforming_strings",
    "statement_timeout", "timezone", "transaction_isolation",
];

/// Parameters that only sessions have; a role may have another default for them.
const SESSION_ONLY: &[&str] = &[
    "auto_route_catalog_queries", "emit_introspection_query_notice", "emit_plan_insights_notice",
    "emit_timestamp_notice", "emit_trace_id_notice", "enable_session_cardinality_estimates",
    "enable_session_rbac_checks", "failpoints", "max_identifier_length", "real_time_recency", "server_version",
    "server_version_num", "sql_safe_updates", "statement_logging_sample_rate", "welcome_message",
];

/// Facts about the session: nobody sets them, nor a default for them.
const COMPUTED: &[&str] = &["is_superuser", "mz_version"];

/// What users see of the system's parameters, besides its limits; the rest is for the system's own roles.
const SHOWN_TO_USERS: &[&str] = &[
    "allowed_cluster_replica_sizes",
    "enable_consolidate_after_union_negate",
    "enable_rbac_checks",
    "force_source_table_syntax",
    "network_policy",
    "optimizer_e2e_latency_warning_threshold",
    "scram_iterations",
    "statement_logging_default_sample_rate",
    "statement_logging_max_sample_rate",
    "superuser_reserved_connections",
];

/// Whether a session has this parameter and can have another default for it.
pub fn of_session(key: &str) -> bool {
    WITH_DEFAULTS.contains(&key) || SESSION_ONLY.contains(&key)
}

/// Whether ALTER SYSTEM knows this parameter.
pub fn of_system(key: &str) -> bool {
    !SESSION_ONLY.contains(&key) && !COMPUTED.contains(&key)
}

/// The parameters of a session: their names in lower case.
pub fn session_keys() -> impl Iterator<Item = &'static str> {
    WITH_DEFAULTS.iter().chain(SESSION_ONLY).copied()
}

/// Those of them that the system may have another default for.
pub fn keys_with_defaults() -> impl Iterator<Item = &'static str> {
    WITH_DEFAULTS.iter().copied()
}

/// What a superuser may change with ALTER SYSTEM; the rest is for the system's own role.
pub fn user_modifiable(key: &str) -> bool {
    WITH_DEFAULTS.contains(&key) || matches!(key, "enable_rbac_checks" | "network_policy")
}

/// Whether users see this parameter, rather than only the system's own roles.
pub fn shown_to_users(key: &str) -> bool {
    let limit = key.starts_with("max_") && key != "max_timestamp_interval";
    of_session(key) || COMPUTED.contains(&key) || limit || SHOWN_TO_USERS.contains(&key)
}

/// What not even RESET takes. Errors: `55P02`.
pub fn check_changeable(key: &str) -> Result<(), SqlError> {
    match COMPUTED.contains(&key) || key == "max_identifier_length" {
        true => Err(read_only(key)),
        false => Ok(()),
    }
}

pub(super) fn read_only(name: &str) -> SqlError {
    with_code("55P02", format!("parameter \"{name}\" cannot be changed"))
}

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

/// ALTER SYSTEM refuses some values by what they name.
pub fn no_such_policy(value: &str) -> SqlError {
    plan(format!("parameter \"network_policy\" cannot have value \"{value}\": no network policy with such name exists"))
}
