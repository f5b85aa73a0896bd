//! The data sources: tables of one kind, or one file each.

mod cluster;
mod current_database;
mod environment;
mod objects;
mod organization;
mod role;
mod schema;
mod source_reference;

use crate::declare::DataSource;

/// Every data source.
pub const ALL: &[&DataSource] = &[
    &cluster::CLUSTER,
    &current_database::CURRENT_DATABASE,
    &environment::CLUSTER_REPLICA,
    &environment::CURRENT_CLUSTER,
    &environment::DATABASE,
    &environment::EGRESS_IPS,
    &environment::NETWORK_POLICY,
    &environment::SYSTEM_PARAMETER,
    &objects::CONNECTION,
    &objects::INDEX,
    &objects::MATERIALIZED_VIEW,
    &objects::SECRET,
    &objects::SINK,
    &objects::SOURCE,
    &objects::SOURCE_TABLE,
    &objects::TABLE,
    &objects::TYPE,
    &objects::VIEW,
    &organization::REGION,
    &organization::SCIM_CONFIG,
    &organization::SCIM_GROUP,
    &organization::SSO_CONFIG,
    &organization::USER,
    &role::ROLE,
    &schema::SCHEMA,
    &source_reference::SOURCE_REFERENCE,
];
