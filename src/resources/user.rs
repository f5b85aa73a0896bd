//! `materialize_user`: somebody who belongs to the organisation.

use serde_json::{Value as Json, json};

use super::organization::{ROLE_NAMES, same_roles};
use crate::declare::remote::*;
use crate::declare::*;
use crate::value::Value;

const USERS: &str = "/identity/resources/users/v1";

/// Every user, without the roles.
pub const ALL_USERS: List =
    List { path: "/identity/resources/users/v3", query: &[], items: "items", paging: Paging::Numbered };

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty())
}

fn read(found: &Json, context: &Context, state: &mut Value) {
    state.set("id", text_of(&found["id"]));
    state.set("email", text_of(&found["email"]));
    state.set("auth_provider", text_of(&found["provider"]));
    state.set("verified", found["verified"].as_bool().into());
    state.set("metadata", text_of(&found["metadata"]));
    state.set("roles", context.roles.names(&found["roles"], state.get("roles")));
}

pub const USER: Resource = Resource {
    name: "materialize_user",
    doc: "A user of the organization. A new one is invited by e-mail.",
    attrs: &[
        text("email")
            .required()
            .check(Check::Text(is_address, "an e-mail address"))
            .same(same::ignoring_case)
            .doc("The e-mail address, which is also the role in SQL."),
        texts("roles").required().same(same_roles).no_empty().doc(ROLE_NAMES),
        boolean("send_activation_email")
            .default(Default::Bool(true))
            .stored("it only counts when the user is made")
            .doc("Whether a new user is sent an invitation."),
        text("auth_provider").computed().doc("By which the user signs in: `local`, or an identity provider."),
        boolean("verified").computed().doc("Whether the e-mail address was verified."),
        text("metadata").computed().doc("What else is known of the user, as JSON."),
    ],
    remote: Some(&Remote {
        names: &["email"],
        blames: &[(409, "email")],
        lists: |_| vec![ALL_USERS],
        get: Some(|state| Call::new(Method::Get, USERS).part(state.get("id").as_text().unwrap_or_default())),
        read,
        import: |id| {
            let attr = if is_address(id) { "email" } else { "id" };
            Some(Value::from([(attr, Value::text(id))]))
        },
        forms: "its id, or the e-mail address",
        roles: true,
        create: |v, context| {
            let body = json!({
                "email": v.str("email"),
                "roleIds": context.roles.ids(&v.texts("roles"), "roles")?,
                "skipInviteEmail": v.bool("send_activation_email") == Some(false),
            });
            Ok(vec![Call::new(Method::Post, "/identity/resources/users/v2").json(body)])
        },
        same: Some(|item, planned| same::ignoring_case(&text_of(&item["email"]), planned.get("email"))),
        find: |_, items, state| {
            items.iter().find(|item| same::ignoring_case(&text_of(&item["email"]), state.get("email"))).cloned()
        },
        alters: &["roles"],
        update: |c, context| {
            let body = json!({
                "id": c.new.str("id"),
                "email": c.new.str("email"),
                "roleIds": context.roles.ids(&c.new.texts("roles"), "roles")?,
            });
            Ok(vec![Call::new(Method::Put, "/frontegg/team/resources/members/v1").json(body)])
        },
        delete: |v, _| vec![Call::new(Method::Delete, USERS).part(v.str("id"))],
        ..Remote::NONE
    }),
    ..Resource::NONE
};
