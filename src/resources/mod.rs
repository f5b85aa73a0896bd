//! The resources: tables and pure functions.

mod app_password;
mod cluster;
mod cluster_replica;
mod connection;
mod connection_aws;
mod connection_aws_glue_schema_registry;
mod connection_aws_privatelink;
mod connection_confluent_schema_registry;
mod connection_gcp;
mod connection_iceberg_catalog;
mod connection_kafka;
mod connection_mysql;
mod connection_postgres;
mod connection_sqlserver;
mod connection_ssh_tunnel;
mod database;
mod default_privilege;
mod format;
mod grant;
mod grants;
mod index;
mod materialized_view;
mod network_policy;
mod organization;
mod organization_role;
mod query;
mod region;
mod role;
mod role_grant;
mod role_members;
mod role_parameter;
mod schema;
mod schema_objects_grant;
mod scim_config;
mod scim_group;
mod scim_group_members;
mod secret;
mod sink;
mod sink_iceberg;
mod sink_kafka;
mod source;
mod source_database;
mod source_kafka;
mod source_load_generator;
mod source_table;
mod source_table_database;
mod source_table_kafka;
mod source_table_load_generator;
mod source_table_webhook;
mod source_webhook;
mod sso;
mod sso_config;
mod sso_default_roles;
mod sso_domain;
mod sso_group_mapping;
mod subsource;
mod system_parameter;
mod table;
mod type_;
mod upstream_column;
mod user;
mod view;
mod webhook;

#[cfg(test)]
mod laws;

use crate::declare::Resource;

pub use organization::instant;
pub use scim_config::SCIM_CONFIGS;
pub use scim_group::GROUPS;
pub use sso::CONFIGS;
pub use user::ALL_USERS;

/// Every resource.
pub const ALL: &[&Resource] = &[
    &app_password::APP_PASSWORD,
    &cluster::CLUSTER,
    &cluster_replica::CLUSTER_REPLICA,
    &connection_aws::CONNECTION_AWS,
    &connection_aws_glue_schema_registry::CONNECTION_AWS_GLUE_SCHEMA_REGISTRY,
    &connection_aws_privatelink::CONNECTION_AWS_PRIVATELINK,
    &connection_confluent_schema_registry::CONNECTION_CONFLUENT_SCHEMA_REGISTRY,
    &connection_gcp::CONNECTION_GCP,
    &connection_iceberg_catalog::CONNECTION_ICEBERG_CATALOG,
    &connection_kafka::CONNECTION_KAFKA,
    &connection_mysql::CONNECTION_MYSQL,
    &connection_postgres::CONNECTION_POSTGRES,
    &connection_sqlserver::CONNECTION_SQLSERVER,
    &connection_ssh_tunnel::CONNECTION_SSH_TUNNEL,
    &database::DATABASE,
    &default_privilege::CLUSTER,
    &default_privilege::CONNECTION,
    &default_privilege::DATABASE,
    &default_privilege::SCHEMA,
    &default_privilege::SECRET,
    &default_privilege::TABLE,
    &default_privilege::TYPE,
    &grant::CLUSTER,
    &grant::CONNECTION,
    &grant::DATABASE,
    &grant::MATERIALIZED_VIEW,
    &grant::SCHEMA,
    &grant::SECRET,
    &grant::SOURCE,
    &grant::SYSTEM,
    &grant::TABLE,
    &grant::TYPE,
    &grant::VIEW,
    &grants::GRANTS,
    &index::INDEX,
    &materialized_view::MATERIALIZED_VIEW,
    &network_policy::NETWORK_POLICY,
    &organization_role::ORGANIZATION_ROLE,
    &region::REGION,
    &role::ROLE,
    &role_grant::ROLE_GRANT,
    &role_members::ROLE_MEMBERS,
    &role_parameter::ROLE_PARAMETER,
    &schema::SCHEMA,
    &schema_objects_grant::SCHEMA_OBJECTS_GRANT,
    &scim_config::SCIM_CONFIG,
    &scim_group::SCIM_GROUP,
    &scim_group_members::SCIM_GROUP_ROLES,
    &scim_group_members::SCIM_GROUP_USERS,
    &secret::SECRET,
    &sink_iceberg::SINK_ICEBERG,
    &sink_kafka::SINK_KAFKA,
    &source_database::SOURCE_MYSQL,
    &source_database::SOURCE_POSTGRES,
    &source_database::SOURCE_SQLSERVER,
    &source_kafka::SOURCE_KAFKA,
    &source_load_generator::SOURCE_LOAD_GENERATOR,
    &source_table_database::SOURCE_TABLE_MYSQL,
    &source_table_database::SOURCE_TABLE_POSTGRES,
    &source_table_database::SOURCE_TABLE_SQLSERVER,
    &source_table_kafka::SOURCE_TABLE_KAFKA,
    &source_table_load_generator::SOURCE_TABLE_LOAD_GENERATOR,
    &source_table_webhook::SOURCE_TABLE_WEBHOOK,
    &source_webhook::SOURCE_WEBHOOK,
    &sso_config::SSO_CONFIG,
    &sso_default_roles::SSO_DEFAULT_ROLES,
    &sso_domain::SSO_DOMAIN,
    &sso_group_mapping::SSO_GROUP_MAPPING,
    &system_parameter::SYSTEM_PARAMETER,
    &table::TABLE,
    &type_::TYPE,
    &user::USER,
    &view::VIEW,
];
