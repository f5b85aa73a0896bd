//! `materialize_sso_domain`: the domain of the e-mail addresses whose users sign in by an SSO configuration.

use serde_json::{Value as Json, json};

use super::sso::{CONFIG_ID, CONFIGS, call, import, part, part_ids};
use crate::declare::remote::*;
use crate::declare::*;
use crate::value::Value;

fn is_domain(text: &str) -> bool {
    text.contains('.') && !text.contains(['@', '/', ':', ' '])
}

/// By its id, or where that is not known by its name.
fn find(_: &List, items: &[Json], state: &Value) -> Option<Json> {
    part(items, state, "domains", |domain| match state.get("id").as_text() {
        Some(id) => domain["id"] == id,
        None => same::ignoring_case(&text_of(&domain["domain"]), state.get("domain")),
    })
}

pub const SSO_DOMAIN: Resource = Resource {
    name: "materialize_sso_domain",
    doc: "A domain whose users sign in by an SSO configuration. The domain counts once its owner has shown that it is theirs, \
          by the DNS record `txt_record`.",
    attrs: &[
        CONFIG_ID,
        text("domain")
            .required()
            .check(Check::Text(is_domain, "a domain such as \"example.com\""))
            .same(same::ignoring_case)
            .doc("The domain."),
        boolean("validated").computed().doc("Whether the domain was found to be the organization's."),
        text("txt_record").computed().doc("The TXT record that must stand in the domain's DNS to validate it."),
    ],
    remote: Some(&Remote {
        names: &["sso_config_id", "domain"],
        blames: &[(404, "sso_config_id"), (409, "domain")],
        lists: |_| vec![CONFIGS],
        find,
        ids: |config| part_ids(config, "domains"),
        read: |found, _, state| {
            state.set("id", text_of(&found["id"]));
            state.set("sso_config_id", text_of(&found["ssoConfigId"]));
            state.set("domain", text_of(&found["domain"]));
            state.set("validated", found["validated"].as_bool().unwrap_or_default().into());
            state.set("txt_record", text_of(&found["txtRecord"]));
        },
        import: |id| import(id, "domain"),
        forms: "`<SSO configuration id>:<domain>`, or the domain's id",
        create: |v, _| Ok(vec![call(Method::Post, v, "domains").json(json!({ "domain": v.str("domain") }))]),
        delete: |v, _| vec![call(Method::Delete, v, "domains").part(v.str("id"))],
        ..Remote::NONE
    }),
    ..Resource::NONE
};
