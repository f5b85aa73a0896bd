//! States that the official provider wrote, on servers as it left them, planned by this provider.
//!
//! `tests/data/official` has what was recorded: a configuration, the state, and the statements that were sent, which
//! give the same ids when they are sent again to a fresh environment. A resource type that this provider does not have
//! yet is left out, together with what refers to it.
//!
//! `tests/data/takeover` has further configurations, with the statements that the official provider sends for them; their
//! states follow from its rules (`official`).

mod cases;
mod hcl_value;
mod official;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::plan::{Action, Plan};
use crate::support::server::Server;
use crate::support::terraform::{Terraform, binaries};
use crate::support::{read, root};

/// A resource block of a configuration: its address and its text.
struct Block {
    address: String,
    text: String,
}

fn blocks(config: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    for line in config.split_inclusive('\n') {
        if let Some(rest) = line.strip_prefix("resource ") {
            let mut words = rest.split('"').filter(|word| !word.trim().is_empty());
            let address = format!("{}.{}", words.next().unwrap(), words.next().unwrap());
            found.push(Block { address, text: String::new() });
        } else if !line.starts_with([' ', '}', '\n', '#']) {
            panic!("a recorded configuration has only resources: {line}");
        }
        if let Some(block) = found.last_mut() {
            block.text.push_str(line);
        }
    }
    found
}

/// The blocks of types that the provider has, without those that refer to others.
fn known(config: &str) -> Vec<Block> {
    let types = provider::resources::ALL;
    let mut all = blocks(config);
    all.retain(|block| types.iter().any(|resource| block.address.starts_with(&format!("{}.", resource.name))));
    loop {
        let here: BTreeSet<String> = all.iter().map(|block| block.address.clone()).collect();
        let before = all.len();
        all.retain(|block| {
            let words = block.text.split(|c: char| !(c.is_alphanumeric() || "_.".contains(c)));
            let mut references =
                words.filter(|word| word.starts_with("materialize_") && word.matches('.').count() >= 2);
            references.all(|word| here.iter().any(|address| word.starts_with(&format!("{address}."))))
        });
        if all.len() == before {
            return all;
        }
    }
}

/// The address of the provider as states hold it, with the host that this Terraform takes for granted.
pub fn provider_address(terraform: &Terraform) -> String {
    let output = terraform.run(&["providers"]);
    let start = output.stdout.find("provider[").unwrap_or_else(|| panic!("{}", output.report())) + "provider[".len();
    let end = start + output.stdout[start..].find(']').expect("a bracket");
    output.stdout[start..end].to_owned()
}

/// A file of a recorded case.
pub fn file(case: &str, name: &str) -> String {
    read(&format!("tests/data/official/{case}/{name}"))
}

/// A server as the official provider left it.
pub fn left_by(case: &str) -> Server {
    let server = Server::emulator(&["--upstreams", root("tests/conformance/upstreams.json").to_str().unwrap()]);
    let session = server.session();
    for line in file(case, "statements.jsonl").lines() {
        let statement: Value = serde_json::from_str(line).unwrap();
        let sql = statement["sql"].as_str().unwrap();
        if let Err(error) = session.query(sql) {
            assert!(statement.get("error").is_some(), "{case}: {sql}: {error}");
        }
    }
    server
}

/// The state that the official provider left, as that of the provider with this address.
pub fn state_of(case: &str, address: &str) -> Value {
    let mut state: Value = serde_json::from_str(&file(case, "terraform.tfstate")).unwrap();
    for resource in state["resources"].as_array_mut().unwrap() {
        resource["provider"] = format!("provider[{address:?}]").into();
    }
    state
}

fn take_over(case: &str) {
    let server = left_by(case);
    let recorded = file(case, "main.tf");
    let blocks = known(&recorded);
    assert!(!blocks.is_empty(), "{case}: this provider has none of the types");
    let has = |address: &str| blocks.iter().any(|block| block.address == address);
    let terraform = Terraform::for_server(&binaries()[0], &server, "");
    terraform.write("main.tf", &blocks.iter().map(|block| block.text.as_str()).collect::<String>());
    let address = provider_address(&terraform);
    let mut state = state_of(case, &address);
    let resources = state["resources"].as_array_mut().unwrap();
    resources.retain(|r| has(&format!("{}.{}", r["type"].as_str().unwrap(), r["name"].as_str().unwrap())));
    assert_eq!(resources.len(), blocks.len(), "{case}");
    terraform.write("terraform.tfstate", &state.to_string());

    terraform.plan().expect_ok();
    let plan = Plan::new(&terraform.show_plan());
    let path = format!("tests/data/official/{case}/expect.txt");
    let expected = if root(&path).is_file() { read(&path) } else { String::new() };
    let mut expected: BTreeSet<String> = expected.lines().map(str::to_owned).collect();
    expected.retain(|line| has(line.split(' ').next().unwrap()));
    let acting = plan.changes.iter().filter(|change| change.action != Action::NoOp);
    let found: BTreeSet<String> =
        acting.map(|change| format!("{} {}", change.address, format!("{:?}", change.action).to_lowercase())).collect();
    assert_eq!(found, expected, "{case}: {}", plan.describe());

    terraform.apply().expect_ok();
    terraform.check_settled().unwrap();
    // What was left out may depend on the rest.
    if blocks.len() == self::blocks(&recorded).len() {
        terraform.destroy().expect_ok();
    }
}

#[test]
fn namespaces_roles_and_clusters_are_taken_over() {
    take_over("base");
}

#[test]
fn objects_are_taken_over() {
    take_over("objects");
}

#[test]
fn connections_are_taken_over() {
    take_over("connections");
}

#[test]
fn grants_are_taken_over() {
    take_over("grants");
}

#[test]
fn streams_are_taken_over() {
    take_over("streams");
}

/// The official provider grants scoped default privileges everywhere: that is shown, and mended.
#[test]
fn scoped_default_privileges_are_mended() {
    take_over("scoped");
}

/// The states that were recorded come out of the rules by which the further ones are made.
#[test]
fn recorded_states_follow_from_the_rules() {
    let schema = official::schema();
    let mut problems = Vec::new();
    for case in ["base", "connections", "grants", "objects", "scoped", "streams"] {
        let server = left_by(case);
        let made = official::left(&file(case, "main.tf"), &server.session(), "any", "self-hosted").state;
        let recorded = state_of(case, "any");
        let instances = |state: &serde_json::Value| -> BTreeMap<String, Value> {
            let all = state["resources"].as_array().unwrap().iter();
            all.map(|r| (format!("{}.{}", r["type"], r["name"]).replace('"', ""), r["instances"][0].clone())).collect()
        };
        let (made, recorded) = (instances(&made), instances(&recorded));
        assert!(made.keys().eq(recorded.keys()), "{case}");
        for (address, recorded) in &recorded {
            let kind = address.split('.').next().unwrap();
            for (name, value) in recorded["attributes"].as_object().unwrap() {
                let found = &made[address]["attributes"][name];
                let given_by_server = matches!(
                    name.as_str(),
                    "external_id" | "principal" | "public_key_1" | "public_key_2" | "create_sql"
                );
                let is_set = schema[kind]["attributes"][name]["type"] == "set";
                let sorted = |value: &Value| {
                    let mut items = value.as_array().cloned().unwrap_or_default();
                    items.sort_by_key(Value::to_string);
                    items
                };
                let equal = if is_set { sorted(found) == sorted(value) } else { found == value };
                if !equal && !given_by_server {
                    problems.push(format!("{case}: {address}.{name}: recorded {value}, made {found}"));
                }
            }
            let dependencies = |instance: &Value| instance["dependencies"].as_array().cloned().unwrap_or_default();
            if dependencies(recorded) != dependencies(&made[address]) {
                problems.push(format!("{case}: {address}: {:?}", dependencies(&made[address])));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn odd_namespaces_and_roles_are_taken_over() {
    cases::take_over("namespaces");
}

#[test]
fn clusters_of_all_kinds_are_taken_over() {
    cases::take_over("clusters");
}

#[test]
fn tables_of_all_types_are_taken_over() {
    cases::take_over("tables");
}

#[test]
fn views_and_indexes_are_taken_over() {
    cases::take_over("queries");
}

#[test]
fn connections_of_all_spellings_are_taken_over() {
    cases::take_over("connections");
}

#[test]
fn sources_of_databases_are_taken_over() {
    cases::take_over("databases");
}

#[test]
fn sources_and_tables_of_topics_are_taken_over() {
    cases::take_over("kafka");
}

#[test]
fn webhooks_and_load_generators_are_taken_over() {
    cases::take_over("webhooks");
}

#[test]
fn sinks_of_all_formats_are_taken_over() {
    cases::take_over("sinks");
}

#[test]
fn privileges_of_all_kinds_are_taken_over() {
    cases::take_over("privileges");
}

#[test]
fn unquoted_names_and_other_details_are_taken_over() {
    cases::take_over("details");
}

#[test]
fn scoped_default_privileges_of_all_kinds_are_mended() {
    cases::take_over("scoped");
}

#[test]
fn what_newer_servers_have_is_taken_over() {
    cases::take_over("newer");
}

#[test]
fn regions_are_taken_over() {
    cases::take_over_in_the_cloud("tables");
    cases::take_over_in_the_cloud("queries");
}

#[test]
fn what_most_configurations_say_is_taken_over() {
    cases::take_over("everyday");
}

#[test]
fn what_modules_pass_on_as_none_is_taken_over() {
    cases::take_over("empties");
}

#[test]
fn queries_of_all_spellings_are_taken_over() {
    cases::take_over("sql");
}

#[test]
fn texts_of_several_lines_and_alphabets_are_taken_over() {
    cases::take_over("texts");
}

#[test]
fn what_names_of_roles_may_hold_is_taken_over() {
    cases::take_over("roles");
}

#[test]
fn what_sources_are_sent_of_their_options_is_taken_over() {
    cases::take_over("sources");
}
