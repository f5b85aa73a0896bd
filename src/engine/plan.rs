//! Planning: from configuration and prior state to the state that is wanted.
//!
//! The rules are `BEHAVIOUR.md`'s for strict protocol 6: a planned value is the configured one, or the prior one if
//! both mean the same; where the configuration is silent, a prior value that means the default is kept as it is spelt.

use std::collections::BTreeMap;

use super::meaning::{SameObjects, default_of, same, same_object};
use crate::declare::{Attr, Presence, Ty};
use crate::sql::Name;
use crate::value::Value;

/// The planned object. `prior` is `None` on create. A reference to a renamed object is planned with the new name: that
/// it is the same object is seen when differences are classed.
pub fn plan_object(attrs: &[Attr], config: &Value, prior: Option<&Value>) -> Value {
    let planned: BTreeMap<String, Value> = attrs
        .iter()
        .map(|attr| {
            let before = prior.map(|prior| prior.get(attr.name));
            (attr.name.to_owned(), plan_attr(attr, config.get(attr.name), before))
        })
        .collect();
    Value::Map(planned)
}

fn plan_attr(attr: &Attr, config: &Value, prior: Option<&Value>) -> Value {
    if attr.write_only {
        return Value::Null;
    }
    if let Ty::Block { attrs, .. } = attr.ty {
        return plan_blocks(attr, attrs, config, prior);
    }
    match (config, prior) {
        (Value::Unknown, _) => Value::Unknown,
        (Value::Null, Some(prior)) => match attr.presence {
            Presence::Computed => prior.clone(),
            Presence::OptionalComputed if attr.default.is_none() => prior.clone(),
            _ if alike(attr, prior, &default_of_unset(attr)) => prior.clone(),
            _ => default_of_unset(attr),
        },
        (Value::Null, None) => match attr.presence {
            Presence::Computed => Value::Unknown,
            Presence::OptionalComputed if attr.default.is_none() => Value::Unknown,
            _ => default_of_unset(attr),
        },
        (config, Some(prior)) if !prior.is_null() && (attr.is_left_open_by(config) || alike(attr, prior, config)) => {
            prior.clone()
        }
        (config, _) => config.clone(),
    }
}

/// Whether two values mean the same by themselves.
fn alike(attr: &Attr, prior: &Value, new: &Value) -> bool {
    same(attr, prior, new, &SameObjects::default())
}

/// What an attribute that is not configured is planned to be: its default, which is null where the server supplies it.
fn default_of_unset(attr: &Attr) -> Value {
    attr.default.map_or(Value::Null, |_| default_of(attr))
}

fn plan_blocks(attr: &Attr, attrs: &[Attr], config: &Value, prior: Option<&Value>) -> Value {
    let Value::List(wanted) = config else {
        // An unknown number of blocks, or (data that no configuration can hold) none at all.
        return if config.is_unknown() { Value::Unknown } else { Value::List(Vec::new()) };
    };
    let have = prior.map_or(&[][..], Value::items);
    if !attr.ty.is_set() {
        let planned = wanted.iter().enumerate().map(|(i, item)| plan_item(attrs, item, have.get(i)));
        return Value::List(planned.collect());
    }
    let mut left: Vec<&Value> = have.iter().collect();
    let mut take = |item: &Value, fits: fn(&[Attr], &Value, &Value) -> bool| {
        left.iter().position(|prior| fits(attrs, prior, item)).map(|at| left.remove(at))
    };
    // Those that are as configured first, and of these the ones of which most is said; then those that are what the
    // others were before.
    let silent = |at: &usize| attrs.iter().filter(|attr| wanted[*at].get(attr.name).is_null()).count();
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(silent);
    let mut matching: Vec<Option<&Value>> = vec![None; wanted.len()];
    for fits in [matches_configured, matches_required] {
        for at in &order {
            matching[*at] = matching[*at].or_else(|| take(&wanted[*at], fits));
        }
    }
    Value::List(wanted.iter().zip(matching).map(|(item, prior)| plan_item(attrs, item, prior)).collect())
}

fn plan_item(attrs: &[Attr], config: &Value, prior: Option<&Value>) -> Value {
    if config.is_unknown() { Value::Unknown } else { plan_object(attrs, config, prior) }
}

/// Whether everything that the configuration says of a set's member holds for this prior member.
fn matches_configured(attrs: &[Attr], prior: &Value, config: &Value) -> bool {
    attrs.iter().all(|attr| {
        let wanted = config.get(attr.name);
        wanted.is_null() && attr.presence != Presence::Required || alike(attr, prior.get(attr.name), wanted)
    })
}

/// Whether a prior member has the required attributes of a configured one, by which a set's members are told apart.
fn matches_required(attrs: &[Attr], prior: &Value, config: &Value) -> bool {
    let mut required = attrs.iter().filter(|attr| attr.presence == Presence::Required).peekable();
    required.peek().is_some() && required.all(|attr| alike(attr, prior.get(attr.name), config.get(attr.name)))
}

/// Keeps the prior text where the planned one only leaves out of names what the session knows: of an object that was
/// imported, the server's text has all names in full.
pub fn keep_full_names(attrs: &[Attr], prior: &Value, planned: &mut Value, objects: &SameObjects) {
    for attr in attrs {
        let (before, after) = (prior.get(attr.name), planned.get(attr.name));
        let (Some(renamed), Some(a), Some(b)) = (attr.renamed, before.as_text(), after.as_text()) else { continue };
        let shorter = |pairs: Vec<(Name, Name)>| {
            !pairs.is_empty() && pairs.iter().all(|(a, b)| a.parts.len() > b.parts.len() && a.parts.ends_with(&b.parts))
        };
        if renamed(a, b).is_some_and(shorter) && same(attr, before, after, objects) {
            planned.set(attr.name, before.clone());
        }
    }
}

/// Makes computed attributes unknown where what they follow changes. The id follows objects: one that is only called
/// differently makes no new id.
pub fn follow(attrs: &[Attr], prior: &Value, planned: &mut Value, objects: &SameObjects) {
    for attr in attrs.iter().filter(|attr| !attr.follows.is_empty()) {
        let changes = |name: &&str| {
            attrs.iter().find(|other| other.name == *name).is_some_and(|other| match attr.name {
                "id" => !same(other, prior.get(name), planned.get(name), objects),
                _ => !alike(other, prior.get(name), planned.get(name)),
            })
        };
        if attr.follows.iter().any(changes) {
            planned.set(attr.name, Value::Unknown);
        }
    }
}

/// The state after a read: what the server says, in the spelling of the prior state where both mean the same. An
/// attribute that was not read (absent in `read`) keeps its prior value. `fresh`: there is no prior state, all is
/// taken as read.
pub fn merge(attrs: &[Attr], prior: &Value, read: &Value, fresh: bool) -> Value {
    let Value::Map(found) = read else { return prior.clone() };
    let merged: BTreeMap<String, Value> = attrs
        .iter()
        .map(|attr| {
            let before = prior.get(attr.name);
            let value = match found.get(attr.name) {
                _ if attr.write_only => Value::Null,
                None => match attr.ty {
                    Ty::Block { .. } if before.is_null() => Value::List(Vec::new()),
                    _ => before.clone(),
                },
                Some(value) => merge_attr(attr, before, value, fresh),
            };
            (attr.name.to_owned(), value)
        })
        .collect();
    Value::Map(merged)
}

fn merge_attr(attr: &Attr, prior: &Value, read: &Value, fresh: bool) -> Value {
    let Ty::Block { attrs, .. } = attr.ty else {
        // As configured: whoever leaves it open in so many words has that in the state.
        let keep = (!fresh || read.is_null()) && (attr.is_left_open_by(prior) || alike(attr, prior, read));
        // A computed attribute that older states lack is filled.
        let fills = attr.presence == Presence::Computed && prior.is_null();
        return if keep && !fills { prior.clone() } else { read.clone() };
    };
    let (before, items) = (prior.items(), read.items());
    // Blocks that say nothing are as good as those that are not there.
    let kept = if attr.ty.is_set() { before.len() == items.len() } else { items.is_empty() };
    if !fresh && kept && alike(attr, prior, read) {
        return prior.clone();
    }
    let mut left: Vec<&Value> = before.iter().collect();
    let merged = items.iter().enumerate().map(|(i, item)| {
        let matching = if attr.ty.is_set() {
            let at = left.iter().position(|prior| same_object(attrs, prior, item, &SameObjects::default()));
            at.map(|at| left.swap_remove(at))
        } else {
            before.get(i)
        };
        merge(attrs, matching.unwrap_or(&Value::Null), item, fresh || matching.is_none())
    });
    Value::List(merged.collect())
}

/// Makes a decoded state well-formed: a block that an older state lacks is an empty list, a write-only value is null.
pub fn settle(attrs: &[Attr], value: &mut Value) {
    let Value::Map(items) = value else { return };
    for attr in attrs {
        let Some(item) = items.get_mut(attr.name) else { continue };
        if attr.write_only {
            *item = Value::Null;
        }
        if let Ty::Block { attrs, .. } = attr.ty {
            match item {
                Value::List(blocks) => blocks.iter_mut().for_each(|block| settle(attrs, block)),
                other => *other = Value::List(Vec::new()),
            }
        }
    }
}
