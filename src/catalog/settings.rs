//! How to reach a region.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Where a region is and who asks. `Debug` hides the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Settings {
    /// A host name or an IP address, without a port.
    pub host: String,
    pub port: u16,
    pub user: String,
    pub password: Option<String>,
    pub database: String,
    pub sslmode: SslMode,
    /// The certificates to trust instead of the system's: PEM, or the path of a PEM file.
    pub sslrootcert: Option<String>,
    pub application_name: String,
    /// Session variables, in any order.
    pub options: Vec<(String, String)>,
    /// For a connection, all attempts together.
    pub connect_timeout: Duration,
    /// For one read, its answer included; zero: no limit. A statement that changes something gets an hour at least,
    /// because some wait on purpose for as long as they say (`ALTER CLUSTER … WITH (WAIT UNTIL READY …)`), and to
    /// give one up is not to know what it did.
    pub statement_timeout: Duration,
    pub max_connections: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            host: "localhost".into(),
            port: 6875,
            user: "materialize".into(),
            password: None,
            database: "materialize".into(),
            sslmode: SslMode::default(),
            sslrootcert: None,
            application_name: concat!("terraform-provider-materialize v", env!("CARGO_PKG_VERSION")).into(),
            options: Vec::new(),
            connect_timeout: Duration::from_secs(30),
            statement_timeout: Duration::from_secs(600),
            max_connections: 8,
        }
    }
}

impl Settings {
    /// How long to wait for the answer to a statement.
    pub(super) fn limit(&self, writes: bool) -> Duration {
        const WRITE: Duration = Duration::from_secs(3600);
        match (self.statement_timeout, writes) {
            (Duration::ZERO, _) => Duration::MAX,
            (limit, true) => limit.max(WRITE),
            (limit, false) => limit,
        }
    }

    /// The `options` of the startup message: reads must see what was just created, so the isolation level comes first
    /// and is not the server's default. Blanks and backslashes are escaped as PostgreSQL says.
    pub(super) fn startup_options(&self) -> String {
        let mut options = self.options.clone();
        options.sort();
        options.insert(0, ("transaction_isolation".into(), "strict serializable".into()));
        let escape = |text: &str| text.replace('\\', r"\\").replace(' ', r"\ ");
        options.iter().map(|(k, v)| format!("--{}={}", escape(k), escape(v))).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("user", &self.user)
            .field("password", &self.password.as_ref().map(|_| "<REDACTED>"))
            .field("database", &self.database)
            .field("sslmode", &self.sslmode)
            .finish_non_exhaustive()
    }
}

/// What is asked of the transport, in libpq's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum SslMode {
    /// No TLS.
    Disable,
    /// TLS, whoever answers.
    Require,
    /// TLS with a certificate of a trusted authority, whatever its name.
    VerifyCa,
    /// TLS with a trusted certificate for this host.
    #[default]
    VerifyFull,
}

impl SslMode {
    /// libpq's word.
    pub const fn word(self) -> &'static str {
        match self {
            SslMode::Disable => "disable",
            SslMode::Require => "require",
            SslMode::VerifyCa => "verify-ca",
            SslMode::VerifyFull => "verify-full",
        }
    }
}

impl FromStr for SslMode {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        const ALL: [SslMode; 4] = [SslMode::Disable, SslMode::Require, SslMode::VerifyCa, SslMode::VerifyFull];
        // These would fall back to an unencrypted connection without a word: they are taken for the next one that never does.
        let word = if matches!(word, "allow" | "prefer") { "require" } else { word };
        ALL.into_iter()
            .find(|mode| mode.word() == word)
            .ok_or_else(|| format!("sslmode {word:?} is no such mode. Use verify-full, verify-ca, require or disable"))
    }
}
