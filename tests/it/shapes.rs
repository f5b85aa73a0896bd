//! States as the official provider shapes them, of every configuration that is the fullest of its case file: planned by
//! this provider, there is nothing to do.
//!
//! The official provider's states hold null, `""`, `0`, `false` and `[]` for what is not set, by rules that depend on
//! what it reads and on how the state came to be (both forms are found in the wild): so both are tried at the top level.
//! Inside of blocks unset scalars are always zero, unset lists null. It knows no private data, and none of the attributes
//! that only this provider has.

use serde_json::{Map, Value, json};

use crate::lifecycle::CASES;
use crate::support::case::Case;
use crate::support::hcl;
use crate::support::plan::{Action, Plan};
use crate::support::server::Server;
use crate::support::terraform::{Terraform, binaries};

const PREFIX: &str = "shape_";

/// How an unset scalar looks at the top level.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Unset {
    Null,
    Zero,
}

/// The first configuration of a case, and the one whose subject says most. Without what the official provider has not.
fn configurations(case: &Case, official: &Value) -> Vec<String> {
    let said = |config: &String| hcl::settings(config, &hcl::block(config, &case.subject).expect("the subject")).len();
    let known = |config: &str| {
        let subject = hcl::block(config, &case.subject).expect("the subject");
        let attributes = &official[case.resource_type()]["attributes"];
        hcl::settings(config, &subject).keys().all(|path| is_official(attributes, path))
    };
    let mut all = case.configurations();
    all.retain(|config| known(config));
    let first = all.first().cloned();
    let fullest = all.into_iter().max_by_key(said);
    let mut chosen: Vec<String> = first.into_iter().chain(fullest).collect();
    chosen.dedup();
    chosen
}

/// Whether the official provider has the attribute at a path of a configuration.
fn is_official(attributes: &Value, path: &str) -> bool {
    let mut names = path.split('.').filter(|name| name.parse::<usize>().is_err());
    let Some(name) = names.next() else { return true };
    if matches!(name, "lifecycle" | "depends_on" | "count" | "for_each") {
        return true;
    }
    let attribute = &attributes[name];
    let rest = names.collect::<Vec<_>>().join(".");
    attribute.is_object()
        && (rest.is_empty() || !attribute["block"].is_object() || is_official(&attribute["block"], &rest))
}

/// The object as the official provider would have it.
fn shape(attributes: &Value, object: &Value, unset: Unset, in_block: bool) -> Value {
    let Some(declared) = attributes.as_object() else { return object.clone() };
    let empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    // A block in which nothing is set keeps its nulls.
    let blank = in_block && object.as_object().is_some_and(|object| object.values().all(empty));
    let zero = !blank && (in_block || unset == Unset::Zero);
    let mut shaped = Map::new();
    for (name, declaration) in declared {
        let value = &object[name];
        let value = match (declaration["type"].as_str().unwrap_or_default(), value) {
            (_, Value::Array(items)) if declaration["block"].is_object() => {
                items.iter().map(|item| shape(&declaration["block"], item, unset, true)).collect()
            }
            (_, Value::Null) if declaration["block"].is_object() => json!([]),
            // Write-only, and so never in a state.
            (_, Value::Null) if name.ends_with("_wo") => Value::Null,
            ("string", Value::Null) if zero => json!(""),
            ("int" | "float", Value::Null) if zero => json!(0),
            ("bool", Value::Null) if zero => json!(false),
            ("list", Value::Array(items)) if items.is_empty() && in_block => Value::Null,
            (_, value) => value.clone(),
        };
        shaped.insert(name.clone(), value);
    }
    if !in_block {
        shaped.insert("id".into(), object["id"].clone());
    }
    Value::Object(shaped)
}

fn try_one(case: &Case, config: &str, official: &Value) -> Result<(), String> {
    let server = Server::for_type(case.resource_type());
    server.session().query(&case.before.replace("${p}", PREFIX)).map_err(|error| format!("before: {error}"))?;
    let terraform = Terraform::for_server(&binaries()[0], &server, &case.provider);
    terraform.write("main.tf", &config.replace("${p}", PREFIX));
    let applied = terraform.apply();
    if !applied.ok() {
        return Err(applied.report());
    }
    let ours = terraform.state();
    for unset in [Unset::Null, Unset::Zero] {
        let mut state = ours.clone();
        for resource in state["resources"].as_array_mut().expect("resources") {
            let kind = resource["type"].as_str().expect("a type").to_owned();
            let attributes = &official[&kind]["attributes"];
            if resource["mode"] != "managed" || !attributes.is_object() {
                continue;
            }
            for instance in resource["instances"].as_array_mut().expect("instances") {
                instance["attributes"] = shape(attributes, &instance["attributes"], unset, false);
                instance["private"] = json!("bnVsbA==");
                instance.as_object_mut().expect("an object").remove("identity");
            }
        }
        terraform.write("terraform.tfstate", &state.to_string());
        let planned = terraform.plan();
        if !planned.ok() {
            return Err(format!("{unset:?}: {}\n{config}", planned.report()));
        }
        let plan = Plan::new(&terraform.show_plan());
        if plan.changes.iter().any(|change| !matches!(change.action, Action::NoOp | Action::Read)) {
            return Err(format!("{unset:?}: {}\n{config}", plan.describe()));
        }
    }
    terraform.write("terraform.tfstate", &ours.to_string());
    let destroyed = terraform.destroy();
    if destroyed.ok() { Ok(()) } else { Err(destroyed.report()) }
}

/// Every third case, from `part` on.
fn try_part(part: usize) {
    if Server::given().is_some() {
        eprintln!("needs the emulator, skipped");
        return;
    }
    let schema: Value = serde_json::from_str(include_str!("../data/schema.json")).expect("the official schema");
    let official = &schema["resources"];
    let only = std::env::var("SHAPES_ONLY").ok();
    let mut problems = Vec::new();
    for name in CASES.iter().skip(part).step_by(3).filter(|name| only.as_deref().is_none_or(|only| only == **name)) {
        let case = Case::load(name);
        if !official[case.resource_type()].is_object() {
            continue;
        }
        let chosen = configurations(&case, official);
        assert!(!chosen.is_empty(), "{name}: every step sets what the official provider has not");
        problems.extend(chosen.iter().filter_map(|c| Some(format!("{name}: {}", try_one(&case, c, official).err()?))));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

#[test]
fn states_of_the_first_third_plan_nothing() {
    try_part(0);
}

#[test]
fn states_of_the_second_third_plan_nothing() {
    try_part(1);
}

#[test]
fn states_of_the_last_third_plan_nothing() {
    try_part(2);
}
