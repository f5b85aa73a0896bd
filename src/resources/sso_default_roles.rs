//! `materialize_sso_default_roles`: the roles of all who sign in by an SSO configuration.

use serde_json::json;

use super::organization::{ROLE_NAMES, same_roles};
use super::sso::{CONFIG_ID, CONFIGS, call};
use crate::declare::remote::*;
use crate::declare::*;
use crate::diag::Diagnostic;
use crate::value::Value;

/// One request sets all.
fn set(v: &Values, context: &Context) -> Result<Vec<Call>, Diagnostic> {
    let body = json!({ "roleIds": context.roles.ids(&v.texts("roles"), "roles")? });
    Ok(vec![call(Method::Put, v, "roles").json(body)])
}

pub const SSO_DEFAULT_ROLES: Resource = Resource {
    name: "materialize_sso_default_roles",
    doc: "The roles of all who sign in by an SSO configuration, whatever their groups. It owns them all: roles that were added \
          elsewhere show in the next plan, and are taken away.",
    attrs: &[CONFIG_ID, of("roles", Ty::Set(&Ty::Text)).same(same_roles).required().no_empty().doc(ROLE_NAMES)],
    remote: Some(&Remote {
        names: &["sso_config_id"],
        blames: &[(404, "sso_config_id")],
        lists: |_| vec![CONFIGS],
        find: |_, items, state| {
            items.iter().find(|config| config["id"].as_str() == state.get("sso_config_id").as_text()).cloned()
        },
        read: |found, context, state| {
            let lists = [&found["defaultRoles"]["roleIds"], &found["roleIds"]];
            let roles = lists.into_iter().find(|list| list.is_array()).unwrap_or(lists[0]);
            state.set("roles", context.roles.names(roles, state.get("roles")));
        },
        import: |id| Some(Value::from([("id", Value::text(id)), ("sso_config_id", Value::text(id))])),
        forms: "the id of the SSO configuration",
        roles: true,
        standing: true,
        create: set,
        created: |_, state| state.set("id", state.get("sso_config_id").clone()),
        alters: &["roles"],
        update: |c, context| set(&c.new, context),
        delete: |v, _| vec![call(Method::Put, v, "roles").json(json!({ "roleIds": [] }))],
        ..Remote::NONE
    }),
    ..Resource::NONE
};
