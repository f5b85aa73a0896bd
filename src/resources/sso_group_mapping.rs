//! `materialize_sso_group_mapping`: the roles of those who are in a group of the identity provider.

use serde_json::{Value as Json, json};

use super::organization::{ROLE_NAMES, same_roles};
use super::sso::{CONFIG_ID, CONFIGS, call, import, part, part_ids};
use crate::declare::remote::*;
use crate::declare::*;
use crate::diag::Diagnostic;

fn body(v: &Values, context: &Context) -> Result<Json, Diagnostic> {
    Ok(json!({ "group": v.str("group"), "roleIds": context.roles.ids(&v.texts("roles"), "roles")? }))
}

pub const SSO_GROUP_MAPPING: Resource = Resource {
    name: "materialize_sso_group_mapping",
    doc: "The roles of those who sign in by an SSO configuration and are in a group there.",
    attrs: &[
        CONFIG_ID,
        text("group").required().length(1, 1000).doc("The group, as the identity provider calls it."),
        of("roles", Ty::Set(&Ty::Text)).same(same_roles).required().no_empty().doc(ROLE_NAMES),
        boolean("enabled").computed().doc("Whether the mapping counts."),
    ],
    remote: Some(&Remote {
        names: &["sso_config_id", "group"],
        blames: &[(404, "sso_config_id"), (409, "group")],
        lists: |_| vec![CONFIGS],
        find: |_, items, state| part(items, state, "groups", |group| group["id"].as_str() == state.get("id").as_text()),
        ids: |config| part_ids(config, "groups"),
        read: |found, context, state| {
            state.set("sso_config_id", text_of(&found["ssoConfigId"]));
            state.set("group", text_of(&found["group"]));
            state.set("enabled", found["enabled"].as_bool().unwrap_or_default().into());
            state.set("roles", context.roles.names(&found["roleIds"], state.get("roles")));
        },
        import: |id| import(id, "id"),
        forms: "`<SSO configuration id>:<mapping id>`, or the mapping's id",
        roles: true,
        create: |v, context| Ok(vec![call(Method::Post, v, "groups").json(body(v, context)?)]),
        alters: &["group", "roles"],
        update: |c, context| {
            Ok(vec![call(Method::Patch, &c.new, "groups").part(c.new.str("id")).json(body(&c.new, context)?)])
        },
        delete: |v, _| vec![call(Method::Delete, v, "groups").part(v.str("id"))],
        ..Remote::NONE
    }),
    ..Resource::NONE
};
