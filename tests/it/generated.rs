//! What Terraform writes for an import is a configuration that holds: of every case's fullest objects, by id and by name,
//! `plan -generate-config-out` makes a file that is valid and that plans nothing but the imports. Only what is secret has to
//! be filled in.

use std::collections::BTreeMap;

use provider::engine::{Declared, import_groups};
use serde_json::{Value, json};

use crate::lifecycle::CASES;
use crate::support::case::Case;
use crate::support::hcl;
use crate::support::plan::{Action, Change, Plan};
use crate::support::server::Server;
use crate::support::terraform::{Diagnostic, Terraform, binaries};
use crate::wire::{Event, Wire, differences};

const PREFIX: &str = "gen_";

/// The configuration whose subject says most.
fn fullest(case: &Case) -> String {
    let said = |config: &String| hcl::settings(config, &hcl::block(config, &case.subject).expect("the subject")).len();
    case.configurations().into_iter().max_by_key(said).expect("a configuration")
}

/// The id to import by: the one in the state, or the full name of the object.
fn import_id(kind: &str, state: &Value, by_name: bool) -> String {
    let resource = provider::resources::ALL.iter().find(|resource| resource.name == kind).expect("a declaration");
    let id = state["id"].as_str().expect("an id").to_owned();
    let groups = import_groups(resource);
    if !by_name || resource.remote.is_some() || groups.is_empty() || state["identify_by_name"] == true {
        return id;
    }
    let quote = |attr: &&str| format!("\"{}\"", state[*attr].as_str().unwrap_or_default().replace('"', "\"\""));
    let group = |attrs: &Vec<&str>| attrs.iter().map(quote).collect::<Vec<_>>().join(".");
    groups.iter().map(group).collect::<Vec<_>>().join("|")
}

/// The generated text with the sensitive values of the object's state in their places: Terraform writes none of them.
fn fill_in(text: &str, state: &Value) -> String {
    // Where in the state each open block is, and how many blocks of each name it had so far.
    let mut open: Vec<(Value, BTreeMap<String, usize>)> = Vec::new();
    let mut filled = String::new();
    let mut in_text = false;
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut line = line.to_owned();
        let (first, last) = (words.first().copied().unwrap_or_default(), words.last().copied().unwrap_or_default());
        if in_text || last == "<<-EOT" {
            in_text = first != "EOT";
        } else if first.starts_with('}') || last.ends_with('{') {
            if first.starts_with('}') {
                open.pop();
            }
            match words[..] {
                ["resource", .., "{"] => open.push((state.clone(), BTreeMap::new())),
                [name, "{"] => {
                    let (parent, counts) = open.last_mut().expect("a block around it");
                    let count = counts.entry(name.to_owned()).or_default();
                    let inner = parent[name][*count].clone();
                    *count += 1;
                    open.push((inner, BTreeMap::new()));
                }
                // A map, or an object in JSON.
                [.., last] if last.ends_with('{') => open.push((Value::Null, BTreeMap::new())),
                _ => {}
            }
        } else if let [name, "=", "null", "#", "sensitive"] = words[..]
            && let Value::String(value) = &open.last().expect("a block around it").0[name]
        {
            line = format!("{name} = {:?}", value.replace("${", "$${").replace("%{", "%%{"));
        }
        filled += &line;
        filled.push('\n');
    }
    filled
}

/// The text with a value for the attribute that an error misses: one that nobody knows but who wrote it.
fn fill_missing(text: &str, errors: &[Diagnostic]) -> Option<String> {
    let missing = errors.iter().find(|error| error.summary == "Missing attribute")?;
    let name = missing.detail.split('`').nth(1)?;
    let sensitive = |line: &&str| line.split_whitespace().eq([name, "=", "null", "#", "sensitive"]);
    let line = text.lines().find(sensitive)?;
    Some(text.replacen(line, &format!("  {name} = \"again\""), 1))
}

fn is_sensitive(kind: &str, path: &str) -> bool {
    let resource = provider::resources::ALL.iter().find(|resource| resource.name == kind).expect("a declaration");
    let mut attrs = Declared::new(resource).attrs;
    for name in path.split('.').filter(|name| name.parse::<usize>().is_err()) {
        let Some(attr) = attrs.iter().find(|attr| attr.name == name) else { return false };
        match attr.ty.block() {
            Some(inner) => attrs = inner,
            None => return attr.sensitive,
        }
    }
    false
}

/// The object has an identity that finds it again, a list that has it, and a configuration that says what it is.
fn check_identity(wire: &Wire, kind: &str, state: &Value) -> Result<(), String> {
    let same = |what: &str, a: &Value, b: &Value| match differences(a, b)[..] {
        [] => Ok(()),
        ref differences => Err(format!("{what}: {}", differences.join("\n"))),
    };
    let (imported, identity) = wire.import(kind, state["id"].as_str().expect("an id"), None)?;
    let (again, same_identity) = wire.import(kind, "", Some(&identity))?;
    same("imported by identity", &imported, &again)?;
    same("the identity after an import by identity", &identity, &same_identity)?;
    let (_, read) = wire.read(kind, state)?;
    if kind != "materialize_system_parameter" {
        // Its name is in the case of the configuration.
        same("the identity after a read", &identity, &read)?;
    }

    let config = wire.generate(kind, &imported)?;
    let (planned, replaced) = wire.plan(kind, &imported, &config)?;
    let secret = |line: &String| is_sensitive(kind, line.split(':').next().unwrap_or_default());
    if replaced > 0 || !differences(&imported, &planned).iter().all(secret) {
        let differences = differences(&imported, &planned);
        return Err(format!("the generated configuration {config} plans {replaced} replacements, {differences:?}"));
    }

    let Some(filters) = wire.filters(kind) else { return Ok(()) };
    let all = wire.list(kind, &json!({}), 1000)?;
    // One that is identified by its name is listed by its id, as all are.
    let by_name = imported["identify_by_name"] == true;
    let is_it = |event: &&Event| match by_name {
        true => without_choice(&event.object) == without_choice(&imported),
        false => event.identity == identity,
    };
    let listed = all.iter().find(is_it).ok_or_else(|| format!("not in the list: {all:?}"))?;
    same("listed", &without_choice(&imported), &without_choice(&listed.object))?;
    if !filters.is_empty() {
        let (named, _) = wire.import(kind, &listed.name, None).map_err(|error| format!("{}: {error}", listed.name))?;
        same("imported by its name in the list", &without_choice(&imported), &without_choice(&named))?;
    }
    let said = filters.iter().filter(|name| **name != "region" && imported[**name].is_string());
    for name in said {
        let wanted = json!({ *name: imported[*name] });
        let some = wire.list(kind, &wanted, 1000)?;
        if !some.iter().all(|event| event.object[*name] == imported[*name]) || !some.iter().any(|event| is_it(&event)) {
            return Err(format!("listed with {wanted}: {some:?}"));
        }
        let none = wire.list(kind, &json!({ *name: "nobody's" }), 1000)?;
        if !none.is_empty() {
            return Err(format!("listed with a {name} that nothing has: {none:?}"));
        }
    }
    let first: Vec<Value> = wire.list(kind, &json!({}), 1)?.into_iter().map(|event| event.identity).collect();
    if first != [all[0].identity.clone()] {
        return Err(format!("listed with a limit of one: {first:?}"));
    }
    Ok(())
}

/// A state without what tells how the object is identified.
fn without_choice(state: &Value) -> Value {
    let mut state = state.clone();
    if !state["identify_by_name"].is_null() {
        state["identify_by_name"] = Value::Null;
        state["id"] = Value::Null;
    }
    state
}

fn try_one(name: &str, by_name: bool) -> Result<(), String> {
    let case = Case::load(name);
    let kind = case.resource_type();
    let server = Server::for_type(kind);
    if !case.before.is_empty() {
        server.session().query(&case.before.replace("${p}", PREFIX)).map_err(|error| format!("before: {error}"))?;
    }
    let maker = Terraform::for_server(&binaries()[0], &server, &case.provider);
    maker.write("main.tf", &fullest(&case).replace("${p}", PREFIX));
    let applied = maker.apply();
    if !applied.ok() {
        return Err(applied.report());
    }
    let state = maker.attributes(&case.subject).ok_or("not in the state")?;

    check_identity(&Wire::new(&server, &case.provider), kind, &state)?;

    let importer = Terraform::for_server(&binaries()[0], &server, &case.provider);
    let id = import_id(kind, &state, by_name);
    let id = serde_json::to_string(&id).expect("a text").replace("${", "$${").replace("%{", "%%{");
    importer.write("import.tf", &format!("import {{\n  to = {}\n  id = {id}\n}}\n", case.subject));
    let mut planned = importer.run(&["plan", "-json", "-out=plan", "-generate-config-out=generated.tf"]);
    let written = std::fs::read_to_string(importer.folder.join("generated.tf"));
    let mut text = written.map_err(|_| format!("nothing is generated: {}", planned.report()))?;
    for _ in 0..2 {
        let filled = fill_in(&text, &state);
        let filled = if filled == text { fill_missing(&text, &planned.errors()) } else { Some(filled) };
        let Some(filled) = filled else { break };
        text = filled;
        importer.write("generated.tf", &text);
        planned = importer.plan();
    }
    if planned.ok() {
        // From the file, as one would after a look at it.
        planned = importer.plan();
    }
    if !planned.ok() {
        return Err(format!("{}\n{text}", planned.report()));
    }
    let plan = Plan::new(&importer.show_plan());
    let secret = |change: &Change| change.changed.iter().all(|path| is_sensitive(kind, path));
    let quiet = |change: &Change| change.action == Action::NoOp || (change.action == Action::Update && secret(change));
    if !plan.changes.iter().all(quiet) {
        return Err(format!("{}\n{text}", plan.describe()));
    }
    let applied = importer.apply_plan();
    if !applied.ok() {
        return Err(applied.report());
    }
    let _ = std::fs::remove_file(importer.folder.join("import.tf"));
    importer.check_settled().map_err(|problem| format!("{problem}\n{text}"))
}

fn try_part(part: usize, parts: usize) {
    if Server::given().is_some() {
        eprintln!("needs the emulator, skipped");
        return;
    }
    let only = std::env::var("GENERATED_ONLY").ok();
    let chosen = CASES.iter().enumerate().skip(part).step_by(parts);
    let chosen = chosen.filter(|(_, name)| only.as_deref().is_none_or(|only| only == **name));
    let failed = chosen.filter_map(|(i, name)| Some(format!("{name}: {}", try_one(name, i % 3 == 1).err()?)));
    let problems: Vec<String> = failed.collect();
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

#[test]
fn first_quarter() {
    try_part(0, 4);
}

#[test]
fn second_quarter() {
    try_part(1, 4);
}

#[test]
fn third_quarter() {
    try_part(2, 4);
}

#[test]
fn last_quarter() {
    try_part(3, 4);
}
