//! The server that a test talks to: an emulator of its own (of an environment, or of an organisation in the cloud), or
//! the one that `MZ_HOST` names.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::case::Case;
use super::certificate::Certificates;
use super::folder::Folder;
use super::sql::Session;

/// The user and the app password that an organisation has from the start.
pub const ADMIN: &str = "admin@example.com";
pub const APP_PASSWORD: &str = "mzp_0f1e2d3c4b5a69788796a5b4c3d2e1f0fedcba98765432100123456789abcdef";

/// Where an organisation's services are.
pub struct Cloud {
    pub url: String,
    /// The file of the authority by which its regions' certificates are issued.
    pub ca: String,
    _folder: Folder,
}

pub struct Server {
    /// The emulator's process; none where the server is somebody else's.
    child: Option<Child>,
    pub host: String,
    pub port: u16,
    pub user: String,
    pub password: Option<String>,
    /// Where the emulator's log of statements and its faults are reached.
    control: Option<u16>,
    pub cloud: Option<Cloud>,
}

/// An executable in the folder into which cargo builds, seen from a test or a benchmark (`…/deps/it-1234`).
pub fn beside_tests(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let folder = test.ancestors().nth(2).expect("a target folder");
    folder.join(name)
}

fn emulator_binary() -> PathBuf {
    let path = std::env::var_os("EMULATOR_BINARY").map(PathBuf::from);
    let path = path.unwrap_or_else(|| beside_tests("materialize-emulator"));
    assert!(path.is_file(), "{} is not built: run `cargo build --workspace` first, or `make test`", path.display());
    path
}

impl Server {
    /// The server named by `MZ_HOST`, `MZ_PORT`, `MZ_USERNAME` and `MZ_PASSWORD`.
    pub fn given() -> Option<Self> {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let host = variable("MZ_HOST")?;
        let port = variable("MZ_PORT").map_or(6875, |port| port.parse().expect("MZ_PORT is a port"));
        let user = variable("MZ_USERNAME").unwrap_or_else(|| "materialize".to_owned());
        Some(Self { child: None, host, port, user, password: variable("MZ_PASSWORD"), control: None, cloud: None })
    }

    /// A new emulator that knows the brokers and databases of `tests/data/upstreams.json`, on a port of its own.
    pub fn with_upstreams() -> Self {
        Self::told_of_upstreams(&[])
    }

    /// A new emulator with these further flags, on a port of its own.
    pub fn emulator(flags: &[&str]) -> Self {
        let (child, said) = start(flags);
        let (host, user) = ("127.0.0.1".to_owned(), "mz_system".to_owned());
        let (port, control) = (port(&said, "listening on "), Some(port(&said, "control on ")));
        Self { child: Some(child), host, port, user, password: None, control, cloud: None }
    }

    /// A new organisation in the cloud; `organization` is the JSON of what it is at the start, if not the usual one. Its
    /// regions have certificates of an authority of their own; SQL sessions of tests go to the first.
    pub fn organization(organization: Option<&str>, flags: &[&str]) -> Self {
        Self::organization_with(&Certificates::make("localhost"), organization, flags)
    }

    /// The same with these certificates.
    pub fn organization_with(certificates: &Certificates, organization: Option<&str>, flags: &[&str]) -> Self {
        let folder = Folder::new();
        let file = |name: &str, text: &str| {
            let path = folder.0.join(name);
            std::fs::write(&path, text).expect("a file");
            path.to_str().expect("a path in UTF-8").to_owned()
        };
        let ca = file("ca.pem", &certificates.authority);
        let (cert, key) = (file("cert.pem", &certificates.chain), file("key.pem", &certificates.key));
        let mut all = vec!["--cloud", "127.0.0.1:0", "--tls-cert", &cert, "--tls-key", &key];
        let given = organization.map(|json| file("organization.json", json));
        all.extend(given.iter().flat_map(|path| ["--organization", path]));
        all.extend(flags);
        let (child, said) = start(&all);
        let line = |what: &str| said.iter().find_map(|line| line.strip_prefix(what)).map(str::to_owned);
        let url = line("cloud listening on ").unwrap_or_else(|| panic!("no address of the cloud: {said:?}"));
        let cloud = Cloud { url, ca, _folder: folder };
        let (host, user, password) = ("127.0.0.1".to_owned(), ADMIN.to_owned(), Some(APP_PASSWORD.to_owned()));
        let (port, control) = (port(&said, "region "), Some(port(&said, "control on ")));
        Self { child: Some(child), host, port, user, password, control, cloud: Some(cloud) }
    }

    /// A new emulator of the kind that resources or data sources of this type need.
    pub fn for_type(name: &str) -> Self {
        match provider::resources::ALL.iter().find(|resource| resource.name == name) {
            Some(resource) if resource.remote.is_some() => Self::organization(None, &[]),
            Some(_) if Case::load(name.trim_start_matches("materialize_")).needs_newer => Self::newer(),
            _ => Self::with_upstreams(),
        }
    }

    /// The same as `with_upstreams`, newer than the recorded server.
    pub fn newer() -> Self {
        Self::told_of_upstreams(&["--newer"])
    }

    fn told_of_upstreams(flags: &[&str]) -> Self {
        let upstreams = super::root("tests/data/upstreams.json");
        let upstreams = ["--upstreams", upstreams.to_str().expect("a path in UTF-8")];
        Self::emulator(&[&upstreams, flags].concat())
    }

    /// A request of the cloud's services, signed by the first user.
    pub fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let url = &self.cloud.as_ref().expect("an organisation").url;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let client = reqwest::Client::builder();
            let client = client.tls_backend_preconfigured(provider::catalog::verified_tls(None).expect("TLS"));
            let client = client.no_proxy().build().expect("a client");
            let send = async |method: &str, path: &str, token: &str, body: Option<&Value>| {
                let method: reqwest::Method = method.parse().expect("a method");
                let request = client.request(method, format!("{url}{path}")).bearer_auth(token);
                let request = request.body(body.map(Value::to_string).unwrap_or_default());
                let answer = request.send().await.map_err(|error| error.to_string())?;
                let (status, text) = (answer.status(), answer.text().await.map_err(|error| error.to_string())?);
                match status.is_success() {
                    true => Ok(serde_json::from_str::<Value>(&text).unwrap_or_default()),
                    false => Err(format!("{status}: {text}")),
                }
            };
            let (id, secret) = (&APP_PASSWORD[4..36], &APP_PASSWORD[36..]);
            let uuid = |hex: &str| [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-");
            let asked = serde_json::json!({ "clientId": uuid(id), "secret": uuid(secret) });
            let signed = send("POST", "/identity/resources/auth/v1/api-token", "", Some(&asked)).await?;
            send(method, path, signed["accessToken"].as_str().unwrap_or_default(), body).await
        })
    }

    /// The requests so far that change something, as `METHOD /path {body}`.
    fn requests(&self) -> Vec<String> {
        let log = self.control("http log");
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        let changes = log.iter().filter(|entry| entry["method"] != "GET" && !text(entry, "path").contains("/auth/"));
        let written = changes.map(|entry| {
            let body = Some(&entry["body"]).filter(|body| !body.is_null()).map(Value::to_string).unwrap_or_default();
            format!("{} {} {body}", text(entry, "method"), text(entry, "path")).trim_end().to_owned()
        });
        written.collect()
    }

    /// What `mz_version()` begins with: `v26.18.0 (…)` is (26, 18).
    pub fn version(&self) -> (u32, u32) {
        let rows = self.session().lines("SELECT mz_version()").expect("the server's version");
        let mut numbers = rows[0].trim_start_matches('v').split('.').map(|n| n.parse().unwrap_or(0));
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
    }

    pub fn is_emulator(&self) -> bool {
        self.child.is_some()
    }

    /// The lines of a provider block which reach this server.
    pub fn provider_lines(&self) -> String {
        if let Some(Cloud { url, ca, .. }) = &self.cloud {
            let password = self.password.as_ref().expect("an app password");
            let lines = [("endpoint", url), ("cloud_endpoint", url), ("password", password), ("sslrootcert", ca)];
            return lines.map(|(name, value)| format!("  {name} = {value:?}\n")).concat();
        }
        self.provider_lines_at(self.port)
    }

    /// The same through another port.
    pub fn provider_lines_at(&self, port: u16) -> String {
        let password = self.password.as_ref().map_or(String::new(), |password| format!("  password = {password:?}\n"));
        format!(
            "  host     = {:?}\n  port     = {}\n  username = {:?}\n  sslmode  = \"disable\"\n{password}",
            self.host, port, self.user
        )
    }

    pub fn session(&self) -> Session {
        Session::open(self)
    }

    /// Sends one line to the emulator's control port and returns the lines of its answer but the last, which must
    /// say that it went well.
    pub fn control(&self, line: &str) -> Vec<Value> {
        let port = self.control.expect("an emulator");
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the control port answers");
        stream.write_all(format!("{line}\n").as_bytes()).expect("the control port listens");
        let mut answers = Vec::new();
        for answer in BufReader::new(stream).lines() {
            let answer: Value = serde_json::from_str(&answer.expect("an answer")).expect("an answer in JSON");
            if answer.get("ok").is_some() {
                return answers;
            }
            assert!(answer.get("error").is_none(), "{line}: {answer}");
            answers.push(answer);
        }
        panic!("{line}: the control port hung up");
    }

    /// Every statement that the emulator has received, oldest first; none where the server is somebody else's.
    pub fn statements(&self) -> Option<Vec<String>> {
        self.control?;
        let received =
            self.control(if self.cloud.is_some() { "region aws/us-east-1 statements" } else { "statements" });
        Some(received.iter().filter_map(|entry| entry["sql"].as_str()).flat_map(split).collect())
    }

    /// The statements (in the cloud: requests) after the first `mark` that change something.
    pub fn changes_since(&self, mark: usize) -> Option<Vec<String>> {
        if self.cloud.is_some() {
            return Some(self.requests().split_off(mark));
        }
        let mut all = self.statements()?;
        Some(all.drain(mark..).filter(|sql| !is_read(sql)).collect())
    }

    /// How many statements there were so far.
    pub fn mark(&self) -> usize {
        if self.cloud.is_some() {
            return self.requests().len();
        }
        self.statements().map_or(0, |all| all.len())
    }

    /// Ends the emulator now, as a crash would.
    pub fn kill(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Starts an emulator, and returns what it says until it is ready.
fn start(flags: &[&str]) -> (Child, Vec<String>) {
    let mut command = Command::new(emulator_binary());
    command.args(["--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"]).args(flags);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the emulator starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut said = Vec::new();
    while let Some(Ok(line)) = lines.next() {
        said.push(line);
        if said[said.len() - 1].starts_with("control on ") {
            break;
        }
    }
    // The rest of its output must be read, or it would block.
    std::thread::spawn(move || lines.for_each(drop));
    (child, said)
}

/// The port at the end of the first line that begins so.
fn port(said: &[String], what: &str) -> u16 {
    let line = said.iter().find(|line| line.starts_with(what));
    let port = line.and_then(|line| line.rsplit(':').next()?.trim().parse().ok());
    port.unwrap_or_else(|| panic!("the emulator should say `{what}ADDRESS`, it said: {said:?}"))
}

/// Whether a statement only looks, or only concerns its own session.
pub fn is_read(sql: &str) -> bool {
    let word = sql.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().to_ascii_uppercase();
    matches!(
        word.as_str(),
        "SELECT" | "SHOW" | "SET" | "WITH" | "VALUES" | "BEGIN" | "START" | "COMMIT" | "ROLLBACK" | "EXPLAIN"
    )
}

/// The statements of a text that may hold several.
pub fn split(text: &str) -> Vec<String> {
    let (mut found, mut current, mut quote) = (Vec::new(), String::new(), None);
    for c in text.chars() {
        match quote {
            Some(end) if c == end => quote = None,
            None if c == '\'' || c == '"' => quote = Some(c),
            None if c == ';' => {
                found.push(std::mem::take(&mut current));
                continue;
            }
            _ => {}
        }
        current.push(c);
    }
    found.push(current);
    found.iter().map(|sql| sql.trim().to_owned()).filter(|sql| !sql.is_empty()).collect()
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_statements_and_knows_reads() {
        assert_eq!(split("A 'x;''y'; B \"q;\" ;;"), ["A 'x;''y'", "B \"q;\""]);
        assert!(is_read("select 1") && is_read("SET x = 1") && !is_read("CREATE ROLE a") && !is_read("SELECTED"));
    }
}
