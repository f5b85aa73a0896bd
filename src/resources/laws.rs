//! Laws that hold for every declaration at once.

use serde_json::Value as Json;

use super::ALL;
use crate::declare::*;
use crate::engine::{Class, Declared, SameObjects, class, differences, plan_object};
use crate::value::{Value, to_json};

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

/// Everything that SQL manages can be imported by its name, and the attributes of the name are there.
#[test]
fn everything_has_a_name_to_be_imported_by() {
    for resource in ALL.iter().filter(|resource| resource.remote.is_none()) {
        let groups = crate::engine::import_groups(resource);
        let paths = paths(resource);
        let by_text = matches!(resource.name, "materialize_role_parameter" | "materialize_system_parameter");
        assert!(by_text || !groups.is_empty(), "{} has no name", resource.name);
        assert!(groups.iter().flatten().all(|attr| paths.iter().any(|path| path == attr)), "{}", resource.name);
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
                Rule::Conflicts(one, others) => [&[*one], *others].concat(),
                Rule::Requires(ones, others) => [*ones, *others].concat(),
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

/// Two values of an attribute that mean something different. Texts are intervals, where they are anything.
fn two_values(ty: &Ty) -> [Value; 2] {
    match ty {
        Ty::Text => ["1s", "2s"].map(Value::text),
        Ty::Int | Ty::Float => [1, 2].map(Value::int),
        Ty::Bool => [true, false].map(Value::Bool),
        Ty::List(inner) | Ty::Set(inner) => two_values(inner).map(|value| Value::list([value])),
        Ty::Map(inner) => two_values(inner).map(|value| Value::Map([("key".to_owned(), value)].into())),
        Ty::Object(_) | Ty::Block { .. } => unreachable!("blocks are walked"),
    }
}

/// The same object twice, with this one attribute changed: inside the blocks of the chain, in which everything else is
/// set that is no block, but for one.
fn changed(chain: &[&Attr], unset: &str) -> [Value; 2] {
    let (attr, inner) = chain.split_first().expect("a chain ends with the attribute itself");
    let beside = |attrs: &[Attr], but: &str| {
        let others = attrs.iter().filter(|a| a.ty.block().is_none() && a.name != but && a.name != unset);
        others.map(|a| (a.name.to_owned(), two_values(&a.ty)[0].clone())).collect::<Vec<_>>()
    };
    match attr.ty.block() {
        Some(attrs) => changed(inner, unset).map(|mut item| {
            beside(attrs, inner[0].name).into_iter().for_each(|(name, value)| item.set(&name, value));
            Value::Map([(attr.name.to_owned(), Value::list([item]))].into())
        }),
        None => two_values(&attr.ty).map(|value| Value::Map([(attr.name.to_owned(), value)].into())),
    }
}

/// The official provider ignores changes of about 150 attributes inside blocks: it notes them in the state and sends
/// nothing. Here a change of any of them is a difference, which alters or replaces the object; or it is noted only, and
/// the declaration says why.
#[test]
fn no_change_inside_a_block_is_ignored() {
    let official: Json = serde_json::from_str(include_str!("../../tests/data/schema.json")).unwrap();
    let mut seen = 0;
    each(|r, chain, path| {
        let attr = chain.last().unwrap();
        if chain.len() < 2 || attr.ty.block().is_some() || attr.presence == Presence::Computed {
            return;
        }
        let theirs = official["resources"][r.name]["attributes"].get(chain[0].name);
        let block = chain[1..].iter().fold(theirs, |at, attr| at?["block"].get(attr.name));
        seen += usize::from(block.is_some());
        let attrs = Declared::new(ALL.iter().find(|other| other.name == r.name).unwrap()).attrs;
        let objects = SameObjects::default();
        // Some attributes hide others: the new name of an attribute, the old one.
        let beside = chain[chain.len() - 2].ty.block().unwrap().iter().map(|attr| attr.name);
        let differ = |unset: &str| {
            let [prior, planned] = changed(chain, unset);
            differences(r, attrs, &prior, &planned, &objects)
        };
        let found = std::iter::once("").chain(beside).map(differ).find(|found| !found.is_empty()).unwrap_or_default();
        let [difference] = &found[..] else { panic!("{} {path}: a change makes {found:?}", r.name) };
        let about = difference.dotted.trim_end_matches("[]");
        assert!(covers(about, path), "{} {path}: the difference is {about}", r.name);
        let reason = chain.iter().find_map(|attr| attr.stored);
        match difference.class {
            Class::Altered => assert!(r.alters.iter().any(|alter| alter.is_about(r, &difference.dotted))),
            Class::Stored => assert!(reason.is_some_and(|why| why.len() > 10), "{} {path} is ignored", r.name),
            Class::Replaced => {}
            Class::Computed => panic!("{} {path}: a change is taken for the server's", r.name),
        }
    });
    assert!(seen > 300, "only {seen} attributes of the official provider are in blocks: does this look at them?");
}

/// A block with nothing in it, where the schema allows that, is planned and written like any other: the official provider
/// crashes on some. What it lacks is told by rules, or by the server.
#[test]
fn blocks_may_be_empty() {
    // All unset, but for what must be set and the blocks of the chain: one of each, as empty as it may be.
    fn bare(attrs: &[Attr], chain: &[&Attr]) -> Value {
        let set = |attr: &Attr| match attr.ty.block() {
            Some(inner) if chain.first().is_some_and(|next| next.name == attr.name) => {
                Value::list([bare(inner, &chain[1..])])
            }
            Some(inner) if attr.presence == Presence::Required => Value::list([bare(inner, &[])]),
            Some(_) => Value::list([]),
            None if attr.presence == Presence::Required => two_values(&attr.ty)[0].clone(),
            None => Value::Null,
        };
        Value::Map(attrs.iter().map(|attr| (attr.name.to_owned(), set(attr))).collect())
    }
    let mut seen = 0;
    each(|r, chain, path| {
        if chain.last().unwrap().ty.block().is_none() {
            return;
        }
        seen += 1;
        let attrs = Declared::new(ALL.iter().find(|other| other.name == r.name).unwrap()).attrs;
        let (config, without) = (bare(attrs, chain), bare(attrs, &[]));
        let lives = std::panic::catch_unwind(|| {
            let _ = (r.validate)(&config);
            let mut planned = plan_object(attrs, &config, None);
            (r.adjust)(&config, &Value::Null, &mut planned);
            let made: Vec<String> =
                (r.create)(r, &Values::new(&planned, &config)).iter().map(|s| s.to_string()).collect();
            let objects = SameObjects::default();
            differences(r, attrs, &planned, &plan_object(attrs, &without, Some(&planned)), &objects);
            differences(r, attrs, &without, &plan_object(attrs, &config, Some(&without)), &objects);
            made
        });
        let made = lives.unwrap_or_else(|_| panic!("{} panics where {path} is empty", r.name));
        assert!(made.iter().all(|sql| !sql.is_empty()), "{} {path}: {made:?}", r.name);
    });
    assert!(seen > 150, "only {seen} blocks");
}

#[test]
fn defaults_are_allowed() {
    each(|r, chain, path| {
        let attr = chain.last().unwrap();
        if let Some(default) = attr.default {
            let refusal = attr.checks().find_map(|check| check.refuse(&default.value()));
            assert_eq!(refusal, None, "{} {path}", r.name);
        }
    });
}

#[test]
fn options_stand_in_upper_case_and_once() {
    for resource in ALL {
        let words: Vec<&str> = resource.own_attrs().filter_map(|a| Some(a.option?.words)).collect();
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
    // Defaults of the environment are in no schema. The official provider's is `require`.
    let sslmode = crate::catalog::SslMode::default();
    if sslmode != crate::catalog::SslMode::Require {
        differences.push(format!("provider\tsslmode\tdefault: {}", sslmode.word()));
    }
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
    let extra = |n: &str| name.starts_with("data.") && (n == "region" || n == "id");
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
