//! Every argument of every resource has wrong values, and each gives an error that names the attribute and says what is
//! allowed, before anything is sent: there is no server in these tests.
//!
//! The wrong values follow from the declarations: from an attribute's type and checks, from the number of blocks, from
//! rules between attributes. What surrounds them is right: it comes from the steps of the case files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use provider::declare::{Attr, Check, Presence, Rule, Ty};
use provider::engine::Declared;
use provider::value::Value;

use crate::lifecycle::CASES;
use crate::support::case::Case;
use crate::support::hcl;
use crate::support::plan::without_indices;
use crate::support::terraform::{Diagnostic, Terraform, binaries, provider_file};

/// Values that a check or a type refuses as well, but for a reason of their own: the resource, the attribute, the value,
/// and what the error says.
const SPECIAL: &[(&str, &str, &str, &str)] = &[
    ("database", "name", "\"a\\u0000b\"", "NUL"),
    ("database", "name", "[\"d\"]", "string required"),
    ("cluster", "availability_zones", "[null]", "must not hold an empty or null element"),
    ("cluster", "wait_until_ready.timeout", "\"10 minutes\"", "such as \"10m\""),
    ("cluster", "auto_scaling_strategy.on_hydration.linger_duration", "\"1 m\"", "such as \"10m\""),
    ("connection_kafka", "broker_matching_rule.pattern", "\"a*b\"", "one * at its start and one at its end"),
    ("network_policy", "rule.address", "\"10.0.0.0/33\"", "CIDR"),
    ("network_policy", "rule.address", "\"10.0.0.0\"", "CIDR"),
    ("table_grant", "privilege", "\"USAGE\"", "\"SELECT\", \"INSERT\", \"UPDATE\", \"DELETE\""),
    ("table_grant", "privilege", "\"select\"", "must be one of"),
];

/// What a block sets: path to text, as [`hcl::settings`] has it.
type Config = BTreeMap<String, String>;

/// A configuration with one thing wrong: the type, the path of what is wrong without indices, and what the error says.
struct Wrong {
    kind: &'static str,
    path: String,
    config: Config,
    says: String,
}

/// The lines of a block that sets these.
fn lines(config: &Config) -> String {
    let (mut lines, mut open): (String, Vec<&String>) = Default::default();
    for (path, text) in config {
        while open.last().is_some_and(|block| !path.starts_with(&format!("{block}."))) {
            lines += "}\n";
            open.pop();
        }
        match path.rsplit_once('.') {
            Some((block, number)) if number.parse::<usize>().is_ok() => {
                lines += &format!("{} {{\n", leaf(block));
                open.push(path);
            }
            _ => lines += &format!("{} = {text}\n", leaf(path)),
        }
    }
    lines + &"}\n".repeat(open.len())
}

fn leaf(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// A value without what it refers to: in its place is the label of the resource.
fn alone(text: &str) -> String {
    let mut text = text.replace("${p}", "p");
    let mut from = 0;
    while let Some(start) = text[from..].find("materialize_").map(|at| from + at) {
        let end = text[start..].find(|c: char| !(c.is_alphanumeric() || "_.".contains(c)));
        let end = end.map_or(text.len(), |length| start + length);
        let label = text[start..end].split('.').nth(1).unwrap_or_default().to_owned();
        let range = match text[..start].ends_with("${") {
            true => start - 2..end + 1,
            false => start..end,
        };
        from = end;
        // In a text of its own it is a word like others.
        let quoted = text[..start].matches('"').count() % 2 == 1;
        if !label.is_empty() && (quoted == (range.start < start)) {
            let literal = if quoted { label } else { format!("{label:?}") };
            from = range.start + literal.len();
            text.replace_range(range, &literal);
        }
    }
    text
}

/// What the steps of a case configure for resources of its type, each alone.
fn configurations(case: &Case) -> BTreeSet<Config> {
    let mut config = case.config.clone();
    let mut all = Vec::new();
    for step in &case.steps {
        all.push(config.clone());
        let edited = step.edited(&config).unwrap_or_else(|problem| panic!("{}: {problem}", case.name));
        match step.errors.iter().any(|error| error.phase == "validate") {
            true => {}
            false if step.errors.is_empty() => config = edited,
            false => all.push(edited),
        }
    }
    all.push(config);
    let meta = |path: &str| ["lifecycle", "depends_on", "count", "for_each"].contains(&path.split('.').next().unwrap());
    let of_the_type = |text: &String| {
        let mut blocks = hcl::blocks(text);
        blocks.retain(|block| block.words.get(1).is_some_and(|word| word == case.resource_type()));
        blocks.iter().map(|block| hcl::settings(text, block)).collect::<Vec<_>>()
    };
    let settings = all.iter().flat_map(of_the_type);
    let alone = |settings: Config| {
        settings.into_iter().filter(|(path, _)| !meta(path)).map(|(path, text)| (path, alone(&text))).collect()
    };
    settings.map(alone).collect()
}

/// Validates all of these blocks at once, each in a file of its own: what is said about each.
fn validate<'a>(blocks: impl Iterator<Item = (&'a str, String)>) -> Vec<Vec<Diagnostic>> {
    let terraform = Terraform::new(&binaries()[0]);
    terraform.write("provider.tf", &provider_file("", ""));
    let mut said: Vec<Vec<Diagnostic>> = Vec::new();
    // The last is wrong for certain: where nothing is said about it, something hinders Terraform from looking.
    for (number, (kind, lines)) in blocks.chain([("materialize_database", String::new())]).enumerate() {
        terraform.write(&format!("{number}.tf"), &format!("resource \"{kind}\" \"n{number}\" {{\n{lines}}}\n"));
        said.push(Vec::new());
    }
    for error in terraform.validate().errors() {
        let number = error.file.trim_end_matches(".tf").parse::<usize>();
        said[number.unwrap_or_else(|_| panic!("of no block: {error}"))].push(error);
    }
    assert_eq!(said.pop().map(|last| last.len()), Some(1), "{:?}", said.concat());
    said
}

/// Texts of which every check refuses some.
const TEXTS: &[&str] = &["", "no such thing", "-1", "a\0b", "*a*b*", "a@b"];

/// Values that a check refuses, as they are written, and its words: those beyond both ends of a range, else one.
fn refused(attr: &Attr, check: &Check) -> Vec<(String, String)> {
    let quoted = |text: &str| format!("{text:?}").replace("\\0", "\\u0000");
    let mut values: Vec<(Value, String)> = TEXTS.iter().map(|text| (Value::text(*text), quoted(text))).collect();
    match check {
        Check::Length(_, most) => {
            values.truncate(1);
            values.push((Value::text("0".repeat(most + 1)), format!("format(\"%0{}d\", 0)", most + 1)));
        }
        Check::Between(least, most) => {
            let beyond = [least.checked_sub(1), most.checked_add(1)];
            values = beyond.iter().flatten().map(|number| (Value::int(*number), number.to_string())).collect();
        }
        Check::Positive => values = [0, -1].map(|number| (Value::int(number), number.to_string())).into(),
        _ => {}
    }
    let several = matches!(check, Check::Length(..) | Check::Between(..) | Check::Positive);
    let whole = |(value, text): (Value, String)| match (&attr.ty, value) {
        (Ty::List(_) | Ty::Set(_), value) => (Value::List(vec![value]), format!("[{text}]")),
        (Ty::Map(_), value) if matches!(check, Check::NoEmpty) => {
            (Value::Map([("a".to_owned(), value)].into()), format!("{{ a = {text} }}"))
        }
        (Ty::Map(_), Value::Text(key)) => {
            (Value::Map([(key, Value::text("x"))].into()), format!("{{ {text} = \"x\" }}"))
        }
        (_, value) => (value, text),
    };
    let said = values.into_iter().map(whole).filter(|(value, _)| !attr.is_unset_by(value));
    let refused = said.filter_map(|(value, text)| Some((text, check.refuse(&value)?)));
    refused.take(if several { 2 } else { 1 }).collect()
}

/// Wrong values of an attribute or block that a configuration sets at a path, and what is said about them.
fn wrong(attr: &Attr, config: &Config, path: &str) -> Vec<(Config, String)> {
    let mut found = Vec::new();
    if let Ty::Block { min, max, .. } = attr.ty {
        let block = path.rsplit_once('.').expect("the number of the block").0;
        let without = without(config, block);
        if min > 0 {
            found.push((without.clone(), format!("At least {min}")));
        }
        if max > 0 {
            let inside = config.iter().filter(|(at, _)| below(at, path));
            let copies = inside.flat_map(|(at, text)| {
                (0..=max).map(move |n| (format!("{block}.{n}{}", &at[path.len()..]), text.clone()))
            });
            found.push((without.clone().into_iter().chain(copies).collect(), format!("No more than {max}")));
        }
        if min == 0 && max == 0 {
            let mut config = without;
            config.insert(block.to_owned(), "[]".to_owned());
            found.push((config, "is not expected here".to_owned()));
        }
        return found;
    }
    let mut values: Vec<(String, String)> = attr.checks().flat_map(|check| refused(attr, check)).collect();
    let nul = |text: &str| (text.replace("NUL", "\"a\\u0000b\""), "NUL".to_owned());
    let say = |text: &str, says: &str| (text.to_owned(), says.to_owned());
    match attr.ty {
        Ty::Bool => values.push(say("\"maybe\"", "a bool is required")),
        Ty::Int => values.extend([say("\"many\"", "a number is required"), say("1.5", "whole number")]),
        Ty::Float => values.push(say("\"many\"", "a number is required")),
        Ty::List(_) => values.push(say("\"x\"", "list of")),
        Ty::Set(_) => values.push(say("\"x\"", "set of")),
        Ty::Map(_) => values.push(say("\"x\"", "map of")),
        _ => {}
    }
    match attr.ty {
        Ty::Text if values.is_empty() => values.push(nul("NUL")),
        Ty::List(Ty::Text) | Ty::Set(Ty::Text) => values.push(nul("[NUL]")),
        Ty::Map(Ty::Text) => values.push(nul("{ a = NUL }")),
        _ => {}
    }
    let changed = |(text, says)| {
        let mut config = config.clone();
        config.insert(path.to_owned(), text);
        (config, says)
    };
    found.extend(values.into_iter().map(changed));
    if attr.presence == Presence::Required {
        found.push((without(config, path), "required".to_owned()));
    }
    found
}

/// Whether a path is this one, or below it.
fn below(at: &str, path: &str) -> bool {
    at.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The configuration without what is at a path, and below it.
fn without(config: &Config, path: &str) -> Config {
    config.iter().filter(|(at, _)| !below(at, path)).map(|(at, text)| (at.clone(), text.clone())).collect()
}

/// Ways to break a rule between attributes of the block at `prefix`: the attribute, the configuration, what is said.
/// `None`: no case file sets what it takes.
fn broken(rule: &Rule, prefix: &str, configs: &[&Config]) -> Vec<(&'static str, Option<(Config, String)>)> {
    // A configuration that sets the attribute, and the path of the block around it.
    let sets = |name: &str| {
        let on = |config: &Config, at: &String| !["false", "\"\""].contains(&config[at].as_str());
        let found = configs
            .iter()
            .find_map(|config| Some((*config, place(config, &format!("{prefix}{name}")).filter(|at| on(config, at))?)));
        let steps = 2 * prefix.matches('.').count();
        found.map(|(config, at)| (config, at.split('.').take(steps).map(|step| format!("{step}.")).collect::<String>()))
    };
    let both = |one: &str, other: &str, says: &str| {
        let ((config, block), (from, theirs)) = (sets(one)?, sets(other)?);
        let path = format!("{theirs}{other}");
        let moved = from.iter().filter(|(at, _)| below(at, &path));
        let moved = moved.map(|(at, text)| (format!("{block}{}", &at[theirs.len()..]), text.clone()));
        Some((config.clone().into_iter().chain(moved).collect(), says.to_owned()))
    };
    let none = |one: &str, gone: &[&str], says: &str| {
        let (config, block) = sets(one)?;
        let config = gone.iter().fold(config.clone(), |config, name| without(&config, &format!("{block}{name}")));
        Some((config, says.to_owned()))
    };
    match *rule {
        Rule::ExactlyOneOf(names) | Rule::AtLeastOneOf(names) => {
            let mut ways = vec![(names[0], none(names[0], names, "must be set"))];
            if let Rule::ExactlyOneOf(_) = rule {
                ways.extend(names[1..].iter().map(|name| (*name, both(names[0], name, "may be set"))));
            }
            ways
        }
        Rule::Conflicts(one, others) => {
            let says = |other: &str| format!("cannot be set together with `{other}`");
            others.iter().map(|other| (one, both(one, other, &says(other)))).collect()
        }
        Rule::Requires(ones, others) => {
            let says = |other: &str| format!("can only be set together with `{other}`");
            let pairs = ones.iter().flat_map(|one| others.iter().map(move |other| (*one, *other)));
            let pairs = pairs.filter(|(one, other)| one != other);
            pairs.map(|(one, other)| (one, none(one, &[other], &says(other)))).collect()
        }
    }
}

/// Where a configuration has what is at this path without indices, and says something by it.
fn place(config: &Config, path: &str) -> Option<String> {
    let said = config.iter().filter(|(_, text)| !matches!(text.as_str(), "[]" | "null"));
    said.map(|(at, _)| at).find(|at| without_indices(at) == path).cloned()
}

/// Everything that can be set, with its path.
fn settable(attrs: &'static [Attr], prefix: &str, found: &mut Vec<(String, &'static Attr)>) {
    for attr in attrs.iter().filter(|attr| attr.presence != Presence::Computed) {
        let path = format!("{prefix}{}", attr.name);
        if let Some(attrs) = attr.ty.block() {
            settable(attrs, &format!("{path}."), found);
        }
        found.push((path, attr));
    }
}

/// All wrong values, and what no valid configuration of a case file sets, so that there are none.
fn derived() -> &'static (Vec<Wrong>, Vec<String>) {
    static DERIVED: OnceLock<(Vec<Wrong>, Vec<String>)> = OnceLock::new();
    DERIVED.get_or_init(|| {
        let all: Vec<Declared> = provider::resources::ALL.iter().map(|resource| Declared::new(resource)).collect();
        let written: Vec<(&Declared, Config)> = all
            .iter()
            .flat_map(|declared| {
                let name = declared.resource.name.trim_start_matches("materialize_");
                let case = CASES.contains(&name).then(|| Case::load(name));
                case.iter().flat_map(configurations).map(move |config| (declared, config)).collect::<Vec<_>>()
            })
            .collect();
        let said = validate(written.iter().map(|(declared, config)| (declared.resource.name, lines(config))));
        let right: Vec<_> = written.iter().zip(said).filter(|(_, said)| said.is_empty()).map(|(one, _)| one).collect();
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for declared in &all {
            let kind = declared.resource.name;
            let configs = right.iter().filter(|(of, _)| of.resource.name == kind).map(|(_, config)| config);
            let configs: Vec<&Config> = configs.collect();
            let mut add = |path: &str, wrong: Vec<(Config, String)>| {
                if wrong.is_empty() {
                    missing.push(format!("{kind}: {path}"));
                }
                let wrong = wrong.into_iter();
                found.extend(wrong.map(|(config, says)| Wrong { kind, path: path.to_owned(), config, says }));
            };
            let (mut paths, mut lacking) = (Vec::new(), Vec::new());
            settable(declared.attrs, "", &mut paths);
            let mut rules: Vec<(String, &[Rule])> = vec![(String::new(), declared.resource.rules)];
            for (path, attr) in paths {
                let set = configs.iter().find_map(|config| Some((config, place(config, &path)?)));
                add(&path, set.as_ref().map(|(config, at)| wrong(attr, config, at)).unwrap_or_default());
                let toothless = attr.checks().filter(|check| refused(attr, check).is_empty());
                lacking
                    .extend(toothless.map(|check| format!("{kind}: {path}: {check:?} refuses nothing that is tried")));
                let special = SPECIAL.iter().filter(|row| format!("materialize_{}", row.0) == kind && row.1 == path);
                for (_, _, value, says) in special {
                    let (config, at) = set.as_ref().expect("a case sets it");
                    let config = config.iter().map(|(path, text)| {
                        (path.clone(), if path == at { (*value).to_owned() } else { text.clone() })
                    });
                    add(&path, vec![(config.collect(), (*says).to_owned())]);
                }
                rules.push((format!("{path}."), attr.rules));
            }
            for (prefix, rule) in rules.iter().flat_map(|(prefix, rules)| rules.iter().map(move |rule| (prefix, rule)))
            {
                for (name, way) in broken(rule, prefix, &configs) {
                    add(&format!("{prefix}{name}"), way.into_iter().collect());
                }
            }
            missing.extend(lacking);
        }
        (found, missing)
    })
}

/// All of them in one configuration: validation reports all problems at once.
#[test]
fn every_wrong_value_is_refused_with_a_reason() {
    let (all, _) = derived();
    let mut problems = Vec::new();
    let said = validate(all.iter().map(|wrong| (wrong.kind, lines(&wrong.config))));
    for (Wrong { kind, path, config, says }, said) in all.iter().zip(said) {
        let leaf = leaf(path);
        // An error names the attribute in its words, or points at the very line where it is.
        let named = |error: &Diagnostic| error.text().contains(leaf) || error.code.starts_with(leaf);
        if !said.iter().any(|error| named(error) && error.text().contains(says)) {
            let config = lines(config);
            problems.push(format!("{kind} {path}: wanted `{leaf}` and `{says}`, got {said:#?} of\n{config}"));
        }
    }
    assert!(problems.is_empty(), "{} of {}:\n{}", problems.len(), all.len(), problems.join("\n"));
}

#[test]
fn every_argument_has_a_wrong_value() {
    let (all, without) = derived();
    let mut missing: BTreeSet<String> = without.iter().cloned().collect();
    let schema = crate::coverage::schema();
    for (kind, resource) in schema["resource_schemas"].as_object().expect("resources") {
        let mut paths = BTreeSet::new();
        crate::coverage::settable(&resource["block"], "", &mut paths);
        let lacking = paths.iter().filter(|path| !all.iter().any(|wrong| wrong.kind == kind && wrong.path == **path));
        missing.extend(lacking.map(|path| format!("{kind}: {path}")));
    }
    let missing: Vec<String> = missing.into_iter().collect();
    assert!(missing.is_empty(), "no wrong value for {}:\n{}", missing.len(), missing.join("\n"));
}
