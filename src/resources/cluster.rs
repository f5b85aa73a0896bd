//! `materialize_cluster`: the compute that sources, sinks, indexes and materialized views run on.

use crate::declare::scope::{IDENTIFY_BY_NAME, catalog_id, id_or_name, plan_id};
use crate::declare::*;
use crate::diag::Diagnostic;
use crate::sql::{Kind, Statement, item};
use crate::value::{Number, Value};

const OPTIONS: &[Attr] = &[
    text("size").column("o.size").option("SIZE").doc(
        "The size of each replica, one of `mz_catalog.mz_cluster_replica_sizes`. Without it the cluster is \
              unmanaged: it has the replicas that `materialize_cluster_replica` gives it.",
    ),
    int("replication_factor")
        .or_server()
        .between(0, 1000)
        .column("o.replication_factor")
        .option("REPLICATION FACTOR")
        .doc("The number of replicas; 1 if not set."),
    texts("availability_zones")
        .or_server()
        .no_empty()
        .same(same::members)
        .column("o.availability_zones")
        .option("AVAILABILITY ZONES")
        .doc("The availability zones in which replicas may run."),
    interval("introspection_interval")
        .default(Default::Text("1s"))
        .column("o.introspection_interval")
        .option("INTROSPECTION INTERVAL")
        .doc("How often introspection data is collected; `0` turns it off."),
    boolean("introspection_debugging")
        .default(Default::Bool(false))
        .column("o.introspection_debugging")
        .option("INTROSPECTION DEBUGGING")
        .doc("Whether introspection data is gathered about the introspection itself."),
];

const ON_REFRESH: &[Attr] = &[
    boolean("enabled").doc("Whether the cluster is only on when a materialized view on it must be refreshed."),
    interval("hydration_time_estimate")
        .doc("How long before a refresh the cluster is turned on, so that it has caught up by then."),
    interval("rehydration_time_estimate")
        .deprecated("Use `hydration_time_estimate`.")
        .doc("The former name of `hydration_time_estimate`."),
];

const WAIT: &[Attr] = &[
    boolean("enabled").default(Default::Bool(false)).doc("Whether to wait."),
    text("timeout").default(Default::Text("0s")).check(DURATION).doc("How long to wait at most, such as `10m`."),
    text("on_timeout")
        .default(Default::Text("COMMIT"))
        .keyword(&["COMMIT", "ROLLBACK"])
        .doc("What to do when the time is up: `COMMIT` the change, or `ROLLBACK`."),
];

const ON_HYDRATION: &[Attr] = &[
    text("hydration_size").required().length(1, 255).doc("The size to use while the cluster catches up."),
    text("linger_duration")
        .check(DURATION)
        .same(same::intervals)
        .doc("How long the larger size stays after the cluster has caught up."),
];

const DURATION: Check = Check::Text(is_duration, "a whole number and one of s, m and h, such as \"10m\"");

fn is_duration(text: &str) -> bool {
    text.strip_suffix(['s', 'm', 'h'])
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

pub const CLUSTER: Resource = Resource {
    name: "materialize_cluster",
    kind: Kind::Cluster,
    scope: Scope::Environment,
    doc: "A cluster: the compute that sources, sinks, indexes and materialized views run on.",
    attrs: &[
        IDENTIFY_BY_NAME,
        scope::DISK,
        block("scheduling", &[block("on_refresh", ON_REFRESH).doc("Turns the cluster on for refreshes only.")])
            .same(same_schedule)
            .doc("When the cluster is on. Without it, always."),
        block(
            "auto_scaling_strategy",
            &[block("on_hydration", ON_HYDRATION).required().doc("A larger size to catch up.")],
        )
        .newer("AUTO SCALING STRATEGY")
        .doc("How the cluster's size follows its work. Only newer servers know it."),
        block("wait_until_ready", WAIT).stored("it only says how other changes are made").doc(
            "Whether a change of size, availability zones or introspection waits until the new replicas are ready, \
                  so that the cluster never stops answering.",
        ),
    ],
    tables: &[OPTIONS],
    rules: &[
        Rule::Conflicts("scheduling", &["auto_scaling_strategy"]),
        Rule::Requires(
            &[
                "replication_factor", "availability_zones", "introspection_interval", "introspection_debugging",
                "scheduling", "auto_scaling_strategy",
            ],
            &["size"],
        ),
    ],
    lookups: &[
        Lookup {
            columns: &[("schedule", "h.type"), ("hydration", "h.refresh_hydration_time_estimate")],
            from: "mz_catalog.mz_clusters o LEFT JOIN mz_internal.mz_cluster_schedules h ON h.cluster_id = o.id",
            ..Lookup::NONE
        },
        Lookup {
            columns: &[("strategy", "a.strategy")],
            from: "mz_internal.mz_cluster_auto_scaling_strategies a",
            by_key: &["a.cluster_id"],
            optional: Some(["mz_internal", "mz_cluster_auto_scaling_strategies", "strategy"]),
            ..Lookup::NONE
        },
        Lookup {
            columns: &[("size", "g.target->>'size'"), ("replication_factor", "g.target->>'replication_factor'")],
            from: "mz_internal.mz_cluster_reconfigurations g",
            filter: Some("g.status = 'in_progress'"),
            by_key: &["g.cluster_id"],
            optional: Some(["mz_internal", "mz_cluster_reconfigurations", "target"]),
            ..Lookup::NONE
        },
    ],
    id: IdForm {
        parse: |suffix| match suffix.strip_prefix("name:") {
            Some(name) => Some(Key::Names(vec![("name", name.to_owned())])),
            None => catalog_id(suffix).map(|id| Key::Parts(vec![id])),
        },
        suffix: |found, state| Some(id_or_name(state, name(state), format!("id:{}", found.id()))),
        forms: "`<region>:id:<catalog id>`, the catalog id alone, or `<region>:name:<name>`",
        named: &[],
    },
    create: |r, v| {
        let options = match v.text("size") {
            Some(_) => settings(v),
            None => vec![item().word("REPLICAS").group([])],
        };
        vec![r.begin(v).group(options)]
    },
    alters: &[on(
        &[
            "size", "replication_factor", "availability_zones", "introspection_interval", "introspection_debugging",
            "scheduling", "auto_scaling_strategy",
        ],
        alter,
    )],
    read: |found, read| {
        // Only replicas that are made by hand have settings of their own.
        if !read.get("size").is_null() && read.get("introspection_interval").is_null() {
            read.set("introspection_interval", Value::text("0"));
        }
        let on_refresh = found.get("schedule") == Some("on-refresh");
        let schedule = Value::list([Value::from([
            ("enabled", Value::Bool(true)),
            ("hydration_time_estimate", found.get("hydration").into()),
            ("rehydration_time_estimate", Value::Null),
        ])]);
        let schedule = on_refresh.then(|| Value::from([("on_refresh", schedule)]));
        let wanted = Value::list(schedule);
        // Every way to say "always on", or the older name of the estimate, stays as it was written.
        let prior = found.prior.get("scheduling");
        let keep = !prior.is_null() && same_schedule(prior, &wanted);
        read.set("scheduling", if keep { prior.clone() } else { wanted });
        // While the server resizes in the background, what it was asked for is what counts.
        if let Some(target) = found.more(2).first() {
            read.set("size", target.get("size").into());
            let factor = target.get("replication_factor").and_then(Number::parse);
            read.set("replication_factor", factor.into());
        }
        let strategy = found.more(1).first().and_then(|row| row.get("strategy")).and_then(auto_scaling_of);
        read.set("auto_scaling_strategy", Value::list(strategy));
    },
    validate: |config| {
        let v = Values::new(config, config);
        let refresh = v.block("scheduling").and_then(|block| block.block("on_refresh"));
        let both = |v: &Values| v.text("hydration_time_estimate").and(v.text("rehydration_time_estimate")).is_some();
        let conflict = |detail: &str| Diagnostic::error("Conflicting attributes", detail);
        let mut wrong = Vec::new();
        if refresh.as_ref().is_some_and(both) {
            let detail = "`hydration_time_estimate` and its former name `rehydration_time_estimate` are both set.";
            wrong.push(conflict(detail).at("scheduling"));
        }
        // An empty size is none, with which nothing of a managed cluster can be asked for.
        let zero = |attr: &str| match attr {
            "introspection_interval" => same::intervals(config.get(attr), &Value::text("1s")),
            "scheduling" => estimate(&v).is_none() && config.get(attr).is_wholly_known(),
            _ => config.get(attr).is_zero(),
        };
        let managed = OPTIONS.iter().skip(1).map(|attr| attr.name).chain(["scheduling", "auto_scaling_strategy"]);
        let sizeless = config.get("size").as_text() == Some("");
        for attr in managed.filter(|attr| sizeless && !config.get(attr).is_zero() && !zero(attr)) {
            let detail = format!("`{attr}` can only be set together with `size`, which is empty.");
            wrong.push(Diagnostic::error("Missing attribute", detail).at(attr));
        }
        if estimate(&v).is_some() && !config.get("replication_factor").is_null() {
            let detail = "`replication_factor` cannot be set while `on_refresh` is enabled: the schedule decides.";
            wrong.push(conflict(detail).at("replication_factor"));
        }
        wrong
    },
    adjust: |config, prior, planned| {
        plan_id(prior, planned, name);
        // The server derives the replication factor from the schedule, and an unmanaged cluster has none.
        let unmanaged = planned.get("size").is_zero() && !planned.get("size").is_unknown();
        for (attr, zero) in [("replication_factor", Value::int(0)), ("availability_zones", Value::list([]))] {
            if unmanaged && config.get(attr).is_null() && planned.get(attr).is_unknown() {
                planned.set(attr, zero);
            }
        }
        let on_refresh = |value: &Value| estimate(&Values::new(value, &Value::Null)).is_some();
        let rescheduled = !prior.is_null() && on_refresh(prior) != on_refresh(planned);
        let remanaged = !prior.is_null() && prior.get("size").is_zero() != planned.get("size").is_zero();
        let unsure = !planned.get("scheduling").is_wholly_known();
        if (rescheduled || remanaged || unsure) && config.get("replication_factor").is_null() {
            planned.set("replication_factor", Value::Unknown);
        }
    },
    ..Resource::NONE
};

fn name(state: &Value) -> String {
    state.get("name").as_text().unwrap_or_default().to_owned()
}

/// The options of a managed cluster, in the order of the documentation.
fn settings(v: &Values) -> Vec<Statement> {
    let mut options = option_items(OPTIONS, v);
    options.extend(schedule_of(v).map(|schedule| item().word("SCHEDULE").symbol("=").then(schedule)));
    options.extend(auto_scaling(v));
    options
}

/// The estimate of an enabled `on_refresh`, which may be empty; `None` if the cluster is always on.
fn estimate<'a>(v: &Values<'a>) -> Option<&'a str> {
    let refresh = v.block("scheduling")?.block("on_refresh").filter(|block| block.is_true("enabled"))?;
    Some(refresh.text("hydration_time_estimate").or(refresh.text("rehydration_time_estimate")).unwrap_or_default())
}

fn schedule_of(v: &Values) -> Option<Statement> {
    estimate(v).map(|estimate| {
        let options = item().word("HYDRATION TIME ESTIMATE").symbol("=").text(estimate);
        item().word("ON REFRESH").when(!estimate.is_empty(), |s| s.group([options]))
    })
}

fn same_schedule(a: &Value, b: &Value) -> bool {
    let [a, b] = [a, b].map(|value| Value::from([("scheduling", value.clone())]));
    let [a, b] = [&a, &b].map(|value| estimate(&Values::new(value, &Value::Null)).map(same::interval_micros));
    a == b
}

fn auto_scaling(v: &Values) -> Option<Statement> {
    let hydration = v.block("auto_scaling_strategy")?.block("on_hydration")?;
    let size = item().word("HYDRATION SIZE").symbol("=").text(hydration.str("hydration_size"));
    let linger = hydration.text("linger_duration");
    let linger = linger.map(|linger| item().word("LINGER DURATION").symbol("=").text(linger));
    let on_hydration = item().word("ON HYDRATION").group([size].into_iter().chain(linger));
    Some(item().word("AUTO SCALING STRATEGY").symbol("=").group([on_hydration]))
}

/// The strategy as the catalog's JSON has it: `{"on_hydration": {"hydration_size": "…", "linger_duration": {"secs": 60}}}`.
fn auto_scaling_of(json: &str) -> Option<Value> {
    let strategy: serde_json::Value = serde_json::from_str(json).ok()?;
    let hydration = strategy.get("on_hydration").filter(|value| !value.is_null())?;
    let linger = hydration.pointer("/linger_duration/secs").and_then(serde_json::Value::as_u64);
    let on_hydration = Value::from([
        ("hydration_size", hydration.get("hydration_size").and_then(serde_json::Value::as_str).into()),
        ("linger_duration", linger.map(|seconds| Value::text(format!("{seconds}s"))).into()),
    ]);
    Some(Value::from([("on_hydration", Value::list([on_hydration]))]))
}

/// One `SET` for all that is set, and one `RESET` for what goes back to its default; between a schedule and a number of
/// replicas, one more `SET` before them.
fn alter(c: &Change) -> Vec<Statement> {
    let manual = || item().word("SCHEDULE").symbol("=").word("MANUAL");
    let was_scheduled = estimate(&c.old).is_some();
    if c.new.text("size").is_none() {
        let options = [item().word("MANAGED").symbol("=").word("FALSE")];
        // The server wants it said that the schedule goes.
        return vec![c.alter().word("SET").group(options.into_iter().chain(was_scheduled.then(manual)))];
    }
    let factor = |n| item().word("REPLICATION FACTOR").symbol("=").number(n);
    let (mut set, mut reset) = option_changes(OPTIONS, c);
    let mut statements = Vec::new();
    let mut then = None;
    if c.old.text("size").is_none() {
        // The server wants to be told the number of replicas that are there, or none, and another number after that.
        set = OPTIONS
            .iter()
            .filter(|o| o.name != "replication_factor")
            .filter_map(|o| o.option?.item(o, &c.new))
            .collect();
        set.insert(0, item().word("MANAGED").symbol("=").word("TRUE"));
        then = c.new.number("replication_factor").map(|n| c.alter().word("SET").group([factor(n)]));
    }
    if schedule_of(&c.new).is_some() {
        // Its default would start a replica until the schedule is looked at next.
        reset.retain(|words| *words != item().word("REPLICATION FACTOR"));
    }
    if c.has("scheduling") {
        match schedule_of(&c.new) {
            // A schedule and a number of replicas never go together, not even while one takes the other's place.
            Some(schedule) => {
                let one = Number::from(1);
                if !was_scheduled && c.old.positive("replication_factor").is_some_and(|n| *n != one) {
                    statements.push(c.alter().word("SET").group([factor(&one)]));
                }
                set.push(item().word("SCHEDULE").symbol("=").then(schedule));
            }
            None if was_scheduled && c.has("replication_factor") => {
                statements.push(c.alter().word("SET").group([manual()]));
            }
            None => set.push(manual()),
        }
    }
    if c.has("auto_scaling_strategy") {
        match auto_scaling(&c.new) {
            Some(option) => set.push(option),
            // The server's way to say "none".
            None => set.push(item().word("AUTO SCALING STRATEGY").symbol("=").group([])),
        }
    }
    // The server takes WAIT only for what makes new replicas, and not for a cluster with a schedule, whose replicas come
    // and go by themselves.
    let waits = ["size", "availability_zones", "introspection_interval", "introspection_debugging"];
    let wait = c.new.block("wait_until_ready").filter(|wait| wait.is_true("enabled"));
    let wait = wait.filter(|_| waits.iter().any(|name| c.has(name)) && c.old.text("size").is_some());
    let wait = wait.filter(|_| estimate(&c.new).is_none());
    if !set.is_empty() {
        statements.push(c.alter().word("SET").group(set).with(wait, |s, wait| {
            let timeout = item().word("TIMEOUT").symbol("=").text(wait.str("timeout"));
            let on_timeout = item().word("ON TIMEOUT").symbol("=").text(&wait.str("on_timeout").to_uppercase());
            s.word("WITH").group([item().word("WAIT UNTIL READY").group([timeout, on_timeout])])
        }));
    }
    if !reset.is_empty() {
        statements.push(c.alter().word("RESET").group(reset));
    }
    statements.extend(then);
    statements
}
