//! The provider block: where the environment is, and who asks.

use std::sync::{Arc, RwLock};

use crate::catalog::{Session, Settings, SslMode};
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
        .checks(&[Check::Keys(
            is_option_name,
            "a name of letters, digits and underscores, not \
                                            transaction_isolation or application_name, which the provider sets",
        )])
        .doc("Session variables, set when connecting: `{ cluster = \"deploy\" }`."),
    text("password").sensitive().doc("The password, or in the cloud the app password. Or `MZ_PASSWORD`."),
    int("port")
        .checks(&[Check::Between(1, 65535)])
        .doc("Self-hosted: the port of the SQL listener. Or `MZ_PORT`; 6875 if neither is set."),
    text("sslmode").checks(&[Check::OneOf(&["disable", "require", "verify-ca", "verify-full"])]).doc(
        "What is asked of the transport, with libpq's meaning: `disable`, `require` (encrypts, verifies nothing), \
         `verify-ca` or `verify-full`. Or `MZ_SSLMODE`; `verify-full` if neither is set.",
    ),
    text("sslrootcert").doc(
        "The certificates to trust instead of the system's: PEM text, or the path of a PEM file. Or `MZ_SSLROOTCERT`.",
    ),
    text("username").doc("Self-hosted: the role to connect as. Or `MZ_USERNAME`; `materialize` if neither is set."),
];

fn is_option_name(name: &str) -> bool {
    let start = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let reserved = ["transaction_isolation", "application_name"].iter().any(|word| name.eq_ignore_ascii_case(word));
    start && !reserved && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// What became of the provider block.
enum State {
    NotConfigured,
    /// A value that decides where to connect is known only after apply.
    Unknown(&'static str),
    SelfHosted(Arc<Session>),
    Cloud,
}

/// The sessions of a configured provider.
pub struct Provider {
    state: RwLock<State>,
}

/// A session and the region it belongs to.
pub struct InRegion {
    pub session: Arc<Session>,
    pub region: &'static str,
}

impl std::default::Default for Provider {
    fn default() -> Self {
        Self { state: RwLock::new(State::NotConfigured) }
    }
}

impl Provider {
    /// Takes the provider block. Nothing is sent: sessions connect when used.
    pub fn configure(&self, config: &Value) -> Diagnostics {
        let decisive = ["host", "port", "username", "password", "database", "sslmode", "sslrootcert", "options"];
        let unknown = decisive.into_iter().find(|name| !config.get(name).is_wholly_known());
        let mut diagnostics = Vec::new();
        let state = match unknown {
            Some(name) => State::Unknown(name),
            None => match settings(config, &mut diagnostics) {
                Ok(Some(settings)) => State::SelfHosted(Session::new(settings)),
                Ok(None) => State::Cloud,
                Err(diagnostic) => {
                    diagnostics.push(diagnostic);
                    State::NotConfigured
                }
            },
        };
        *self.state.write().expect("no panic while held") = state;
        diagnostics
    }

    /// The session for a resource, whose `region` is given; or why there is none.
    pub fn session(&self) -> Result<InRegion, Diagnostic> {
        match &*self.state.read().expect("no panic while held") {
            State::SelfHosted(session) => Ok(InRegion { session: session.clone(), region: SELF_HOSTED }),
            State::NotConfigured => Err(Diagnostic::error(
                "The provider is not configured",
                "Terraform asked for something that needs the environment before it sent the provider block. Please \
                 report this.",
            )),
            State::Unknown(name) => Err(Diagnostic::error(
                "The environment is not known yet",
                format!(
                    "The provider's `{name}` is known only after apply, so nothing can be read now. Apply what it \
                     depends on first, for example with -target."
                ),
            )),
            State::Cloud => Err(Diagnostic::error(
                "Materialize Cloud is not available in this build",
                "Neither `host` nor MZ_HOST is set, so the provider would sign in to Materialize Cloud, which this \
                 build cannot do. Set `host` to connect to a self-hosted environment.",
            )),
        }
    }

    /// The region that a new resource will get, if it is known at plan.
    pub fn region(&self) -> Option<&'static str> {
        matches!(&*self.state.read().expect("no panic while held"), State::SelfHosted(_)).then_some(SELF_HOSTED)
    }

    /// Whether the environment will be known only at apply.
    pub fn is_unknown(&self) -> bool {
        matches!(&*self.state.read().expect("no panic while held"), State::Unknown(_))
    }

    /// Cancels what waits.
    pub fn stop(&self) {
        if let State::SelfHosted(session) = &*self.state.read().expect("no panic while held") {
            session.stop();
        }
    }
}

/// The settings of self-hosted mode, or `None` in cloud mode.
fn settings(config: &Value, diagnostics: &mut Diagnostics) -> Result<Option<Settings>, Diagnostic> {
    let values = Values::new(config, config);
    let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let text = |name: &str, variable: &str| values.text(name).map(str::to_owned).or_else(|| env(variable));
    let Some(host) = text("host", "MZ_HOST") else { return Ok(None) };
    let defaults = Settings::default();
    let port = match (values.number("port").and_then(|port| port.as_i64()), env("MZ_PORT")) {
        (Some(port), _) => port.try_into().ok(),
        (None, Some(port)) => port.parse().ok(),
        (None, None) => Some(defaults.port),
    };
    let port = port.filter(|port| *port != 0).ok_or_else(|| {
        Diagnostic::error("Invalid port", "The port (attribute `port` or MZ_PORT) must be between 1 and 65535.")
            .at("port")
    })?;
    let sslmode = match text("sslmode", "MZ_SSLMODE") {
        Some(word) => word.parse::<SslMode>().map_err(|error| {
            Diagnostic::error("Invalid sslmode", format!("{error} (attribute `sslmode` or MZ_SSLMODE)")).at("sslmode")
        })?,
        None => defaults.sslmode,
    };
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
    let options = match values.get("options") {
        Value::Map(items) => {
            items.iter().filter_map(|(key, value)| Some((key.clone(), value.as_text()?.to_owned()))).collect()
        }
        _ => Vec::new(),
    };
    Ok(Some(Settings {
        host,
        port,
        user: text("username", "MZ_USERNAME").unwrap_or(defaults.user),
        password: text("password", "MZ_PASSWORD"),
        database: text("database", "MZ_DATABASE").unwrap_or(defaults.database),
        sslmode,
        sslrootcert: text("sslrootcert", "MZ_SSLROOTCERT"),
        options,
        ..Settings::default()
    }))
}
