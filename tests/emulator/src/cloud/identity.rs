//! Users, roles, app passwords, single sign-on and SCIM: what the identity service answers.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::organization::{Key, Organization, rfc3339, strings};
use super::token::new_id;

/// Status and body.
pub type Answer = (u16, Value);

pub struct Request<'a> {
    pub method: &'a str,
    /// Segments, decoded, without `frontegg` before them.
    pub path: Vec<&'a str>,
    pub query: HashMap<String, String>,
    pub body: Value,
}

pub fn error(status: u16, text: impl Into<String>) -> Answer {
    (status, json!({ "errors": [text.into()] }))
}

fn missing(what: &str) -> Answer {
    error(404, format!("{what} not found"))
}

fn nothing(status: u16) -> Answer {
    (status, Value::Null)
}

fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body[name].as_str().unwrap_or_default()
}

/// The element of this id.
fn one<'a>(items: &'a mut [Value], id: &str) -> Option<&'a mut Value> {
    items.iter_mut().find(|item| item["id"] == id)
}

/// Takes the element of this id out.
fn take(items: &mut Vec<Value>, id: &str) -> Option<Value> {
    Some(items.remove(items.iter().position(|item| item["id"] == id)?))
}

/// Takes the members of a body that are named here into an object, if they are there.
fn merge(into: &mut Value, body: &Value, names: &[&str]) {
    for name in names.iter().filter(|name| !body[**name].is_null()) {
        into[*name] = body[*name].clone();
    }
}

fn base64(text: &str) -> String {
    let mut out = super::token::base64(text.as_bytes()).replace('-', "+").replace('_', "/");
    while !out.len().is_multiple_of(4) {
        out.push('=');
    }
    out
}

/// Whether one who administers nothing may ask for it: the own app passwords, and a look at what is no business of
/// administrators alone.
fn is_for_members(r: &Request) -> bool {
    match &r.path[..] {
        ["identity", "resources", "users", "api-tokens", ..] => true,
        ["identity", "resources", "roles" | "tenants", ..] => false,
        _ => r.method == "GET",
    }
}

impl Organization {
    /// What is asked with a good token. `me`: the client id of the app password; `admin`: whether its bearer is one.
    pub fn identity(&mut self, r: &Request, me: &str, admin: bool) -> Answer {
        if !admin && !is_for_members(r) {
            return error(403, "Insufficient permissions");
        }
        match (r.method, &r.path[..]) {
            ("GET", ["identity", "resources", "roles", "v2"]) if !r.query.contains_key("_sortBy") => {
                error(400, "_sortBy must be one of key, name, level")
            }
            ("GET", ["identity", "resources", "roles", "v2"]) => self.page(r, self.roles.clone()),
            ("POST", ["identity", "resources", "roles", "v2"]) => self.new_role(&r.body),
            (_, ["identity", "resources", "roles", "v1", id, rest @ ..]) => self.change_role(r, id, rest),
            (_, ["identity", "resources", kind @ ("users" | "tenants"), "api-tokens", "v1", rest @ ..]) => {
                self.app_passwords(r, *kind == "tenants", rest, me)
            }
            ("GET", ["identity", "resources", "users", "v3"]) => {
                let email = r.query.get("_email").map(|email| email.to_lowercase());
                let fits = |user: &&Value| {
                    email.as_ref().is_none_or(|email| text(user, "email").to_lowercase().starts_with(email))
                };
                let shown = self.users.iter().filter(fits).map(|user| {
                    let mut user = self.shown_user(user);
                    user["tenants"] = json!([{ "tenantId": self.tenant, "roles": user["roles"] }]);
                    user.as_object_mut().map(|members| members.remove("roles"));
                    user
                });
                self.page(r, shown.collect())
            }
            ("POST", ["identity", "resources", "users", "v2"]) => self.new_user(&r.body),
            ("PUT", ["team", "resources", "members", "v1"]) => {
                let roles = match self.known_roles(&r.body["roleIds"]) {
                    Ok(roles) => roles,
                    Err(refused) => return refused,
                };
                let Some(user) = one(&mut self.users, text(&r.body, "id")) else { return missing("User") };
                user["roles"] = json!(roles);
                nothing(200)
            }
            (method, ["identity", "resources", "users", "v1", id]) => match method {
                "GET" => {
                    let found = self.users.iter().find(|user| user["id"] == **id);
                    found.map_or_else(|| missing("User"), |user| (200, self.shown_user(user)))
                }
                "DELETE" => {
                    let gone = take(&mut self.users, id);
                    self.keys.retain(|key| key.owner.as_deref() != Some(id));
                    gone.map_or_else(|| missing("User"), |_| nothing(200))
                }
                _ => error(405, "Method not allowed"),
            },
            (_, ["team", "resources", "sso", "v1", "configurations", rest @ ..]) => self.sso(r, rest),
            (_, ["directory", "resources", "v1", "configurations", "scim2", rest @ ..]) => self.scim(r, rest),
            (_, ["identity", "resources", "groups", "v1", rest @ ..]) => self.groups(r, rest),
            _ => error(404, format!("Cannot {} /{}", r.method, r.path.join("/"))),
        }
    }

    /// One page of a list: `_offset` counts pages (of the mock: elements).
    fn page(&self, r: &Request, items: Vec<Value>) -> Answer {
        let number = |name: &str, usual: usize| r.query.get(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
        let limit = number("_limit", 50).clamp(1, self.given.page);
        let (count, offset) = (items.len(), number("_offset", 0));
        let start = if self.given.mock { offset } else { offset * limit };
        let items: Vec<Value> = items.into_iter().skip(start).take(limit).collect();
        let metadata = match self.given.mock {
            true => json!({ "total_items": count }),
            false => json!({ "totalItems": count, "totalPages": count.div_ceil(limit) }),
        };
        (200, json!({ "items": items, "_metadata": metadata, "_links": {} }))
    }

    fn known_roles(&self, ids: &Value) -> Result<Vec<String>, Answer> {
        let ids = strings(ids);
        match ids.iter().find(|id| self.role_by_id(id).is_none()) {
            Some(unknown) => Err(error(400, format!("Role {unknown} does not exist"))),
            None => Ok(ids),
        }
    }

    fn role_objects(&self, ids: &Value) -> Value {
        strings(ids).iter().filter_map(|id| self.role_by_id(id).cloned()).collect()
    }

    fn shown_user(&self, user: &Value) -> Value {
        let mut shown = user.clone();
        shown["roles"] = self.role_objects(&user["roles"]);
        shown
    }

    fn new_role(&mut self, body: &Value) -> Answer {
        let name = text(body, "name");
        if name.is_empty() || text(body, "key").is_empty() {
            return error(400, "name and key should not be empty");
        }
        if self.roles.iter().any(|role| role["name"] == name || role["key"] == text(body, "key")) {
            return error(409, "A role with this key exists");
        }
        let Some(base) = self.role_by_id(text(body, "baseRoleId")).cloned() else {
            return error(400, "Unknown baseRoleId");
        };
        let mut role = self.role(name, text(body, "key"), text(body, "description"));
        role["permissions"] =
            if body["permissionIds"].is_null() { base["permissions"].clone() } else { body["permissionIds"].clone() };
        self.roles.push(role.clone());
        (200, role)
    }

    fn change_role(&mut self, r: &Request, id: &str, rest: &[&str]) -> Answer {
        let Some(role) = one(&mut self.roles, id) else { return missing("Role") };
        if role["tenantId"].is_null() {
            return error(403, "A built-in role cannot be changed");
        }
        match (r.method, rest) {
            ("PATCH", []) => {
                merge(role, &r.body, &["description"]);
                nothing(204)
            }
            ("PUT", ["permissions"]) => {
                role["permissions"] = r.body["permissionIds"].clone();
                nothing(204)
            }
            ("DELETE", []) => {
                take(&mut self.roles, id);
                nothing(204)
            }
            _ => error(405, "Method not allowed"),
        }
    }

    fn app_passwords(&mut self, r: &Request, service: bool, rest: &[&str], me: &str) -> Answer {
        let owner = self.keys.iter().find(|key| key.id == me).and_then(|key| key.owner.clone());
        let mine = |key: &Key| if service { key.owner.is_none() } else { key.owner.is_some() && key.owner == owner };
        let show = |key: &Key, tenant: &str| {
            let mut shown = match service {
                true => json!({
                    "clientId": key.id, "description": key.description, "tenantId": tenant, "createdByUserId": null,
                    "metadata": { "user": key.user }, "createdAt": key.created, "roleIds": key.roles, "permissionIds": [],
                }),
                false => {
                    json!({ "clientId": key.id, "description": key.description, "metadata": {}, "createdAt": key.created })
                }
            };
            if let Some(expires) = key.expires {
                shown["expires"] = json!(rfc3339(expires));
            }
            shown
        };
        match (r.method, rest) {
            ("GET", []) => (200, self.keys.iter().filter(|key| mine(key)).map(|key| show(key, &self.tenant)).collect()),
            ("POST", []) => {
                let roles = match self.known_roles(&r.body["roleIds"]) {
                    Ok(roles) => roles,
                    Err(refused) => return refused,
                };
                let user = text(&r.body["metadata"], "user");
                if text(&r.body, "description").is_empty() || service && (user.is_empty() || roles.is_empty()) {
                    return error(400, "description should not be empty");
                }
                let lives = &r.body["expiresInMinutes"];
                if !lives.is_null() && !lives.as_u64().is_some_and(|minutes| (1..=5_256_000).contains(&minutes)) {
                    return error(400, "expiresInMinutes must not be less than 1 or greater than 5256000");
                }
                let (now, description) = (self.tick(), text(&r.body, "description").to_owned());
                let (created, expires) = (rfc3339(now), lives.as_u64().map(|minutes| now + 60 * minutes));
                let owner = owner.filter(|_| !service);
                let key = Key {
                    id: new_id(),
                    secret: new_id(),
                    description,
                    created,
                    expires,
                    owner,
                    user: user.to_owned(),
                    roles,
                };
                let mut shown = show(&key, &self.tenant);
                shown["secret"] = json!(key.secret);
                self.keys.push(key);
                (201, shown)
            }
            ("PATCH", [id]) if service => {
                let roles = match self.known_roles(&r.body["roleIds"]) {
                    Ok(roles) => roles,
                    Err(refused) => return refused,
                };
                let Some(key) = self.keys.iter_mut().find(|key| key.id == **id && key.owner.is_none()) else {
                    return missing("Token");
                };
                if let Some(description) = r.body["description"].as_str() {
                    description.clone_into(&mut key.description);
                }
                if let Some(user) = r.body["metadata"]["user"].as_str() {
                    user.clone_into(&mut key.user);
                }
                if !r.body["roleIds"].is_null() {
                    key.roles = roles;
                }
                nothing(200)
            }
            ("DELETE", [id]) => match self.keys.iter().position(|key| key.id == **id && mine(key)) {
                Some(at) => {
                    self.keys.remove(at);
                    nothing(200)
                }
                None => missing("Token"),
            },
            _ => error(405, "Method not allowed"),
        }
    }

    fn new_user(&mut self, body: &Value) -> Answer {
        let email = text(body, "email");
        if !email.contains('@') {
            return error(400, "email must be an email");
        }
        if body.get("password").is_some() {
            return error(400, "User creation with password is forbidden");
        }
        if self.users.iter().any(|user| text(user, "email").eq_ignore_ascii_case(email)) {
            return error(409, "User already exists");
        }
        let roles = match self.known_roles(&body["roleIds"]) {
            Ok(roles) => roles,
            Err(refused) => return refused,
        };
        let user = self.user(email, &roles);
        self.users.push(user.clone());
        let mut shown = self.shown_user(&user);
        shown.as_object_mut().map(|members| members.remove("provider"));
        (201, shown)
    }

    fn sso(&mut self, r: &Request, rest: &[&str]) -> Answer {
        const FIELDS: &[&str] =
            &["enabled", "ssoEndpoint", "signRequest", "acsUrl", "spEntityId", "type", "oidcClientId", "oidcSecret"];
        let (id, below) = match rest {
            [] if r.method == "GET" => return (200, json!(self.sso)),
            [] if r.method == "POST" => {
                let now = self.now();
                let mut config = json!({
                    "id": new_id(), "domains": [], "groups": [], "defaultRoles": { "roleIds": [] }, "createdAt": now,
                    "generatedVerification": null, "configMetadata": null,
                });
                if !matches!(text(&r.body, "type"), "saml" | "oidc") {
                    return error(400, "type must be one of saml, oidc");
                }
                merge(&mut config, &r.body, FIELDS);
                config["publicCertificate"] = json!(base64(text(&r.body, "publicCertificate")));
                self.sso.push(config.clone());
                return (201, config);
            }
            [] => return error(405, "Method not allowed"),
            [id, below @ ..] => (*id, below),
        };
        let roles = match self.known_roles(&r.body["roleIds"]) {
            Ok(roles) => roles,
            Err(refused) => return refused,
        };
        let domains: Vec<String> = self
            .sso
            .iter()
            .flat_map(|config| config["domains"].as_array())
            .flatten()
            .map(|d| text(d, "domain").to_owned())
            .collect();
        let Some(config) = one(&mut self.sso, id) else { return missing("SSO configuration") };
        let list = |config: &mut Value, name: &str| config[name].as_array().cloned().unwrap_or_default();
        match (r.method, below) {
            ("PATCH", []) => {
                merge(config, &r.body, FIELDS);
                if let Some(certificate) = r.body["publicCertificate"].as_str() {
                    config["publicCertificate"] = json!(base64(certificate));
                }
                (200, config.clone())
            }
            ("DELETE", []) => {
                take(&mut self.sso, id);
                nothing(200)
            }
            ("POST", ["domains"]) => {
                let name = text(&r.body, "domain");
                if name.is_empty() {
                    return error(400, "domain should not be empty");
                }
                if domains.iter().any(|domain| domain.eq_ignore_ascii_case(name)) {
                    return error(409, "Domain already exists");
                }
                let domain = json!({
                    "id": new_id(), "domain": name, "validated": false, "ssoConfigId": id,
                    "txtRecord": format!("_saml-domain-challenge.{}.{name}", &new_id()[..8]),
                });
                let mut all = list(config, "domains");
                all.push(domain.clone());
                config["domains"] = json!(all);
                (201, domain)
            }
            ("GET", ["groups"]) => (200, config["groups"].clone()),
            ("POST", ["groups"]) => {
                if text(&r.body, "group").is_empty() {
                    return error(400, "group should not be empty");
                }
                let group = json!({
                    "id": new_id(), "group": r.body["group"], "roleIds": roles, "enabled": true, "ssoConfigId": id,
                });
                let mut all = list(config, "groups");
                all.push(group.clone());
                config["groups"] = json!(all);
                (201, group)
            }
            ("PATCH", ["groups", group]) => {
                let mut all = list(config, "groups");
                let Some(found) = one(&mut all, group) else { return missing("Group") };
                merge(found, &r.body, &["group", "roleIds"]);
                let found = found.clone();
                config["groups"] = json!(all);
                (200, found)
            }
            ("DELETE", [name @ ("domains" | "groups"), part]) => {
                let mut all = list(config, name);
                let gone = take(&mut all, part);
                config[*name] = json!(all);
                gone.map_or_else(|| missing("It was"), |_| nothing(200))
            }
            ("GET", ["roles"]) => (200, config["defaultRoles"].clone()),
            ("PUT", ["roles"]) => {
                config["defaultRoles"] = json!({ "roleIds": roles });
                (201, config["defaultRoles"].clone())
            }
            _ => error(405, "Method not allowed"),
        }
    }

    fn scim(&mut self, r: &Request, rest: &[&str]) -> Answer {
        match (r.method, rest) {
            ("GET", []) => (200, json!(self.scim)),
            ("POST", []) => {
                if !matches!(text(&r.body, "source"), "okta" | "azure-ad" | "other") {
                    return error(400, "source must be one of okta, azure-ad, other");
                }
                if text(&r.body, "connectionName").is_empty() {
                    return error(400, "connectionName should not be empty");
                }
                let now = self.now();
                let config = json!({
                    "id": new_id().replace('-', "")[..24], "tenantId": self.tenant, "connectionName": r.body["connectionName"],
                    "source": r.body["source"], "syncToUserManagement": r.body["syncToUserManagement"], "lastSync": null,
                    "createdAt": now,
                });
                self.scim.push(config.clone());
                (201, json!({ "id": config["id"], "connectionName": config["connectionName"], "token": new_id() }))
            }
            ("GET", [id]) => {
                one(&mut self.scim, id).map_or_else(|| missing("Configuration"), |config| (200, config.clone()))
            }
            ("PATCH", [id]) => match one(&mut self.scim, id) {
                Some(config) => {
                    merge(config, &r.body, &["syncToUserManagement"]);
                    nothing(204)
                }
                None => missing("Configuration"),
            },
            ("DELETE", [id]) => take(&mut self.scim, id).map_or_else(|| missing("Configuration"), |_| nothing(204)),
            _ => error(405, "Method not allowed"),
        }
    }

    /// A group as it is shown: roles and users only where they are asked for.
    fn shown_group(&self, r: &Request, group: &Value) -> Value {
        let mut shown = group.clone();
        if r.query.get("_groupsRelations").is_some_and(|word| word == "rolesAndUsers") {
            shown["roles"] = self.role_objects(&group["roles"]);
            let ids = strings(&group["users"]);
            let users = self.users.iter().filter(|user| ids.iter().any(|id| user["id"] == id.as_str()));
            shown["users"] = users.map(|user| self.shown_user(user)).collect();
        } else if let Some(members) = shown.as_object_mut() {
            members.remove("roles");
            members.remove("users");
        }
        shown
    }

    fn groups(&mut self, r: &Request, rest: &[&str]) -> Answer {
        let taken = |groups: &[Value], id: &str| {
            groups.iter().any(|group| group["name"] == r.body["name"] && group["id"] != id)
        };
        match (r.method, rest) {
            ("GET", []) => {
                let groups: Vec<Value> = self.groups.iter().map(|group| self.shown_group(r, group)).collect();
                (200, json!({ "groups": groups }))
            }
            ("POST", []) => {
                if text(&r.body, "name").is_empty() {
                    return error(400, "name should not be empty");
                }
                if taken(&self.groups, "") {
                    return error(409, "A group with this name exists");
                }
                let now = self.now();
                let mut group = json!({
                    "id": new_id(), "name": "", "description": "", "color": "", "metadata": "", "managedBy": "frontegg",
                    "roles": [], "users": [], "createdAt": now, "updatedAt": now,
                });
                merge(&mut group, &r.body, &["name", "description", "color", "metadata"]);
                self.groups.push(group.clone());
                (201, self.shown_group(r, &group))
            }
            (_, [id, below @ ..]) => {
                if !r.body["name"].is_null() && taken(&self.groups, id) {
                    return error(409, "A group with this name exists");
                }
                let asked = match below {
                    ["roles"] => self.known_roles(&r.body["roleIds"]),
                    _ => Ok(strings(&r.body["userIds"])),
                };
                let asked = match asked {
                    Ok(asked) => asked,
                    Err(refused) => return refused,
                };
                let unknown = |id: &&String| !self.users.iter().any(|user| user["id"] == id.as_str());
                if below == ["users"] && asked.iter().any(|id| unknown(&id)) {
                    return missing("User");
                }
                let Some(group) = one(&mut self.groups, id) else { return missing("Group") };
                match (r.method, below) {
                    ("GET", []) => {
                        let group = group.clone();
                        (200, self.shown_group(r, &group))
                    }
                    ("PATCH", []) => {
                        merge(group, &r.body, &["name", "description", "color", "metadata"]);
                        let group = group.clone();
                        (200, self.shown_group(r, &group))
                    }
                    ("DELETE", []) => {
                        take(&mut self.groups, id);
                        nothing(200)
                    }
                    ("POST", [list @ ("roles" | "users")]) => {
                        let mut all = strings(&group[*list]);
                        all.extend(asked.into_iter().filter(|id| !strings(&group[*list]).contains(id)));
                        group[*list] = json!(all);
                        nothing(201)
                    }
                    ("DELETE", [list @ ("roles" | "users")]) => {
                        let left: Vec<String> =
                            strings(&group[*list]).into_iter().filter(|id| !asked.contains(id)).collect();
                        group[*list] = json!(left);
                        nothing(200)
                    }
                    _ => error(405, "Method not allowed"),
                }
            }
            _ => error(405, "Method not allowed"),
        }
    }
}
