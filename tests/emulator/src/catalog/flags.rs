//! Features that a parameter of the server switches on.

use super::Catalog;
use crate::datum::SqlError;
use crate::sql::error::{Hint, plan};

/// Parameters, and what the server calls the feature when it is off.
const FEATURES: [(&str, &str); 29] = [
    ("allow_real_time_recency", "real time recency"),
    ("enable_alter_set_cluster", "ALTER ... SET CLUSTER syntax"),
    ("enable_alter_swap", "the ALTER SWAP feature for objects"),
    ("enable_alter_table_add_column", "Enable ALTER TABLE ... ADD COLUMN ..."),
    ("enable_aws_msk_iam_auth", "Enable AWS MSK IAM authentication for Kafka connections"),
    ("enable_cardinality_estimates", "join planning with cardinality estimates"),
    ("enable_cluster_schedule_refresh", "`SCHEDULE = ON REFRESH` cluster option"),
    ("enable_collection_partition_by", "PARTITION BY"),
    ("enable_connection_validation_syntax", "CREATE CONNECTION .. WITH (VALIDATE) and VALIDATE CONNECTION syntax"),
    ("enable_create_table_from_source", "Whether to allow CREATE TABLE .. FROM SOURCE syntax."),
    ("enable_envelope_materialize", "ENVELOPE MATERIALIZE"),
    ("enable_envelope_upsert_inline_errors", "The VALUE DECODING ERRORS = INLINE option on ENVELOPE UPSERT"),
    ("enable_iceberg_sink", "Whether to enable the Iceberg sink."),
    ("enable_index_options", "INDEX OPTIONS"),
    ("enable_kafka_sink_headers", "Enable the HEADERS option for Kafka sinks"),
    ("enable_load_generator_clock", "Create a LOAD GENERATOR CLOCK"),
    ("enable_load_generator_counter", "Create a LOAD GENERATOR COUNTER"),
    ("enable_load_generator_datums", "Create a LOAD GENERATOR DATUMS"),
    ("enable_load_generator_key_value", "Create a LOAD GENERATOR KEY VALUE"),
    ("enable_logical_compaction_window", "RETAIN HISTORY"),
    ("enable_managed_cluster_availability_zones", "MANAGED, AVAILABILITY ZONES syntax"),
    ("enable_network_policies", "ENABLE NETWORK POLICIES"),
    ("enable_primary_key_not_enforced", "PRIMARY KEY NOT ENFORCED"),
    ("enable_refresh_every_mvs", "REFRESH EVERY and REFRESH AT materialized views"),
    ("enable_replacement_materialized_views", "Whether to enable replacement materialized views."),
    ("enable_session_timelines", "strong session serializable isolation levels"),
    ("enable_sql_server_source", "Creating a SQL SERVER source"),
    (
        "enable_unlimited_retain_history",
        "Disable limits on RETAIN HISTORY (below 1s default, and 0 disables compaction).",
    ),
    ("enable_zero_downtime_cluster_reconfiguration", "Enable zero-downtime reconfiguration for alter cluster"),
];

impl Catalog {
    /// Whether the parameter that switches a feature on is on.
    pub fn has_feature(&self, flag: &str) -> bool {
        self.parameters.get(flag).is_none_or(|p| p.value == "on")
    }

    /// Errors: the server's words for a feature that is off.
    pub fn require(&self, flag: &str) -> Result<(), SqlError> {
        if self.has_feature(flag) {
            return Ok(());
        }
        let feature = FEATURES.iter().find(|(name, _)| *name == flag).map_or(flag, |(_, feature)| feature);
        Err(plan(format!("{feature} is not available"))
            .detail(format!("The requested feature ({flag}) is in private preview."))
            .hint("Contact support to discuss enabling the feature in your Materialize region."))
    }

    /// What takes RETAIN HISTORY: the span in milliseconds, 0 for none.
    pub fn check_retained(&self, ms: u64) -> Result<(), SqlError> {
        const LOWEST: u64 = 1000;
        const UNLIMITED: &str = "enable_unlimited_retain_history";
        self.require("enable_logical_compaction_window")?;
        if ms >= LOWEST || self.has_feature(UNLIMITED) {
            return Ok(());
        }
        let error = match ms {
            0 => plan("RETAIN HISTORY cannot be disabled or set to 0"),
            _ => plan(format!("RETAIN HISTORY cannot be set lower than {LOWEST}ms")),
        };
        Err(error
            .hint("Use ALTER ... RESET (RETAIN HISTORY) to set the retain history to its default and lowest value."))
    }
}
