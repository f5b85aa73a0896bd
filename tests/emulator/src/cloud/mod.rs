//! An organisation in the cloud: sign-in, users, app passwords, single sign-on, SCIM, and regions with an environment each.
//!
//! One HTTP port serves the identity service, the list of regions, and each region's own service under `/regions/NAME`.

mod doors;
mod faults;
mod identity;
mod organization;
mod region;
mod token;

use std::collections::HashMap;
use std::io::{Error, Result};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Method, Response, Uri};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::wire::{Acceptor, Authenticator, Options, spawn as environment, tls};
use doors::{Doors, Scissors};
use faults::Faults;
use identity::{Answer, Request, error};
use organization::{Given, Organization};
use region::Region;

/// How an organisation runs, beside what its environments share.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct CloudOptions {
    /// Be an organisation in the cloud instead of one environment: address of its HTTP services
    #[arg(long, value_name = "ADDRESS")]
    pub cloud: Option<SocketAddr>,
    /// JSON file with what the organisation holds at the start
    #[arg(long, value_name = "FILE", requires = "cloud")]
    pub organization: Option<PathBuf>,
    /// Answer HTTPS instead of HTTP, with the certificate for TLS
    #[arg(long, requires = "cloud")]
    pub cloud_tls: bool,
}

struct Shared {
    organization: Arc<Mutex<Organization>>,
    regions: Mutex<Vec<Region>>,
    faults: Mutex<Faults>,
    url: String,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|e| e.into_inner())
}

/// Runs an organisation until the process ends; says on the standard output where everything listens.
pub fn run(cloud: CloudOptions, options: Options) -> Result<()> {
    let given = cloud.organization.as_deref().map_or_else(|| Ok(Given::default()), Given::read)?;
    let starts = given.regions.clone();
    let tls = tls(&options)?;
    let options = Options { acceptor: tls.clone().map(Acceptor), ..options };
    let organization = Arc::new(Mutex::new(Organization::new(given)?));
    let mut regions = Vec::new();
    for (i, start) in starts.into_iter().enumerate() {
        let known = organization.clone();
        let authenticator = Authenticator::new(move |user, password| held(&known).sql(user, password));
        let environment_id = format!("{}-00000000-0000-4000-8000-00000000000{}-0", start.id.replace('/', "-"), i % 10);
        let listen = SocketAddr::new(options.listen.ip(), 0);
        let options =
            Options { listen, environment_id, control: None, authenticator: Some(authenticator), ..options.clone() };
        regions.push(Region::new(start, environment(options)?));
    }
    let tls = match (cloud.cloud_tls, tls) {
        (true, None) => return Err(Error::other("--cloud-tls needs --tls-cert and --tls-key, or --tls-authority")),
        (wanted, tls) => tls.filter(|_| wanted),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(cloud.cloud.unwrap_or(options.listen)).await?;
        let address = listener.local_addr()?;
        let (scheme, host) =
            if tls.is_some() { ("https", "localhost".into()) } else { ("http", address.ip().to_string()) };
        let url = format!("{scheme}://{host}:{}", address.port());
        println!("cloud listening on {url}");
        for region in &regions {
            println!("region {} listening on {}", region.start.id, region.sql.addr);
        }
        let shared = Arc::new(Shared { organization, regions: Mutex::new(regions), faults: Mutex::default(), url });
        if let Some(control) = options.control {
            let control = TcpListener::bind(control).await?;
            println!("control on {}", control.local_addr()?);
            tokio::spawn(accept_control(shared.clone(), control));
        }
        let service = Router::new().fallback(answer).with_state(shared);
        let service = service.into_make_service_with_connect_info::<Scissors>();
        axum::serve(Doors::new(listener, tls)?, service).await
    })
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let fault = held(&shared.faults).meets(method.as_str(), uri.path());
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut kind = fault.as_deref().unwrap_or_default();
    if let Some(time) = faults::slowness(kind) {
        tokio::time::sleep(time).await;
        kind = "";
    }
    if kind == "expire" {
        held(&shared.organization).expire();
    }
    let (status, said) = match kind {
        "" | "cut" | "done-504" | "expire" => shared.carry_out(&method, &uri, &headers, &body),
        "429-after" | "429-reset" => error(429, "Too many requests"),
        "json" => (200, Value::Null),
        "html" => (502, Value::Null),
        "drop" => (444, Value::Null), // Nobody will see it: the connection is closed.
        status => error(status.parse().unwrap_or(500), "A fault that was asked for"),
    };
    held(&shared.faults).note(method.as_str(), &uri, &body, status);
    let mut response = Response::builder().header("frontegg-trace-id", token::new_id());
    match kind {
        "cut" | "drop" => scissors.cut(),
        "done-504" => {
            return response.status(504).body(Body::from("<html>Gateway Timeout</html>")).expect("a response");
        }
        "html" => return response.status(502).body(Body::from("<html>Bad Gateway</html>")).expect("a response"),
        "json" => return response.status(200).body(Body::from("{\"items\": [")).expect("a response"),
        "429-after" => response = response.header("retry-after", "1"),
        "429-reset" => response = response.header("x-rate-limit-reset", in_a_second()),
        _ => {}
    }
    let body = if said.is_null() { String::new() } else { shared.strangely(said).to_string() };
    response.status(status).header("content-type", "application/json").body(Body::from(body)).expect("a response")
}

/// The next second as RFC 3339 has it.
fn in_a_second() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    organization::rfc3339(now + 1)
}

/// A segment of a path without its escapes.
fn decoded(part: &str) -> String {
    let mut bytes = part.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        let hex = |b: Option<u8>| b.and_then(|b| (b as char).to_digit(16));
        match byte {
            b'%' => out.push((hex(bytes.next()).unwrap_or(0) * 16 + hex(bytes.next()).unwrap_or(0)) as u8),
            byte => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

impl Shared {
    fn carry_out(&self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &Value) -> Answer {
        let parts: Vec<String> = uri.path().split('/').filter(|part| !part.is_empty()).map(decoded).collect();
        let mut path: Vec<&str> = parts.iter().map(String::as_str).collect();
        if path.first() == Some(&"frontegg") {
            path.remove(0);
        }
        let pairs = uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        let query: HashMap<String, String> = pairs.map(|(name, value)| (decoded(name), decoded(value))).collect();
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        let mut organization = held(&self.organization);
        match (method.as_str(), &path[..]) {
            ("GET", [".well-known", "jwks.json"]) => return (200, organization.public_keys()),
            ("POST", ["identity", "resources", "auth", "v1", "api-token"]) => {
                let token = organization.sign_in(text("clientId"), text("secret"));
                return token.map_or_else(|| error(401, "Invalid credentials"), |token| (200, token));
            }
            ("POST", ["identity", "resources", "auth", "v1", "api-token", "token", "refresh"]) => {
                let token = organization.renew(text("refreshToken"));
                return token.map_or_else(|| error(401, "Invalid refresh token"), |token| (200, token));
            }
            _ => {}
        }
        let bearer = headers.get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let known = bearer.and_then(|token| organization.bearer(token)).map(|(key, admin)| (key.id.clone(), admin));
        let Some((me, admin)) = known else { return error(401, "Unauthorized") };
        let version = headers.get("x-materialize-api-version").is_some_and(|value| value == "1");
        match (method.as_str(), &path[..]) {
            ("GET", ["api", "cloud-regions"]) => self.list(&query, organization.given.region_page),
            (_, ["regions", name, "api", "region"]) => {
                self.region(method.as_str(), name, version, organization.given.staff)
            }
            _ => {
                organization.identity(&Request { method: method.as_str(), path, query, body: body.clone() }, &me, admin)
            }
        }
    }

    fn list(&self, query: &HashMap<String, String>, page: usize) -> Answer {
        let number = |name: &str| query.get(name).and_then(|text| text.parse::<usize>().ok());
        let (start, limit) = (number("cursor").unwrap_or(0), number("limit").unwrap_or(50).clamp(1, page));
        let regions = held(&self.regions);
        let show = |region: &Region| {
            let url = format!("{}/regions/{}", self.url, region.name());
            let provider = region.start.id.split('/').next().unwrap_or_default().to_owned();
            json!({ "id": region.start.id, "name": region.name(), "cloudProvider": provider, "url": url })
        };
        let data: Vec<Value> = regions.iter().skip(start).take(limit).map(show).collect();
        let next = (start + limit < regions.len()).then(|| (start + limit).to_string());
        (200, json!({ "data": data, "nextCursor": next }))
    }

    fn region(&self, method: &str, name: &str, version: bool, staff: bool) -> Answer {
        let mut regions = held(&self.regions);
        let Some(region) = regions.iter_mut().find(|region| region.name() == name) else {
            return error(404, "no such region");
        };
        match method {
            "GET" => region.tell(version),
            "PATCH" => {
                let was = region.state;
                region.enable();
                match (was == region::State::Enabled, version) {
                    (true, _) => (200, Value::Null),
                    (false, true) => (202, json!({ "regionInfo": null, "regionState": "enablement-pending" })),
                    (false, false) => (201, Value::Null),
                }
            }
            "DELETE" if staff => {
                region.set(region::State::SoftDeleted);
                (202, Value::Null)
            }
            "DELETE" => error(403, "disabling a region is not allowed"),
            _ => error(405, "Method not allowed"),
        }
    }

    /// Where that was asked for: with members that nobody knows, and null for an empty array.
    fn strangely(&self, mut said: Value) -> Value {
        fn strange(value: &mut Value) {
            match value {
                Value::Object(members) => {
                    members.values_mut().for_each(strange);
                    members.insert("aMemberOfTheFuture".into(), json!({ "x": 1 }));
                }
                Value::Array(items) => items.iter_mut().for_each(strange),
                _ => {}
            }
            if let Value::Object(members) = value {
                for member in members.values_mut().filter(|member| member.as_array().is_some_and(Vec::is_empty)) {
                    *member = Value::Null;
                }
            }
        }
        if held(&self.organization).strange {
            strange(&mut said);
        }
        said
    }

    fn command(&self, line: &str) -> std::result::Result<String, String> {
        let unknown = || format!("unknown command: {line}");
        let (verb, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        match verb {
            "http" if rest == "expire" => held(&self.organization).expire(),
            "http" => return held(&self.faults).command(rest).unwrap_or_else(|| Err(unknown())),
            "strange" => held(&self.organization).strange = rest == "on",
            "region" => {
                let (id, rest) = rest.split_once(' ').ok_or_else(unknown)?;
                let mut regions = held(&self.regions);
                let region = regions.iter_mut().find(|region| region.start.id == id).ok_or_else(unknown)?;
                let (word, value) = rest.split_once(' ').unwrap_or((rest, ""));
                let number = || value.parse::<u32>().map_err(|_| format!("not a number: {value}"));
                match word {
                    "set" => region.set(serde_json::from_value(json!(value)).map_err(|e| e.to_string())?),
                    "polls" => region.start.polls = number()?,
                    "unresolvable" => region.start.unresolvable = number()?,
                    "refuses" => region.start.refuses = number()?.into(),
                    _ => return Ok(region.sql.faults.command(rest)),
                }
            }
            "domain" => {
                let (name, _) = rest.split_once(' ').filter(|(_, word)| *word == "validated").ok_or_else(unknown)?;
                let mut organization = held(&self.organization);
                let domains =
                    organization.sso.iter_mut().filter_map(|config| config["domains"].as_array_mut()).flatten();
                domains.filter(|domain| domain["domain"] == name).for_each(|domain| domain["validated"] = json!(true));
            }
            "group" => {
                let (name, word) = rest.split_once(" managed ").ok_or_else(unknown)?;
                let mut organization = held(&self.organization);
                let groups = organization.groups.iter_mut().filter(|group| group["name"] == name);
                groups.for_each(|group| group["managedBy"] = json!(word));
            }
            _ => return Err(unknown()),
        }
        Ok(faults::ok())
    }
}

async fn accept_control(shared: Arc<Shared>, listener: TcpListener) {
    while let Ok((socket, _)) = listener.accept().await {
        let shared = shared.clone();
        tokio::spawn(async move {
            let (input, mut output) = socket.into_split();
            let mut lines = BufReader::new(input).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let answer = shared.command(&line).unwrap_or_else(|why| json!({ "error": why }).to_string() + "\n");
                if output.write_all(answer.as_bytes()).await.is_err() {
                    break;
                }
            }
        });
    }
}
