//! Clusters and their replicas.

use super::alter::{check_not_system, owner_to};
use super::cluster_options::{
    AUTO_SCALING, ClusterOptions, apply, check_disk, check_introspection, check_size, check_zone, cluster_options,
    defaults, interval, option_names,
};
use super::cluster_resize;
use super::{Boxed, Command, Context, done, done_with};
use crate::catalog::audit::{Reason, name_between};
use crate::catalog::change::{CASCADE_HINT, Object};
use crate::catalog::limits::New;
use crate::catalog::privileges::{AclMode, ObjectKind};
use crate::catalog::{Catalog, Cluster, Id, Managed, Replica};
use crate::datum::{Outcome, SqlError};
use crate::sql::error::{Hint, plan};
use crate::sql::options::{Options, Value, option_value};
use crate::sql::parser::{Parsed, Parser};
use crate::transaction::Company;
use std::sync::Arc;

/// Gives a managed cluster the replicas that its settings ask for; a changed size or placement makes new ones.
pub fn settle(catalog: &mut Catalog, id: Id, anew: bool) {
    let Some(cluster) = catalog.clusters.get(&id) else { return };
    let (Some(managed), owner) = (cluster.managed.clone(), cluster.owner) else { return };
    let mut replicas = if anew { Vec::new() } else { cluster.replicas.clone() };
    replicas.truncate(managed.replication_factor as usize);
    while (replicas.len() as u64) < managed.replication_factor {
        let id = catalog.new_replica_id();
        let name = format!("r{}", replicas.len() + 1);
        replicas.push(Replica {
            id,
            name,
            size: managed.size.clone(),
            zone: None,
            owner,
            internal: false,
            billed_as: None,
        });
    }
    let Some(cluster) = catalog.clusters.get_mut(&id) else { return };
    let before = std::mem::replace(&mut cluster.replicas, replicas.clone());
    let apart = |some: &[Replica], others: &[Replica]| -> Vec<Replica> {
        some.iter().filter(|one| others.iter().all(|other| other.id != one.id)).cloned().collect()
    };
    catalog.note_replicas_dropped(id, &apart(&before, &replicas));
    catalog.note_replicas_created(id, &apart(&replicas, &before), Reason::Manual);
}

pub fn check_replica_name(name: &str) -> Result<(), SqlError> {
    if super::namespace::reserved(name) {
        return Err(plan(format!("replica name \"{name}\" is reserved")));
    }
    Ok(())
}

pub fn new_replica(cx: &mut Context<'_>, name: &str, options: &Options, owner: Id) -> Result<Replica, SqlError> {
    options.once()?;
    let internal = options.bool("INTERNAL")? == Some(true);
    let billed_as = options.text("BILLED AS")?;
    if (internal || billed_as.is_some()) && cx.session.role.is_user() {
        return Err(plan("cannot specify INTERNAL or BILLED AS as non-internal user"));
    }
    if billed_as.is_some() && !internal {
        return Err(plan("must specify INTERNAL when specifying BILLED AS"));
    }
    let introspected = interval(options, "INTROSPECTION INTERVAL")?.is_none_or(|interval| interval.is_some());
    check_introspection(options.bool("INTROSPECTION DEBUGGING")? == Some(true), introspected)?;
    let Some(size) = options.text("SIZE")? else {
        return Err(plan("SIZE option must be specified"));
    };
    check_disk(options, &size)?;
    check_size(&size)?;
    let zone = options.text("AVAILABILITY ZONE")?;
    zone.as_deref().map_or(Ok(()), check_zone)?;
    check_replica_name(name)?;
    Ok(Replica { id: cx.catalog.new_replica_id(), name: name.into(), size, zone, owner, internal, billed_as })
}

struct CreateCluster {
    name: String,
    options: ClusterOptions,
}

pub fn create_cluster(p: &mut Parser) -> Parsed<Boxed> {
    let name = p.ident()?;
    let bracket = p.op("(");
    let options = if bracket && p.op(")") {
        ClusterOptions::default()
    } else {
        let options = cluster_options(p)?;
        if bracket {
            p.expect_op(")")?;
        }
        options
    };
    Ok(Arc::new(CreateCluster { name, options }))
}

impl Command for CreateCluster {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let options = &self.options.plain;
        self.options.once()?;
        check_features(cx, &self.options, false)?;
        let managed = match options.bool("MANAGED")? {
            Some(managed) => managed,
            None => self.options.replicas.is_none(),
        };
        let settings = if managed {
            if self.options.replicas.is_some() {
                return Err(plan("REPLICAS not supported for managed clusters"));
            }
            if options.get("SIZE").is_none() {
                return Err(plan("SIZE must be specified for managed clusters"));
            }
            let mut settings = defaults(cx);
            apply(&mut settings, &self.options)?;
            Some(settings)
        } else {
            let Some(_) = &self.options.replicas else {
                return Err(plan("REPLICAS must be specified for unmanaged clusters"));
            };
            refuse_unmanaged(&self.options)?;
            None
        };
        cx.catalog.check_privilege(cx.session, Object::System, AclMode::CREATECLUSTER)?;
        if super::namespace::reserved(&self.name) {
            return Err(plan(format!("cluster name \"{}\" is reserved", self.name))
                .detail("The prefixes \"mz_\" and \"pg_\" are reserved for system clusters."));
        }
        if cx.catalog.cluster(&self.name).is_ok() {
            return Err(plan(format!("cluster '{}' already exists", self.name)));
        }
        let owner = cx.session.role;
        let mut replicas: Vec<Replica> = Vec::new();
        for (name, options) in self.options.replicas.iter().flatten() {
            if replicas.iter().any(|r| r.name == *name) {
                return Err(plan(format!("cannot create multiple replicas named '{name}' on cluster '{}'", self.name)));
            }
            let replica = new_replica(cx, name, options, owner)?;
            replicas.push(replica);
        }
        let count = settings.as_ref().map_or(replicas.len(), |s| s.replication_factor as usize);
        cx.catalog.check_room(&[New::Cluster, New::Replicas(count, 0)])?;
        let id = cx.catalog.new_cluster_id();
        let privileges = cx.catalog.new_privileges(owner, ObjectKind::Cluster, None, None);
        let cluster = Cluster {
            id,
            name: self.name.clone(),
            owner,
            privileges,
            managed: settings,
            replicas,
            reconfiguration: None,
        };
        let replicas = cluster.replicas.clone();
        cx.catalog.clusters.insert(id, cluster);
        cx.catalog.note_named("create", ObjectKind::Cluster, id, &self.name);
        cx.catalog.note_replicas_created(id, &replicas, Reason::Manual);
        settle(cx.catalog, id, false);
        done("CREATE CLUSTER")
    }
}

/// What the server may have switched off.
fn check_features(cx: &Context<'_>, given: &ClusterOptions, waits: bool) -> Result<(), SqlError> {
    let scheduled = given.schedule.as_ref().is_some_and(Option::is_some);
    let zones = given.plain.get("AVAILABILITY ZONES").is_some();
    let flags = [
        (scheduled, "enable_cluster_schedule_refresh"),
        (zones, "enable_managed_cluster_availability_zones"),
        (waits, "enable_zero_downtime_cluster_reconfiguration"),
    ];
    flags.into_iter().filter(|(given, _)| *given).try_for_each(|(_, flag)| cx.catalog.require(flag))
}

/// Options that only a managed cluster has.
fn refuse_unmanaged(given: &ClusterOptions) -> Result<(), SqlError> {
    let names = [
        "AVAILABILITY ZONES", "REPLICATION FACTOR", "INTROSPECTION DEBUGGING", "INTROSPECTION INTERVAL", "SIZE", "DISK",
    ];
    if let Some(name) = names.into_iter().find(|n| given.plain.get(n).is_some()) {
        return Err(plan(format!("{name} not supported for unmanaged clusters")));
    }
    if given.auto_scaling.as_ref().is_some_and(Option::is_some) {
        return Err(plan(format!("{AUTO_SCALING} not supported for unmanaged clusters")));
    }
    if given.schedule.as_ref().is_some_and(Option::is_some) {
        return Err(plan("cluster schedules other than MANUAL are not supported for unmanaged clusters"));
    }
    Ok(())
}

/// How many milliseconds to wait for new replicas, and what then.
type Wait = (i64, &'static str);

enum ClusterChange {
    Set(ClusterOptions, Option<Wait>),
    Reset(Vec<&'static str>),
    Rename(String),
    Swap(String),
}
struct AlterCluster {
    name: String,
    if_exists: bool,
    change: ClusterChange,
}

pub fn alter_cluster(p: &mut Parser) -> Parsed<Boxed> {
    if p.kw("REPLICA") {
        return super::cluster_replica::alter_replica(p);
    }
    let if_exists = p.if_exists()?;
    let name = p.ident()?;
    let change = match p.expect_one_of(&["OWNER", "RENAME", "RESET", "SET", "SWAP"])? {
        "OWNER" => return owner_to(p, ObjectKind::Cluster, vec![name], if_exists),
        "RENAME" => {
            p.expect_kw("TO")?;
            ClusterChange::Rename(p.ident()?)
        }
        "SWAP" => {
            p.expect_kw("WITH")?;
            ClusterChange::Swap(p.ident()?)
        }
        "SET" => {
            p.expect_op("(")?;
            let options = cluster_options(p)?;
            p.expect_op(")")?;
            ClusterChange::Set(options, wait(p)?)
        }
        _ => {
            p.expect_op("(")?;
            let known = option_names(p);
            let names = p.list(|p| p.option_name(&known))?;
            p.expect_op(")")?;
            ClusterChange::Reset(names)
        }
    };
    Ok(Arc::new(AlterCluster { name, if_exists, change }))
}

/// `WITH (WAIT FOR '1s')` and `WITH (WAIT = UNTIL READY (TIMEOUT = …, ON TIMEOUT = …))`: the emulator's replicas are
/// ready at once.
fn wait(p: &mut Parser) -> Parsed<Option<Wait>> {
    if !p.kw("WITH") {
        return Ok(None);
    }
    p.expect_op("(")?;
    p.expect_kw("WAIT")?;
    p.op("=");
    let wait = if p.expect_one_of(&["FOR", "UNTIL"])? == "FOR" {
        (duration("WAIT", option_value(p)?)?, "commit")
    } else {
        p.expect_kw("READY")?;
        p.expect_op("(")?;
        let given = Options(p.list(|p| {
            let name = p.option_name(&["TIMEOUT", "ON TIMEOUT"])?;
            Ok((name, option_value(p)?))
        })?);
        p.expect_op(")")?;
        given.once()?;
        let action = match given.text("ON TIMEOUT")?.map(|a| a.to_uppercase()).as_deref() {
            Some("COMMIT") => "commit",
            None | Some("ROLLBACK") => "rollback",
            Some(_) => return Err(plan("invalid ON TIMEOUT: Valid options are COMMIT, ROLLBACK")),
        };
        let Some(timeout) = given.get("TIMEOUT") else {
            let form = "ALTER CLUSTER ... WITH (WAIT UNTIL READY ( ... ))";
            return Err(plan(format!("TIMEOUT=<duration> option is required for {form}")));
        };
        (duration("TIMEOUT", timeout.clone())?, action)
    };
    p.expect_op(")")?;
    Ok(Some(wait))
}

/// The milliseconds of an option that is a duration.
fn duration(name: &'static str, value: Value) -> Result<i64, SqlError> {
    interval(&Options(vec![(name, value)]), name).map(|ms| ms.flatten().unwrap_or_default() as i64)
}

impl Command for AlterCluster {
    fn company(&self) -> Company {
        match self.change {
            ClusterChange::Rename(_) | ClusterChange::Swap(_) => Company::Changes,
            _ => Company::None,
        }
    }

    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let id = match cx.catalog.cluster(&self.name) {
            Ok(id) => id,
            Err(_) if self.if_exists => {
                return done_with("ALTER CLUSTER", format!("cluster \"{}\" does not exist, skipping", self.name));
            }
            Err(e) => return Err(e),
        };
        check_not_system(cx, Object::Cluster(id))?;
        cx.catalog.check_owner(cx.session, Object::Cluster(id))?;
        let Some(cluster) = cx.catalog.clusters.get(&id) else { return done("ALTER CLUSTER") };
        match &self.change {
            ClusterChange::Rename(to) => {
                if super::namespace::reserved(to) {
                    return Err(plan(format!("cluster name \"{to}\" is reserved"))
                        .detail("The prefixes \"mz_\" and \"pg_\" are reserved for system clusters."));
                }
                if cx.catalog.cluster(to).is_ok() {
                    return Err(plan("uniqueness violation"));
                }
                cx.catalog.note_cluster_renamed(id, &self.name, to);
                if let Some(cluster) = cx.catalog.clusters.get_mut(&id) {
                    cluster.name = to.clone();
                }
                cx.catalog.renamed += 1;
            }
            ClusterChange::Swap(with) => {
                cx.catalog.require("enable_alter_swap")?;
                let other = cx.catalog.cluster(with)?;
                check_not_system(cx, Object::Cluster(other))?;
                cx.catalog.check_owner(cx.session, Object::Cluster(other))?;
                let between = name_between("mz_cluster_swap_");
                cx.catalog.note_cluster_renamed(id, &self.name, &between);
                cx.catalog.note_cluster_renamed(other, with, &self.name);
                cx.catalog.note_cluster_renamed(id, &between, with);
                for (id, name) in [(id, with), (other, &self.name)] {
                    if let Some(cluster) = cx.catalog.clusters.get_mut(&id) {
                        cluster.name = name.clone();
                    }
                }
                cx.catalog.renamed += 1;
            }
            ClusterChange::Set(options, waits) => {
                let after = changed(cx, cluster, options, waits.is_some())?;
                if let Some(after) = &after {
                    let (wanted, there) = (after.replication_factor as usize, cluster.replicas.len());
                    cx.catalog.check_room(&[New::Replicas(wanted.saturating_sub(there), there)])?;
                }
                store(cx.catalog, id, after, *waits);
                cx.catalog.note_named("alter", ObjectKind::Cluster, id, &self.name);
            }
            ClusterChange::Reset(names) => {
                let Some(mut after) = cluster_resize::base(cx.catalog, id) else {
                    let fixed = [
                        ("SIZE", "SIZE"),
                        ("AVAILABILITY ZONES", "AVAILABILITY ZONES"),
                        // Misspelt by the server.
                        ("INTROSPECTION DEBUGGING", "INTROSPECTION DEGUBBING"),
                        ("INTROSPECTION INTERVAL", "INTROSPECTION INTERVAL"),
                        ("REPLICATION FACTOR", "REPLICATION FACTOR"),
                    ];
                    if let Some((_, shown)) = fixed.iter().find(|(name, _)| names.contains(name)) {
                        return Err(plan(format!("Cannot change {shown} of unmanaged clusters")));
                    }
                    return done("ALTER CLUSTER");
                };
                reset(cx, &mut after, names)?;
                store(cx.catalog, id, Some(after), None);
                cx.catalog.note_named("alter", ObjectKind::Cluster, id, &self.name);
            }
        }
        done("ALTER CLUSTER")
    }
}

/// A cluster's settings after ALTER … SET.
fn changed(
    cx: &Context<'_>,
    cluster: &Cluster,
    options: &ClusterOptions,
    waits: bool,
) -> Result<Option<Managed>, SqlError> {
    options.once()?;
    check_features(cx, options, waits)?;
    let wanted = options.plain.bool("MANAGED")?;
    if waits && !wanted.unwrap_or(cluster.managed.is_some()) {
        return Err(plan("ALTER... WITH not supported for unmanaged clusters"));
    }
    if waits
        && cluster.managed.is_some()
        && !["SIZE", "AVAILABILITY ZONES", "INTROSPECTION INTERVAL", "INTROSPECTION DEBUGGING"]
            .iter()
            .any(|n| options.plain.get(n).is_some())
    {
        return Err(plan(
            "WAIT can only be used together with a SIZE, AVAILABILITY ZONES, INTROSPECTION, or EXPERIMENTAL ARRANGEMENT \
             COMPRESSION change",
        ));
    }
    match (&cluster.managed, wanted) {
        (Some(managed), Some(false)) => {
            refuse_unmanaged(options)?;
            if managed.on_refresh.is_some() && options.schedule.is_none() {
                return Err(plan(
                    "when switching a cluster to unmanaged, if the managed cluster's SCHEDULE is anything other than \
                     MANUAL, you have to explicitly set the SCHEDULE to MANUAL",
                ));
            }
            Ok(None)
        }
        (Some(_), _) => {
            if options.replicas.is_some() {
                return Err(plan("REPLICAS not supported for managed clusters"));
            }
            let Some(mut settings) = cluster_resize::base(cx.catalog, cluster.id) else { return Ok(None) };
            apply(&mut settings, options)?;
            Ok(Some(settings))
        }
        (None, Some(true)) => {
            let mut settings = defaults(cx);
            settings.size = size_once_managed(cluster, options)?;
            settings.replication_factor = cluster.replicas.len() as u64;
            apply(&mut settings, options)?;
            Ok(Some(settings))
        }
        (None, _) => {
            refuse_unmanaged(options)?;
            if options.replicas.is_some() {
                return Err(plan("ALTER CLUSTER with REPLICAS is not supported: use CREATE and DROP CLUSTER REPLICA"));
            }
            Ok(None)
        }
    }
}

/// The size of an unmanaged cluster that is to be managed: the replicas it has must be such as a managed one would have.
fn size_once_managed(cluster: &Cluster, options: &ClusterOptions) -> Result<String, SqlError> {
    let replicas = &cluster.replicas;
    if let Some(factor) = options.plain.unsigned("REPLICATION FACTOR")?.filter(|f| *f != replicas.len() as u64) {
        let count = replicas.len();
        return Err(plan(format!("REPLICATION FACTOR {factor} does not match number of replicas ({count})")));
    }
    let wanted = options.plain.text("SIZE")?;
    let sizes: std::collections::BTreeSet<&str> = replicas.iter().map(|r| r.size.as_str()).collect();
    let size = match (sizes.len(), sizes.first(), wanted) {
        (_, None, wanted) => wanted.ok_or_else(|| plan("Missing SIZE for empty cluster"))?,
        (1, Some(size), Some(wanted)) if *size != wanted => {
            return Err(plan(format!("Cluster replicas of size {size} do not match expected SIZE {wanted}")));
        }
        (1, Some(size), _) => (*size).to_owned(),
        _ => {
            let sizes: Vec<&str> = sizes.into_iter().collect();
            let sizes = sizes.join(", ");
            return Err(plan(format!(
                "Cannot convert unmanaged cluster to managed, non-unique replica sizes: {sizes}"
            )));
        }
    };
    let expected = |name: &str| (1..=replicas.len()).any(|n| format!("r{n}") == name);
    let mut odd: Vec<&str> = replicas.iter().map(|r| r.name.as_str()).filter(|n| !expected(n)).collect();
    odd.sort_unstable();
    if odd.is_empty() {
        return Ok(size);
    }
    let odd = odd.join(", ");
    Err(plan(format!("Cannot convert unmanaged cluster to managed, invalid replica names: {odd}")))
}

fn reset(cx: &Context<'_>, managed: &mut Managed, names: &[&'static str]) -> Result<(), SqlError> {
    let fresh = defaults(cx);
    for name in names {
        match *name {
            "AVAILABILITY ZONES" => managed.availability_zones = Vec::new(),
            "INTROSPECTION INTERVAL" => managed.introspection_interval = fresh.introspection_interval,
            "INTROSPECTION DEBUGGING" => managed.introspection_debugging = false,
            "REPLICATION FACTOR" => managed.replication_factor = fresh.replication_factor,
            "SCHEDULE" => managed.on_refresh = None,
            "WORKLOAD CLASS" => managed.workload_class = None,
            AUTO_SCALING => managed.hydration = None,
            "DISK" | "MANAGED" => {}
            name => return Err(plan(format!("{name} has no default value"))),
        }
    }
    Ok(())
}

/// Gives a cluster what ALTER made of its settings.
fn store(catalog: &mut Catalog, id: Id, after: Option<Managed>, wait: Option<Wait>) {
    let Some(cluster) = catalog.clusters.get_mut(&id) else { return };
    match (&cluster.managed, after) {
        (Some(_), Some(after)) => return cluster_resize::store(catalog, id, after, wait),
        (_, after) => cluster.managed = after,
    }
    settle(catalog, id, false);
}

struct DropCluster {
    names: Vec<String>,
    if_exists: bool,
    cascade: bool,
}

pub fn drop_cluster(p: &mut Parser) -> Parsed<Boxed> {
    if p.kw("REPLICA") {
        return super::cluster_replica::drop_replica(p);
    }
    let if_exists = p.if_exists()?;
    let names = p.list(Parser::ident)?;
    Ok(Arc::new(DropCluster { names, if_exists, cascade: p.drop_behaviour()? == Some(true) }))
}

impl Command for DropCluster {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let (mut ids, mut notices) = (Vec::new(), Vec::new());
        for name in &self.names {
            let id = match cx.catalog.cluster(name) {
                Ok(id) => id,
                Err(_) if self.if_exists => {
                    notices.push(format!("cluster \"{name}\" does not exist, skipping"));
                    continue;
                }
                Err(e) => return Err(e),
            };
            check_not_system(cx, Object::Cluster(id))?;
            if !self.cascade && cx.catalog.items.values().any(|i| i.definition.cluster() == Some(id)) {
                return Err(plan(format!("cannot drop cluster \"{name}\" because other objects depend on it"))
                    .hint(CASCADE_HINT));
            }
            ids.push(id);
        }
        let objects: Vec<Object> = ids.iter().copied().map(Object::Cluster).collect();
        cx.catalog.check_owners(cx.session, &objects)?;
        ids.into_iter().for_each(|id| cx.catalog.remove_cluster(id));
        Ok(Outcome::Done { tag: "DROP CLUSTER".into(), notices })
    }
}
