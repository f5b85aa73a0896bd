//! The rows of every system relation that the emulator serves.

mod access;
mod connections;
mod history;
mod namespaces;
mod objects;
mod pg;
mod pg_type;
pub mod scope;
mod show;
mod streams;
#[cfg(test)]
mod tests;

use crate::catalog::Catalog;
use crate::catalog::privileges::{ObjectKind, Privileges};
use crate::datum::Datum;
pub use scope::Scope;
pub use streams::sink_kind;

type Rows = Vec<Vec<Datum>>;

fn text(s: impl ToString) -> Datum {
    Datum::Text(s.to_string())
}
fn optional(s: Option<impl ToString>) -> Datum {
    s.map_or(Datum::Null, text)
}
fn acl(privileges: &Privileges) -> Datum {
    Datum::Array(privileges.0.iter().map(text).collect())
}
fn oid(oid: u64) -> Datum {
    Datum::Uint(oid)
}
fn texts<S: ToString>(list: impl IntoIterator<Item = S>) -> Datum {
    Datum::Array(list.into_iter().map(text).collect())
}
/// The comment on an object, empty when there is none.
fn comment(c: &Catalog, id: crate::catalog::Id, kind: ObjectKind) -> Datum {
    text(c.comments.get(&(id, kind, None)).map_or("", String::as_str))
}

/// Relations that hold measurements and histories of things that run, which here nothing does, or what Materialize has
/// not, like triggers. What a real server would fill and the emulator does not keep (functions, operators)
/// is not among them: it is not served.
const EMPTY: &[&str] = &[
    "mz_aws_privatelink_connection_status_history",
    "mz_cluster_replica_frontiers",
    "mz_cluster_replica_metrics",
    "mz_cluster_replica_metrics_history",
    "mz_cluster_replica_status_history",
    "mz_cluster_replica_utilization",
    "mz_cluster_replica_utilization_history",
    "mz_compute_error_counts_raw_unified",
    "mz_compute_hydration_times",
    "mz_continual_tasks",
    "mz_egress_ips",
    "mz_frontiers",
    "mz_global_frontiers",
    "mz_index_advice",
    "mz_license_keys",
    "mz_materialization_lag",
    "mz_materialized_view_refreshes",
    "mz_notices",
    "mz_notices_redacted",
    "mz_optimizer_notices",
    "mz_pending_cluster_replicas",
    "mz_prepared_statement_history",
    "mz_recent_activity_log",
    "mz_recent_activity_log_redacted",
    "mz_recent_activity_log_thinned",
    "mz_activity_log_thinned",
    "mz_recent_sql_text",
    "mz_recent_sql_text_redacted",
    "mz_recent_storage_usage",
    "mz_session_history",
    "mz_show_continual_tasks",
    "mz_sink_statistics",
    "mz_sink_statistics_raw",
    "mz_sink_status_history",
    "mz_source_statistics",
    "mz_source_statistics_raw",
    "mz_source_statistics_with_history",
    "mz_source_status_history",
    "mz_sql_text",
    "mz_sql_text_redacted",
    "mz_statement_execution_history",
    "mz_statement_execution_history_redacted",
    "mz_statement_lifecycle_history",
    "mz_storage_shards",
    "mz_storage_usage",
    "mz_storage_usage_by_shard",
    "mz_subscriptions",
    "mz_wallclock_global_lag",
    "mz_wallclock_global_lag_history",
    "mz_wallclock_global_lag_recent_history",
    "mz_wallclock_lag_history",
    "pg_am",
    "pg_collation",
    "pg_constraint",
    "pg_enum",
    "pg_event_trigger",
    "pg_extension",
    "pg_inherits",
    "pg_language",
    "pg_locks",
    "pg_policy",
    "pg_rewrite",
    "pg_shdescription",
    "pg_trigger",
    "key_column_usage",
    "referential_constraints",
    "table_constraints",
    "triggers",
];

/// The rows of a system relation in the column order of `data/catalog.tsv`; None when it is not served.
pub fn rows(c: &Scope, schema: &str, relation: &str) -> Option<Rows> {
    if !matches!(schema, "mz_catalog" | "mz_internal" | "pg_catalog" | "information_schema") {
        return None;
    }
    if EMPTY.contains(&relation) {
        return Some(Vec::new());
    }
    // Objects' SQL is printed here, and may nest deep.
    crate::sql::on_large_stack(|| find(c, relation))
}

fn find(c: &Scope, relation: &str) -> Option<Rows> {
    namespaces::rows(c, relation)
        .or_else(|| objects::rows(c, relation))
        .or_else(|| connections::rows(c, relation))
        .or_else(|| streams::rows(c, relation))
        .or_else(|| access::rows(c, relation))
        .or_else(|| history::rows(c, relation))
        .or_else(|| show::rows(c, relation))
        .or_else(|| pg::rows(c, relation))
        .or_else(|| pg_type::rows(c, relation))
}
