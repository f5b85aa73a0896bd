//! `materialize_organization_role`: a role of the organisation's own.

use serde_json::json;

use crate::declare::remote::*;
use crate::declare::*;
use crate::value::Value;

/// Names that mean something already, in any case.
const TAKEN: &[&str] = &[
    "admin", "member", "organization admin", "organization member", "materializeplatformadmin", "materializeplatform",
    "public", "current_user", "current_role", "session_user", "user", "none",
];

fn is_free(name: &str) -> bool {
    let name = name.to_lowercase();
    !name.is_empty()
        && !TAKEN.contains(&name.as_str())
        && !["mz_", "pg_", "external_"].iter().any(|start| name.starts_with(start))
}

const PATH: &str = "/identity/resources/roles/v1";

pub const ORGANIZATION_ROLE: Resource = Resource {
    name: "materialize_organization_role",
    doc: "A role of the organization's own, beside the two that each has. The feature must be on for the organization.",
    attrs: &[
        text("name")
            .required()
            .check(Check::Text(is_free, "a name that is not one of Materialize's own"))
            .doc("The name, which is also its key."),
        text("key").computed().doc("By which tokens and SQL know the role: the name that it was made with."),
        text("description").doc("What it is for."),
        text("base_role_name").default(Default::Text("Member")).length(1, 255).unread().doc(
            "The role that it is made after. The service does not show it: after an import it is taken for `Member`.",
        ),
        of("permission_ids", Ty::Set(&Ty::Text))
            .or_server()
            .doc("The ids of its permissions; those of the base role if not set. `[]` is none."),
    ],
    remote: Some(&Remote {
        names: &["name"],
        blames: &[(409, "name")],
        lists: |_| vec![ROLES],
        find: |list, items, state| by_id(list, items, state).filter(|role| role["tenantId"].is_string()),
        read: |found, _, state| {
            state.set("name", text_of(&found["name"]));
            state.set("key", text_of(&found["key"]));
            state.set("description", text_of(&found["description"]));
            let permissions = found["permissions"].as_array().into_iter().flatten();
            let id = |item: &serde_json::Value| item.as_str().or(item["id"].as_str()).map(Value::text);
            state.set("permission_ids", Value::list(permissions.filter_map(id)));
            if state.get("base_role_name").is_null() {
                state.set("base_role_name", Value::text("Member"));
            }
        },
        roles: true,
        create: |v, context| {
            let base = context.roles.id(v.str("base_role_name"), "base_role_name")?;
            let mut body = json!({
                "name": v.str("name"),
                "key": v.str("name"),
                "description": v.text("description").unwrap_or_default(),
                "baseRoleId": base,
            });
            if matches!(v.get("permission_ids"), Value::List(_)) {
                body["permissionIds"] = json!(v.texts("permission_ids"));
            }
            Ok(vec![Call::new(Method::Post, ROLES.path).json(body)])
        },
        same: Some(|item, planned| text_of(&item["name"]) == *planned.get("name") && item["tenantId"].is_string()),
        alters: &["description", "permission_ids"],
        update: |c, _| {
            let role = |method| Call::new(method, PATH).part(c.new.str("id"));
            let description = json!({ "description": c.new.text("description").unwrap_or_default() });
            let permissions = json!({ "permissionIds": c.new.texts("permission_ids") });
            let calls = [
                c.has("description").then(|| role(Method::Patch).json(description)),
                c.has("permission_ids").then(|| role(Method::Put).part("permissions").json(permissions)),
            ];
            Ok(calls.into_iter().flatten().collect())
        },
        delete: |v, _| vec![Call::new(Method::Delete, PATH).part(v.str("id"))],
        ..Remote::NONE
    }),
    ..Resource::NONE
};
