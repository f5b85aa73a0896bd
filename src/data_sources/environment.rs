//! Data sources about the environment itself: what is in no schema.

use crate::declare::*;
use crate::value::Value;

pub const CLUSTER_REPLICA: DataSource = DataSource {
    name: "materialize_cluster_replica",
    doc: "All replicas of clusters.",
    from: "mz_catalog.mz_cluster_replicas o JOIN mz_catalog.mz_clusters c ON c.id = o.cluster_id",
    order: Some("length(o.id), o.id"),
    ..listing!([], "cluster_replicas", "The replicas, by id.", [
        "id": Ty::Text => "o.id",
        "name": Ty::Text => "o.name",
        "cluster": Ty::Text => "c.name",
        "size": Ty::Text => "o.size",
        "availability_zone": Ty::Text => "o.availability_zone",
        "disk": Ty::Bool => "o.disk",
    ])
};

pub const CURRENT_CLUSTER: DataSource = DataSource {
    name: "materialize_current_cluster",
    doc: "The cluster that the provider's connections use.",
    attrs: &[text("name").computed().doc("The cluster's name.")],
    columns: &[("name", "cluster")],
    from: "SHOW cluster",
    id: |_| "current_cluster".into(),
    ..DataSource::NONE
};

pub const DATABASE: DataSource = DataSource {
    name: "materialize_database",
    doc: "All databases.",
    from: "mz_catalog.mz_databases o",
    order: Some("length(o.id), o.id"),
    ..listing!([], "databases", "The databases, by id.", ["id": Ty::Text => "o.id", "name": Ty::Text => "o.name"])
};

pub const EGRESS_IPS: DataSource = DataSource {
    name: "materialize_egress_ips",
    doc: "The addresses from which Materialize connects to the outside, for the lists of firewalls.",
    attrs: &[of("egress_ips", Ty::List(&Ty::Text)).computed().doc("The addresses.")],
    rows: "egress_ips",
    columns: &[("value", "o.egress_ip")],
    from: "mz_catalog.mz_egress_ips o",
    order: Some("o.egress_ip"),
    id: |_| "egress_ips".into(),
    ..DataSource::NONE
};

const RULE: Ty =
    Ty::Object(&[("name", Ty::Text), ("action", Ty::Text), ("direction", Ty::Text), ("address", Ty::Text)]);

pub const NETWORK_POLICY: DataSource = DataSource {
    name: "materialize_network_policy",
    doc: "All network policies with their rules.",
    attrs: &[of(
        "network_policies",
        Ty::List(&Ty::Object(&[
            ("id", Ty::Text),
            ("name", Ty::Text),
            ("comment", Ty::Text),
            ("rules", Ty::List(&RULE)),
        ])),
    )
    .computed()
    .doc("The policies, by id, and their rules, by name.")],
    rows: "network_policies",
    columns: &[
        ("id", "o.id"),
        ("name", "o.name"),
        ("comment", "n.comment"),
        ("rules.name", "r.name"),
        ("rules.action", "r.action"),
        ("rules.direction", "r.direction"),
        ("rules.address", "r.address"),
    ],
    from: "mz_internal.mz_network_policies o LEFT JOIN mz_internal.mz_network_policy_rules r ON r.policy_id = o.id LEFT JOIN \
           (SELECT id, comment FROM mz_internal.mz_comments WHERE object_type = 'network-policy') n ON n.id = o.id",
    order: Some("length(o.id), o.id, r.name"),
    id: |_| "network_policies".into(),
    ..DataSource::NONE
};

pub const SYSTEM_PARAMETER: DataSource = DataSource {
    name: "materialize_system_parameter",
    doc: "All parameters as the provider's session sees them, or one.",
    attrs: &[
        text("name").doc("Only the parameter of this name. It must be there."),
        of(
            "parameters",
            Ty::List(&Ty::Object(&[("name", Ty::Text), ("setting", Ty::Text), ("description", Ty::Text)])),
        )
        .computed()
        .doc("The parameters. Of one that is asked for by name, the description is the name again."),
    ],
    rows: "parameters",
    from: "SHOW ALL",
    filters: &[("name", Filter::One("name"))],
    id: |set| match set {
        [(_, name)] => format!("system_parameter_{name}"),
        _ => "system_parameter_all".into(),
    },
    // As the official provider has it.
    adjust: |value| {
        let asked = value.get("name").as_text().filter(|name| !name.is_empty());
        if let (Some(name), Value::List(mut items)) = (asked, value.get("parameters").clone()) {
            for item in &mut items {
                item.set("name", Value::text(name));
                item.set("description", Value::text(name));
            }
            value.set("parameters", Value::List(items));
        }
    },
    ..DataSource::NONE
};
