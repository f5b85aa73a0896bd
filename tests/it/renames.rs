//! A renamed object is the same object: everything that a configuration refers to is renamed, in it or behind its back,
//! and what refers to it is neither replaced nor made anew.
//!
//! Tried with the configuration of each case whose subject says most. `RENAMES_ONLY=sink_kafka` tries one.

use std::collections::BTreeMap;

use provider::declare::Scope;
use provider::resources::ALL;

use crate::lifecycle::CASES;
use crate::shapes::{fullest, valid};
use crate::support::case::Case;
use crate::support::hcl::{self, Block};
use crate::support::plan::{Action, Plan};
use crate::support::server::Server;
use crate::support::terraform::{Terraform, binaries};

const PREFIX: &str = "ren_";

/// The blocks beside the subject whose objects the server can rename, and whose names nothing repeats: each with its
/// name, as it is written.
fn renamable(case: &Case, config: &str) -> BTreeMap<String, String> {
    let can = |block: &&Block| {
        let found = ALL.iter().find(|r| Some(r.name) == block.words.get(1).map(String::as_str));
        found.is_some_and(|r| r.kind.can_rename() && r.scope != Scope::Bare) && block.address() != case.subject
    };
    let blocks = hcl::blocks(config);
    let named = blocks.iter().filter(can).filter_map(|block| {
        let name = hcl::settings(config, block).get("name")?.clone();
        let literal = name.starts_with("\"${p}") && config.matches(name.trim_matches('"')).count() == 1;
        // Names that SQL of the case repeats would not be found any more.
        let repeated = [&case.before, &case.after].iter().any(|sql| sql.contains(name.trim_matches('"')));
        (literal && !repeated).then(|| (block.address(), name))
    });
    named.collect()
}

fn renamed(config: &str, names: &BTreeMap<String, String>, suffix: &str) -> String {
    names.values().fold(config.to_owned(), |config, name| {
        config.replace(name.as_str(), &format!("{}{suffix}\"", name.trim_end_matches('"')))
    })
}

/// What the plan may do to the subject and to what is renamed.
fn check(terraform: &Terraform, what: &str, config: &str) -> Result<(), String> {
    let planned = terraform.plan();
    if !planned.ok() {
        return Err(format!("{what}: {}\n{config}", planned.report()));
    }
    let plan = Plan::new(&terraform.show_plan());
    if plan.changes.iter().any(|change| !matches!(change.action, Action::NoOp | Action::Read | Action::Update)) {
        return Err(format!("{what}: {}\n{config}", plan.describe()));
    }
    let applied = terraform.apply_plan();
    if !applied.ok() {
        return Err(format!("{what}: {}\n{config}", applied.report()));
    }
    // What only shows names of others (a webhook's URL) is noted when it is read; nothing is left to do.
    terraform.plan();
    let plan = Plan::new(&terraform.show_plan());
    let done = plan.changes.iter().all(|change| matches!(change.action, Action::NoOp | Action::Read));
    if done { Ok(()) } else { Err(format!("{what}: the next plan is not empty: {}\n{config}", plan.describe())) }
}

/// How many objects were renamed.
fn try_one(case: &Case) -> Result<usize, String> {
    let config = fullest(&case.subject, valid(case)).expect("the first at least");
    let names = renamable(case, &config);
    if names.is_empty() {
        return Ok(0);
    }
    let server = Server::with_upstreams();
    let session = server.session();
    session.query(&case.before.replace("${p}", PREFIX)).map_err(|error| format!("before: {error}"))?;
    let terraform = Terraform::for_server(&binaries()[0], &server, &case.provider);
    let write = |config: &str| terraform.write("main.tf", &config.replace("${p}", PREFIX));
    write(&config);
    let applied = terraform.apply();
    if !applied.ok() {
        return Err(applied.report());
    }
    // In the configuration.
    let second = renamed(&config, &names, "_2");
    write(&second);
    check(&terraform, "renamed in the configuration", &second)?;
    // By somebody, and the configuration says nothing of it: it is called as it was again.
    for address in names.keys() {
        let state = terraform.attributes(address).ok_or("not in the state")?;
        let kind = address.split('.').next().unwrap_or_default();
        let kind = ALL.iter().find(|r| r.name == kind).expect("a declaration").kind.words();
        let name = state["name"].as_str().unwrap_or_default();
        let text = |attr: &str| state[attr].as_str().map(str::to_owned);
        let own = format!("\"{name}\"");
        let full = match kind {
            "SCHEMA" => format!("\"{}\".{own}", text("database_name").unwrap_or_default()),
            _ => text("qualified_sql_name").filter(|_| text("schema_name").is_some()).unwrap_or(own),
        };
        // The outer ones may have their new names already.
        let full = names_now(&session, kind, state["id"].as_str().unwrap_or_default()).unwrap_or(full);
        session.query(&format!("ALTER {kind} {full} RENAME TO \"{name}_theirs\""))?;
    }
    check(&terraform, "renamed by somebody", &second)?;
    let destroyed = terraform.destroy();
    if destroyed.ok() { Ok(names.len()) } else { Err(destroyed.report()) }
}

/// The name of an object in a schema as it is now.
fn names_now(session: &crate::support::sql::Session, kind: &str, id: &str) -> Option<String> {
    let id = id.rsplit(':').next()?;
    let sql = match kind {
        "SCHEMA" => format!(
            "SELECT d.name, o.name FROM mz_catalog.mz_schemas o JOIN mz_catalog.mz_databases d ON d.id = o.database_id \
             WHERE o.id = '{id}'"
        ),
        "CLUSTER" | "DATABASE" => return None,
        _ => format!(
            "SELECT d.name, s.name, o.name FROM mz_catalog.mz_objects o JOIN mz_catalog.mz_schemas s ON s.id = \
             o.schema_id JOIN mz_catalog.mz_databases d ON d.id = s.database_id WHERE o.id = '{id}'"
        ),
    };
    let rows = session.query(&sql).ok()?;
    Some(rows.first()?.iter().map(|part| format!("\"{part}\"")).collect::<Vec<_>>().join("."))
}

/// Every second case, from `part` on.
fn try_part(part: usize) {
    if Server::given().is_some() {
        eprintln!("needs the emulator, skipped");
        return;
    }
    let only = std::env::var("RENAMES_ONLY").ok();
    let (mut problems, mut count) = (Vec::new(), 0);
    for name in CASES.iter().skip(part).step_by(2).filter(|name| only.as_deref().is_none_or(|only| only == **name)) {
        match try_one(&Case::load(name)) {
            Ok(renamed) => count += renamed,
            Err(problem) => problems.push(format!("{name}: {problem}")),
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
    assert!(only.is_some() || count > 40, "only {count} objects could be renamed");
}

#[test]
fn what_refers_to_renamed_objects_is_not_replaced_first_half() {
    try_part(0);
}

#[test]
fn what_refers_to_renamed_objects_is_not_replaced_second_half() {
    try_part(1);
}
