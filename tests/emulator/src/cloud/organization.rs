//! The organisation: what it holds at the start, and who may ask.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::region::{Start, State};
use super::token::{Signer, app_password, new_id};

/// The start of an organisation, as its file says it. Everything may be left out.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Given {
    pub regions: Vec<Start>,
    /// Names of roles beside the two that every organisation has.
    pub roles: Vec<String>,
    /// E-mail addresses of users beside the one who has the app password; they are members.
    pub users: Vec<String>,
    /// How many elements of a list are in a page at most: of users and roles, and of regions.
    pub page: usize,
    pub region_page: usize,
    /// How many seconds a token lives.
    pub token_seconds: u64,
    /// Whether it is Materialize's own, whose regions can be disabled.
    pub staff: bool,
    /// Whether it answers as the simpler services do that the official provider is tested with.
    pub mock: bool,
}

impl Default for Given {
    fn default() -> Self {
        let region = |id: &str, state| Start { id: id.into(), state, polls: 0, unresolvable: 0, refuses: 0 };
        let never = Start { polls: 2, unresolvable: 1, ..region("aws/us-west-2", State::Never) };
        Self {
            regions: vec![region("aws/us-east-1", State::Enabled), region("aws/eu-west-1", State::Enabled), never],
            roles: Vec::new(),
            users: Vec::new(),
            page: 2,
            region_page: 1,
            token_seconds: 500,
            staff: false,
            mock: false,
        }
    }
}

impl Given {
    pub fn read(file: &Path) -> std::io::Result<Self> {
        let at = |error: &dyn std::fmt::Display| std::io::Error::other(format!("{}: {error}", file.display()));
        serde_json::from_slice(&std::fs::read(file).map_err(|e| at(&e))?).map_err(|e| at(&e))
    }
}

/// The first user and the app password that is there from the start.
pub const ADMIN: &str = "admin@example.com";
const CLIENT: (&str, &str) = ("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "fedcba98-7654-3210-0123-456789abcdef");

/// An app password of either kind.
pub struct Key {
    pub id: String,
    pub secret: String,
    pub description: String,
    pub created: String,
    /// From when on it is worth nothing, in seconds since 1970.
    pub expires: Option<u64>,
    /// The user whose it is, by id; of a service none.
    pub owner: Option<String>,
    /// The service's user and roles.
    pub user: String,
    pub roles: Vec<String>,
}

/// A token that was given out.
struct Issued {
    key: String,
    until: Instant,
}

pub struct Organization {
    pub given: Given,
    pub tenant: String,
    pub roles: Vec<Value>,
    /// With `roles`, the ids of theirs.
    pub users: Vec<Value>,
    pub keys: Vec<Key>,
    pub sso: Vec<Value>,
    pub scim: Vec<Value>,
    /// With `roles` and `users`, ids.
    pub groups: Vec<Value>,
    pub strange: bool,
    issued: HashMap<String, Issued>,
    refresh: HashMap<String, String>,
    signer: Signer,
    clock: u64,
}

impl Organization {
    pub fn new(given: Given) -> std::io::Result<Self> {
        let mut new = Self {
            tenant: new_id(),
            roles: Vec::new(),
            users: Vec::new(),
            keys: Vec::new(),
            sso: Vec::new(),
            scim: Vec::new(),
            groups: Vec::new(),
            strange: false,
            issued: HashMap::new(),
            refresh: HashMap::new(),
            signer: Signer::new()?,
            clock: 0,
            given,
        };
        for (name, key) in
            [("Organization Admin", "MaterializePlatformAdmin"), ("Organization Member", "MaterializePlatform")]
        {
            let mut role = new.role(name, key, "");
            role["tenantId"] = Value::Null;
            role["permissions"] = json!([new_id()]);
            new.roles.push(role);
        }
        for name in new.given.roles.clone() {
            let role = new.role(&name, &name, "");
            new.roles.push(role);
        }
        let [admin, member] = [0, 1].map(|at| new.roles[at]["id"].as_str().unwrap_or_default().to_owned());
        let first = new.user(ADMIN, &[admin]);
        let owner = first["id"].as_str().map(str::to_owned);
        new.users.push(first);
        for email in new.given.users.clone() {
            let user = new.user(&email, std::slice::from_ref(&member));
            new.users.push(user);
        }
        let created = new.now();
        let (id, secret) = (CLIENT.0.to_owned(), CLIENT.1.to_owned());
        let (user, roles) = (String::new(), Vec::new());
        new.keys.push(Key { id, secret, description: "first".into(), created, expires: None, owner, user, roles });
        Ok(new)
    }

    /// A time that is later than all before it, in seconds since 1970.
    pub fn tick(&mut self) -> u64 {
        self.clock = seconds().max(self.clock + 1);
        self.clock
    }

    /// The same as a text.
    pub fn now(&mut self) -> String {
        rfc3339(self.tick())
    }

    /// The app password with this secret, if it is still good.
    fn key(&self, id: &str, secret: &str) -> Option<&Key> {
        let good = |key: &&Key| key.expires.is_none_or(|expires| expires > seconds());
        self.keys.iter().find(|key| key.id == id && key.secret == secret).filter(good)
    }

    pub fn role(&mut self, name: &str, key: &str, description: &str) -> Value {
        let now = self.now();
        json!({
            "id": new_id(), "vendorId": "vendor", "tenantId": self.tenant, "key": key, "name": name,
            "description": description, "isDefault": key == "MaterializePlatform", "firstUserRole": false, "level": 0, "permissions": [],
            "createdAt": now, "updatedAt": now,
        })
    }

    pub fn user(&mut self, email: &str, roles: &[String]) -> Value {
        let now = self.now();
        json!({
            "id": new_id(), "email": email, "name": "", "verified": false, "provider": "local", "metadata": "{}",
            "roles": roles, "permissions": [], "tenantId": self.tenant, "managedBy": "frontegg", "createdAt": now,
        })
    }

    pub fn role_by_id(&self, id: &str) -> Option<&Value> {
        self.roles.iter().find(|role| role["id"] == id)
    }

    /// The keys of the roles that a key's bearer has.
    fn bearer_roles(&self, key: &Key) -> Vec<String> {
        let ids: Vec<String> = match &key.owner {
            Some(owner) => {
                let user = self.users.iter().find(|user| user["id"] == owner.as_str());
                strings(&user.map_or(Value::Null, |user| user["roles"].clone()))
            }
            None => key.roles.clone(),
        };
        let key_of = |id: &String| Some(self.role_by_id(id)?["key"].as_str()?.to_owned());
        ids.iter().filter_map(key_of).collect()
    }

    fn is_admin(&self, key: &Key) -> bool {
        self.bearer_roles(key).iter().any(|key| key == "MaterializePlatformAdmin")
    }

    /// Signs in with a client id and a secret.
    pub fn sign_in(&mut self, id: &str, secret: &str) -> Option<Value> {
        let id = self.key(id, secret)?.id.clone();
        Some(self.issue(id))
    }

    pub fn renew(&mut self, refresh: &str) -> Option<Value> {
        let id = self.refresh.remove(refresh)?;
        self.keys.iter().any(|key| key.id == id).then(|| self.issue(id))
    }

    fn issue(&mut self, id: String) -> Value {
        let key = self.keys.iter().find(|key| key.id == id).expect("it was just found");
        let lives = self.given.token_seconds;
        let expires = seconds() + lives;
        let owner = key.owner.as_ref().and_then(|owner| self.users.iter().find(|user| user["id"] == owner.as_str()));
        let mut claims = json!({
            "sub": key.id, "tenantId": self.tenant, "roles": self.bearer_roles(key), "permissions": [], "exp": expires,
            "iss": "https://emulator.invalid", "jti": new_id(), "metadata": {},
            "type": if owner.is_some() { "userApiToken" } else { "tenantApiToken" },
        });
        match owner {
            Some(user) => (claims["email"], claims["userId"]) = (user["email"].clone(), user["id"].clone()),
            None => claims["metadata"] = json!({ "user": key.user }),
        }
        let token = self.signer.sign(&claims);
        let until = Instant::now() + Duration::from_secs(lives);
        let refresh = new_id();
        self.refresh.insert(refresh.clone(), id.clone());
        self.issued.insert(token.clone(), Issued { key: id, until });
        json!({ "accessToken": token, "refreshToken": refresh, "expires": "", "expiresIn": lives })
    }

    /// Every token so far is worth nothing.
    pub fn expire(&mut self) {
        self.issued.clear();
    }

    /// Whose token this is, and whether of an admin; `None`: of nobody.
    pub fn bearer(&self, token: &str) -> Option<(&Key, bool)> {
        let issued = self.issued.get(token).filter(|issued| issued.until > Instant::now())?;
        let key = self.keys.iter().find(|key| key.id == issued.key)?;
        Some((key, self.is_admin(key)))
    }

    pub fn public_keys(&self) -> Value {
        self.signer.public()
    }

    /// Whether a user may sign in to SQL with a password, and whether as a superuser.
    pub fn sql(&self, user: &str, password: &str) -> Option<bool> {
        let (id, secret) = app_password(password)?;
        let key = self.key(&id, &secret)?;
        let known = match &key.owner {
            Some(owner) => {
                let found = self.users.iter().find(|user| user["id"] == owner.as_str())?;
                found["email"].as_str()?.eq_ignore_ascii_case(user)
            }
            None => key.user == user,
        };
        known.then(|| self.is_admin(key))
    }
}

/// Now, in seconds since 1970.
fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

/// The texts of an array.
pub fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// A number of seconds since 1970 as RFC 3339 has it.
pub fn rfc3339(seconds: u64) -> String {
    let ((year, month, day), second) = (date(seconds / 86_400), seconds % 86_400);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.000Z", second / 3600, second / 60 % 60, second % 60)
}

/// Year, month and day of a number of days since 1970.
fn date(days: u64) -> (u64, u64, u64) {
    let leap = |year: u64| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let (mut left, mut year) = (days, 1970);
    while left >= if leap(year) { 366 } else { 365 } {
        left -= if leap(year) { 366 } else { 365 };
        year += 1;
    }
    let february = if leap(year) { 29 } else { 28 };
    for (i, length) in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].into_iter().enumerate() {
        if left < length {
            return (year, i as u64 + 1, left + 1);
        }
        left -= length;
    }
    unreachable!("a day of the year is in one of its months")
}
