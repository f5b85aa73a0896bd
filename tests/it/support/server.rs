//! The server that a test talks to: an emulator of its own, or the one that `MZ_HOST` names.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::sql::Session;

pub struct Server {
    /// The emulator's process; none where the server is somebody else's.
    child: Option<Child>,
    pub host: String,
    pub port: u16,
    pub user: String,
    pub password: Option<String>,
    /// Where the emulator's log of statements and its faults are reached.
    control: Option<u16>,
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
        Some(Self { child: None, host, port, user, password: variable("MZ_PASSWORD"), control: None })
    }

    /// A new emulator that knows the brokers and databases of `tests/data/upstreams.json`, on a port of its own.
    pub fn with_upstreams() -> Self {
        Self::emulator(&["--upstreams", super::root("tests/data/upstreams.json").to_str().expect("a path in UTF-8")])
    }

    /// A new emulator with these further flags, on a port of its own.
    pub fn emulator(flags: &[&str]) -> Self {
        let mut command = Command::new(emulator_binary());
        command.args(["--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"]).args(flags);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the emulator starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut port = |what: &str| {
            let line = lines.next().and_then(Result::ok).unwrap_or_default();
            let port = line.strip_prefix(what).and_then(|rest| rest.rsplit(':').next()?.trim().parse().ok());
            port.unwrap_or_else(|| panic!("the emulator should say `{what}ADDRESS`, it said: {line}"))
        };
        let listen = port("listening on ");
        let control = Some(port("control on "));
        // The rest of its output must be read, or it would block.
        std::thread::spawn(move || lines.for_each(drop));
        let user = "mz_system".to_owned();
        Self { child: Some(child), host: "127.0.0.1".to_owned(), port: listen, user, password: None, control }
    }

    pub fn is_emulator(&self) -> bool {
        self.child.is_some()
    }

    /// The lines of a provider block which reach this server.
    pub fn provider_lines(&self) -> String {
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
        let received = self.control("statements");
        Some(received.iter().filter_map(|entry| entry["sql"].as_str()).flat_map(split).collect())
    }

    /// The statements after the first `mark` that change something.
    pub fn changes_since(&self, mark: usize) -> Option<Vec<String>> {
        let mut all = self.statements()?;
        Some(all.drain(mark..).filter(|sql| !is_read(sql)).collect())
    }

    /// How many statements there were so far.
    pub fn mark(&self) -> usize {
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
