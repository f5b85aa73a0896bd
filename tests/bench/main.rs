//! What a plan costs: statements, round trips, time and memory for N objects over a line with 40 ms round trip, beside
//! what Terraform itself needs for N resources that do nothing.
//!
//! `make bench` prints one table each for objects of five types, of twenty types, and for creating a source with what
//! hangs on it. `BENCH_SIZES="10 100 1000 10000"` chooses the numbers of objects; with none, only the program itself is
//! looked at.

mod kinds;
mod line;
mod start;
#[allow(dead_code, unused_imports, reason = "shared with the tests, which use more of it")]
#[path = "../it/support/mod.rs"]
mod support;

#[allow(dead_code, reason = "shared with the tests, which use more of it")]
#[path = "../it/plugin/client.rs"]
mod client;

use std::collections::BTreeMap;
use std::ops::Range;
use std::process::Child;
use std::time::{Duration, Instant};

use line::Line;
use support::server::{Server, is_read};
use support::terraform::{Terraform, binaries, provider_file};

const ROUND_TRIP: Duration = Duration::from_millis(40);
/// Runs of which the fastest counts: what else the machine does makes a run slower, never faster.
const RUNS: usize = 3;

/// What a run took, the most memory that the provider had in it, and the processor time of Terraform and the provider.
struct Run {
    time: Duration,
    peak_kib: u64,
    cpu: [Duration; 2],
}

fn run(terraform: &Terraform, arguments: &[&str]) -> Run {
    let start = Instant::now();
    let mut child = terraform.command(arguments).stdout(std::process::Stdio::null()).spawn().expect("terraform runs");
    let (peak_kib, cpu) = watch(&mut child);
    let status = child.wait().expect("terraform ends");
    assert!(status.success(), "terraform {}: {status}", arguments.join(" "));
    Run { time: start.elapsed(), peak_kib, cpu }
}

/// The processor time of a process so far, in hundredths of a second as Linux counts it.
fn cpu(process: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (ticks(11)? + ticks(12)?)))
}

/// Looks at the provider's memory, and at processor times, until Terraform has ended.
fn watch(terraform: &mut Child) -> (u64, [Duration; 2]) {
    let (mut peak, mut times) = (0, [Duration::ZERO; 2]);
    while terraform.try_wait().expect("a state of the process").is_none() {
        times[0] = times[0].max(cpu(terraform.id()).unwrap_or_default());
        for process in descendants(terraform.id()) {
            let name = std::fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
            if name.starts_with("terraform-provi") {
                let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
                let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
                times[1] = times[1].max(cpu(process).unwrap_or_default());
                peak = peak.max(line.trim().trim_end_matches(" kB").parse().unwrap_or_default());
            }
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    (peak, times)
}

fn descendants(process: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let children = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    let children: Vec<u32> = children
        .flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>())
        .collect();
    children.iter().flat_map(|child| [vec![*child], descendants(*child)].concat()).collect()
}

fn fastest(terraform: &Terraform, arguments: &[&str]) -> Run {
    (0..RUNS).map(|_| run(terraform, arguments)).min_by_key(|run| run.time).expect("at least one run")
}

/// Objects that are applied at once. What Terraform takes for an apply grows by the square of the objects in it.
const PART: usize = 500;

/// A folder in which a configuration of so many numbers, beside `provider`, has been applied, and how long that took: in
/// parts, whose states are put together.
fn applied(
    provider: Option<&str>,
    numbers: usize,
    kinds: usize,
    configuration: impl Fn(Range<usize>) -> String,
) -> (Terraform, Duration) {
    let folder = |text: String| {
        let terraform = Terraform::new(&binaries()[0]);
        provider.inspect(|provider| terraform.write("provider.tf", &provider_file(provider, "")));
        terraform.write("main.tf", &text);
        terraform
    };
    let (mut whole, mut took) = (serde_json::Value::Null, Duration::ZERO);
    for start in (0..numbers).step_by(PART.div_ceil(kinds)) {
        let part = folder(configuration(start..numbers.min(start + PART.div_ceil(kinds))));
        took += run(&part, &["apply", "-auto-approve"]).time;
        let text = std::fs::read(part.folder.join("terraform.tfstate")).expect("a state");
        let mut state: serde_json::Value = serde_json::from_slice(&text).expect("a state");
        match whole["resources"].as_array_mut() {
            Some(all) => all.append(state["resources"].as_array_mut().expect("resources")),
            None => whole = state,
        }
    }
    let terraform = folder(configuration(0..numbers));
    terraform.write("terraform.tfstate", &whole.to_string());
    (terraform, took)
}

/// Lets the server hold more of everything than it does by itself: a hundred network policies, for example.
fn lift_limits(server: &Server) {
    const LIMITS: &[&str] = &[
        "max_clusters", "max_credit_consumption_rate", "max_databases", "max_kafka_connections",
        "max_materialized_views", "max_network_policies", "max_objects_per_schema", "max_postgres_connections",
        "max_roles", "max_schemas_per_database", "max_secrets", "max_sinks", "max_sources", "max_tables",
    ];
    let session = server.session();
    for limit in LIMITS {
        session.query(&format!("ALTER SYSTEM SET {limit} = 1000000")).expect("a limit that the server knows");
    }
}

struct Measured {
    objects: usize,
    apply: Duration,
    apply_round_trips: usize,
    statements: usize,
    round_trips: usize,
    /// Bytes of the longest statement.
    longest: usize,
    plan: Run,
    /// The same without reading: what Terraform, and planning by a provider, take.
    blind: Duration,
    floor: Duration,
    connect: Duration,
    kinds: BTreeMap<String, usize>,
}

fn measure(types: &[&'static str], objects: usize) -> Measured {
    let binary = &binaries()[0];
    let server = Server::emulator(&[]);
    lift_limits(&server);
    let line = Line::new(server.port, ROUND_TRIP / 2);
    let provider = server.provider_lines_at(line.port);
    let numbers = objects / types.len();
    let (terraform, apply) =
        applied(Some(&provider), numbers, types.len(), |numbers| kinds::configuration(types, numbers));
    let apply_round_trips = line.take_round_trips();
    let mark = server.mark();
    let unchanged = &["plan", "-detailed-exitcode"];
    run(&terraform, unchanged);
    let (statements, round_trips) = (server.mark() - mark, line.take_round_trips());
    let all = server.statements().expect("an emulator");
    let mut kinds = BTreeMap::new();
    for statement in all[mark..].iter().filter(|sql| is_read(sql)) {
        *kinds.entry(relation(statement)).or_default() += 1;
    }
    let longest = all[mark..].iter().map(String::len).max().unwrap_or_default();
    let plan = fastest(&terraform, unchanged);
    let blind = fastest(&terraform, &["plan", "-refresh=false"]).time;

    // The same provider with next to nothing to plan: the handshake and the first connection, which N does not change.
    let nothing = Terraform::new(binary);
    nothing.write("provider.tf", &provider_file(&provider, ""));
    nothing.write("main.tf", "data \"materialize_schema\" \"it\" {}\n");
    run(&nothing, &["apply", "-auto-approve"]);
    let with_provider = fastest(&nothing, unchanged).time;

    let (floor, _) = applied(None, numbers, types.len(), |numbers| kinds::floor(types, numbers));
    let floor_time = fastest(&floor, unchanged).time;
    let empty = Terraform::new(binary);
    empty.write("main.tf", "resource \"terraform_data\" \"it\" {}\n");
    run(&empty, &["apply", "-auto-approve"]);
    let connect = with_provider.saturating_sub(fastest(&empty, unchanged).time);
    Measured {
        objects,
        apply,
        apply_round_trips,
        statements,
        round_trips,
        longest,
        plan,
        blind,
        floor: floor_time,
        connect,
        kinds,
    }
}

/// The first relation that a statement names.
fn relation(sql: &str) -> String {
    let from = sql.split_once(" FROM ").map_or(sql, |(_, rest)| rest);
    from.split_whitespace().next().unwrap_or_default().trim_matches(['(', ')', ',']).to_owned()
}

/// One table: each number of objects of these types.
fn table(types: &[&'static str], sizes: &[usize]) {
    println!(
        "| objects | statements | most of one relation | longest | round trips | plan | without reading | floor | connection | \
         plan : (1.3 floor + connection) | CPU of Terraform | CPU of the provider | provider's memory | apply | \
         round trips per object made |\n|{}",
        "---:|".repeat(15)
    );
    let mut details = Vec::new();
    for size in sizes {
        let m = measure(types, *size);
        let seconds = |time: Duration| format!("{:.2} s", time.as_secs_f64());
        let target = m.floor.as_secs_f64() * 1.3 + m.connect.as_secs_f64();
        println!(
            "| {} | {} | {} | {} KiB | {} | {} | {} | {} | {} | {:.2} | {} | {} | {:.0} MiB | {} | {:.2} |",
            m.objects,
            m.statements,
            m.kinds.values().max().copied().unwrap_or_default(),
            m.longest.div_ceil(1024),
            m.round_trips,
            seconds(m.plan.time),
            seconds(m.blind),
            seconds(m.floor),
            seconds(m.connect),
            m.plan.time.as_secs_f64() / target,
            seconds(m.plan.cpu[0]),
            seconds(m.plan.cpu[1]),
            m.plan.peak_kib as f64 / 1024.0,
            seconds(m.apply),
            m.apply_round_trips as f64 / m.objects as f64,
        );
        let kinds: Vec<String> = m.kinds.iter().map(|(relation, count)| format!("{relation} {count}")).collect();
        details.push(format!("{} objects: {}", m.objects, kinds.join(", ")));
    }
    println!("\nReads of the unchanged plan by relation:\n\n- {}\n", details.join("\n- "));
}

/// What it takes to create a source with subsources, a comment and a grant: every statement.
fn source() {
    let server = Server::emulator(&[]);
    let line = Line::new(server.port, ROUND_TRIP / 2);
    let terraform = Terraform::new(&binaries()[0]);
    terraform.write("provider.tf", &provider_file(&server.provider_lines_at(line.port), ""));
    terraform.write("main.tf", kinds::SOURCE);
    let mark = server.mark();
    let made = run(&terraform, &["apply", "-auto-approve"]);
    let all = server.statements().expect("an emulator");
    println!(
        "A source with six subsources and a comment, a role, and a grant: {} statements in {} round trips, {:.2} s:\n",
        all.len() - mark,
        line.take_round_trips(),
        made.time.as_secs_f64()
    );
    for statement in &all[mark..] {
        let short: String = statement.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(110).collect();
        println!("- `{short}`");
    }
}

fn main() {
    let sizes = std::env::var("BENCH_SIZES").unwrap_or_else(|_| "10 100 1000".to_owned());
    let sizes: Vec<usize> = sizes.split_whitespace().map(|size| size.parse().expect("a number of objects")).collect();
    start::report();
    if sizes.is_empty() {
        return;
    }
    println!(
        "A plan of an unchanged configuration, 40 ms round trip. Floor: Terraform with as many `terraform_data`, \
         of a provider within itself. Without reading: the same plan with `-refresh=false`. \
         Connection: a plan of one data source, less one without a provider.\n"
    );
    println!("A fifth each of schemas, roles, secrets, tables and grants:\n");
    table(kinds::FIVE, &sizes);
    println!("A twentieth each of twenty resource types:\n");
    let sizes: Vec<usize> = sizes.into_iter().filter(|size| *size >= kinds::TWENTY.len()).collect();
    table(kinds::TWENTY, &sizes);
    source();
}
