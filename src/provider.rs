//! The provider block: where the environment is, and who asks.

use std::sync::{Arc, RwLock};

use crate::catalog::{Session, Settings, SslMode};
use crate::cloud::{AppPassword, Cloud, CloudError, CloudSettings, service};
use crate::declare::*;
use crate::diag::{Diagnostic, Diagnostics};
use crate::value::Value;

/// The region of every resource where the provider is given a `host`.
pub const SELF_HOSTED: &str = "self-hosted";

/// The attributes of the provider block. Defaults are not in the schema, because the environment decides them.
pub const ATTRS: &[Attr] = &[
    text("base_endpoint").doc("Cloud: the address of the console. Or `MZ_BASE_ENDPOINT`."),
    text("cloud_endpoint").doc("Cloud: the address of the API that lists regions. Or `MZ_CLOUD_ENDPOINT`."),
    text("database").doc("The database to connect to. Or `MZ_DATABASE`; `materialize` if neither is set."),
    text("default_region").doc(
        "Cloud: the region of resources that name none. Or `MZ_DEFAULT_REGION`; `aws/us-east-1` if neither is set.",
    ),
    text("endpoint").doc("Cloud: the address of the administration API. Or `MZ_ENDPOINT`."),
    text("host").doc("Self-hosted: the host name or IP address of the environment. Or `MZ_HOST`."),
    text_map("options")
        .check(Check::Keys(
            is_option_name,
            "a name of letters, digits and underscores, not \
                                            transaction_isolation or application_name, which the provider sets",
        ))
        .doc("Session variables, set when connecting: `{ cluster = \"deploy\" }`."),
    text("password").sensitive().doc("The password, or in the cloud the app password. Or `MZ_PASSWORD`."),
    int("port")
        .between(1, 65535)
        .doc("Self-hosted: the port of the SQL listener. Or `MZ_PORT`; 6875 if neither is set."),
    text("sslmode").one_of(&["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]).doc(
        "What is asked of the transport, with libpq's meaning: `disable`, `require` (encrypts, verifies nothing), \
         `verify-ca` or `verify-full`; `allow` and `prefer` are taken for `require`. Or `MZ_SSLMODE`; `verify-full` if neither is set. In the cloud certificates are \
         always verified, and `disable` is refused.",
    ),
    text("sslrootcert").doc(
        "The certificates to trust instead of the system's: PEM text, or the path of a PEM file. Or `MZ_SSLROOTCERT`. In the \
         cloud they count for HTTP as well.",
    ),
    text("username").doc("Self-hosted: the role to connect as. Or `MZ_USERNAME`; `materialize` if neither is set."),
];

fn is_option_name(name: &str) -> bool {
    let start = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let reserved = ["transaction_isolation", "application_name"].iter().any(|word| name.eq_ignore_ascii_case(word));
    start && !reserved && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// What became of the provider block.
#[derive(Clone)]
enum State {
    NotConfigured,
    /// A value that decides where to connect is known only after apply.
    Unknown(&'static str),
    SelfHosted {
        session: Arc<Session>,
        /// Whether `host` comes from the environment.
        by_environment: bool,
    },
    Cloud(Arc<Cloud>),
}

/// The sessions of a configured provider.
pub struct Provider {
    state: RwLock<State>,
}

/// A session and the region it belongs to.
pub struct InRegion {
    pub session: Arc<Session>,
    pub region: String,
}

impl std::default::Default for Provider {
    fn default() -> Self {
        Self { state: RwLock::new(State::NotConfigured) }
    }
}

impl Provider {
    /// Takes the provider block. Nothing is sent: sessions connect when used.
    pub fn configure(&self, config: &Value) -> Diagnostics {
        let decides = |attr: &&Attr| !config.get(attr.name).is_wholly_known();
        let mut diagnostics = Vec::new();
        let state = match ATTRS.iter().find(decides) {
            Some(attr) => State::Unknown(attr.name),
            None => match settings(config, &mut diagnostics) {
                Ok(state) => state,
                Err(diagnostic) => {
                    diagnostics.push(diagnostic);
                    State::NotConfigured
                }
            },
        };
        *self.state.write().expect("no panic while held") = state;
        diagnostics
    }

    fn state(&self) -> State {
        self.state.read().expect("no panic while held").clone()
    }

    /// The session of a region, or of the default one; or why there is none.
    pub async fn session(&self, region: Option<&str>) -> Result<InRegion, Diagnostic> {
        match self.state() {
            State::SelfHosted { session, .. } => Ok(InRegion { session, region: SELF_HOSTED.to_owned() }),
            State::Cloud(cloud) => {
                let region = region.unwrap_or(&cloud.settings.default_region).to_owned();
                match cloud.session(&region).await {
                    Ok(session) => Ok(InRegion { session, region }),
                    Err(error) => Err(unreachable(&region, &error)),
                }
            }
            other => Err(other.refusal()),
        }
    }

    /// The organisation, for what is managed over HTTP.
    pub fn cloud(&self, type_name: &str) -> Result<Arc<Cloud>, Diagnostic> {
        match self.state() {
            State::Cloud(cloud) => Ok(cloud),
            State::SelfHosted { by_environment, .. } => {
                let whence = match by_environment {
                    true => {
                        "The environment variable MZ_HOST is set, so the provider connects to a self-hosted \
                             environment. Unset it to sign in to the cloud with an app password."
                    }
                    false => {
                        "The provider is given a `host`, so it connects to a self-hosted environment. Use a provider \
                              without `host`, with an app password, for what is in the cloud."
                    }
                };
                let summary = format!("{type_name} is only in Materialize Cloud");
                Err(Diagnostic::error(summary, format!("A self-hosted environment has nothing of the kind. {whence}")))
            }
            other => Err(other.refusal()),
        }
    }

    /// The region that a new resource gets which names none, if that is known at plan.
    pub fn region(&self) -> Option<String> {
        match self.state() {
            State::SelfHosted { .. } => Some(SELF_HOSTED.to_owned()),
            State::Cloud(cloud) => Some(cloud.settings.default_region.clone()),
            _ => None,
        }
    }

    /// Whether there is no choice of regions.
    pub fn is_self_hosted(&self) -> bool {
        matches!(self.state(), State::SelfHosted { .. })
    }

    /// Whether the environment will be known only at apply.
    pub fn is_unknown(&self) -> bool {
        matches!(self.state(), State::Unknown(_))
    }

    /// Cancels what waits.
    pub fn stop(&self) {
        match self.state() {
            State::SelfHosted { session, .. } => session.stop(),
            State::Cloud(cloud) => cloud.stop(),
            _ => {}
        }
    }
}

impl State {
    /// Why nothing can be asked.
    fn refusal(&self) -> Diagnostic {
        match self {
            State::Unknown(name) => Diagnostic::error(
                "The environment is not known yet",
                format!(
                    "The provider's `{name}` is known only after apply, so nothing can be read now. Apply what it \
                     depends on first, for example with -target."
                ),
            ),
            _ => Diagnostic::error(
                "The provider is not configured",
                "Terraform asked for something that needs the environment before it sent the provider block. Please \
                 report this.",
            ),
        }
    }
}

fn unreachable(region: &str, error: &CloudError) -> Diagnostic {
    Diagnostic::error(format!("Cannot connect to the region {region}"), error.to_string())
}

/// Whether this is the name of a region of the cloud: `aws/us-east-1`.
pub fn is_region(text: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    text.split_once('/').is_some_and(|(cloud, region)| word(cloud) && word(region))
}

/// What the block and the environment say, in this order.
struct Given<'a> {
    values: Values<'a>,
}

impl Given<'_> {
    fn env(variable: &str) -> Option<String> {
        std::env::var(variable).ok().filter(|value| !value.is_empty())
    }

    fn text(&self, name: &str, variable: &str) -> Option<String> {
        self.values.text(name).map(str::to_owned).or_else(|| Self::env(variable))
    }

    fn service(&self, name: &'static str, variable: &str, usual: &str) -> Result<reqwest::Url, Diagnostic> {
        let text = self.text(name, variable);
        service(text.as_deref().unwrap_or(usual)).map_err(|why| {
            Diagnostic::error(format!("Invalid {name}"), format!("{why} (attribute `{name}` or {variable})")).at(name)
        })
    }

    fn port(&self, usual: u16) -> Result<u16, Diagnostic> {
        let port = match (self.values.number("port").and_then(|port| port.as_i64()), Self::env("MZ_PORT")) {
            (Some(port), _) => port.try_into().ok(),
            (None, Some(port)) => port.parse().ok(),
            (None, None) => Some(usual),
        };
        let detail = "The port (attribute `port` or MZ_PORT) must be between 1 and 65535.";
        port.filter(|port| *port != 0).ok_or_else(|| Diagnostic::error("Invalid port", detail).at("port"))
    }

    fn options(&self) -> Vec<(String, String)> {
        match self.values.get("options") {
            Value::Map(items) => {
                items.iter().filter_map(|(key, value)| Some((key.clone(), value.as_text()?.to_owned()))).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Where to connect: a `host` means self-hosted.
fn settings(config: &Value, diagnostics: &mut Diagnostics) -> Result<State, Diagnostic> {
    let given = Given { values: Values::new(config, config) };
    let usual = Settings::default();
    let (host, password) = (given.text("host", "MZ_HOST"), given.text("password", "MZ_PASSWORD"));
    let sslmode = match given.text("sslmode", "MZ_SSLMODE") {
        Some(word) => word.parse::<SslMode>().map_err(|error| {
            Diagnostic::error("Invalid sslmode", format!("{error} (attribute `sslmode` or MZ_SSLMODE)")).at("sslmode")
        })?,
        None => usual.sslmode,
    };
    let sql = Settings {
        host: host.clone().unwrap_or_default(),
        port: given.port(usual.port)?,
        user: given.text("username", "MZ_USERNAME").unwrap_or(usual.user),
        password: password.clone(),
        database: given.text("database", "MZ_DATABASE").unwrap_or(usual.database),
        sslmode,
        sslrootcert: given.text("sslrootcert", "MZ_SSLROOTCERT"),
        options: given.options(),
        ..Settings::default()
    };
    if host.is_none() {
        return Ok(State::Cloud(Cloud::new(cloud(&given, password.as_deref(), sql)?)));
    }
    let by_environment = given.values.text("host").is_none();
    if by_environment && password.is_some_and(|password| password.starts_with("mzp_")) {
        diagnostics.push(Diagnostic::warning(
            "An app password is sent to a self-hosted environment",
            "MZ_HOST is set in the environment, so the provider connects there instead of signing in to the cloud, though \
             the password is an app password. Unset MZ_HOST to use the cloud.",
        ));
    }
    if sslmode == SslMode::Require {
        diagnostics.push(
            Diagnostic::warning(
                "The server's certificate is not verified",
                "sslmode \"require\" encrypts, but anyone between here and the server can pose as the server and read \
                 the password. Set sslmode to \"verify-full\", with sslrootcert if the authority is your own.",
            )
            .at("sslmode"),
        );
    }
    Ok(State::SelfHosted { session: Session::new(sql), by_environment })
}

fn cloud(given: &Given, password: Option<&str>, sql: Settings) -> Result<CloudSettings, Diagnostic> {
    if sql.sslmode == SslMode::Disable {
        let detail = "The password for SQL in the cloud is the app password itself: it is only sent over TLS, to a server \
                      whose certificate was verified. Leave `sslmode` (MZ_SSLMODE) out.";
        return Err(Diagnostic::error("The cloud is never reached without TLS", detail).at("sslmode"));
    }
    let password = password.map(AppPassword::parse).transpose().map_err(|why| {
        let detail = format!(
            "{why}. Without `host` (MZ_HOST) the provider signs in to the cloud, for which `password` (MZ_PASSWORD) must be \
             an app password."
        );
        Diagnostic::error("Invalid app password", detail).at("password")
    })?;
    Ok(CloudSettings {
        endpoint: given.service("endpoint", "MZ_ENDPOINT", "https://admin.cloud.materialize.com")?,
        cloud_endpoint: given.service("cloud_endpoint", "MZ_CLOUD_ENDPOINT", "https://api.cloud.materialize.com")?,
        base_endpoint: given.service("base_endpoint", "MZ_BASE_ENDPOINT", "https://cloud.materialize.com")?,
        default_region: given.text("default_region", "MZ_DEFAULT_REGION").unwrap_or_else(|| "aws/us-east-1".to_owned()),
        password,
        sql,
    })
}
