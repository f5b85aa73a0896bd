//! `materialize_scim_group_users` and `materialize_scim_group_roles`: who is in a group, and what they may do. Rows of one
//! table.

use serde_json::{Value as Json, json};

use super::organization::{ROLE_NAMES, same_roles};
use super::scim_group::{GROUPS, call, managed};
use crate::declare::remote::*;
use crate::declare::*;
use crate::diag::Diagnostic;
use crate::value::Value;

const GROUP_ID: Attr = text("group_id").required().length(1, 255).doc("The id of the group.");

/// The ids of what a group has.
fn ids(found: &Json, list: &str) -> Vec<String> {
    let items = found[list].as_array().into_iter().flatten();
    items.filter_map(|item| item["id"].as_str().or(item.as_str()).map(str::to_owned)).collect()
}

/// What is missing is added first, so that nobody is without it in between; then what is too much is taken away.
fn change(group: &str, list: &str, member: &str, old: &[String], new: &[String]) -> Vec<Call> {
    let without = |all: &[String], others: &[String]| -> Vec<String> {
        all.iter().filter(|id| !others.contains(id)).cloned().collect()
    };
    let calls = [(Method::Post, without(new, old)), (Method::Delete, without(old, new))].into_iter();
    calls
        .filter(|(_, ids)| !ids.is_empty())
        .map(|(method, ids)| call(method, group, list).json(json!({ (member): ids })))
        .collect()
}

/// The members of one kind: the attribute, which is also the list, the member of the requests, and how names become ids.
macro_rules! members {
    ($list:literal $member:literal, $roles:literal, $ids:expr, $names:expr) => {
        Some(&Remote {
            names: &["group_id"],
            blames: &[(404, $list)],
            lists: |_| vec![GROUPS],
            warn: managed,
            find: |_, items, state| {
                items.iter().find(|group| group["id"].as_str() == state.get("group_id").as_text()).cloned()
            },
            read: |found, context, state| state.set($list, ($names)(found, context, state.get($list))),
            import: |id| Some(Value::from([("id", Value::text(id)), ("group_id", Value::text(id))])),
            forms: "the id of the group",
            roles: $roles,
            standing: true,
            create: |v, context| {
                let new = ($ids)(v, context)?;
                Ok(change(v.str("group_id"), $list, $member, &ids(context.found, $list), &new))
            },
            created: |_, state| state.set("id", state.get("group_id").clone()),
            alters: &[$list],
            update: |c, context| {
                let (old, new) = (ids(context.found, $list), ($ids)(&c.new, context)?);
                Ok(change(c.new.str("group_id"), $list, $member, &old, &new))
            },
            // Who was added since is nobody's of this resource.
            delete: |v, context| {
                let own = ($ids)(v, context).unwrap_or_default();
                let mut there = ids(context.found, $list);
                there.retain(|id| own.contains(id));
                change(v.str("group_id"), $list, $member, &there, &[])
            },
            ..Remote::NONE
        })
    };
}

pub const SCIM_GROUP_USERS: Resource = Resource {
    name: "materialize_scim_group_users",
    doc: "The users in a group. It owns them all: who was added elsewhere shows in the next plan, and is taken out.",
    attrs: &[GROUP_ID, of("users", Ty::Set(&Ty::Text)).no_empty().doc("The ids of the users.")],
    remote: members!(
        "users" "userIds",
        false,
        |v: &Values, _: &Context| Ok::<_, Diagnostic>(v.texts("users").into_iter().map(str::to_owned).collect::<Vec<_>>()),
        |found: &Json, _: &Context, _: &Value| Value::list(ids(found, "users").into_iter().map(Value::text))
    ),
    ..Resource::NONE
};

pub const SCIM_GROUP_ROLES: Resource = Resource {
    name: "materialize_scim_group_roles",
    doc: "The roles of those who are in a group. It owns them all: roles that were added elsewhere show in the next plan, and \
          are taken away.",
    attrs: &[GROUP_ID, of("roles", Ty::Set(&Ty::Text)).same(same_roles).no_empty().doc(ROLE_NAMES)],
    remote: members!(
        "roles" "roleIds",
        true,
        |v: &Values, context: &Context| context.roles.ids(&v.texts("roles"), "roles"),
        |found: &Json, context: &Context, prior: &Value| context.roles.names(&found["roles"], prior)
    ),
    ..Resource::NONE
};
