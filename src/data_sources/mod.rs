//! The data sources: one file each.

mod cluster;
mod current_database;
mod role;
mod schema;

use crate::declare::DataSource;

/// Every data source.
pub const ALL: &[&DataSource] = &[&cluster::CLUSTER, &current_database::CURRENT_DATABASE, &role::ROLE, &schema::SCHEMA];
