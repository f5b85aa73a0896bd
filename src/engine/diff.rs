//! What differs between a prior state and a plan, and what each difference asks for.

use super::meaning::{SameObjects, same};
use crate::declare::{Attr, Presence, Resource, covers};
use crate::path::AttrPath;
use crate::value::Value;

/// What becomes of a change to an attribute. Every attribute is in exactly one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// `ALTER` and the like.
    Altered,
    /// Only kept in state.
    Stored,
    /// Given by the server.
    Computed,
    /// The object is made anew. Never written down: it is what is left.
    Replaced,
}

/// One attribute or block that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// As [`crate::declare::Alter::on`] writes it: `column.comment`.
    pub dotted: String,
    pub path: AttrPath,
    pub class: Class,
}

/// The class of the attribute at `dotted`, where `chain` is the blocks around it and the attribute itself; of this
/// change of the object, or of any change that can be altered.
pub fn class(resource: &Resource, chain: &[&Attr], dotted: &str, change: Option<(&Value, &Value)>) -> Class {
    let own = chain.last().expect("a chain ends with the attribute itself");
    if own.presence == Presence::Computed {
        Class::Computed
    } else if alters(resource, dotted, change) {
        Class::Altered
    } else if chain.iter().any(|attr| attr.stored.is_some()) || own.write_only {
        Class::Stored
    } else {
        Class::Replaced
    }
}

fn alters(resource: &Resource, dotted: &str, change: Option<(&Value, &Value)>) -> bool {
    let by_scope = match dotted {
        "name" => resource.kind.can_rename() && resource.scope != crate::declare::Scope::Bare,
        "comment" | "ownership_role" => resource.scope != crate::declare::Scope::Bare,
        "column_comments" => resource.columns,
        _ => false,
    };
    by_scope
        || resource.remote.is_some_and(|remote| {
            remote.alters.iter().any(|on| covers(on, dotted))
                && change.is_none_or(|(prior, planned)| (remote.possible)(prior, planned))
        })
        || resource.alters.iter().any(|alter| {
            alter.is_about(resource, dotted)
                && alter.possible.zip(change).is_none_or(|(possible, (prior, planned))| possible(prior, planned))
        })
}

/// All differences in meaning, down to the single attribute where blocks correspond.
pub fn differences<'a>(
    resource: &'a Resource,
    attrs: &'a [Attr],
    prior: &'a Value,
    planned: &'a Value,
    objects: &'a SameObjects,
) -> Vec<Difference> {
    let mut walk = Walk { resource, change: (prior, planned), found: Vec::new() };
    walk.object(attrs, (prior, planned), objects, &mut Vec::new(), "", &AttrPath::root());
    walk.found
}

struct Walk<'a> {
    resource: &'a Resource,
    change: (&'a Value, &'a Value),
    found: Vec<Difference>,
}

impl<'a> Walk<'a> {
    fn object(
        &mut self,
        attrs: &'a [Attr],
        (prior, planned): (&Value, &Value),
        objects: &SameObjects,
        chain: &mut Vec<&'a Attr>,
        dotted: &str,
        path: &AttrPath,
    ) {
        for attr in attrs {
            let (before, after) = (prior.get(attr.name), planned.get(attr.name));
            if attr.presence == Presence::Computed || same(attr, before, after, objects) {
                continue;
            }
            let dotted = if dotted.is_empty() { attr.name.to_owned() } else { format!("{dotted}.{}", attr.name) };
            let path = path.name(attr.name);
            chain.push(attr);
            let corresponds = !after.is_unknown() && before.items().len() == after.items().len() && !attr.ty.is_set();
            match attr.ty.block() {
                Some(inner) if corresponds => {
                    // The names in a reference are its object's, and not those of the resource's own schema.
                    let bare = SameObjects { unrecorded: objects.unrecorded, ..SameObjects::default() };
                    let objects = if attr.refers.is_some() { &bare } else { objects };
                    for (i, items) in before.items().iter().zip(after.items()).enumerate() {
                        self.object(inner, items, objects, chain, &dotted, &path.index(i));
                    }
                }
                inner => {
                    let dotted = if inner.is_some() { format!("{dotted}[]") } else { dotted };
                    let class = match class(self.resource, chain, &dotted, Some(self.change)) {
                        // What cannot be read is not known to differ.
                        Class::Replaced if attr.unread && before.is_null() && objects.unrecorded => Class::Stored,
                        class => class,
                    };
                    self.found.push(Difference { dotted, path, class });
                }
            }
            chain.pop();
        }
    }
}
