//! The configuration that says what a state shows, for imports and lists that have none yet.

use super::{Engine, Reply, unknown_type};
use crate::declare::{Attr, Default, Presence, Rule};
use crate::value::Value;

impl Engine {
    /// A configuration of the object with this state, as short as it can be: without what the provider computes, what is so
    /// by default, and what nobody said. A null state makes an empty configuration.
    pub fn generate(&self, type_name: &str, state: &Value) -> Reply<Value> {
        let Some(declared) = self.declared.get(type_name) else {
            return Reply { value: Value::Null, diagnostics: vec![unknown_type(type_name)] };
        };
        let mut config = object(declared.attrs, declared.resource.rules, state);
        if config.get("region").as_text().is_some_and(|region| self.provider.region().as_deref() == Some(region)) {
            config.set("region", Value::Null);
        }
        Reply { value: config, diagnostics: Vec::new() }
    }
}

fn object(attrs: &[Attr], rules: &[Rule], state: &Value) -> Value {
    let find = |name: &str| attrs.iter().find(|attr| attr.name == name);
    let mut config = Value::Map(attrs.iter().map(|attr| (attr.name.to_owned(), said(attr, state))).collect());
    for rule in rules {
        let (first, others) = match rule {
            Rule::Conflicts(first, others) => (*first, *others),
            Rule::ExactlyOneOf(all) if all.iter().all(|attr| config.get(attr).is_zero()) => {
                // Terraform writes no secret, but where it belongs.
                let secret = all.iter().find(|name| find(name).is_some_and(|attr| attr.sensitive && !attr.write_only));
                secret.into_iter().for_each(|name| config.set(name, Value::text("")));
                continue;
            }
            Rule::ExactlyOneOf([first, others @ ..]) => (*first, others),
            _ => continue,
        };
        // Both are true, but only one may be said: the one that the server did not choose.
        let is_said = |attr: &str| !config.get(attr).is_zero();
        if is_said(first) && others.iter().any(|other| is_said(other)) {
            let chosen = |name: &&&str| find(name).is_some_and(|attr| attr.presence == Presence::OptionalComputed);
            let left_out: Vec<&str> = [&first].into_iter().chain(others).filter(chosen).copied().collect();
            left_out.into_iter().for_each(|name| config.set(name, Value::Null));
        }
    }
    config
}

/// What is to be said of one attribute.
fn said(attr: &Attr, state: &Value) -> Value {
    let value = state.get(attr.name);
    if let Some(inner) = attr.ty.block() {
        let blocks = value.items().iter().filter(|block| !block.is_hollow());
        return Value::list(blocks.map(|block| object(inner, attr.rules, block)));
    }
    let silent = match (attr.presence, attr.default) {
        (Presence::Required, _) => false,
        (Presence::Computed, _) => true,
        // What the environment decides may be another thing elsewhere.
        (_, Some(Default::Env(..))) => false,
        (_, Some(default)) => *value == default.value(),
        (Presence::OptionalComputed, None) => {
            value.as_text() == Some("") || matches!(value, Value::List(items) if items.is_empty())
        }
        (Presence::Optional, None) => value.is_zero(),
    };
    let hidden = attr.write_only || attr.announced_deprecation().is_some();
    if silent || hidden { Value::Null } else { value.clone() }
}
