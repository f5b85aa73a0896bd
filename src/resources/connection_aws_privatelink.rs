//! `materialize_connection_aws_privatelink`: the way to a service behind AWS PrivateLink.

use super::connection::*;
use crate::declare::*;

pub const CONNECTION_AWS_PRIVATELINK: Resource = Resource {
    name: "materialize_connection_aws_privatelink",
    doc: "The way to a service behind AWS PrivateLink, for other connections. Every change is made in place, in one \
          statement.",
    attrs: &[
        text("service_name")
            .required()
            .length(1, 1000)
            .option("SERVICE NAME")
            .doc("The name of the VPC endpoint service."),
        texts("availability_zones")
            .required()
            .no_empty()
            .same(same::members)
            .option("AVAILABILITY ZONES")
            .doc("The ids of the availability zones in which the service can be reached, such as `use1-az1`."),
        text("principal")
            .computed()
            .sensitive()
            .column("a.principal")
            .doc("The AWS principal that the service must let in."),
        scope::VALIDATE,
    ],
    lookups: &[Lookup {
        from: "mz_catalog.mz_connections o LEFT JOIN mz_catalog.mz_aws_privatelink_connections a ON a.id = o.id",
        ..MAIN
    }],
    options_after: "TO AWS PRIVATELINK",
    ..FAMILY
};
