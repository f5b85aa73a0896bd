//! Checking a configuration before anything is sent: all problems at once, each at its attribute.

use super::errors::inside;
use crate::declare::{Attr, Nesting, Presence, Rule, Ty};
use crate::diag::{Diagnostic, Diagnostics};
use crate::path::AttrPath;
use crate::value::{Number, Value};

/// Checks every attribute and block of an object. `write_only_allowed`: see [`super::Engine::validate_resource`].
pub fn check_object(attrs: &[Attr], config: &Value, path: &AttrPath, write_only_allowed: bool, out: &mut Diagnostics) {
    for attr in attrs {
        let value = config.get(attr.name);
        let path = path.name(attr.name);
        if value.is_unknown() {
            continue;
        }
        check_value(attr, value, &path, write_only_allowed, out);
        if let Some(why) = attr.deprecated.filter(|_| attr.warned && !value.is_zero()) {
            let at = if attr.ty.is_set() { path.clone() } else { inside(attr, value, path.clone()) };
            out.push(Diagnostic::warning("Argument is deprecated", why).at(at));
        }
        if let Ty::Block { nesting, min, max, attrs } = attr.ty {
            let count = value.items().len() as u32;
            let some_unknown = value.items().iter().any(Value::is_unknown);
            if !some_unknown && (count < min || (max > 0 && count > max)) {
                out.push(count_error(attr.name, min, max, count).at(path.clone()));
            }
            for (i, item) in value.items().iter().enumerate().filter(|(_, item)| !item.is_unknown()) {
                // A member of a set has no step of its own.
                let path = if nesting == Nesting::Set { path.clone() } else { path.index(i) };
                let before = out.len();
                check_object(attrs, item, &path, write_only_allowed, out);
                check_rules(attr.rules, item, &path, out);
                if nesting == Nesting::Set {
                    out[before..].iter_mut().for_each(|diagnostic| diagnostic.path = Some(path.clone()));
                }
            }
        }
    }
}

fn check_value(attr: &Attr, value: &Value, path: &AttrPath, write_only_allowed: bool, out: &mut Diagnostics) {
    let invalid = |what: String| Diagnostic::error(format!("Invalid value for {path}"), what).at(path.clone());
    if value.is_null() {
        if attr.presence == Presence::Required && attr.ty.block().is_none() {
            out.push(Diagnostic::error(format!("Missing {path}"), format!("`{path}` must be set.")).at(path.clone()));
        }
        return;
    }
    if attr.write_only && !write_only_allowed {
        out.push(Diagnostic::error(
            "Write-only attribute not supported",
            format!("`{path}` is write-only, which only Terraform 1.11 and later keeps out of state. Upgrade, or use the \
                     attribute that is stored."),
        ).at(path.clone()));
    }
    if attr.presence == Presence::Computed {
        out.push(invalid(format!("`{path}` is given by the provider and cannot be configured.")));
    }
    if let (Ty::Int, Value::Number(Number::Decimal(_))) = (attr.ty, value) {
        out.push(invalid(format!("`{path}` must be a whole number that fits in 64 bits.")));
        return;
    }
    if attr.is_unset_by(value) {
        return;
    }
    for check in attr.checks() {
        if let Some(refusal) = check.refuse(value) {
            out.push(invalid(format!("`{path}` {refusal}.")));
        }
    }
    if contains_nul(value) {
        out.push(invalid(format!("`{path}` holds a NUL character, which SQL text cannot.")));
    }
}

fn contains_nul(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.contains('\0'),
        Value::List(items) => items.iter().any(contains_nul),
        Value::Map(items) => items.iter().any(|(key, value)| key.contains('\0') || contains_nul(value)),
        _ => false,
    }
}

fn count_error(name: &str, min: u32, max: u32, count: u32) -> Diagnostic {
    let allowed = match (min, max) {
        (0, max) => format!("at most {max}"),
        (min, 0) => format!("at least {min}"),
        (min, max) if min == max => format!("exactly {min}"),
        (min, max) => format!("{min} to {max}"),
    };
    Diagnostic::error(format!("Wrong number of {name} blocks"), format!("{allowed} allowed; there are {count}."))
}

/// Checks the rules of an object. A rule with an unknown in it is left for later.
pub fn check_rules(rules: &[Rule], config: &Value, path: &AttrPath, out: &mut Diagnostics) {
    let given = |name: &str| match config.get(name) {
        Value::List(items) => !items.is_empty(),
        value => !value.is_null(),
    };
    // What is empty or switched off is in nobody's way: Terraform writes it into the configurations that it generates,
    // and modules pass it on for "none".
    let set = |name: &str| {
        let value = config.get(name);
        // Of blocks; a list of the number 0 says something.
        let hollow = value.items().iter().all(|item| matches!(item, Value::Map(_)) && item.is_hollow());
        given(name)
            && (value.items().is_empty() || !hollow)
            && value.as_bool() != Some(false)
            && value.as_text() != Some("")
    };
    let unknown = |name: &str| config.get(name).is_unknown();
    let list =
        |names: &[&str]| names.iter().map(|name| format!("`{}`", path.name(name))).collect::<Vec<_>>().join(", ");
    for rule in rules {
        match rule {
            Rule::ExactlyOneOf(names) | Rule::AtLeastOneOf(names) => {
                let exactly = matches!(rule, Rule::ExactlyOneOf(_));
                // An empty text can be the one: a secret may be empty.
                let count = names.iter().filter(|name| if exactly { given(name) } else { set(name) }).count();
                let open = names.iter().any(|name| unknown(name));
                if count == 0 && !open {
                    let how = if exactly { "Exactly" } else { "At least" };
                    let detail = format!("{how} one of {} must be set.", list(names));
                    let missing = Diagnostic::error("Missing attribute", detail);
                    // Of a whole block Terraform shows no line; of an attribute in it, it does.
                    out.push(if path.0.is_empty() { missing } else { missing.at(path.name(names[0])) });
                } else if exactly && names.iter().filter(|name| set(name) && !unknown(name)).count() > 1 {
                    let at = names.iter().rfind(|name| set(name)).expect("more than one is set");
                    let detail = format!("Exactly one of {} may be set.", list(names));
                    out.push(Diagnostic::error("Conflicting attributes", detail).at(path.name(at)));
                }
            }
            Rule::Conflicts(one, others) => {
                let on = |name: &str| set(name) && !unknown(name);
                for other in others.iter().filter(|other| on(one) && on(other)) {
                    let detail = format!("`{one}` cannot be set together with `{other}`.");
                    out.push(Diagnostic::error("Conflicting attributes", detail).at(path.name(one)));
                }
            }
            Rule::Requires(ones, others) => {
                for one in ones.iter().filter(|one| set(one) && !unknown(one)) {
                    // What is empty is there: whoever passes on "none" knows of it.
                    for other in others.iter().filter(|other| !given(other)) {
                        let detail = format!("`{one}` can only be set together with `{other}`.");
                        out.push(Diagnostic::error("Missing attribute", detail).at(path.name(one)));
                    }
                }
            }
        }
    }
}
