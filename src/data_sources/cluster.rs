//! `materialize_cluster`: all clusters, those of the system included.

use crate::declare::*;

pub const CLUSTER: DataSource = DataSource {
    name: "materialize_cluster",
    doc: "All clusters, those of the system included.",
    from: "mz_catalog.mz_clusters c",
    order: Some("length(c.id), c.id"),
    ..listing!([], "clusters", "The clusters, by id.", [
        "id": Ty::Text => "c.id",
        "name": Ty::Text => "c.name",
        "managed": Ty::Bool => "c.managed",
        "size": Ty::Text => "c.size",
        "replication_factor": Ty::Int => "c.replication_factor",
        "disk": Ty::Bool => "c.disk",
    ])
};
