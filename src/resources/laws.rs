//! Laws that hold for every declaration at once.

use serde_json::Value as Json;

use super::ALL;
use crate::declare::*;
use crate::engine::{Class, Declared, class};
use crate::value::to_json;

/// Calls `visit` with every attribute of every resource: the resource, the blocks around it and itself, and its path.
fn each(mut visit: impl FnMut(&Resource, &[&Attr], &str)) {
    fn walk(
        r: &Resource,
        attrs: &'static [Attr],
        chain: &mut Vec<&'static Attr>,
        path: &str,
        visit: &mut dyn FnMut(&Resource, &[&Attr], &str),
    ) {
        for attr in attrs {
            let path = if path.is_empty() { attr.name.to_owned() } else { format!("{path}.{}", attr.name) };
            chain.push(attr);
            visit(r, chain, &path);
            if let Some(inner) = attr.ty.block() {
                walk(r, inner, chain, &path, visit);
            }
            chain.pop();
        }
    }
    for resource in ALL {
        walk(resource, Declared::new(resource).attrs, &mut Vec::new(), "", &mut visit);
    }
}

fn paths(resource: &'static Resource) -> Vec<String> {
    let mut all = Vec::new();
    each(|r, _, path| {
        if r.name == resource.name {
            all.push(path.to_owned());
        }
    });
    all
}

#[test]
fn every_attribute_is_documented() {
    each(|r, chain, path| {
        let doc = chain.last().unwrap().doc;
        assert!(doc.trim().ends_with('.') && doc.len() > 6, "{} {path} has no sentence: {doc:?}", r.name);
    });
    for resource in ALL {
        assert!(resource.doc.ends_with('.'), "{} has no sentence", resource.name);
    }
}

#[test]
fn names_are_unique_and_in_order() {
    let names: Vec<&str> = ALL.iter().map(|r| r.name).collect();
    let mut sorted = names.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(names.len(), sorted.len());
    for resource in ALL {
        let mut all = paths(resource);
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count, "{}", resource.name);
    }
}

#[test]
fn what_is_named_exists() {
    for resource in ALL {
        let paths = paths(resource);
        let exists = |name: &str| paths.iter().any(|path| path == name);
        for on in resource.alters.iter().flat_map(|alter| alter.on) {
            assert!(exists(on.trim_end_matches("[]")), "{} alters {on}", resource.name);
        }
        for (_, attr) in resource.lookups.iter().flat_map(|lookup| lookup.by_name) {
            assert!(exists(attr), "{} is found by {attr}", resource.name);
        }
        for attr in Declared::new(resource).attrs.iter().flat_map(|attr| attr.follows) {
            assert!(exists(attr), "{} follows {attr}", resource.name);
        }
        for rule in resource.rules {
            let names: Vec<&str> = match rule {
                Rule::ExactlyOneOf(names) | Rule::AtLeastOneOf(names) => names.to_vec(),
                Rule::Conflicts(one, others) | Rule::Requires(one, others) => [&[*one], *others].concat(),
            };
            names.iter().for_each(|name| assert!(exists(name), "{} has a rule about {name}", resource.name));
        }
    }
}

/// Every attribute that a user may set is read back, or it says why it cannot be.
#[test]
fn what_can_be_set_is_altered_stored_or_replaced() {
    each(|r, chain, path| {
        let attr = chain.last().unwrap();
        let class = class(r, chain, path, None);
        let stored = chain.iter().any(|attr| attr.stored.is_some()) || attr.write_only;
        assert!(
            !(class == Class::Altered && attr.stored.is_some()),
            "{} {path} is both altered and only stored",
            r.name
        );
        assert_eq!(
            class == Class::Stored,
            stored && class != Class::Altered && class != Class::Computed,
            "{} {path}",
            r.name
        );
    });
}

#[test]
fn defaults_are_allowed() {
    each(|r, chain, path| {
        let attr = chain.last().unwrap();
        if let Some(default) = attr.default {
            let refusal = attr.checks.iter().find_map(|check| check.refuse(&default.value()));
            assert_eq!(refusal, None, "{} {path}", r.name);
        }
    });
}

#[test]
fn options_stand_in_upper_case_and_once() {
    for resource in ALL {
        let words: Vec<&str> = resource.attrs.iter().filter_map(|a| Some(a.option?.words)).collect();
        for (i, word) in words.iter().enumerate() {
            assert_eq!(*word, word.to_uppercase(), "{}", resource.name);
            assert!(!words[..i].contains(word), "{} has {word} twice", resource.name);
        }
    }
}

/// Our schemas against the official provider's, attribute by attribute. What differs on purpose stands in
/// `tests/data/deviations.tsv` with its reason.
#[test]
fn the_schema_is_the_official_one() {
    let official: Json = serde_json::from_str(include_str!("../../tests/data/schema.json")).unwrap();
    let listed: Vec<Vec<&str>> = include_str!("../../tests/data/deviations.tsv")
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect())
        .collect();
    let mut differences = Vec::new();
    for resource in ALL {
        if let Some(theirs) = official["resources"].get(resource.name) {
            let attrs = Declared::new(resource).attrs;
            compare(attrs, &theirs["attributes"], resource.name, "", &mut differences);
        } else {
            differences.push(format!("{}\t\tnew resource", resource.name));
        }
    }
    compare(crate::provider::ATTRS, &official["provider"], "provider", "", &mut differences);
    for source in crate::data_sources::ALL {
        let name = format!("data.{}", source.name);
        compare(source.attrs, &official["data_sources"][source.name]["attributes"], &name, "", &mut differences);
    }
    let found: Vec<&str> = differences.iter().map(String::as_str).collect();
    let expected: Vec<String> = listed.iter().map(|row| row[..3].join("\t")).collect();
    let unlisted: Vec<&&str> = found.iter().filter(|d| !expected.iter().any(|e| e == *d)).collect();
    let stale: Vec<&String> = expected.iter().filter(|e| !found.contains(&e.as_str())).collect();
    assert!(unlisted.is_empty(), "not listed with a reason: {unlisted:#?}");
    assert!(stale.is_empty(), "listed, but not so: {stale:#?}");
    for row in &listed {
        assert!(row.len() == 4 && row[3].len() > 10, "{row:?} has no reason");
    }
}

fn compare(ours: &[Attr], theirs: &Json, name: &str, prefix: &str, out: &mut Vec<String>) {
    let theirs = theirs.as_object().expect("attributes");
    let mut say = |path: &str, what: String| out.push(format!("{name}\t{prefix}{path}\t{what}"));
    let common = |n: &str| prefix.is_empty() && n == "id";
    let extra = |n: &str| name.starts_with("data.") && n == "region";
    for attr in theirs.keys().filter(|n| !ours.iter().any(|a| a.name == **n) && !extra(n)) {
        say(attr, "missing".into());
    }
    let mut inner = Vec::new();
    for attr in ours {
        let Some(their) = theirs.get(attr.name) else {
            if !common(attr.name) {
                say(attr.name, "added".into());
            }
            continue;
        };
        let flag = |key: &str| their[key].as_bool() == Some(true);
        if attr.sensitive != flag("sensitive") {
            say(attr.name, format!("sensitive: {}", attr.sensitive));
        }
        let required = attr.presence == Presence::Required;
        if required != flag("required") {
            say(attr.name, format!("required: {required}"));
        }
        let configurable = attr.presence != Presence::Computed;
        if configurable != (flag("required") || flag("optional")) {
            say(attr.name, format!("configurable: {configurable}"));
        }
        if attr.deprecated.is_some() != flag("deprecated") {
            say(attr.name, format!("deprecated: {}", attr.deprecated.is_some()));
        }
        let default = attr.default.filter(|d| !matches!(d, Default::Env(..))).map(|d| to_json(&d.value()));
        let theirs = their.get("default").cloned();
        if default != theirs && attr.name != "validate" {
            say(attr.name, format!("default: {}", default.map_or("none".into(), |d| d.to_string())));
        }
        let (kind, block) = match attr.ty {
            Ty::Text => ("string", None),
            Ty::Int => ("int", None),
            Ty::Float => ("float", None),
            Ty::Bool => ("bool", None),
            Ty::List(Ty::Object(_)) => ("list", None),
            Ty::List(_) => ("list", None),
            Ty::Set(_) => ("set", None),
            Ty::Map(_) => ("map", None),
            Ty::Object(_) => ("object", None),
            Ty::Block { nesting: Nesting::List, max, attrs, .. } => ("list", Some((max, attrs))),
            Ty::Block { nesting: Nesting::Set, max, attrs, .. } => ("set", Some((max, attrs))),
        };
        if their["type"] != kind {
            say(attr.name, format!("type: {kind}"));
        }
        if let Some((max, attrs)) = block {
            if u64::from(max) != their["max_items"].as_u64().unwrap_or(0) {
                say(attr.name, format!("max: {max}"));
            }
            inner.push((attr.name, attrs, their["block"].clone()));
        }
    }
    for (block, attrs, theirs) in inner {
        compare(attrs, &theirs, name, &format!("{prefix}{block}."), out);
    }
}
