//! Clusters and their replicas.

use super::alter::{check_not_system, owner_to};
use super::{Boxed, Command, Context, done, done_with};
use crate::catalog::change::{CASCADE_HINT, Object};
use crate::catalog::privileges::{AclMode, ObjectKind};
use crate::catalog::{Cluster, Id, Managed, Replica};
use crate::datum::{Outcome, SqlError};
use crate::sql::error::{Hint, plan, with_code};
use crate::sql::options::{Options, Value, flag_value, option_value};
use crate::sql::parser::{Parsed, Parser};
use std::sync::Arc;

/// Sizes that exist, as the recorded server has them.
pub const SIZES: [&str; 6] = ["100cc", "200cc", "25cc", "2xsmall", "3xsmall", "50cc"];
const ZONES: [&str; 2] = ["test1", "test2"];

const OPTIONS: &[&str] = &[
    "AVAILABILITY ZONES",
    "DISK",
    "INTROSPECTION INTERVAL",
    "INTROSPECTION DEBUGGING",
    "MANAGED",
    "REPLICAS",
    "REPLICATION FACTOR",
    "SIZE",
    "SCHEDULE",
    "WORKLOAD CLASS",
];
const REPLICA_OPTIONS: &[&str] = &[
    "AVAILABILITY ZONE",
    "BILLED AS",
    "COMPUTE ADDRESSES",
    "COMPUTECTL ADDRESSES",
    "DISK",
    "INTERNAL",
    "INTROSPECTION INTERVAL",
    "INTROSPECTION DEBUGGING",
    "SIZE",
    "STORAGE ADDRESSES",
    "STORAGECTL ADDRESSES",
    "WORKERS",
];

/// A replica as written: its name and options.
type ReplicaDef = (String, Options);

#[derive(Default)]
struct ClusterOptions {
    plain: Options,
    replicas: Option<Vec<ReplicaDef>>,
    /// The outer None: not given; the inner None: MANUAL; else the hydration time estimate in milliseconds.
    schedule: Option<Option<String>>,
    /// REPLICAS or SCHEDULE, when given twice.
    twice: Option<&'static str>,
}

impl ClusterOptions {
    fn once(&self) -> Result<(), SqlError> {
        self.plain.once()?;
        self.twice.map_or(Ok(()), |name| Err(plan(format!("{name} specified more than once"))))
    }
}

fn one_option(p: &mut Parser, out: &mut ClusterOptions) -> Parsed<()> {
    match p.option_name(OPTIONS)? {
        "REPLICAS" => {
            p.op("=");
            out.twice = out.twice.or(out.replicas.is_some().then_some("REPLICAS"));
            out.replicas = Some(p.paren_list(|p| {
                let name = p.ident()?;
                p.expect_op("(")?;
                let options = if p.op(")") {
                    Options::default()
                } else {
                    let options = replica_options(p)?;
                    p.expect_op(")")?;
                    options
                };
                Ok((name, options))
            })?);
        }
        "SCHEDULE" => {
            p.op("=");
            out.twice = out.twice.or(out.schedule.is_some().then_some("SCHEDULE"));
            out.schedule = Some(if p.expect_one_of(&["MANUAL", "ON"])? == "MANUAL" {
                None
            } else {
                p.expect_kw("REFRESH")?;
                let mut estimate = "0 s".to_owned();
                if p.op("(") {
                    p.expect_kw("HYDRATION TIME ESTIMATE")?;
                    estimate = match option_value(p)? {
                        Value::Str(s) | Value::Interval(s) => s,
                        _ => return p.expected("a duration"),
                    };
                    p.expect_op(")")?;
                }
                Some(estimate)
            });
        }
        name => {
            let value = flag_value(p)?;
            out.plain.0.push((name, value));
        }
    }
    Ok(())
}

fn cluster_options(p: &mut Parser) -> Parsed<ClusterOptions> {
    let mut out = ClusterOptions::default();
    loop {
        one_option(p, &mut out)?;
        if !p.op(",") {
            return Ok(out);
        }
    }
}

fn replica_options(p: &mut Parser) -> Parsed<Options> {
    p.list(|p| {
        let name = p.option_name(REPLICA_OPTIONS)?;
        Ok((name, flag_value(p)?))
    })
    .map(Options)
}

/// Milliseconds of an interval option; `0` switches off.
fn interval(options: &Options, name: &str) -> Result<Option<Option<u64>>, SqlError> {
    let text = match options.get(name) {
        None => return Ok(None),
        Some(Value::Number(n)) if n == "0" => return Ok(Some(None)),
        Some(Value::Str(s) | Value::Interval(s) | Value::Number(s)) => s,
        Some(_) => return Err(plan(format!("invalid {name}: cannot use value as interval"))),
    };
    let ms = crate::sql::interval::parse_ms(text).map_err(|e| plan(format!("invalid {name}: {}", e.message)))?;
    let ms = u64::try_from(ms).map_err(|_| plan(format!("invalid {name}: must be non-negative")))?;
    Ok(Some(Some(ms).filter(|ms| *ms != 0)))
}

fn check_size(size: &str) -> Result<(), SqlError> {
    if SIZES.contains(&size) {
        return Ok(());
    }
    Err(plan(format!("unknown cluster replica size {size}"))
        .hint(format!("Valid cluster replica sizes are: {}", SIZES.join(", "))))
}
fn check_zone(zone: &str) -> Result<(), SqlError> {
    if ZONES.contains(&zone) {
        return Ok(());
    }
    Err(with_code("0A000", format!("unknown cluster replica availability zone {zone}"))
        .hint(format!("Valid availability zones are: {}", ZONES.join(", "))))
}

fn zones(options: &Options) -> Result<Option<Vec<String>>, SqlError> {
    let list = match options.get("AVAILABILITY ZONES") {
        None => return Ok(None),
        Some(Value::List(list)) => list,
        Some(_) => return Err(plan("invalid AVAILABILITY ZONES: cannot use value as array")),
    };
    let text = |v: &Value| match v {
        Value::Str(s) => Ok(s.clone()),
        Value::Ident(parts) => Ok(parts.join(".")),
        _ => Err(plan("invalid AVAILABILITY ZONES: cannot use value as string")),
    };
    let zones: Vec<String> = list.iter().map(text).collect::<Result<_, _>>()?;
    zones.iter().try_for_each(|z| check_zone(z))?;
    Ok(Some(zones))
}

/// Applies what was given to the settings.
fn apply(managed: &mut Managed, given: &ClusterOptions) -> Result<(), SqlError> {
    let options = &given.plain;
    if let Some(size) = options.text("SIZE")? {
        check_size(&size)?;
        managed.size = size;
    }
    let schedule = match &given.schedule {
        Some(Some(text)) => {
            let ms = crate::sql::interval::parse_ms(text)
                .map_err(|e| plan(format!("invalid HYDRATION TIME ESTIMATE: {}", e.message)))?;
            Some(Some(u64::try_from(ms).map_err(|_| plan("HYDRATION TIME ESTIMATE must be non-negative"))?))
        }
        Some(None) => Some(None),
        None => None,
    };
    let on_refresh = schedule.unwrap_or(managed.on_refresh);
    if let Some(factor) = options.unsigned("REPLICATION FACTOR")? {
        if on_refresh.is_some() {
            return Err(plan("REPLICATION FACTOR cannot be set if the cluster SCHEDULE is anything other than MANUAL"));
        }
        managed.replication_factor = factor;
    }
    if schedule.is_some_and(|s| s.is_some()) {
        // Such a cluster is off until a refresh needs it.
        managed.replication_factor = 0;
    }
    managed.on_refresh = on_refresh;
    if let Some(zones) = zones(options)? {
        managed.availability_zones = zones;
    }
    if let Some(interval) = interval(options, "INTROSPECTION INTERVAL")? {
        managed.introspection_interval = interval;
    }
    if let Some(debugging) = options.bool("INTROSPECTION DEBUGGING")? {
        managed.introspection_debugging = debugging;
    }
    if managed.introspection_debugging && managed.introspection_interval.is_none() {
        return Err(plan("INTROSPECTION DEBUGGING cannot be specified without INTROSPECTION INTERVAL"));
    }
    match options.get("WORKLOAD CLASS") {
        Some(Value::Null) => managed.workload_class = None,
        Some(_) => managed.workload_class = options.text("WORKLOAD CLASS")?,
        None => {}
    }
    Ok(())
}

fn defaults(cx: &Context<'_>) -> Managed {
    let factor = cx.catalog.parameters.get("default_cluster_replication_factor").and_then(|p| p.value.parse().ok());
    Managed {
        size: String::new(),
        replication_factor: factor.unwrap_or(1),
        availability_zones: Vec::new(),
        introspection_debugging: false,
        introspection_interval: Some(1000),
        on_refresh: None,
        workload_class: None,
    }
}

/// Gives a managed cluster the replicas that its settings ask for; a changed size or placement makes new ones.
fn settle(cx: &mut Context<'_>, id: Id, anew: bool) {
    let Some(cluster) = cx.catalog.clusters.get(&id) else { return };
    let (Some(managed), owner) = (cluster.managed.clone(), cluster.owner) else { return };
    let mut replicas = if anew { Vec::new() } else { cluster.replicas.clone() };
    replicas.truncate(managed.replication_factor as usize);
    while (replicas.len() as u64) < managed.replication_factor {
        let id = cx.catalog.new_replica_id();
        let name = format!("r{}", replicas.len() + 1);
        replicas.push(Replica { id, name, size: managed.size.clone(), zone: None, owner });
    }
    if let Some(cluster) = cx.catalog.clusters.get_mut(&id) {
        cluster.replicas = replicas;
    }
}

fn check_replica_name(name: &str) -> Result<(), SqlError> {
    if super::namespace::reserved(name) {
        return Err(plan(format!("replica name \"{name}\" is reserved")));
    }
    Ok(())
}

fn new_replica(cx: &mut Context<'_>, name: &str, options: &Options, owner: Id) -> Result<Replica, SqlError> {
    options.once()?;
    let internal = options.bool("INTERNAL")? == Some(true);
    let billed = options.text("BILLED AS")?.is_some();
    if (internal || billed) && cx.session.role.is_user() {
        return Err(plan("cannot specify INTERNAL or BILLED AS as non-internal user"));
    }
    if billed && !internal {
        return Err(plan("must specify INTERNAL when specifying BILLED AS"));
    }
    let Some(size) = options.text("SIZE")? else {
        return Err(plan("SIZE option must be specified"));
    };
    check_size(&size)?;
    let zone = options.text("AVAILABILITY ZONE")?;
    zone.as_deref().map_or(Ok(()), check_zone)?;
    interval(options, "INTROSPECTION INTERVAL")?;
    options.bool("INTROSPECTION DEBUGGING")?;
    check_replica_name(name)?;
    Ok(Replica { id: cx.catalog.new_replica_id(), name: name.into(), size, zone, owner })
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

fn check_limit(factor: u64, cx: &Context<'_>) -> Result<(), SqlError> {
    let limit = cx.catalog.parameters.get("max_replicas_per_cluster").and_then(|p| p.value.parse().ok()).unwrap_or(10);
    if factor > limit {
        return Err(with_code("53000", format!("creating cluster replica would violate max_replicas_per_cluster limit (desired: {factor}, limit: {limit}, current: 0)"))
            .hint("Drop an existing cluster replica or contact support to request a limit increase."));
    }
    Ok(())
}

impl Command for CreateCluster {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let options = &self.options.plain;
        self.options.once()?;
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
        check_limit(settings.as_ref().map_or(0, |s| s.replication_factor), cx)?;
        let owner = cx.session.role;
        let mut replicas: Vec<Replica> = Vec::new();
        for (name, options) in self.options.replicas.iter().flatten() {
            if replicas.iter().any(|r| r.name == *name) {
                return Err(plan(format!("cannot create multiple replicas named '{name}' on cluster '{}'", self.name)));
            }
            let replica = new_replica(cx, name, options, owner)?;
            replicas.push(replica);
        }
        let id = cx.catalog.new_cluster_id();
        let privileges = cx.catalog.new_privileges(owner, ObjectKind::Cluster, None, None);
        let cluster = Cluster { id, name: self.name.clone(), owner, privileges, managed: settings, replicas };
        cx.catalog.clusters.insert(id, cluster);
        settle(cx, id, false);
        done("CREATE CLUSTER")
    }
}

/// Options that only a managed cluster has.
fn refuse_unmanaged(given: &ClusterOptions) -> Result<(), SqlError> {
    let names = [
        "AVAILABILITY ZONES",
        "REPLICATION FACTOR",
        "INTROSPECTION DEBUGGING",
        "INTROSPECTION INTERVAL",
        "SIZE",
        "DISK",
    ];
    if let Some(name) = names.into_iter().find(|n| given.plain.get(n).is_some()) {
        return Err(plan(format!("{name} not supported for unmanaged clusters")));
    }
    if given.schedule.as_ref().is_some_and(Option::is_some) {
        return Err(plan("cluster schedules other than MANUAL are not supported for unmanaged clusters"));
    }
    Ok(())
}

enum ClusterChange {
    Set(ClusterOptions, bool),
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
        return alter_replica(p);
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
            let names = p.list(|p| p.option_name(OPTIONS))?;
            p.expect_op(")")?;
            ClusterChange::Reset(names)
        }
    };
    Ok(Arc::new(AlterCluster { name, if_exists, change }))
}

/// `WITH (WAIT FOR '1s')` and `WITH (WAIT = UNTIL READY (TIMEOUT = …, ON TIMEOUT = …))`: the emulator's replicas are
/// ready at once.
fn wait(p: &mut Parser) -> Parsed<bool> {
    if !p.kw("WITH") {
        return Ok(false);
    }
    p.expect_op("(")?;
    p.expect_kw("WAIT")?;
    p.op("=");
    if p.expect_one_of(&["FOR", "UNTIL"])? == "FOR" {
        duration("WAIT", option_value(p)?)?;
    } else {
        p.expect_kw("READY")?;
        p.expect_op("(")?;
        let given = Options(p.list(|p| {
            let name = p.option_name(&["TIMEOUT", "ON TIMEOUT"])?;
            Ok((name, option_value(p)?))
        })?);
        p.expect_op(")")?;
        given.once()?;
        let action = given.text("ON TIMEOUT")?.map(|a| a.to_uppercase());
        if action.is_some_and(|a| a != "COMMIT" && a != "ROLLBACK") {
            return Err(plan("invalid ON TIMEOUT: Valid options are COMMIT, ROLLBACK"));
        }
        let Some(timeout) = given.get("TIMEOUT") else {
            let form = "ALTER CLUSTER ... WITH ( WAIT UNTIL READY ( ... ) )";
            return Err(plan(format!("TIMEOUT=<duration> option is required for {form}")));
        };
        duration("TIMEOUT", timeout.clone())?;
    }
    p.expect_op(")")?;
    Ok(true)
}

/// Checks the value of an option that is a duration.
fn duration(name: &'static str, value: Value) -> Result<(), SqlError> {
    interval(&Options(vec![(name, value)]), name).map(|_| ())
}

impl Command for AlterCluster {
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
                if let Some(cluster) = cx.catalog.clusters.get_mut(&id) {
                    cluster.name = to.clone();
                }
                cx.catalog.renamed += 1;
            }
            ClusterChange::Swap(with) => {
                let other = cx.catalog.cluster(with)?;
                check_not_system(cx, Object::Cluster(other))?;
                cx.catalog.check_owner(cx.session, Object::Cluster(other))?;
                for (id, name) in [(id, with), (other, &self.name)] {
                    if let Some(cluster) = cx.catalog.clusters.get_mut(&id) {
                        cluster.name = name.clone();
                    }
                }
                cx.catalog.renamed += 1;
            }
            ClusterChange::Set(options, waits) => {
                let before = cluster.managed.clone();
                let after = changed(cx, cluster, options, *waits)?;
                if let Some(after) = &after {
                    check_limit(after.replication_factor, cx)?;
                }
                self.store(cx, id, before, after);
            }
            ClusterChange::Reset(names) => {
                let before = cluster.managed.clone();
                let Some(mut after) = before.clone() else {
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
                self.store(cx, id, before, Some(after));
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
    if waits
        && !["SIZE", "AVAILABILITY ZONES", "INTROSPECTION INTERVAL", "INTROSPECTION DEBUGGING"]
            .iter()
            .any(|n| options.plain.get(n).is_some())
    {
        return Err(plan(
            "WAIT is only supported when altering SIZE, AVAILABILITY ZONES or introspection of a managed cluster",
        ));
    }
    let wanted = options.plain.bool("MANAGED")?;
    match (&cluster.managed, wanted) {
        (Some(_), Some(false)) => Ok(None),
        (Some(settings), _) => {
            if options.replicas.is_some() {
                return Err(plan("REPLICAS not supported for managed clusters"));
            }
            let mut settings = settings.clone();
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
            "DISK" | "MANAGED" => {}
            name => return Err(plan(format!("{name} has no default value"))),
        }
    }
    Ok(())
}

impl AlterCluster {
    fn store(&self, cx: &mut Context<'_>, id: Id, before: Option<Managed>, after: Option<Managed>) {
        let anew = match (&before, &after) {
            (Some(b), Some(a)) => {
                let placement = |m: &Managed| {
                    (m.size.clone(), m.availability_zones.clone(), m.introspection_interval, m.introspection_debugging)
                };
                placement(a) != placement(b)
            }
            _ => false,
        };
        if let Some(cluster) = cx.catalog.clusters.get_mut(&id) {
            cluster.managed = after;
        }
        settle(cx, id, anew);
    }
}

struct DropCluster {
    names: Vec<String>,
    if_exists: bool,
    cascade: bool,
}

pub fn drop_cluster(p: &mut Parser) -> Parsed<Boxed> {
    if p.kw("REPLICA") {
        let if_exists = p.if_exists()?;
        let names = p.list(|p| {
            let cluster = p.ident()?;
            p.expect_op(".")?;
            Ok((cluster, p.ident()?))
        })?;
        return Ok(Arc::new(DropReplica { names, if_exists }));
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
            cx.catalog.check_owner(cx.session, Object::Cluster(id))?;
            if !self.cascade && cx.catalog.items.values().any(|i| i.definition.cluster() == Some(id)) {
                return Err(plan(format!("cannot drop cluster \"{name}\" because other objects depend on it"))
                    .hint(CASCADE_HINT));
            }
            ids.push(id);
        }
        ids.into_iter().for_each(|id| cx.catalog.remove_cluster(id));
        Ok(Outcome::Done { tag: "DROP CLUSTER".into(), notices })
    }
}

struct CreateReplica {
    cluster: String,
    name: String,
    options: Options,
}

pub fn create_replica(p: &mut Parser) -> Parsed<Boxed> {
    let cluster = p.ident()?;
    p.expect_op(".")?;
    let name = p.ident()?;
    let bracket = p.op("(");
    let options = replica_options(p)?;
    if bracket {
        p.expect_op(")")?;
    }
    Ok(Arc::new(CreateReplica { cluster, name, options }))
}

impl Command for CreateReplica {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let id = cx.catalog.cluster(&self.cluster)?;
        check_not_system(cx, Object::Cluster(id))?;
        cx.catalog.check_owner(cx.session, Object::Cluster(id))?;
        let cluster = cx.catalog.clusters.get(&id);
        if cluster.is_some_and(|c| c.managed.is_some()) && self.options.bool("INTERNAL")? != Some(true) {
            return Err(plan(format!("cannot modify managed cluster {}", self.cluster)));
        }
        if cx.catalog.replica(&self.cluster, &self.name).is_ok() {
            return Err(plan(format!(
                "cannot create multiple replicas named '{}' on cluster '{}'",
                self.name, self.cluster
            )));
        }
        let owner = cx.catalog.owner(Object::Cluster(id)).unwrap_or(cx.session.role);
        let replica = new_replica(cx, &self.name, &self.options, owner)?;
        if let Some(cluster) = cx.catalog.clusters.get_mut(&id) {
            cluster.replicas.push(replica);
        }
        done("CREATE CLUSTER REPLICA")
    }
}

struct RenameReplica {
    cluster: String,
    name: String,
    if_exists: bool,
    to: String,
}

fn alter_replica(p: &mut Parser) -> Parsed<Boxed> {
    let if_exists = p.if_exists()?;
    let cluster = p.ident()?;
    p.expect_op(".")?;
    let name = p.ident()?;
    if p.expect_one_of(&["OWNER", "RENAME"])? == "OWNER" {
        return owner_to(p, ObjectKind::ClusterReplica, vec![cluster, name], if_exists);
    }
    p.expect_kw("TO")?;
    Ok(Arc::new(RenameReplica { cluster, name, if_exists, to: p.ident()? }))
}

impl Command for RenameReplica {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let (id, index) = match cx.catalog.replica(&self.cluster, &self.name) {
            Ok(found) => found,
            Err(_) if self.if_exists => return done("ALTER CLUSTER REPLICA"),
            Err(e) => return Err(e),
        };
        check_not_system(cx, Object::Cluster(id))?;
        cx.catalog.check_owner(cx.session, Object::Replica(id, index))?;
        if cx.catalog.clusters.get(&id).is_some_and(|c| c.managed.is_some()) {
            return Err(plan(format!("cannot modify managed cluster {}", self.cluster)));
        }
        check_replica_name(&self.to)?;
        if cx.catalog.replica(&self.cluster, &self.to).is_ok() {
            return Err(plan("uniqueness violation"));
        }
        if let Some(replica) = cx.catalog.clusters.get_mut(&id).and_then(|c| c.replicas.get_mut(index)) {
            replica.name = self.to.clone();
        }
        done("ALTER CLUSTER REPLICA")
    }
}

struct DropReplica {
    names: Vec<(String, String)>,
    if_exists: bool,
}

impl Command for DropReplica {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let (mut drops, mut notices) = (Vec::new(), Vec::new());
        for (cluster, name) in &self.names {
            let (id, index) = match cx.catalog.replica(cluster, name) {
                Ok(found) => found,
                Err(_) if self.if_exists => {
                    notices.push(format!("cluster replica \"{cluster}.{name}\" does not exist, skipping"));
                    continue;
                }
                Err(e) => return Err(e),
            };
            check_not_system(cx, Object::Cluster(id))?;
            cx.catalog.check_owner(cx.session, Object::Replica(id, index))?;
            if cx.catalog.clusters.get(&id).is_some_and(|c| c.managed.is_some()) {
                return Err(plan("cannot drop replica of managed cluster"));
            }
            drops.push((id, name));
        }
        for (id, name) in drops {
            let Some(cluster) = cx.catalog.clusters.get_mut(&id) else { continue };
            let Some(index) = cluster.replicas.iter().position(|r| r.name == *name) else { continue };
            let replica = cluster.replicas.remove(index);
            cx.catalog.comments.remove(&(replica.id, ObjectKind::ClusterReplica, None));
        }
        Ok(Outcome::Done { tag: "DROP CLUSTER REPLICA".into(), notices })
    }
}
