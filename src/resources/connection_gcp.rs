//! `materialize_connection_gcp`: who signs in to Google Cloud.

use super::connection::*;
use crate::declare::*;
use crate::sql::Kind;

pub const CONNECTION_GCP: Resource = Resource {
    name: "materialize_connection_gcp",
    doc: "Who signs in to Google Cloud: a service account. Iceberg catalogs of BigLake need it. Only servers from v26.29 on \
          know it. Every change is made in place.",
    attrs: &[
        reference("service_account_key", Kind::Secret)
            .required()
            .option("SERVICE ACCOUNT KEY")
            .newer("GCP")
            .doc("The secret that holds the key of the service account, the JSON file as Google gives it out."),
        scope::VALIDATE,
    ],
    options_after: "TO GCP",
    ..FAMILY
};
