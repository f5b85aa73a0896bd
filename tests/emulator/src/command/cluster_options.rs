//! The options of clusters and replicas: their grammar, and what they make of a cluster's settings.

use super::Context;
use crate::catalog::{Hydration, Managed};
use crate::datum::SqlError;
use crate::sql::error::{Hint, plan, with_code};
use crate::sql::options::{Options, Value, flag_value, option_value};
use crate::sql::parser::{Parsed, Parser};

/// Sizes that exist, as the recorded server has them.
pub const SIZES: [&str; 6] = ["100cc", "200cc", "25cc", "2xsmall", "3xsmall", "50cc"];
const ZONES: [&str; 2] = ["test1", "test2"];

const OPTIONS: &[&str] = &[
    "AVAILABILITY ZONES", "DISK", "INTROSPECTION INTERVAL", "INTROSPECTION DEBUGGING", "MANAGED", "REPLICAS",
    "REPLICATION FACTOR", "SIZE", "SCHEDULE", "WORKLOAD CLASS",
];
const REPLICA_OPTIONS: &[&str] = &[
    "AVAILABILITY ZONE", "BILLED AS", "COMPUTE ADDRESSES", "COMPUTECTL ADDRESSES", "DISK", "INTERNAL",
    "INTROSPECTION INTERVAL", "INTROSPECTION DEBUGGING", "SIZE", "STORAGE ADDRESSES", "STORAGECTL ADDRESSES",
    "WORKERS",
];

/// A replica as written: its name and options.
pub type ReplicaDef = (String, Options);

#[derive(Default)]
pub struct ClusterOptions {
    pub plain: Options,
    pub replicas: Option<Vec<ReplicaDef>>,
    /// The outer None: not given; the inner None: MANUAL; else the hydration time estimate in milliseconds.
    pub schedule: Option<Option<String>>,
    /// The inner None: no strategy.
    pub auto_scaling: Option<Option<Options>>,
    /// REPLICAS or SCHEDULE, when given twice.
    twice: Option<&'static str>,
}

impl ClusterOptions {
    pub fn once(&self) -> Result<(), SqlError> {
        self.plain.once()?;
        self.twice.map_or(Ok(()), |name| Err(plan(format!("{name} specified more than once"))))
    }
}

/// The option that only newer servers know.
pub const AUTO_SCALING: &str = "AUTO SCALING STRATEGY";

pub fn option_names(p: &Parser) -> Vec<&'static str> {
    OPTIONS.iter().copied().chain(p.newer.then_some(AUTO_SCALING)).collect()
}

/// `(ON HYDRATION (HYDRATION SIZE = '200cc', LINGER DURATION = '1m'))`, or `()` for none.
fn auto_scaling(p: &mut Parser) -> Parsed<Option<Options>> {
    p.op("=");
    p.expect_op("(")?;
    if p.op(")") {
        return Ok(None);
    }
    p.expect_kw("ON HYDRATION")?;
    let options = p.paren_list(|p| {
        let name = p.option_name(&["HYDRATION SIZE", "LINGER DURATION"])?;
        Ok((name, flag_value(p)?))
    })?;
    p.expect_op(")")?;
    Ok(Some(Options(options)))
}

fn one_option(p: &mut Parser, out: &mut ClusterOptions) -> Parsed<()> {
    match p.option_name(&option_names(p))? {
        AUTO_SCALING => {
            out.twice = out.twice.or(out.auto_scaling.is_some().then_some(AUTO_SCALING));
            out.auto_scaling = Some(auto_scaling(p)?);
        }
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

pub fn cluster_options(p: &mut Parser) -> Parsed<ClusterOptions> {
    let mut out = ClusterOptions::default();
    loop {
        one_option(p, &mut out)?;
        if !p.op(",") {
            return Ok(out);
        }
    }
}

pub fn replica_options(p: &mut Parser) -> Parsed<Options> {
    p.list(|p| {
        let name = p.option_name(REPLICA_OPTIONS)?;
        Ok((name, flag_value(p)?))
    })
    .map(Options)
}

/// Milliseconds of an interval option; `0` switches off.
pub fn interval(options: &Options, name: &str) -> Result<Option<Option<u64>>, SqlError> {
    let text = match options.get(name) {
        None => return Ok(None),
        Some(Value::Number(n)) if n == "0" => return Ok(Some(None)),
        Some(Value::Str(s) | Value::Interval(s) | Value::Number(s)) => s,
        Some(_) => return Err(plan(format!("invalid {name}: cannot use value as interval"))),
    };
    let ms = crate::sql::interval::parse_duration(name, text)?;
    Ok(Some(Some(ms).filter(|ms| *ms != 0)))
}

pub fn check_size(size: &str) -> Result<(), SqlError> {
    if SIZES.contains(&size) {
        return Ok(());
    }
    Err(plan(format!("unknown cluster replica size {size}"))
        .hint(format!("Valid cluster replica sizes are: {}", SIZES.join(", "))))
}
/// Nothing is said of the disk of sizes whose names end in `cc`: they always have one.
pub fn check_disk(options: &Options, size: &str) -> Result<(), SqlError> {
    if options.get("DISK").is_some() && size.ends_with("cc") {
        return Err(plan("DISK option not supported for modern cluster sizes because disk is always enabled"));
    }
    Ok(())
}
pub fn check_introspection(debugging: bool, introspected: bool) -> Result<(), SqlError> {
    if debugging && !introspected {
        return Err(plan("INTROSPECTION DEBUGGING cannot be specified without INTROSPECTION INTERVAL"));
    }
    Ok(())
}
pub fn check_zone(zone: &str) -> Result<(), SqlError> {
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
pub fn apply(managed: &mut Managed, given: &ClusterOptions) -> Result<(), SqlError> {
    let options = &given.plain;
    let size = options.text("SIZE")?;
    check_disk(options, size.as_ref().unwrap_or(&managed.size))?;
    if let Some(size) = size {
        check_size(&size)?;
        managed.size = size;
    }
    let schedule = match &given.schedule {
        Some(Some(text)) => {
            let ms = crate::sql::interval::parse_ms(text)
                .map_err(|e| plan(format!("invalid HYDRATION TIME ESTIMATE: {}", e.message)))?;
            let Ok(ms) = u64::try_from(ms) else {
                let shown = crate::sql::interval::show_signed(ms);
                return Err(plan(format!("HYDRATION TIME ESTIMATE must be non-negative; got: {shown}")));
            };
            if crate::sql::interval::has_months(text) {
                return Err(plan("HYDRATION TIME ESTIMATE must not involve units larger than days"));
            }
            Some(Some(ms))
        }
        Some(None) => Some(None),
        None => None,
    };
    let on_refresh = schedule.unwrap_or(managed.on_refresh);
    if let Some(factor) = options.unsigned("REPLICATION FACTOR")? {
        if schedule.is_some_and(|s| s.is_some()) {
            return Err(plan("REPLICATION FACTOR cannot be given together with any SCHEDULE other than MANUAL"));
        }
        // Even if the schedule is to go with the same statement.
        if managed.on_refresh.is_some() {
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
    check_introspection(managed.introspection_debugging, managed.introspection_interval.is_some())?;
    if let Some(strategy) = &given.auto_scaling {
        managed.hydration = strategy.as_ref().map(hydration).transpose()?;
    }
    if let Some(hydration) = &managed.hydration {
        if managed.on_refresh.is_some() {
            return Err(plan(format!("{AUTO_SCALING} is not supported with a SCHEDULE other than MANUAL")));
        }
        if hydration.size == managed.size {
            return Err(plan("HYDRATION SIZE must differ from the cluster's SIZE"));
        }
    }
    match options.get("WORKLOAD CLASS") {
        Some(Value::Null) => managed.workload_class = None,
        Some(_) => managed.workload_class = options.text("WORKLOAD CLASS")?,
        None => {}
    }
    Ok(())
}

fn hydration(options: &Options) -> Result<Hydration, SqlError> {
    options.once()?;
    let size = options.text("HYDRATION SIZE")?.ok_or_else(|| plan("HYDRATION SIZE must be specified"))?;
    check_size(&size)?;
    Ok(Hydration { size, linger: interval(options, "LINGER DURATION")?.flatten() })
}

pub fn defaults(cx: &Context<'_>) -> Managed {
    let factor = cx.catalog.parameters.get("default_cluster_replication_factor").and_then(|p| p.value.parse().ok());
    Managed {
        size: String::new(),
        replication_factor: factor.unwrap_or(1),
        availability_zones: Vec::new(),
        introspection_debugging: false,
        introspection_interval: Some(1000),
        on_refresh: None,
        workload_class: None,
        hydration: None,
    }
}
