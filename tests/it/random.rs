//! Random valid configurations of every resource: applied, the plan is empty; imported, it is empty again.
//!
//! What a resource may say is drawn from its declaration (names, comments, booleans, the spellings of words) and from
//! its case file (values that name real things: connections, columns, queries). Every run draws the same, unless
//! `RANDOM_SEED` is given; `RANDOM_ONLY=cluster` tries one resource.

use std::collections::{BTreeMap, BTreeSet};

use provider::declare::{Attr, Check, Presence, Scope, Ty};
use provider::engine::Declared;
use provider::value::Value;

use crate::lifecycle::CASES;
use crate::support::case::Case;
use crate::support::drift::is_unreadable;
use crate::support::hcl;
use crate::support::plan::{Action, Change, Plan};
use crate::support::server::Server;
use crate::support::terraform::{Diagnostic, Terraform, binaries};

/// Resources made of each type at a time. What is not an object of its own (a grant) can only be there once.
const CANDIDATES: usize = 5;

/// What every name of the run begins with.
const PREFIX: &str = "rnd_";

fn seed() -> u64 {
    std::env::var("RANDOM_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// What the steps of a case that succeed say of the subject: each attribute or block, as it is written, by its name.
fn pool(case: &Case) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut pool: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    let here: BTreeSet<String> = hcl::blocks(&case.config).iter().map(hcl::Block::address).collect();
    for config in case.configurations() {
        let block = hcl::block(&config, &case.subject).expect("the subject");
        let mut written: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, text) in hcl::parts(&config, &block) {
            written.entry(name).or_default().push(text);
        }
        for (name, texts) in written {
            let known = pool.entry(name).or_default();
            if texts.iter().all(|text| refers_to(text).all(|address| here.contains(&address)))
                && !known.contains(&texts)
            {
                known.push(texts);
            }
        }
    }
    pool
}

/// The addresses of the resources that a text refers to.
fn refers_to(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || "_.".contains(c)));
    let references = words.filter(|word| word.starts_with("materialize_") && word.contains('.'));
    references.map(|word| word.splitn(3, '.').take(2).collect::<Vec<_>>().join("."))
}

/// The configuration of a case without its subject and what refers to it.
fn surroundings(case: &Case) -> String {
    let mut config = hcl::drop(&case.config, &case.subject).expect("the subject");
    let mut gone = BTreeSet::from([case.subject.clone()]);
    loop {
        let lines: Vec<&str> = config.lines().collect();
        let refers =
            |block: &hcl::Block| refers_to(&lines[block.start..block.end].join("\n")).any(|a| gone.contains(&a));
        let Some(address) = hcl::blocks(&config).iter().find(|block| refers(block)).map(hcl::Block::address) else {
            return config;
        };
        config = hcl::drop(&config, &address).expect("the block was found");
        gone.insert(address);
    }
}

fn hostile(random: &mut fastrand::Rng, number: usize) -> String {
    const PIECES: &[&str] =
        &["'", "''", "\\\"", "$1", "é", "名", "🦀", "--", ";", ".", ":", "|", " ", "\\\\", "SELECT", "%"];
    let pieces: Vec<&str> = (0..random.usize(0..5)).map(|_| PIECES[random.usize(..PIECES.len())]).collect();
    format!("{PREFIX}{number}{}x", pieces.concat())
}

/// A value for an attribute, if its declaration alone says what is possible.
fn invent(attr: &Attr, random: &mut fastrand::Rng, number: usize) -> Option<String> {
    // As modules pass it on for "none".
    if attr.is_unset_by(&Value::text("")) && matches!(attr.ty, Ty::Text) && !attr.sensitive && random.usize(..3) == 0 {
        return Some(format!("{} = \"\"", attr.name));
    }
    let text = match attr.name {
        "name" | "comment" => format!("\"{}\"", hostile(random, number)),
        _ => match attr.ty {
            Ty::Bool => random.bool().to_string(),
            Ty::Text => attr.checks().find_map(|check| match check {
                Check::OneOf(words) => Some(format!("{:?}", words[random.usize(..words.len())])),
                Check::OneOfIgnoringCase(words) => {
                    let word = words[random.usize(..words.len())];
                    Some(format!("{:?}", if random.bool() { word.to_lowercase() } else { word.to_uppercase() }))
                }
                _ => None,
            })?,
            _ => return None,
        },
    };
    Some(format!("{} = {text}", attr.name))
}

/// A resource that the declaration allows as far as one attribute at a time goes; rules across attributes may not hold.
fn candidate(
    declared: &Declared,
    pool: &BTreeMap<String, Vec<Vec<String>>>,
    random: &mut fastrand::Rng,
    number: usize,
) -> String {
    let mut lines = Vec::new();
    // Some rules refuse most of what says much, others most of what says little.
    let sparse = random.usize(2..10);
    for attr in declared.attrs.iter().filter(|attr| attr.presence != Presence::Computed && attr.name != "id") {
        // The server is a newer one only where the case says so.
        if attr.newer.is_some() && !pool.contains_key(attr.name) {
            continue;
        }
        if attr.presence != Presence::Required && random.usize(..sparse) > 0 {
            continue;
        }
        let drawn =
            pool.get(attr.name).filter(|texts| !texts.is_empty()).map(|texts| &texts[random.usize(..texts.len())]);
        let invented = invent(attr, random, number);
        match (drawn, invented) {
            (_, Some(invented)) if attr.name == "name" || drawn.is_none() || random.bool() => lines.push(invented),
            (Some(drawn), _) => lines.extend(drawn.iter().cloned()),
            _ => {}
        }
    }
    format!("resource \"{}\" \"r{number}\" {{\n{}\n}}\n", declared.resource.name, lines.join("\n"))
}

/// A configuration, and which of its lines belong to which candidate.
struct Written {
    text: String,
    lines: Vec<(usize, std::ops::Range<u64>)>,
}

fn write(surroundings: &str, candidates: &BTreeMap<usize, String>) -> Written {
    let mut text = format!("{surroundings}\n");
    let mut lines = Vec::new();
    for (number, candidate) in candidates {
        let start = text.lines().count() as u64 + 1;
        text += &candidate.replace("${p}", PREFIX);
        lines.push((*number, start..text.lines().count() as u64 + 1));
    }
    Written { text: text.replace("${p}", PREFIX), lines }
}

/// Takes the candidates out that errors point at. `Err`: an error points elsewhere.
fn take_out(errors: &[Diagnostic], written: &Written, candidates: &mut BTreeMap<usize, String>) -> Result<(), String> {
    for error in errors {
        let found = written.lines.iter().find(|(_, lines)| lines.contains(&error.line));
        let Some((number, _)) = found else { return Err(error.to_string()) };
        candidates.remove(number);
    }
    Ok(())
}

/// Returns how many of the candidates could be applied.
fn try_kind(name: &str, seed: u64) -> Result<(usize, usize), String> {
    let case = Case::load(name);
    let resource = provider::resources::ALL.iter().find(|r| r.name == case.resource_type()).expect("a declaration");
    let declared = Declared::new(resource);
    let mut random = fastrand::Rng::with_seed(seed);
    let (pool, surroundings) = (pool(&case), surroundings(&case));
    let count = if resource.scope == Scope::Bare { 1 } else { CANDIDATES };

    let server = Server::for_type(resource.name);
    let session = server.session();
    session.query(&case.before.replace("${p}", PREFIX)).map_err(|error| format!("before: {error}"))?;
    let terraform = Terraform::for_server(&binaries()[0], &server, &case.provider);

    // What breaks a rule across attributes is refused before anything is sent; another is drawn.
    let mut candidates = BTreeMap::new();
    for round in 0..60 {
        for number in 0..count {
            candidates.entry(number).or_insert_with(|| candidate(&declared, &pool, &mut random, 100 * round + number));
        }
        let all: BTreeMap<usize, String> = candidates.clone();
        let named: BTreeMap<usize, String> =
            all.into_iter().map(|(number, text)| (number, rename(&text, number))).collect();
        let written = write(&surroundings, &named);
        terraform.write("main.tf", &written.text);
        let errors = terraform.validate().errors();
        take_out(&errors, &written, &mut candidates)?;
        if errors.is_empty() {
            candidates = named;
            break;
        }
    }
    if candidates.len() < count {
        return Err("no valid configuration was found".into());
    }

    // What the server refuses (two that want the same thing, a column that is not there) is no matter here.
    loop {
        let written = write(&surroundings, &candidates);
        terraform.write("main.tf", &written.text);
        let applied = terraform.apply();
        if applied.ok() {
            break;
        }
        // A statement that is no SQL, or an object that stays behind, is nobody's mistake but the provider's.
        let ours = ["42601", "Cannot undo", "Cannot find", "report this"];
        if let Some(error) = applied.errors().iter().find(|e| ours.iter().any(|text| e.text().contains(text))) {
            return Err(format!("{error}\n{}", written.text));
        }
        let before = candidates.len();
        take_out(&applied.errors(), &written, &mut candidates).map_err(|error| format!("{error}\n{}", written.text))?;
        if candidates.len() == before {
            return Err(applied.report());
        }
    }
    terraform
        .check_settled()
        .map_err(|problem| format!("applied: {problem}\n{}", write(&surroundings, &candidates).text))?;
    if candidates.is_empty() {
        return Ok((0, count));
    }

    // An import cannot know of them, and a null in the state cannot stand for them.
    for candidate in candidates.values_mut() {
        *candidate = candidate.lines().filter(|line| !line.ends_with(" = \"\"")).collect::<Vec<_>>().join("\n") + "\n";
    }
    terraform.write("main.tf", &write(&surroundings, &candidates).text);
    terraform.check_settled().map_err(|problem| format!("without empty texts: {problem}"))?;

    let mut imports = String::new();
    let text = || write(&surroundings, &candidates).text;
    let mut forget = vec!["state".to_owned(), "rm".to_owned()];
    for number in candidates.keys() {
        let address = format!("{}.r{number}", resource.name);
        let state = terraform.attributes(&address).ok_or("not in the state")?;
        // Every second one by its name, every part of it in quotes.
        let groups = provider::engine::import_groups(resource);
        let quote = |attr: &&str| format!("\"{}\"", state[*attr].as_str().unwrap_or_default().replace('"', "\"\""));
        let group = |attrs: &Vec<&str>| attrs.iter().map(quote).collect::<Vec<_>>().join(".");
        let full = groups.iter().map(group).collect::<Vec<_>>().join("|");
        let named = resource.scope == Scope::Bare && random.bool() || number % 2 == 1;
        let id = state["id"].as_str().ok_or("no id")?;
        let id = if named && !groups.is_empty() && state["identify_by_name"] != true { &full } else { id };
        let id = id.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "$${").replace("%{", "%%{");
        imports += &format!("import {{\n  to = {address}\n  id = \"{id}\"\n}}\n");
        forget.push(address);
    }
    terraform.run(&forget.iter().map(String::as_str).collect::<Vec<_>>()).expect_ok();
    terraform.write("import.tf", &imports);
    let planned = terraform.plan();
    if !planned.ok() {
        return Err(format!("imported: {}\n{}", planned.report(), text()));
    }
    let plan = Plan::new(&terraform.show_plan());
    let in_place = |change: &Change| matches!(change.action, Action::NoOp | Action::Read | Action::Update);
    if !plan.changes.iter().all(in_place) {
        return Err(format!("imported, the plan is not empty:\n{}\n{}", plan.describe(), text()));
    }
    // What the server does not tell is noted, and may be sent; anything else may at most be noted.
    let told = |change: &Change| change.changed.iter().any(|path| !is_unreadable(declared.attrs, path));
    let noted = plan.changes.iter().any(|change| change.action == Action::Update && told(change));
    let mark = server.mark();
    terraform.apply().expect_ok();
    let sent = server.changes_since(mark).unwrap_or_default();
    if noted && !sent.is_empty() {
        return Err(format!("imported, the plan is not empty:\n{}\n{sent:#?}\n{}", plan.describe(), text()));
    }
    let _ = std::fs::remove_file(terraform.folder.join("import.tf"));
    terraform.check_settled().map_err(|problem| format!("imported and applied: {problem}\n{}", text()))?;
    let destroyed = terraform.destroy();
    if destroyed.ok() { Ok((candidates.len(), count)) } else { Err(format!("{}\n{}", destroyed.report(), text())) }
}

/// The label of a candidate is its number, whatever was drawn in its place before.
fn rename(text: &str, number: usize) -> String {
    let (start, rest) = text.split_once(" \"r").expect("a label");
    let (_, rest) = rest.split_once('"').expect("its end");
    format!("{start} \"r{number}\"{rest}")
}

/// Every `parts`-th resource type, from `part` on.
fn try_part(part: usize, parts: usize) {
    // The names on a real server are not this test's alone.
    if Server::given().is_some() {
        eprintln!("needs the emulator, skipped");
        return;
    }
    let seed = seed();
    let only = std::env::var("RANDOM_ONLY").ok();
    let (mut problems, mut applied, mut drawn) = (Vec::new(), 0, 0);
    for name in CASES.iter().skip(part).step_by(parts).filter(|name| only.as_deref().is_none_or(|only| only == **name))
    {
        match try_kind(name, seed) {
            Ok((some, all)) => (applied, drawn) = (applied + some, drawn + all),
            Err(problem) => problems.push(format!("{name}: {problem}")),
        }
    }
    assert!(problems.is_empty(), "RANDOM_SEED={seed}\n{}", problems.join("\n\n"));
    assert!(only.is_some() || 4 * applied > drawn, "RANDOM_SEED={seed}: only {applied} of {drawn} could be applied");
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
