//! Laws over what is declared: nothing may be left without a case, an example, or a step that exercises it.

use std::collections::{BTreeMap, BTreeSet};

use provider::declare::{Attr, Resource};
use provider::engine::{Class, Declared, class};
use serde_json::Value;

use crate::lifecycle::CASES;
use crate::support::case::Case;
use crate::support::plan::{within, without_indices};
use crate::support::terraform::{Terraform, binaries};
use crate::support::{hcl, root};

/// The provider's schema as Terraform sees it.
pub fn schema() -> Value {
    let terraform = Terraform::new(&binaries()[0]);
    terraform.write("provider.tf", &crate::support::terraform::provider_file("", ""));
    let output = terraform.run(&["providers", "schema", "-json"]).expect_ok();
    let document: Value = serde_json::from_str(&output.stdout).expect("schemas in JSON");
    let all = document["provider_schemas"].as_object().expect("schemas of providers");
    assert_eq!(all.len(), 1, "one provider: {:?}", all.keys());
    all.values().next().cloned().expect("one provider")
}

/// The paths of everything that a configuration may set, blocks included. A path has no indices.
pub fn settable(block: &Value, prefix: &str, found: &mut BTreeSet<String>) {
    for (name, attribute) in block["attributes"].as_object().into_iter().flatten() {
        if attribute["optional"] == true || attribute["required"] == true {
            found.insert(format!("{prefix}{name}"));
        }
    }
    for (name, nested) in block["block_types"].as_object().into_iter().flatten() {
        found.insert(format!("{prefix}{name}"));
        settable(&nested["block"], &format!("{prefix}{name}."), found);
    }
}

/// What the steps of a case exercise: the paths that any of its resources of that type ever set, and the top-level
/// attributes that some step changes alone.
fn exercised(case: &Case) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut set, mut alone) = (BTreeSet::new(), BTreeSet::new());
    let mut config = case.config.clone();
    let mut before = settings(&config, case.resource_type());
    collect(&before, &mut set);
    for step in &case.steps {
        let edited = step.edited(&config).unwrap_or_else(|problem| panic!("{}: {problem}", case.name));
        let after = settings(&edited, case.resource_type());
        if step.errors.is_empty() {
            collect(&after, &mut set);
        }
        for (address, now) in &after {
            let Some(then) = before.get(address) else { continue };
            let changed: BTreeSet<&str> = now
                .keys()
                .chain(then.keys())
                .filter(|path| now.get(*path) != then.get(*path))
                .filter_map(|path| path.split('.').next())
                .collect();
            if let (1, Some(only)) = (changed.len(), changed.first()) {
                alone.insert((*only).to_owned());
            }
        }
        // Values that no plan can show, and blocks that this server refuses, are exercised by an error.
        if !step.errors.is_empty() && step.errors.iter().any(|error| error.phase == "apply") {
            collect(&after, &mut set);
        }
        if step.errors.is_empty() {
            (config, before) = (edited, after);
        }
    }
    (set, alone)
}

type Settings = BTreeMap<String, BTreeMap<String, String>>;

/// What every resource of the type sets.
fn settings(config: &str, kind: &str) -> Settings {
    let blocks = hcl::blocks(config).into_iter().filter(|block| block.words.get(1).is_some_and(|word| word == kind));
    blocks.map(|block| (block.address(), hcl::settings(config, &block))).collect()
}

fn collect(settings: &Settings, found: &mut BTreeSet<String>) {
    found.extend(settings.values().flat_map(BTreeMap::keys).map(|path| without_indices(path)));
}

#[test]
fn every_attribute_is_exercised_by_a_step() {
    let schema = schema();
    let mut missing = Vec::new();
    for (kind, resource) in schema["resource_schemas"].as_object().expect("resources") {
        let name = kind.trim_start_matches("materialize_");
        if !CASES.contains(&name) {
            missing.push(format!("{kind}: no file tests/cases/{name}.case"));
            continue;
        }
        let case = Case::load(name);
        let (set, alone) = exercised(&case);
        let mut wanted = BTreeSet::new();
        settable(&resource["block"], "", &mut wanted);
        for path in &wanted {
            if path == "id" {
                continue;
            }
            if !set.contains(path) {
                missing.push(format!("{kind}: no step sets {path}"));
            } else if !path.contains('.') && !alone.contains(path) && !case.tied.contains(path) {
                missing.push(format!("{kind}: no step changes {path} alone"));
            }
        }
        for path in set.difference(&wanted) {
            if !matches!(path.as_str(), "lifecycle" | "depends_on" | "count" | "for_each")
                && !path.starts_with("lifecycle.")
            {
                missing.push(format!("{kind}: the case sets {path}, which is not in the schema"));
            }
        }
    }
    assert!(missing.is_empty(), "{} gaps:\n{}", missing.len(), missing.join("\n"));
}

/// Attributes inside blocks that are altered in place, and references as a whole.
fn altered_inside(
    resource: &Resource,
    attrs: &'static [Attr],
    chain: &mut Vec<&'static Attr>,
    found: &mut Vec<String>,
) {
    for attr in attrs {
        chain.push(attr);
        let path = chain.iter().map(|attr| attr.name).collect::<Vec<_>>().join(".");
        match attr.ty.block() {
            Some(inner) if attr.refers.is_none() => altered_inside(resource, inner, chain, found),
            None if chain.len() == 1 => {}
            _ if class(resource, chain, &path, None) == Class::Altered => found.push(path),
            _ => {}
        }
        chain.pop();
    }
}

/// What no case changes, and why.
const NO_CASE: &[(&str, &str)] = &[
    ("cluster auto_scaling_strategy.", "newer servers: tests/it/newer.rs changes it"),
    ("connection_kafka broker_matching_rule.", "newer servers: tests/it/newer.rs changes it"),
    ("network_policy rule.action", "there is only one"),
    ("network_policy rule.direction", "there is only one"),
    ("format.protobuf.message", "where it is not sent; a unit test of format.rs tells when that is"),
];

/// What is replaced is made with the new value, which `every_attribute_is_exercised_by_a_step` shows to work. What is
/// altered needs a step that changes it alone or with others while its block stays: afterwards nothing is left to do.
#[test]
fn every_alteration_inside_a_block_is_exercised_by_a_step() {
    let mut missing = Vec::new();
    for resource in provider::resources::ALL {
        let name = resource.name.trim_start_matches("materialize_");
        let changed = changed_inside(&Case::load(name));
        let mut wanted = Vec::new();
        altered_inside(resource, Declared::new(resource).attrs, &mut Vec::new(), &mut wanted);
        let reaches = |path: &String| changed.iter().any(|changed| within(changed, path));
        missing.extend(wanted.iter().filter(|path| !reaches(path)).map(|path| format!("{name} {path}")));
    }
    missing.retain(|path| !NO_CASE.iter().any(|(known, _)| path.contains(known)));
    assert!(missing.is_empty(), "no step changes, in a block that stays:\n{}", missing.join("\n"));
}

/// Paths inside blocks whose change, while the block stays, some step plans: as an update or a replacement.
fn changed_inside(case: &Case) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut config = case.config.clone();
    for step in case.steps.iter().filter(|step| step.errors.is_empty()) {
        let edited = step.edited(&config).unwrap_or_else(|problem| panic!("{}: {problem}", case.name));
        let (before, after) = (settings(&config, case.resource_type()), settings(&edited, case.resource_type()));
        for planned in &step.plans {
            let (Some(then), Some(now)) = (before.get(&planned.address), after.get(&planned.address)) else { continue };
            for path in then.keys().chain(now.keys()).filter(|path| then.get(*path) != now.get(*path)) {
                let block = path.split('.').take(2).collect::<Vec<_>>().join(".");
                let stays = block != *path && then.contains_key(&block) && now.contains_key(&block);
                if stays && planned.paths.iter().any(|said| within(path, said)) {
                    found.insert(without_indices(path));
                }
            }
        }
        config = edited;
    }
    found
}

#[test]
fn everything_declared_has_an_example() {
    let schema = schema();
    let mut missing = Vec::new();
    for (section, folder, file) in
        [("resource_schemas", "resources", "resource.tf"), ("data_source_schemas", "data-sources", "data-source.tf")]
    {
        let declared: BTreeSet<&str> =
            schema[section].as_object().into_iter().flatten().map(|(k, _)| k.as_str()).collect();
        for kind in &declared {
            if !root("examples").join(folder).join(kind).join(file).is_file() {
                missing.push(format!("examples/{folder}/{kind}/{file}"));
            }
        }
        for entry in std::fs::read_dir(root("examples").join(folder)).expect("the examples") {
            let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
            if !declared.contains(name.as_str()) {
                missing.push(format!("a declaration for examples/{folder}/{name}"));
            }
        }
    }
    assert!(missing.is_empty(), "missing: {missing:#?}");
}

/// Every fault of the official provider that is to be better here names its tests, and they are there.
#[test]
fn every_known_fault_has_its_test() {
    let mut missing = Vec::new();
    let index = std::fs::read_to_string(root("tests/data/faults.tsv")).expect("the index of faults");
    let rows: Vec<Vec<&str>> =
        index.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split('\t').collect()).collect();
    assert!(rows.len() > 60, "only {} rows", rows.len());
    for row in rows {
        let [fault, file, test, how] = row[..] else { panic!("a row of four columns: {row:?}") };
        let text = std::fs::read_to_string(root(file)).unwrap_or_default();
        // Tests of a module stand deeper, properties have arguments, and some wait.
        let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
        let function = |line: &str| line.trim_start_matches("async ").starts_with(&format!("fn {test}("));
        let is_test = |line: &str| line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        let there = match file.ends_with(".case") {
            true => text.contains(&format!("\nstep {test}:\n")),
            false => lines.windows(2).any(|pair| is_test(pair[0]) && function(pair[1])),
        };
        if how.is_empty() || !there {
            missing.push(format!("{fault}: {file} has no `{test}`"));
        }
    }
    assert!(missing.is_empty(), "{} are missing:\n{}", missing.len(), missing.join("\n"));
}
