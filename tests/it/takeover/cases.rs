//! Configurations with the statements that the official provider sends for them, in `tests/data/takeover/*.tf`: what it
//! leaves is taken over, in every form that its states have.
//!
//! ```text
//! #> STATEMENT       the official provider sends this for the resource that follows
//! #~ OLD => NEW      a later change of that resource, which must be made in place; ` ;; ` begins a line
//! #! ACTION          what the plan does to that resource when it is taken over, if not nothing
//! #? ACTION          the same where the state is that of an import, if neither nothing nor an update
//! ```
//!
//! A directive goes on in the next line where that begins with `#` and more blanks.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::official::{Left, left, planned as planned_state, schema};
use super::provider_address;
use crate::support::plan::{Action, Plan};
use crate::support::server::Server;
use crate::support::sql::Session;
use crate::support::terraform::{Terraform, binaries};
use crate::support::{hcl, read};

#[derive(Default)]
struct Case {
    config: String,
    statements: Vec<String>,
    /// Address, old and new text.
    changes: Vec<(String, String, String)>,
    expected: BTreeMap<String, Action>,
    /// The same for the state after an import.
    imported: BTreeMap<String, Action>,
}

impl Case {
    fn parse(text: &str) -> Self {
        let mut case = Self::default();
        let mut waiting: Vec<(char, String)> = Vec::new();
        for line in text.lines() {
            let mut rest = line.chars();
            match (rest.next(), rest.next()) {
                (Some('#'), Some(what @ ('>' | '~' | '!' | '?'))) => {
                    waiting.push((what, rest.as_str().trim().to_owned()))
                }
                (Some('#'), Some(' ')) if rest.as_str().starts_with(' ') => {
                    let (_, text) = waiting.last_mut().expect("a directive to go on with");
                    *text = format!("{text}\n{}", rest.as_str().trim());
                }
                (Some('#'), _) => {}
                _ => {
                    case.config = case.config + line + "\n";
                    if line.starts_with("resource ") {
                        let address = hcl::blocks(line)[0].address();
                        waiting.drain(..).for_each(|(what, text)| case.direct(what, &text, &address));
                    }
                }
            }
        }
        assert!(waiting.is_empty(), "directives without a resource");
        case
    }

    fn direct(&mut self, what: char, text: &str, address: &str) {
        match what {
            '>' => self.statements.push(text.to_owned()),
            '~' => {
                let (old, new) = text.split_once(" => ").expect("OLD => NEW");
                self.changes.push((address.to_owned(), old.to_owned(), new.replace(" ;; ", "\n")));
            }
            _ => {
                let expected = if what == '!' { &mut self.expected } else { &mut self.imported };
                expected.insert(address.to_owned(), Action::parse(text).expect("an action"));
            }
        }
    }
}

/// Everything of users that the server has.
fn inventory(session: &Session) -> BTreeSet<String> {
    let queries = [
        "SELECT 'object', id, type, name FROM mz_objects WHERE id LIKE 'u%'",
        "SELECT 'role', id, name FROM mz_roles WHERE id LIKE 'u%'",
        "SELECT 'member', role_id, member FROM mz_role_members",
        "SELECT 'cluster', id, name, size, replication_factor FROM mz_clusters WHERE id LIKE 'u%'",
        "SELECT 'replica', id, name FROM mz_cluster_replicas WHERE id LIKE 'u%'",
        "SELECT 'database', id, name FROM mz_databases",
        "SELECT 'schema', id, name FROM mz_schemas WHERE id LIKE 'u%'",
        "SELECT 'policy', id, name FROM mz_internal.mz_network_policies WHERE id LIKE 'u%'",
        "SELECT 'comment', id, comment FROM mz_internal.mz_comments WHERE id LIKE 'u%'",
        "SELECT 'default privilege', role_id, database_id, schema_id, object_type, grantee, privileges \
         FROM mz_default_privileges",
        "SELECT 'system privilege', privileges FROM mz_system_privileges",
        "SELECT 'privilege', id, unnest(privileges)::text FROM mz_schemas WHERE id LIKE 'u%'",
        "SELECT 'parameter', role_id, parameter_name, parameter_value FROM mz_role_parameters",
    ];
    queries.iter().flat_map(|sql| session.lines(sql).unwrap_or_else(|error| panic!("{sql}: {error}"))).collect()
}

/// A value as the official provider's framework compares it at the top level: null is zero.
fn same(a: &Value, b: &Value) -> bool {
    let zero = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::Bool(true) => false,
    };
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => a
            .keys()
            .chain(b.keys())
            .all(|key| same(a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null))),
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        _ => a == b || (zero(a) && zero(b)),
    }
}

/// Where the state that this provider keeps is not the one which the official provider would read and plan nothing for.
fn not_handed_back(terraform: &Terraform, left: &Left, schema: &Value) -> Vec<String> {
    let kept: BTreeMap<String, Value> = terraform.resources().into_iter().collect();
    let mut problems = Vec::new();
    for resource in left.state["resources"].as_array().expect("resources") {
        let kind = resource["type"].as_str().expect("a type");
        let address = format!("{kind}.{}", resource["name"].as_str().expect("a name"));
        let Some(instance) = kept.get(&address) else {
            problems.push(format!("{address} is not in the state"));
            continue;
        };
        if instance["schema_version"] != 0 {
            problems.push(format!("{address}: schema version {}", instance["schema_version"]));
        }
        let theirs = &resource["instances"][0]["attributes"];
        for (name, declaration) in schema[kind]["attributes"].as_object().expect("attributes").iter() {
            let computed = declaration["computed"] == true && declaration["optional"] != true;
            let (ours, theirs) = (&instance["attributes"][name], &theirs[name]);
            let sorted = |value: &Value| {
                let mut items = value.as_array().cloned().unwrap_or_default();
                items.sort_by_key(Value::to_string);
                Value::from(items)
            };
            let equal = match declaration["type"] == "set" {
                true => same(&sorted(ours), &sorted(theirs)),
                false => same(ours, theirs),
            };
            // What is read anew by the official provider is as it reads it.
            let read = computed || left.read[&address].contains(name);
            if !read && !equal {
                problems.push(format!("{address}.{name}: {theirs} became {ours}"));
            }
        }
        // Nothing is read by the id of a role's parameter.
        if instance["attributes"]["id"] != theirs["id"] && kind != "materialize_role_parameter" {
            problems.push(format!("{address}.id: {} became {}", theirs["id"], instance["attributes"]["id"]));
        }
    }
    problems
}

type Edit<'a> = dyn Fn(&str, &str, &mut Value) + 'a;

/// The state with the attributes of every instance edited.
fn edited(state: &Value, edit: &Edit) -> Value {
    let mut state = state.clone();
    for resource in state["resources"].as_array_mut().expect("resources") {
        let kind = resource["type"].as_str().expect("a type").to_owned();
        let address = format!("{kind}.{}", resource["name"].as_str().expect("a name"));
        edit(&kind, &address, &mut resource["instances"][0]["attributes"]);
    }
    state
}

/// The forms that a state may have besides the one right after an apply; whether updates are all right then.
fn forms(left: &Left, schema: &Value, region: &str) -> Vec<(&'static str, bool, Value)> {
    let is = |kind: &str, name: &str, what: &str| schema[kind]["attributes"][name][what] == true;
    let zeros = |kind: &str, _: &str, attributes: &mut Value| {
        for (name, value) in attributes.as_object_mut().expect("attributes") {
            if !value.is_null() || !is(kind, name, "optional") || name.ends_with("_wo") {
                continue;
            }
            *value = match schema[kind]["attributes"][name]["type"].as_str() {
                Some("string") => json!(""),
                Some("int" | "float") => json!(0),
                Some("bool") => json!(false),
                _ => continue,
            };
        }
    };
    let nulls = |kind: &str, _: &str, attributes: &mut Value| {
        for (name, value) in attributes.as_object_mut().expect("attributes") {
            let zero = *value == json!("") || *value == json!(0) || *value == json!(false);
            if zero && is(kind, name, "optional") && schema[kind]["attributes"][name]["default"].is_null() {
                *value = Value::Null;
            }
        }
    };
    let older = |kind: &str, _: &str, attributes: &mut Value| {
        let id = attributes["id"].as_str().expect("an id");
        let bare = id.trim_start_matches(region).trim_start_matches(':').to_owned();
        attributes["id"] = match (kind, bare.strip_prefix("id:")) {
            ("materialize_cluster", Some(id)) => json!(format!("{region}:{id}")),
            ("materialize_system_parameter" | "materialize_role_parameter", _) => json!(id),
            ("materialize_schema" | "materialize_cluster", _) if bare.starts_with("name:") => json!(id),
            _ => json!(bare),
        };
        attributes["region"] = Value::Null;
        for new in ["auto_scaling_strategy", "identify_by_name", "create_if_not_exists", "broker_matching_rule"] {
            if attributes[new] == json!(false) || attributes[new] == json!([]) || attributes[new].is_null() {
                attributes.as_object_mut().expect("attributes").remove(new);
            }
        }
        if let Some(errors) = attributes.pointer_mut("/envelope/0/upsert_options/0/value_decoding_errors") {
            let inline = errors.pointer("/0/inline/0");
            if inline.is_some_and(|inline| inline["alias"] == "" && inline["enabled"] == true) {
                *errors = "INLINE".into();
            }
        }
        // Older servers wrote no versions of what a query reads, and had other ids for what comes with the server.
        if let Some(sql) = attributes["create_sql"].as_str() {
            attributes["create_sql"] = sql.replace(" VERSION 0", "").replace("[s", "[s9").into();
        }
        // Tables of sources had other names for their parts.
        if let Some(tables) = attributes["table"].as_array_mut().filter(|_| kind.starts_with("materialize_source_")) {
            for table in tables {
                *table = json!({ "name": table["upstream_name"], "alias": table["name"] });
            }
        }
        // What the framework dropped when the schema lost it, at the top and in blocks.
        attributes["subsource"] = json!([]);
        for blocks in attributes.as_object_mut().into_iter().flatten().filter_map(|(_, value)| value.as_array_mut()) {
            blocks.iter_mut().filter(|block| block.is_object()).for_each(|block| block["former"] = json!("x"));
        }
    };
    let foreign = |_: &str, _: &str, attributes: &mut Value| {
        let id = attributes["id"].as_str().expect("an id").replace("self-hosted:", "aws/us-east-1:");
        attributes["id"] = id.into();
        attributes["region"] = "aws/us-east-1".into();
    };
    let imported = |kind: &str, address: &str, attributes: &mut Value| {
        if matches!(kind, "materialize_system_parameter" | "materialize_role_parameter") {
            return;
        }
        let scope = ["id", "region", "name", "schema_name", "database_name", "identify_by_name"];
        let is_grant = kind.contains("grant");
        for (name, value) in attributes.as_object_mut().expect("attributes") {
            let kept = left.read[address].contains(name) || (scope.contains(&name.as_str()) && !is_grant);
            let index =
                kind == "materialize_index" && matches!(name.as_str(), "name" | "schema_name" | "database_name");
            if kept || index || matches!(name.as_str(), "id" | "region") {
                continue;
            }
            *value = if value.is_array() && schema[kind]["attributes"][name]["block"].is_object() {
                json!([])
            } else {
                Value::Null
            };
        }
    };
    let mut forms = vec![
        ("with zeros", false, edited(&left.state, &zeros)),
        ("with nulls", true, edited(&left.state, &nulls)),
        ("of an older version", false, edited(&left.state, &older)),
        ("after imports", true, edited(&left.state, &imported)),
    ];
    if region == "self-hosted" {
        forms.push(("of a region", false, edited(&left.state, &foreign)));
    }
    forms
}

/// Plans, and says where that is not what is expected.
fn planned(terraform: &Terraform, expected: &BTreeMap<String, Action>, updates: bool) -> Result<Plan, String> {
    let output = terraform.plan();
    if !output.ok() {
        return Err(output.report());
    }
    let plan = Plan::new(&terraform.show_plan());
    let wrong = plan.changes.iter().filter(|change| {
        let expected = expected.get(&change.address).copied().unwrap_or(Action::NoOp);
        change.action != expected && !(updates && matches!(change.action, Action::Update | Action::NoOp))
    });
    let wrong: Vec<String> = wrong.map(|change| change.describe()).collect();
    if wrong.is_empty() { Ok(plan) } else { Err(wrong.join("\n")) }
}

pub fn take_over(name: &str) {
    if Server::given().is_some() {
        eprintln!("needs the emulator, skipped");
        return;
    }
    let server = if name == "newer" { Server::newer() } else { Server::with_upstreams() };
    take_over_at(name, &server, "self-hosted");
}

/// The same where the environment is a region of the cloud.
pub fn take_over_in_the_cloud(name: &str) {
    if Server::given().is_some() {
        eprintln!("needs the emulator, skipped");
        return;
    }
    take_over_at(name, &Server::organization(None, &[]), "aws/us-east-1");
}

fn take_over_at(name: &str, server: &Server, region: &str) {
    let case = Case::parse(&read(&format!("tests/data/takeover/{name}.tf")));
    let session = server.session();
    let before = inventory(&session);
    let mut problems = Vec::new();
    for sql in &case.statements {
        session.query(sql).unwrap_or_else(|error| panic!("{name}: {sql}: {error}"));
    }
    let terraform = Terraform::for_server(&binaries()[0], server, "");
    terraform.write("main.tf", &case.config);
    let address = provider_address(&terraform);
    let schema = schema();
    let left = left(&case.config, &session, &address, region);

    for (form, updates, state) in forms(&left, &schema, region) {
        terraform.write("terraform.tfstate", &state.to_string());
        let expected = if form == "after imports" { &case.imported } else { &case.expected };
        problems.extend(planned(&terraform, expected, updates).err().map(|problem| format!("{form}:\n{problem}")));
    }

    let mut changed = case.config.clone();
    for (address, old, new) in &case.changes {
        changed = hcl::replace(&changed, address, old, new).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    }
    let changing: BTreeSet<&str> = case.changes.iter().map(|(address, ..)| address.as_str()).collect();
    let in_place = |plan: &Plan, all: bool| -> Vec<String> {
        let wrong = plan.changes.iter().filter(|change| match changing.contains(change.address.as_str()) {
            true => !(change.action == Action::Update || !all && change.action == Action::NoOp),
            // What refers to something renamed has its name anew.
            false => !matches!(change.action, Action::NoOp | Action::Update),
        });
        wrong.map(|change| change.describe()).collect()
    };

    // A state with what a failed update planned, on a server that never got it.
    if !changing.is_empty() {
        let given = planned_state(&changed);
        let lying = edited(&left.state, &|_, address, attributes| {
            if changing.contains(address) {
                for (name, value) in given[address].as_object().expect("attributes") {
                    if !value.is_null() {
                        attributes[name] = value.clone();
                    }
                }
            }
        });
        terraform.write("main.tf", &changed);
        terraform.write("terraform.tfstate", &lying.to_string());
        let output = terraform.plan();
        match output.ok() {
            true => {
                let wrong = in_place(&Plan::new(&terraform.show_plan()), false);
                problems.extend((!wrong.is_empty()).then(|| format!("after a failed update:\n{}", wrong.join("\n"))));
            }
            false => problems.push(format!("after a failed update: {}", output.report())),
        }
        terraform.write("main.tf", &case.config);
    }

    if region != "self-hosted" {
        // Nothing but the state, and that of an older version.
        let older = forms(&left, &schema, region).into_iter().find(|(form, ..)| *form == "of an older version");
        terraform.write("terraform.tfstate", &older.expect("that form").2.to_string());
        destroy(&terraform, &["-refresh=false"], &session, &before, &mut problems);
        assert!(problems.is_empty(), "{name}:\n{}", problems.join("\n"));
        return;
    }

    terraform.write("terraform.tfstate", &left.state.to_string());
    if let Err(problem) = planned(&terraform, &case.expected, false) {
        problems.push(format!("as it was written:\n{problem}"));
    }
    // The official provider's states lack the modifiers of columns' types, and the order of an index's key.
    let output = terraform.run(&["plan", "-json", "-out=plan", "-refresh=false"]);
    if output.ok() && case.expected.is_empty() {
        let lacking = ["materialize_table.", "materialize_index."];
        let plan = Plan::new(&terraform.show_plan());
        let known = plan.changes.iter().filter(|change| !lacking.iter().any(|kind| change.address.starts_with(kind)));
        let wrong = known.filter(|change| !matches!(change.action, Action::NoOp | Action::Update));
        problems.extend(wrong.map(|change| format!("without a refresh: {}", change.describe())));
    } else if !output.ok() {
        problems.push(format!("without a refresh: {}", output.report()));
    }
    let mark = server.mark();
    let applied = terraform.apply();
    if !applied.ok() {
        problems.push(applied.report());
    }
    if case.expected.is_empty() {
        let sent = server.changes_since(mark).expect("the emulator");
        if !sent.is_empty() {
            problems.push(format!("an apply of nothing sent {sent:?}"));
        }
        problems.extend(not_handed_back(&terraform, &left, &schema));
    }
    problems.extend(terraform.check_settled().err());

    if !changing.is_empty() {
        terraform.write("main.tf", &changed);
        let planned = terraform.plan();
        match planned.ok() {
            true => {
                problems.extend(in_place(&Plan::new(&terraform.show_plan()), true));
                let applied = terraform.apply_plan();
                if applied.ok() {
                    problems.extend(terraform.check_settled().err());
                } else {
                    problems.push(format!("changed: {}", applied.report()));
                }
            }
            false => problems.push(format!("changed: {}", planned.report())),
        }
    }
    destroy(&terraform, &[], &session, &before, &mut problems);
    assert!(problems.is_empty(), "{name}:\n{}", problems.join("\n"));
}

/// Destroys everything, after which the server has what it had before.
fn destroy(
    terraform: &Terraform,
    flags: &[&str],
    session: &Session,
    before: &BTreeSet<String>,
    problems: &mut Vec<String>,
) {
    let destroyed = terraform.run(&[&["destroy", "-json", "-auto-approve"], flags].concat());
    if !destroyed.ok() {
        problems.push(destroyed.report());
    }
    let after = inventory(session);
    problems.extend(after.difference(before).map(|what| format!("left behind: {what}")));
    problems.extend(before.difference(&after).map(|what| format!("missing: {what}")));
}
