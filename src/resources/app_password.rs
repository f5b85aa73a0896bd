//! `materialize_app_password`: what a user or a service signs in with.

use serde_json::{Value as Json, json};

use super::organization::{ROLE_NAMES, instant, instants, moment, same_roles};
use crate::cloud::AppPassword;
use crate::declare::remote::*;
use crate::declare::*;
use crate::diag::Diagnostic;
use crate::value::{Number, Value};

/// In minutes.
const DAY: i64 = 24 * 60;

const PERSONAL: List = List::whole("/identity/resources/users/api-tokens/v1");
const SERVICE: List = List::whole("/identity/resources/tenants/api-tokens/v1");

/// The list that a state's app password is in; both, if it does not say.
fn lists(state: &Value) -> Vec<List> {
    match state.get("type").as_text() {
        Some("personal") => vec![PERSONAL],
        Some("service") => vec![SERVICE],
        _ => vec![PERSONAL, SERVICE],
    }
}

/// The list of the app password with these values.
fn list(v: &Values) -> List {
    if v.str("type") == "service" { SERVICE } else { PERSONAL }
}

fn is_user(name: &str) -> bool {
    !name.is_empty() && !name.contains('@') && !["mz_", "pg_", "external_"].iter().any(|start| name.starts_with(start))
}

/// Minutes from one time to another.
fn minutes(from: &Value, to: &Value) -> Option<i64> {
    let second = |value: &Value| moment(value.as_text()?);
    Some((second(to)? - second(from)? + 30) / 60)
}

/// What of the values the service is told.
fn body(v: &Values, context: &Context) -> Result<Json, Diagnostic> {
    let mut body = json!({ "description": v.str("name") });
    if v.str("type") == "service" {
        body["metadata"] = json!({ "user": v.str("user") });
        body["roleIds"] = json!(context.roles.ids(&v.texts("roles"), "roles")?);
    }
    Ok(body)
}

fn read(found: &Json, context: &Context, state: &mut Value) {
    let service = found["type"] == "service";
    let created = [&found["createdAt"], &found["created_at"]].into_iter().find_map(Json::as_str);
    state.set("name", Value::text(found["description"].as_str().unwrap_or_default()));
    state.set("type", text_of(&found["type"]));
    state.set("created_at", created.map_or(Value::Null, instant));
    let lives = minutes(state.get("created_at"), &text_of(&found["expires"]));
    state.set("expires_in_minutes", lives.into());
    if service {
        state.set("user", text_of(&found["metadata"]["user"]));
        state.set("roles", context.roles.names(&found["roleIds"], state.get("roles")));
    }
}

pub const APP_PASSWORD: Resource = Resource {
    name: "materialize_app_password",
    doc: "An app password, with which a person (`personal`) or a program (`service`) signs in to the cloud and to SQL. The \
          password is shown once, when it is made, and is kept in the state.",
    attrs: &[
        text("name").required().length(1, 255).doc("What it is for."),
        text("type").default(Default::Text("personal")).one_of(&["personal", "service"]).doc(
            "`personal`: it acts as the user whose app password the provider has. `service`: it acts as `user`, with \
             `roles`.",
        ),
        text("user")
            .check(Check::Text(is_user, "a name without `@` that does not begin with mz_, pg_ or external_"))
            .doc("The name of the service, which is its role in SQL."),
        texts("roles").same(same_roles).no_empty().doc(ROLE_NAMES),
        int("expires_in_minutes")
            .between(1, 5_256_000)
            .doc("How many minutes after it was made it stops working. Never, if not set."),
        text("created_at").computed().same(instants).doc("When it was made."),
        text("secret").computed().sensitive().doc("The secret in it."),
        text("password").computed().sensitive().doc("The app password as a whole."),
    ],
    validate: |config| {
        let (kind, user, roles) = (config.get("type"), config.get("user"), config.get("roles"));
        let unknown = [kind, user, roles].iter().any(|value| value.is_unknown());
        let service = kind.as_text() == Some("service");
        let wrong = |attr: &'static str, set: bool| match (service, set) {
            _ if unknown => None,
            (true, false) => {
                Some(Diagnostic::error(format!("Missing {attr}"), format!("A service needs `{attr}`.")).at("type"))
            }
            (false, true) => {
                let detail = format!("`{attr}` is for a service only: a personal app password acts as the user's own.");
                Some(Diagnostic::error(format!("Conflicting {attr}"), detail).at(attr))
            }
            _ => None,
        };
        [wrong("user", !user.is_zero()), wrong("roles", !roles.is_zero())].into_iter().flatten().collect()
    },
    remote: Some(&Remote {
        names: &["name"],
        lists,
        find: |list, items, state| {
            let mut found = items.iter().find(|item| item["clientId"].as_str() == state.get("id").as_text())?.clone();
            found["type"] = json!(if *list == SERVICE { "service" } else { "personal" });
            Some(found)
        },
        ids: |item| item["clientId"].as_str().map(str::to_owned).into_iter().collect(),
        read,
        forms: "its client id",
        roles: true,
        create: |v, context| {
            let mut body = body(v, context)?;
            if let Some(minutes) = v.number("expires_in_minutes").and_then(Number::as_i64) {
                body["expiresInMinutes"] = json!(minutes);
            }
            Ok(vec![Call::new(Method::Post, list(v).path).json(body)])
        },
        created: |answer, state| {
            let text = |name: &str| answer[name].as_str().unwrap_or_default();
            state.set("id", Value::text(text("clientId")));
            state.set("secret", Value::text(text("secret")));
            state.set("password", Value::text(AppPassword::join(text("clientId"), text("secret"))));
        },
        alters: &["name", "user", "roles"],
        possible: |prior, _| prior.get("type").as_text() == Some("service"),
        update: |c, context| {
            let call = Call::new(Method::Patch, SERVICE.path).part(c.new.str("id"));
            Ok(vec![call.json(body(&c.new, context)?)])
        },
        delete: |v, _| vec![Call::new(Method::Delete, list(v).path).part(v.str("id"))],
        ..Remote::NONE
    }),
    ephemeral: Some(Ephemeral {
        doc: "An app password for one run of Terraform: made when the run begins and deleted when it ends, in the plan and in \
              the apply, and kept in no plan and no state. It can sign another provider in, or be handed to a write-only \
              attribute. It expires after a day, if `expires_in_minutes` says nothing else, should the run be killed.",
        adjust: |planned| {
            // A run that is killed cannot delete it any more.
            if planned.get("expires_in_minutes").is_null() {
                planned.set("expires_in_minutes", Value::int(DAY));
            }
        },
    }),
    ..Resource::NONE
};
