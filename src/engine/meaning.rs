//! When two values mean the same. The state of the official provider holds null, `""`, `0`, `false` and `[]`
//! interchangeably, and the server spells values its own way; planning and reading compare by meaning.

use std::collections::BTreeSet;

use super::Private;
use crate::declare::{Attr, Default as Implied, Ty};
use crate::sql::{Kind, Name};
use crate::value::Value;

/// What is known to name the same object although it differs, because one of the names is from before a rename.
#[derive(Debug, Default)]
pub struct SameObjects {
    /// Pairs of names in referring attributes.
    pub names: BTreeSet<(Kind, Name, Name)>,
    /// Attributes of the resource itself that together name an object ([`crate::declare::Resource::names`]).
    pub attrs: BTreeSet<&'static str>,
    /// Whether null in the state may be "not recorded"; see [`crate::declare::Attr::unread`].
    pub unrecorded: bool,
}

impl SameObjects {
    /// Nothing is known but what the provider keeps.
    pub fn new(private: &Private) -> Self {
        Self { unrecorded: !private.recorded, ..Self::default() }
    }

    fn holds(&self, kind: Kind, a: &Name, b: &Name) -> bool {
        a == b
            || self.names.contains(&(kind, a.clone(), b.clone()))
            || self.names.contains(&(kind, b.clone(), a.clone()))
    }
}

/// What a null stands for.
pub fn default_of(attr: &Attr) -> Value {
    attr.default.or(attr.implied).map_or(Value::Null, |default| default.value())
}

/// The object that a referring attribute names.
pub fn named_object(value: &Value) -> Option<Name> {
    match value {
        Value::Text(text) => Some(Name::new([text])),
        Value::List(items) => {
            let block = items.first()?;
            let part = |name: &str| block.get(name).as_text();
            Some(Name::new([part("database_name")?, part("schema_name")?, part("name")?]))
        }
        _ => None,
    }
}

/// Whether two values of an attribute mean the same. Unknown values mean nothing yet: never the same.
pub fn same(attr: &Attr, prior: &Value, new: &Value, objects: &SameObjects) -> bool {
    if prior.is_unknown() || new.is_unknown() {
        return false;
    }
    if prior == new {
        return true;
    }
    let none = Value::Null;
    let [prior, new] = [prior, new].map(|value| if attr.zero_is_none && value.is_zero() { &none } else { value });
    if objects.attrs.contains(attr.name) {
        return true;
    }
    // Where the server has a choice of its own, or the provider, an empty text is as good as none.
    let chosen = attr.implied.is_some() || matches!(attr.default, Some(Implied::Text(text)) if !text.is_empty());
    let empty = |value: &Value| chosen && value.as_text() == Some("");
    let fill = |value: &Value| if value.is_null() || empty(value) { default_of(attr) } else { value.clone() };
    let (prior, new) = (fill(prior), fill(new));
    if prior == new || (prior.is_zero() && new.is_zero()) || attr.same.is_some_and(|same| same(&prior, &new)) {
        return true;
    }
    if let (Some(kind), Some(a), Some(b)) = (attr.refers, named_object(&prior), named_object(&new)) {
        return objects.holds(kind, &a, &b);
    }
    if let (Some(renamed), Some(a), Some(b)) = (attr.renamed, prior.as_text(), new.as_text()) {
        return renamed(a, b).is_some_and(|pairs| pairs.iter().all(|(a, b)| objects.holds(Kind::Table, a, b)));
    }
    let (Ty::Block { attrs, .. }, a, b) = (attr.ty, prior.items(), new.items()) else {
        return attr.ty.is_set() && same_members(prior.items(), new.items(), |a, b| a == b);
    };
    if attr.ty.is_set() {
        same_members(a, b, |a, b| same_object(attrs, a, b, objects))
    } else {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_object(attrs, a, b, objects))
    }
}

/// Whether all attributes of two objects mean the same.
pub fn same_object(attrs: &[Attr], a: &Value, b: &Value, objects: &SameObjects) -> bool {
    attrs.iter().all(|attr| same(attr, a.get(attr.name), b.get(attr.name), objects))
}

fn same_members(a: &[Value], b: &[Value], same: impl Fn(&Value, &Value) -> bool) -> bool {
    let mut left: Vec<&Value> = b.iter().collect();
    a.len() == b.len()
        && a.iter().all(|item| match left.iter().position(|other| same(item, other)) {
            Some(at) => {
                left.swap_remove(at);
                true
            }
            None => false,
        })
}
