//! The life of every resource, as the files in `tests/cases` tell it.

use crate::support::case::Case;
use crate::support::{hcl, root, runner};

/// A name without the sign that lets it be a keyword.
const fn plain(name: &str) -> &str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

macro_rules! cases {
    ($($name:ident)*) => {
        /// The names of all case files.
        pub const CASES: &[&str] = &[$(plain(stringify!($name))),*];
        $(
            #[test]
            fn $name() {
                runner::run(plain(stringify!($name)));
            }
        )*
    };
}

cases! {
    app_password
    cluster
    cluster_grant
    cluster_grant_default_privilege
    cluster_replica
    connection_aws
    connection_aws_glue_schema_registry
    connection_aws_privatelink
    connection_confluent_schema_registry
    connection_gcp
    connection_grant
    connection_grant_default_privilege
    connection_iceberg_catalog
    connection_kafka
    connection_mysql
    connection_postgres
    connection_sqlserver
    connection_ssh_tunnel
    database
    database_grant
    database_grant_default_privilege
    grant_system_privilege
    grants
    index
    materialized_view
    materialized_view_grant
    network_policy
    organization_role
    region
    role
    role_grant
    role_members
    role_parameter
    schema
    schema_grant
    schema_grant_default_privilege
    schema_objects_grant
    scim_config
    scim_group
    scim_group_roles
    scim_group_users
    secret
    secret_grant
    secret_grant_default_privilege
    sink_iceberg
    sink_kafka
    source_grant
    source_kafka
    source_load_generator
    source_mysql
    source_postgres
    source_sqlserver
    source_table_kafka
    source_table_load_generator
    source_table_mysql
    source_table_postgres
    source_table_sqlserver
    source_table_webhook
    source_webhook
    sso_config
    sso_default_roles
    sso_domain
    sso_group_mapping
    system_parameter
    table
    table_grant
    table_grant_default_privilege
    r#type
    type_grant
    type_grant_default_privilege
    user
    view
    view_grant
}

/// Needs no server: a mistake in a case file shows at once, and not after half of its steps.
#[test]
fn every_case_file_is_listed_and_well_formed() {
    let folder = std::fs::read_dir(root("tests/cases")).expect("the folder of the cases");
    let files = folder.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let mut files: Vec<String> = files.filter_map(|name| name.strip_suffix(".case").map(str::to_owned)).collect();
    files.sort();
    assert_eq!(files, CASES, "the files in tests/cases, and those that tests/it/lifecycle.rs runs");
    for name in CASES {
        let case = Case::load(name);
        assert_eq!(case.resource_type(), format!("materialize_{name}"), "the subject of {name}.case");
        let mut config = case.config.clone();
        for step in &case.steps {
            let place = format!("tests/cases/{name}.case:{}: step `{}`", step.line, step.name);
            let edited = step.edited(&config).unwrap_or_else(|problem| panic!("{place}: {problem}"));
            assert!(step.edits.is_empty() || edited != config, "{place}: its edits change nothing");
            assert!(hcl::block(&edited, &case.subject).is_some(), "{place}: the subject is gone");
            if step.errors.is_empty() {
                config = edited;
            }
        }
    }
}
