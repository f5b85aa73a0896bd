//! `materialize_cluster_replica`: a replica of an unmanaged cluster.

use crate::declare::*;
use crate::sql::{Kind, Name};

const OPTIONS: &[Attr] = &[
    text("size")
        .required()
        .length(1, 255)
        .column("o.size")
        .option("SIZE")
        .doc("The size, one of `mz_catalog.mz_cluster_replica_sizes`."),
    text("availability_zone")
        .or_server()
        .column("o.availability_zone")
        .option("AVAILABILITY ZONE")
        .doc("The availability zone; Materialize chooses if not set."),
    interval("introspection_interval")
        .default(Default::Text("1s"))
        .unread()
        .option("INTROSPECTION INTERVAL")
        .doc("How often introspection data is collected; `0` turns it off. Materialize does not show it for replicas."),
    boolean("introspection_debugging").default(Default::Bool(false)).unread().option("INTROSPECTION DEBUGGING").doc(
        "Whether introspection data is gathered about the replica itself. Materialize does not show it for replicas.",
    ),
];

pub const CLUSTER_REPLICA: Resource = Resource {
    name: "materialize_cluster_replica",
    kind: Kind::ClusterReplica,
    scope: Scope::Cluster,
    doc: "A replica of an unmanaged cluster. A managed cluster makes its own: see `replication_factor` of \
          `materialize_cluster`.",
    attrs: &[
        scope::DISK,
        identifier("cluster_name")
            .required()
            .column("c.name")
            .refers(Kind::Cluster)
            .id_column("c.id")
            .doc("The cluster."),
    ],
    tables: &[OPTIONS],
    stands_on: |v| vec![(Kind::Cluster, Name::new([v.str("cluster_name")]))],
    lookups: &[Lookup {
        columns: &[("managed", "c.managed")],
        from: "mz_catalog.mz_cluster_replicas o JOIN mz_catalog.mz_clusters c ON c.id = o.cluster_id",
        ..Lookup::NONE
    }],
    // Those of a managed cluster are its own business.
    listed: Some(|row| {
        let id = row.parts(&["id"]).filter(|id| id[0].starts_with('u') && row.get("managed") == Some("f"));
        id.into_iter().collect()
    }),
    create: |r, v| {
        let create = r.begin(v);
        vec![create.list(option_items(OPTIONS, v))]
    },
    ..Resource::NONE
};
