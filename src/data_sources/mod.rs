//! The data sources: tables of one kind, or one file each.

/// A data source's list, and the columns that fill it: attributes besides the list, its name, what it says, and what an
/// object in it has, each with the expression that it stands for (and more of the same, for tables of data sources). The
/// list's name is the id as well.
macro_rules! listing {
    (
        [$($attr:expr),*], $rows:literal, $doc:expr,
        [$($column:literal: $ty:expr => $expression:literal),+ $(,)?]
        $([$($more:literal: $more_ty:expr => $more_expression:literal),*])?
    ) => {
        DataSource {
            attrs: &[
                $($attr,)*
                of($rows, Ty::List(&Ty::Object(&[$(($column, $ty),)+ $($(($more, $more_ty)),*)?])))
                    .computed()
                    .doc($doc),
            ],
            rows: $rows,
            columns: &[$(($column, $expression),)+ $($(($more, $more_expression)),*)?],
            id: |_| $rows.into(),
            ..DataSource::NONE
        }
    };
}

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
