//! `materialize_scim_group`: a group of users.

use serde_json::{Value as Json, json};

use crate::declare::remote::*;
use crate::declare::*;
use crate::diag::Diagnostic;

const PATH: &str = "/frontegg/identity/resources/groups/v1";

/// Every group with its roles and users.
pub const GROUPS: List =
    List { path: PATH, query: &[("_groupsRelations", "rolesAndUsers")], items: "groups", paging: Paging::Whole };

/// A request about the group of this id, or about what is below it.
pub fn call(method: Method, id: &str, below: &str) -> Call {
    let call = Call::new(method, PATH).part(id);
    if below.is_empty() { call } else { call.part(below) }
}

/// What an identity provider manages is undone by its next synchronisation.
pub fn managed(group: &Json) -> Option<Diagnostic> {
    let by = group["managedBy"].as_str().filter(|by| by.starts_with("scim"))?;
    let name = group["name"].as_str().unwrap_or_default();
    let detail =
        format!("It is managed by {by}, which writes its name and users again. Take it out of the configuration.");
    Some(Diagnostic::warning(format!("The group {name:?} belongs to an identity provider"), detail))
}

fn body(v: &Values) -> Json {
    json!({ "name": v.str("name"), "description": v.text("description").unwrap_or_default() })
}

pub const SCIM_GROUP: Resource = Resource {
    name: "materialize_scim_group",
    doc: "A group of users. If it belongs to an identity provider, that provider writes its name and its members: leave such a \
          group to it.",
    attrs: &[
        text("name").required().length(1, 255).doc("The name, of which there is one in the organization."),
        text("description").length(0, 1000).doc("What the group is for."),
    ],
    remote: Some(&Remote {
        names: &["name"],
        blames: &[(409, "name")],
        lists: |_| vec![GROUPS],
        warn: managed,
        read: |found, _, state| {
            state.set("name", text_of(&found["name"]));
            state.set("description", text_of(&found["description"]));
        },
        create: |v, _| Ok(vec![Call::new(Method::Post, PATH).json(body(v))]),
        same: Some(|item, planned| text_of(&item["name"]) == *planned.get("name")),
        alters: &["name", "description"],
        update: |c, _| Ok(vec![call(Method::Patch, c.new.str("id"), "").json(body(&c.new))]),
        delete: |v, _| vec![call(Method::Delete, v.str("id"), "")],
        ..Remote::NONE
    }),
    ..Resource::NONE
};
