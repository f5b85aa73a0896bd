//! How newer servers change what a managed cluster's replicas are: they note the target, and get there in the
//! background; the settings show the old shape until then. The emulator gets there at once, unless it is told to wait.

use crate::catalog::change::now_ms;
use crate::catalog::{Catalog, Id, Managed};
use serde_json::json;

/// What a server gives a change that names no time.
const DEFAULT_TIMEOUT_MS: i64 = 24 * 60 * 60 * 1000;

/// The latest change of a cluster's shape.
#[derive(Clone, Debug)]
pub struct Reconfiguration {
    /// `in_progress`, `finalized`, `cancelled`.
    pub status: &'static str,
    pub deadline: i64,
    pub on_timeout: &'static str,
    pub target: Managed,
}

/// What replicas are made anew for.
fn shape(m: &Managed) -> (&str, &[String], Option<u64>, bool) {
    (&m.size, &m.availability_zones, m.introspection_interval, m.introspection_debugging)
}

/// The settings that a statement changes: while a change is under way, those that it leads to.
pub fn base(catalog: &Catalog, id: Id) -> Option<Managed> {
    let cluster = catalog.clusters.get(&id)?;
    let under_way = cluster.reconfiguration.as_ref().filter(|r| r.status == "in_progress");
    under_way.map(|r| r.target.clone()).or_else(|| cluster.managed.clone())
}

/// Gives a managed cluster new settings, at once or, on newer servers, by way of a change in the background.
pub fn store(catalog: &mut Catalog, id: Id, after: Managed, timeout: Option<(i64, &'static str)>) {
    let (newer, hold) = (catalog.newer, catalog.hold_resizes);
    let Some(cluster) = catalog.clusters.get_mut(&id) else { return };
    let Some(before) = cluster.managed.clone() else { return };
    let under_way = cluster.reconfiguration.as_ref().is_some_and(|r| r.status == "in_progress");
    let changes = shape(&before) != shape(&after);
    let (timeout, on_timeout) = timeout.unwrap_or((DEFAULT_TIMEOUT_MS, "rollback"));
    let note = |status| Reconfiguration { status, deadline: now_ms() + timeout, on_timeout, target: after.clone() };
    if newer && changes && hold {
        cluster.reconfiguration = Some(note("in_progress"));
        // What needs no new replicas holds at once.
        cluster.managed = Some(Managed {
            workload_class: after.workload_class,
            on_refresh: after.on_refresh,
            hydration: after.hydration,
            ..before
        });
        return;
    }
    if newer && (changes || under_way) {
        cluster.reconfiguration = Some(note(if changes { "finalized" } else { "cancelled" }));
    }
    cluster.managed = Some(after);
    super::cluster::settle(catalog, id, changes);
}

/// Says whether changes wait; those that waited are carried out when they no longer do.
pub fn hold(catalog: &mut Catalog, hold: bool) {
    catalog.hold_resizes = hold;
    let waiting = |r: &Reconfiguration| r.status == "in_progress";
    let ids: Vec<Id> = catalog.clusters.keys().copied().collect();
    for id in ids.into_iter().filter(|_| !hold) {
        let target = catalog.clusters.get(&id).and_then(|c| c.reconfiguration.as_ref()).filter(|r| waiting(r));
        if let Some(target) = target.map(|r| r.target.clone()) {
            store(catalog, id, target, None);
        }
    }
}

impl Reconfiguration {
    pub fn target(&self) -> String {
        let t = &self.target;
        json!({
            "size": t.size,
            "replication_factor": t.replication_factor,
            "availability_zones": t.availability_zones,
            "logging": { "log_logging": t.introspection_debugging, "interval": t.introspection_interval.map(duration) },
        })
        .to_string()
    }

    /// Where the target differs from the settings that hold.
    pub fn changes(&self, now: &Managed) -> String {
        let t = &self.target;
        let all = [
            ("size", json!(now.size), json!(t.size)),
            ("replication_factor", json!(now.replication_factor), json!(t.replication_factor)),
            ("availability_zones", json!(now.availability_zones), json!(t.availability_zones)),
        ];
        let differ = all.into_iter().filter(|(_, from, to)| self.status == "in_progress" && from != to);
        let entries = differ.map(|(name, from, to)| (name.to_owned(), json!({ "from": from, "to": to })));
        serde_json::Value::Object(entries.collect()).to_string()
    }
}

/// A duration as the server's JSON has it.
pub fn duration(ms: u64) -> serde_json::Value {
    json!({ "secs": ms / 1000, "nanos": ms % 1000 * 1_000_000 })
}
