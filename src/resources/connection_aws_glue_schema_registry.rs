//! `materialize_connection_aws_glue_schema_registry`: which registry of AWS Glue has the schemas.

use super::connection::*;
use crate::declare::*;

pub const CONNECTION_AWS_GLUE_SCHEMA_REGISTRY: Resource = Resource {
    name: "materialize_connection_aws_glue_schema_registry",
    doc: "The registry of AWS Glue that has the schemas of Avro data. Only servers from v26.31 on know it, for sinks from \
          v26.35 on. Every change is made in place, in one statement.",
    attrs: &[
        AWS_CONNECTION
            .required()
            .newer("GLUE SCHEMA REGISTRY")
            .fault(UNREACHABLE)
            .doc("The AWS connection to sign in with. The registry is in its region."),
        text("registry")
            .required()
            .length(1, 255)
            .option("REGISTRY")
            .fault(UNREACHABLE)
            .doc("The registry's name, such as `default-registry`. It must be there already."),
        scope::VALIDATE,
    ],
    options_after: "TO AWS GLUE SCHEMA REGISTRY",
    ..FAMILY
};
