//! `materialize_cluster`: all clusters, those of the system included.

use crate::declare::*;

const ROW: Ty = Ty::Object(&[
    ("id", Ty::Text),
    ("name", Ty::Text),
    ("managed", Ty::Bool),
    ("size", Ty::Text),
    ("replication_factor", Ty::Int),
    ("disk", Ty::Bool),
]);

pub const CLUSTER: DataSource = DataSource {
    name: "materialize_cluster",
    doc: "All clusters, those of the system included.",
    attrs: &[of("clusters", Ty::List(&ROW)).computed().doc("The clusters, by id.")],
    rows: "clusters",
    columns: &[
        ("id", "c.id"),
        ("name", "c.name"),
        ("managed", "c.managed"),
        ("size", "c.size"),
        ("replication_factor", "c.replication_factor"),
        ("disk", "c.disk"),
    ],
    from: "mz_catalog.mz_clusters c",
    order: Some("length(c.id), c.id"),
    id: |_| "clusters".into(),
    ..DataSource::NONE
};
