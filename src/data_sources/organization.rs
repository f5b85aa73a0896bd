//! Data sources about the organisation, which are read over HTTP.

use serde_json::Value as Json;

use crate::declare::remote::*;
use crate::declare::*;
use crate::diag::Diagnostic;
use crate::resources::{ALL_USERS, CONFIGS, GROUPS, SCIM_CONFIGS, instant};
use crate::value::{Value, to_json};

/// A value of a type as the service tells it; null is `""`, `false` or an empty list, as in the official provider's
/// states.
fn told(ty: &Ty, json: &Json) -> Value {
    let items = || json.as_array().into_iter().flatten();
    match ty {
        Ty::Bool => json.as_bool().unwrap_or_default().into(),
        Ty::List(Ty::Text) => Value::list(items().filter_map(Json::as_str).map(Value::text)),
        Ty::List(of) => Value::list(items().map(|item| told(of, item))),
        Ty::Object(members) => {
            let either = |name: &str| json.get(camel(name)).filter(|member| !member.is_null()).unwrap_or(&json[name]);
            let member = |(name, ty): &(&str, Ty)| ((*name).to_owned(), told(ty, either(name)));
            Value::Map(members.iter().map(member).collect())
        }
        _ => Value::text(json.as_str().unwrap_or_default()),
    }
}

/// What the service calls an attribute, if not as we do: `syncToUserManagement`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}

/// Fills the list attribute and the id with the elements of the one list.
fn fill(value: &mut Value, (attr, id): (&str, &str), object: &Ty, mut items: Vec<Json>) -> Result<(), Diagnostic> {
    items.sort_by(|a, b| a["id"].as_str().cmp(&b["id"].as_str()));
    value.set("id", Value::text(id));
    value.set(attr, Value::list(items.iter().map(|item| told(object, item))));
    Ok(())
}

const A_REGION: Ty = Ty::Object(&[
    ("id", Ty::Text),
    ("name", Ty::Text),
    ("url", Ty::Text),
    ("cloud_provider", Ty::Text),
    ("host", Ty::Text),
]);

pub const REGION: DataSource = DataSource {
    name: "materialize_region",
    doc: "The regions that are enabled for the organization, or being so.",
    attrs: &[of("regions", Ty::List(&A_REGION))
        .computed()
        .doc("The regions, by id. `host` is where SQL is answered, with the port; empty as long as it is not.")],
    remote: Some(&RemoteSource {
        lists: &[REGIONS],
        read: |lists, value| {
            let there = |region: &&Json| region["state"] != "disabled" && region["state"] != "soft-deleted";
            let enabled = lists[0].iter().filter(there).cloned().map(|mut region| {
                region["host"] = region["info"]["sqlAddress"].clone();
                region
            });
            fill(value, ("regions", "regions"), &A_REGION, enabled.collect())
        },
    }),
    ..DataSource::NONE
};

pub const USER: DataSource = DataSource {
    name: "materialize_user",
    doc: "A user of the organization, by e-mail address.",
    attrs: &[
        text("email").required().length(1, 320).doc("The e-mail address, in any case."),
        boolean("verified").computed().doc("Whether the e-mail address was verified."),
    ],
    remote: Some(&RemoteSource {
        lists: &[ALL_USERS],
        read: |lists, value| {
            let email = value.get("email").clone();
            let of_user = |user: &&Json| same::ignoring_case(&text_of(&user["email"]), &email);
            let found: Vec<&Json> = lists[0].iter().filter(of_user).collect();
            let address = email.as_text().unwrap_or_default();
            let fail = |summary: &str, detail: String| Err(Diagnostic::error(summary, detail).at("email"));
            match found[..] {
                [user] => {
                    value.set("id", text_of(&user["id"]));
                    value.set("verified", told(&Ty::Bool, &user["verified"]));
                    Ok(())
                }
                [] => {
                    fail("Nothing found", format!("The organization has no user with the e-mail address {address:?}."))
                }
                _ => fail("Ambiguous e-mail address", format!("Several users have the e-mail address {address:?}.")),
            }
        },
    }),
    ..DataSource::NONE
};

const SCIM: Ty = Ty::Object(&[
    ("id", Ty::Text),
    ("source", Ty::Text),
    ("tenant_id", Ty::Text),
    ("connection_name", Ty::Text),
    ("sync_to_user_management", Ty::Bool),
    ("created_at", Ty::Text),
]);

pub const SCIM_CONFIG: DataSource = DataSource {
    name: "materialize_scim_configs",
    doc: "The SCIM configurations of the organization.",
    attrs: &[of("configurations", Ty::List(&SCIM)).computed().doc("The configurations, by id.")],
    remote: Some(&RemoteSource {
        lists: &[SCIM_CONFIGS],
        read: |lists, value| {
            let configs = lists[0].iter().cloned().map(|mut config| {
                if let Some(created) = config["createdAt"].as_str().map(instant) {
                    config["createdAt"] = to_json(&created);
                }
                config
            });
            fill(value, ("configurations", "scim2_configs"), &SCIM, configs.collect())
        },
    }),
    ..DataSource::NONE
};

const GROUP_ROLE: Ty = Ty::Object(&[
    ("id", Ty::Text),
    ("key", Ty::Text),
    ("name", Ty::Text),
    ("description", Ty::Text),
    ("is_default", Ty::Bool),
]);
const GROUP_USER: Ty = Ty::Object(&[("id", Ty::Text), ("name", Ty::Text), ("email", Ty::Text)]);

const GROUP: Ty = Ty::Object(&[
    ("id", Ty::Text),
    ("name", Ty::Text),
    ("description", Ty::Text),
    ("metadata", Ty::Text),
    ("managed_by", Ty::Text),
    ("roles", Ty::List(&GROUP_ROLE)),
    ("users", Ty::List(&GROUP_USER)),
]);

pub const SCIM_GROUP: DataSource = DataSource {
    name: "materialize_scim_groups",
    doc: "The groups of the organization with their roles and users.",
    attrs: &[of("groups", Ty::List(&GROUP)).computed().doc("The groups, by id.")],
    remote: Some(&RemoteSource {
        lists: &[GROUPS],
        read: |lists, value| fill(value, ("groups", "scim_groups"), &GROUP, lists[0].to_vec()),
    }),
    ..DataSource::NONE
};

const DOMAIN: Ty = Ty::Object(&[("id", Ty::Text), ("domain", Ty::Text), ("validated", Ty::Bool)]);
const MAPPING: Ty =
    Ty::Object(&[("id", Ty::Text), ("group", Ty::Text), ("enabled", Ty::Bool), ("role_ids", Ty::List(&Ty::Text))]);

const SSO: Ty = Ty::Object(&[
    ("id", Ty::Text),
    ("enabled", Ty::Bool),
    ("sso_endpoint", Ty::Text),
    ("public_certificate", Ty::Text),
    ("sign_request", Ty::Bool),
    ("type", Ty::Text),
    ("oidc_client_id", Ty::Text),
    ("oidc_secret", Ty::Text),
    ("role_ids", Ty::List(&Ty::Text)),
    ("domains", Ty::List(&DOMAIN)),
    ("groups", Ty::List(&MAPPING)),
]);

pub const SSO_CONFIG: DataSource = DataSource {
    name: "materialize_sso_config",
    doc: "The SSO configurations of the organization with their domains and groups. It holds the secrets of OpenID Connect.",
    attrs: &[of("sso_configs", Ty::List(&SSO))
        .computed()
        .sensitive()
        .doc("The configurations, by id. `public_certificate` is the base64 of the certificate.")],
    remote: Some(&RemoteSource {
        lists: &[CONFIGS],
        read: |lists, value| {
            let first = lists[0].iter().filter_map(|config| config["id"].as_str()).next();
            let id = first.unwrap_or("no_sso_configs").to_owned();
            fill(value, ("sso_configs", &id), &SSO, lists[0].to_vec())
        },
    }),
    ..DataSource::NONE
};
