//! Databases, schemas, roles, clusters, replicas, policies, comments.

use super::{Rows, Scope, acl, oid, optional, text};
use crate::catalog::Id;
use crate::command::cluster_resize::duration;
use crate::datum::Datum;
use crate::sql::interval;
use serde_json::json;

pub fn rows(c: &Scope, relation: &str) -> Option<Rows> {
    Some(match relation {
        "mz_databases" => {
            let row = |d: &crate::catalog::Database| {
                vec![text(d.id), oid(d.oid), text(&d.name), text(d.owner), acl(&d.privileges)]
            };
            c.databases.values().map(row).collect()
        }
        "mz_schemas" => {
            let row = |s: &crate::catalog::Schema| {
                vec![text(s.id), oid(s.oid), optional(s.database), text(&s.name), text(s.owner), acl(&s.privileges)]
            };
            c.schemas().map(row).collect()
        }
        "mz_roles" => {
            let row = |r: &crate::catalog::Role| {
                let (login, superuser) =
                    (r.login.map_or(Datum::Null, Datum::Bool), r.superuser.map_or(Datum::Null, Datum::Bool));
                vec![text(r.id), oid(r.oid), text(&r.name), Datum::Bool(true), login, superuser]
            };
            c.roles().map(row).collect()
        }
        "mz_role_members" => c.members.iter().map(|((r, m), g)| vec![text(r), text(m), text(g)]).collect(),
        "mz_role_parameters" => {
            let of = |r: &crate::catalog::Role| {
                r.variables.iter().map(|(n, v)| vec![text(r.id), text(n), text(v)]).collect::<Vec<_>>()
            };
            c.roles().flat_map(of).collect()
        }

        "mz_clusters" => c.clusters.values().map(cluster).collect(),
        "mz_cluster_replicas" => replicas(c)
            .map(|(cluster, r)| {
                let zone = optional(r.zone.as_ref());
                vec![text(r.id), text(&r.name), text(cluster), text(&r.size), zone, text(r.owner), Datum::Bool(true)]
            })
            .collect(),
        "mz_internal_cluster_replicas" => {
            replicas(c).filter(|(_, r)| r.internal).map(|(_, r)| vec![text(r.id)]).collect()
        }
        "mz_cluster_replica_statuses" => {
            let row = |(_, r): (Id, &crate::catalog::Replica)| {
                vec![text(r.id), Datum::Uint(0), text("online"), Datum::Null, Datum::Timestamp(0)]
            };
            replicas(c).map(row).collect()
        }

        "mz_cluster_replica_sizes" => crate::command::cluster_sizes()
            .iter()
            .map(|size| {
                let one = Datum::Uint(1);
                let (cpu, memory, disk) = (Datum::Uint(1_000_000_000), Datum::Uint(4 << 30), Datum::Uint(8 << 30));
                vec![text(size), one.clone(), one, cpu, memory, disk, Datum::Numeric("1".into())]
            })
            .collect(),
        "mz_cluster_schedules" => {
            let managed = c.clusters.values().filter_map(|k| k.managed.as_ref().map(|m| (k.id, m)));
            managed
                .map(|(id, m)| match m.on_refresh {
                    Some(ms) => vec![text(id), text("on-refresh"), text(interval::show(ms))],
                    None => vec![text(id), text("manual"), Datum::Null],
                })
                .collect()
        }
        "mz_cluster_auto_scaling_strategies" => {
            let row = |k: &crate::catalog::Cluster| {
                let hydration = k.managed.as_ref()?.hydration.as_ref()?;
                let linger = hydration.linger.map(duration);
                let strategy = json!({"on_hydration": {"hydration_size": hydration.size, "linger_duration": linger}});
                Some(vec![text(k.id), text(strategy), text(json!({ "burst": null }))])
            };
            c.clusters.values().filter_map(row).collect()
        }
        "mz_cluster_reconfigurations" => {
            let row = |k: &crate::catalog::Cluster| {
                let (r, now) = (k.reconfiguration.as_ref()?, k.managed.as_ref()?);
                let (deadline, on_timeout) = (Datum::Timestamp(r.deadline), text(r.on_timeout));
                Some(vec![text(k.id), text(r.status), deadline, on_timeout, text(r.target()), text(r.changes(now))])
            };
            c.clusters.values().filter_map(row).collect()
        }
        "mz_cluster_workload_classes" => {
            let class = |k: &crate::catalog::Cluster| k.managed.as_ref().and_then(|m| m.workload_class.clone());
            c.clusters.values().map(|k| vec![text(k.id), optional(class(k))]).collect()
        }
        "mz_network_policies" => c
            .policies
            .values()
            .map(|p| vec![text(p.id), text(&p.name), text(p.owner), acl(&p.privileges), oid(p.oid)])
            .collect(),
        "mz_network_policy_rules" => {
            let rule = |p: &crate::catalog::Policy, (name, address): &(String, String)| {
                vec![text(name), text(p.id), text("allow"), text(address), text("ingress")]
            };
            c.policies.values().flat_map(|p| p.rules.iter().map(move |r| rule(p, r))).collect()
        }
        "mz_comments" => {
            let row = |((id, kind, column), comment): (&crate::catalog::CommentKey, &String)| {
                vec![text(id), text(kind.dashed()), column.map_or(Datum::Null, |n| Datum::Int(n as i64)), text(comment)]
            };
            c.comments().map(row).collect()
        }
        _ => return None,
    })
}

fn replicas<'a>(c: &'a Scope<'_>) -> impl Iterator<Item = (Id, &'a crate::catalog::Replica)> {
    c.clusters.values().flat_map(|k| k.replicas.iter().map(|r| (k.id, r)))
}

fn cluster(k: &crate::catalog::Cluster) -> Vec<Datum> {
    let mut row = vec![text(k.id), text(&k.name), text(k.owner), acl(&k.privileges), Datum::Bool(k.managed.is_some())];
    match &k.managed {
        None => row.extend(std::iter::repeat_n(Datum::Null, 6)),
        Some(m) => {
            let zones = match m.availability_zones.as_slice() {
                [] => Datum::Null,
                zones => Datum::Array(zones.iter().map(text).collect()),
            };
            row.extend([
                text(&m.size),
                Datum::Uint(m.replication_factor),
                Datum::Bool(true),
                zones,
                Datum::Bool(m.introspection_debugging),
                optional(m.introspection_interval.map(interval::show)),
            ]);
        }
    }
    row
}
