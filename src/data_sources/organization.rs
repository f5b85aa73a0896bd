//! Data sources about the organisation, which are read over HTTP.

use serde_json::Value as Json;

use crate::declare::remote::*;
use crate::declare::*;
use crate::diag::Diagnostic;
use crate::resources::{ALL_USERS, CONFIGS, GROUPS, SCIM_CONFIGS, instant};
use crate::value::Value;

/// A text; null is `""`, as in the official provider's states.
fn string(json: &Json) -> Value {
    Value::text(json.as_str().unwrap_or_default())
}

fn flag(json: &Json) -> Value {
    json.as_bool().unwrap_or_default().into()
}

/// The elements of an array, each as an object; null is none.
fn objects<const N: usize>(json: &Json, object: impl Fn(&Json) -> [(&'static str, Value); N]) -> Value {
    Value::List(json.as_array().into_iter().flatten().map(|item| Value::from(object(item))).collect())
}

fn texts_of(json: &Json) -> Value {
    Value::List(json.as_array().into_iter().flatten().filter_map(Json::as_str).map(Value::text).collect())
}

/// Fills the list attribute and the id with the elements of the one list.
fn fill<const N: usize>(
    value: &mut Value,
    (attr, id): (&str, &str),
    items: &[Json],
    object: impl Fn(&Json) -> [(&'static str, Value); N],
) -> Result<(), Diagnostic> {
    let mut sorted = items.to_vec();
    sorted.sort_by(|a, b| a["id"].as_str().cmp(&b["id"].as_str()));
    value.set("id", Value::text(id));
    value.set(attr, objects(&Json::Array(sorted), object));
    Ok(())
}

pub const REGION: DataSource = DataSource {
    name: "materialize_region",
    doc: "The regions that are enabled for the organization, or being so.",
    attrs: &[of(
        "regions",
        Ty::List(&Ty::Object(&[
            ("id", Ty::Text),
            ("name", Ty::Text),
            ("url", Ty::Text),
            ("cloud_provider", Ty::Text),
            ("host", Ty::Text),
        ])),
    )
    .computed()
    .doc("The regions, by id. `host` is where SQL is answered, with the port; empty as long as it is not.")],
    remote: Some(&RemoteSource {
        lists: &[REGIONS],
        read: |lists, value| {
            let there = |region: &&Json| region["state"] != "disabled" && region["state"] != "soft-deleted";
            let enabled: Vec<Json> = lists[0].iter().filter(there).cloned().collect();
            fill(value, ("regions", "regions"), &enabled, |region| {
                [
                    ("id", string(&region["id"])),
                    ("name", string(&region["name"])),
                    ("url", string(&region["url"])),
                    ("cloud_provider", string(&region["cloudProvider"])),
                    ("host", string(&region["info"]["sqlAddress"])),
                ]
            })
        },
    }),
    ..DataSource::NONE
};

pub const USER: DataSource = DataSource {
    name: "materialize_user",
    doc: "A user of the organization, by e-mail address.",
    attrs: &[
        text("email").required().checks(&[Check::Length(1, 320)]).doc("The e-mail address, in any case."),
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
                    value.set("verified", flag(&user["verified"]));
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

pub const SCIM_CONFIG: DataSource = DataSource {
    name: "materialize_scim_configs",
    doc: "The SCIM configurations of the organization.",
    attrs: &[of(
        "configurations",
        Ty::List(&Ty::Object(&[
            ("id", Ty::Text),
            ("source", Ty::Text),
            ("tenant_id", Ty::Text),
            ("connection_name", Ty::Text),
            ("sync_to_user_management", Ty::Bool),
            ("created_at", Ty::Text),
        ])),
    )
    .computed()
    .doc("The configurations, by id.")],
    remote: Some(&RemoteSource {
        lists: &[SCIM_CONFIGS],
        read: |lists, value| {
            fill(value, ("configurations", "scim2_configs"), lists[0], |config| {
                [
                    ("id", string(&config["id"])),
                    ("source", string(&config["source"])),
                    ("tenant_id", string(&config["tenantId"])),
                    ("connection_name", string(&config["connectionName"])),
                    ("sync_to_user_management", flag(&config["syncToUserManagement"])),
                    ("created_at", config["createdAt"].as_str().map_or_else(|| Value::text(""), instant)),
                ]
            })
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

pub const SCIM_GROUP: DataSource = DataSource {
    name: "materialize_scim_groups",
    doc: "The groups of the organization with their roles and users.",
    attrs: &[of(
        "groups",
        Ty::List(&Ty::Object(&[
            ("id", Ty::Text),
            ("name", Ty::Text),
            ("description", Ty::Text),
            ("metadata", Ty::Text),
            ("managed_by", Ty::Text),
            ("roles", Ty::List(&GROUP_ROLE)),
            ("users", Ty::List(&GROUP_USER)),
        ])),
    )
    .computed()
    .doc("The groups, by id.")],
    remote: Some(&RemoteSource {
        lists: &[GROUPS],
        read: |lists, value| {
            fill(value, ("groups", "scim_groups"), lists[0], |group| {
                let role = |role: &Json| {
                    let default = [&role["isDefault"], &role["is_default"]].into_iter().find_map(Json::as_bool);
                    [
                        ("id", string(&role["id"])),
                        ("key", string(&role["key"])),
                        ("name", string(&role["name"])),
                        ("description", string(&role["description"])),
                        ("is_default", default.unwrap_or_default().into()),
                    ]
                };
                let user = |user: &Json| {
                    [("id", string(&user["id"])), ("name", string(&user["name"])), ("email", string(&user["email"]))]
                };
                [
                    ("id", string(&group["id"])),
                    ("name", string(&group["name"])),
                    ("description", string(&group["description"])),
                    ("metadata", string(&group["metadata"])),
                    ("managed_by", string(&group["managedBy"])),
                    ("roles", objects(&group["roles"], role)),
                    ("users", objects(&group["users"], user)),
                ]
            })
        },
    }),
    ..DataSource::NONE
};

const DOMAIN: Ty = Ty::Object(&[("id", Ty::Text), ("domain", Ty::Text), ("validated", Ty::Bool)]);
const MAPPING: Ty =
    Ty::Object(&[("id", Ty::Text), ("group", Ty::Text), ("enabled", Ty::Bool), ("role_ids", Ty::List(&Ty::Text))]);

pub const SSO_CONFIG: DataSource = DataSource {
    name: "materialize_sso_config",
    doc: "The SSO configurations of the organization with their domains and groups. It holds the secrets of OpenID Connect.",
    attrs: &[of(
        "sso_configs",
        Ty::List(&Ty::Object(&[
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
        ])),
    )
    .computed()
    .sensitive()
    .doc("The configurations, by id. `public_certificate` is the base64 of the certificate.")],
    remote: Some(&RemoteSource {
        lists: &[CONFIGS],
        read: |lists, value| {
            let first = lists[0].iter().filter_map(|config| config["id"].as_str()).next();
            let id = first.unwrap_or("no_sso_configs").to_owned();
            fill(value, ("sso_configs", &id), lists[0], |config| {
                let domain = |domain: &Json| {
                    [
                        ("id", string(&domain["id"])),
                        ("domain", string(&domain["domain"])),
                        ("validated", flag(&domain["validated"])),
                    ]
                };
                let mapping = |group: &Json| {
                    [
                        ("id", string(&group["id"])),
                        ("group", string(&group["group"])),
                        ("enabled", flag(&group["enabled"])),
                        ("role_ids", texts_of(&group["roleIds"])),
                    ]
                };
                [
                    ("id", string(&config["id"])),
                    ("enabled", flag(&config["enabled"])),
                    ("sso_endpoint", string(&config["ssoEndpoint"])),
                    ("public_certificate", string(&config["publicCertificate"])),
                    ("sign_request", flag(&config["signRequest"])),
                    ("type", string(&config["type"])),
                    ("oidc_client_id", string(&config["oidcClientId"])),
                    ("oidc_secret", string(&config["oidcSecret"])),
                    ("role_ids", texts_of(&config["roleIds"])),
                    ("domains", objects(&config["domains"], domain)),
                    ("groups", objects(&config["groups"], mapping)),
                ]
            })
        },
    }),
    ..DataSource::NONE
};
