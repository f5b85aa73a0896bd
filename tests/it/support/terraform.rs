//! A real Terraform in a folder of its own, with the provider that was just built.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use provider::plugin::ADDRESS;
use serde_json::Value;

use super::server::Server;

/// The Terraform binaries to test with: those in `TF_VERSIONS` (separated by `:`), else `terraform` on the PATH.
pub fn binaries() -> Vec<PathBuf> {
    let found: Vec<PathBuf> = match std::env::var_os("TF_VERSIONS").filter(|list| !list.is_empty()) {
        Some(list) => std::env::split_paths(&list).collect(),
        None => std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
            .map(|folder| folder.join("terraform"))
            .filter(|path| path.is_file())
            .take(1)
            .collect(),
    };
    assert!(
        !found.is_empty() && found.iter().all(|path| path.is_file()),
        "these tests drive a real Terraform: put `terraform` on the PATH, or give binaries in TF_VERSIONS (found: {found:?})"
    );
    found
}

/// The first of the binaries that knows what Terraform has from this version on. `None`: none does, which is said.
pub fn binary_from(major: u32, minor: u32) -> Option<PathBuf> {
    let version = |binary: &PathBuf| {
        let said = Command::new(binary)
            .args(["version", "-json"])
            .env_remove("TF_CLI_CONFIG_FILE")
            .output()
            .expect("a version");
        let said: Value = serde_json::from_slice(&said.stdout).expect("a version in JSON");
        let text = said["terraform_version"].as_str().unwrap_or_default().to_owned();
        let mut numbers = text.split(['.', '-']).map(|part| part.parse().unwrap_or(0));
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
    };
    // OpenTofu has numbers of its own.
    let is_terraform =
        |binary: &PathBuf| binary.file_name().is_some_and(|name| !name.to_string_lossy().contains("tofu"));
    let found = binaries().into_iter().find(|binary| is_terraform(binary) && version(binary) >= (major, minor));
    if found.is_none() {
        eprintln!("needs Terraform {major}.{minor} or later, skipped");
    }
    found
}

/// The provider under test: `PROVIDER_BINARY`, else the one that cargo built with these tests.
pub fn provider_binary() -> PathBuf {
    let built = option_env!("CARGO_BIN_EXE_terraform-provider-materialize");
    let path = std::env::var_os("PROVIDER_BINARY").map(PathBuf::from).or(built.map(PathBuf::from));
    path.unwrap_or_else(|| super::server::beside_tests("terraform-provider-materialize"))
}

/// What a run of Terraform said.
pub struct Output {
    pub command: String,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Output {
    pub fn ok(&self) -> bool {
        self.code == Some(0)
    }

    /// The lines of a `-json` run. `validate -json` prints one document instead of lines.
    pub fn messages(&self) -> Vec<Value> {
        self.stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// All diagnostics of a `-json` run, but the one that every run has: that the provider is the one just built.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let document: Option<Value> = serde_json::from_str(&self.stdout).ok();
        let listed = document.as_ref().and_then(|document| document["diagnostics"].as_array());
        let all: Vec<Diagnostic> = match listed {
            Some(list) => list.iter().map(Diagnostic::new).collect(),
            None => {
                let messages = self.messages();
                let diagnostics = messages.iter().filter(|m| m["type"] == "diagnostic");
                diagnostics.map(|m| Diagnostic::new(&m["diagnostic"])).collect()
            }
        };
        all.into_iter().filter(|d| !d.summary.starts_with("Provider development overrides are in effect")).collect()
    }

    pub fn errors(&self) -> Vec<Diagnostic> {
        self.diagnostics().into_iter().filter(|d| d.severity == "error").collect()
    }

    /// What a person needs to see when this run did not do what was expected.
    pub fn report(&self) -> String {
        let said: Vec<String> = self.diagnostics().iter().map(Diagnostic::to_string).collect();
        let said = if said.is_empty() { self.stdout.clone() } else { said.join("\n") };
        format!("terraform {} (exit {:?})\n{said}\n{}", self.command, self.code, self.stderr)
    }

    pub fn expect_ok(self) -> Self {
        assert!(self.ok(), "{}", self.report());
        self
    }
}

/// One error or warning as Terraform shows it.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub severity: String,
    pub summary: String,
    pub detail: String,
    pub address: String,
    /// The line of the configuration it points at, trimmed.
    pub code: String,
    /// The number of that line, and its file.
    pub line: u64,
    pub file: String,
}

impl Diagnostic {
    fn new(value: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            severity: text(&value["severity"]),
            summary: text(&value["summary"]),
            detail: text(&value["detail"]),
            address: text(&value["address"]),
            code: text(&value["snippet"]["code"]).trim().to_owned(),
            line: value["range"]["start"]["line"].as_u64().unwrap_or_default(),
            file: text(&value["range"]["filename"]),
        }
    }

    pub fn text(&self) -> String {
        format!("{}\n{}", self.summary, self.detail)
    }
}

impl std::fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}\n  {}", self.severity, self.summary, self.detail.replace('\n', "\n  "))?;
        write!(f, "\n  at line {}: {} {}", self.line, self.address, self.code)
    }
}

/// A folder with a configuration and a state. Removed when dropped, except while panicking.
pub struct Terraform {
    pub folder: PathBuf,
    pub binary: PathBuf,
    environment: Vec<(String, String)>,
    /// Terraform's log and the provider's at the finest level, where a case asks for it.
    pub log: Option<PathBuf>,
}

static COUNT: AtomicUsize = AtomicUsize::new(0);

impl Terraform {
    pub fn new(binary: &Path) -> Self {
        let name = format!("tf-materialize-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        let overrides = folder.join("provider");
        std::fs::create_dir_all(&overrides).expect("a temporary folder");
        // A folder with nothing else in it: Terraform takes whatever begins with the provider's name.
        let provider = provider_binary();
        assert!(provider.is_file(), "{} is not built", provider.display());
        std::os::unix::fs::symlink(&provider, overrides.join("terraform-provider-materialize")).expect("a link");
        let config = format!(
            "disable_checkpoint = true\nprovider_installation {{\n  dev_overrides {{\n    {ADDRESS:?} = {overrides:?}\n  }}\n}}\n"
        );
        std::fs::write(folder.join("terraform.rc"), config).expect("a file");
        Self { folder, binary: binary.to_owned(), environment: Vec::new(), log: None }
    }

    /// With a `provider.tf` for this server; `extra` are further lines of the provider block.
    pub fn for_server(binary: &Path, server: &Server, extra: &str) -> Self {
        let terraform = Self::new(binary);
        terraform.write("provider.tf", &provider_file(&server.provider_lines(), extra));
        terraform
    }

    /// An environment variable of every later run.
    pub fn env(&mut self, name: &str, value: &str) -> &mut Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Records Terraform's and the provider's log at level TRACE.
    pub fn trace(&mut self) {
        self.log = Some(self.folder.join("trace.log"));
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.join(name), text).expect("a file in the temporary folder");
    }

    /// The command, ready to run. Nothing of the caller's environment reaches it but the search path.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).current_dir(&self.folder).env_clear().stdin(Stdio::null());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", &self.folder).env("TMPDIR", &self.folder);
        command.env("TF_CLI_CONFIG_FILE", self.folder.join("terraform.rc"));
        command.env("CHECKPOINT_DISABLE", "1").env("TF_IN_AUTOMATION", "1").env("TF_INPUT", "0");
        if let Some(log) = &self.log {
            command.env("TF_LOG", "trace").env("TF_LOG_PATH", log);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs it to its end; a run that does not end in five minutes is ended, and the test fails.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut child = self.spawn(arguments);
        let stdout = drain(child.stdout.take().expect("its output"));
        let stderr = drain(child.stderr.take().expect("its errors"));
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().expect("a state of the process") {
                break status;
            }
            if start.elapsed() > Duration::from_secs(300) {
                let _ = child.kill();
                let _ = child.wait();
                panic!("terraform {} does not end: {}", arguments.join(" "), stdout.join().unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        Output {
            command: arguments.join(" "),
            code: status.code(),
            stdout: stdout.join().unwrap_or_default(),
            stderr: stderr.join().unwrap_or_default(),
        }
    }

    /// Starts it and returns at once.
    pub fn spawn(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("terraform runs")
    }

    pub fn validate(&self) -> Output {
        self.run(&["validate", "-json"])
    }

    /// Plans into the file `plan`.
    pub fn plan(&self) -> Output {
        self.run(&["plan", "-json", "-out=plan"])
    }

    /// Applies the file `plan`.
    pub fn apply_plan(&self) -> Output {
        self.run(&["apply", "-json", "plan"])
    }

    /// Plans and applies.
    pub fn apply(&self) -> Output {
        self.run(&["apply", "-json", "-auto-approve"])
    }

    pub fn destroy(&self) -> Output {
        self.run(&["destroy", "-json", "-auto-approve"])
    }

    /// The file `plan` as data.
    pub fn show_plan(&self) -> Value {
        let output = self.run(&["show", "-json", "plan"]).expect_ok();
        serde_json::from_str(&output.stdout).expect("a plan in JSON")
    }

    /// The state as Terraform stores it; null when there is none.
    pub fn state(&self) -> Value {
        match std::fs::read_to_string(self.folder.join("terraform.tfstate")) {
            Ok(text) => serde_json::from_str(&text).expect("a state in JSON"),
            Err(_) => Value::Null,
        }
    }

    /// Address to attributes of every resource in the state; the first instance of each.
    pub fn resources(&self) -> Vec<(String, Value)> {
        let state = self.state();
        let resources = state["resources"].as_array().cloned().unwrap_or_default();
        let entry = |resource: &Value| {
            let prefix = if resource["mode"] == "data" { "data." } else { "" };
            let address = format!("{prefix}{}.{}", resource["type"].as_str()?, resource["name"].as_str()?);
            Some((address, resource["instances"][0].clone()))
        };
        resources.iter().filter_map(entry).collect()
    }

    /// The attributes of one resource in the state.
    pub fn attributes(&self, address: &str) -> Option<Value> {
        let found = self.resources().into_iter().find(|(found, _)| found == address)?;
        Some(found.1["attributes"].clone())
    }

    /// Plans again: an error message unless there is nothing to do and nothing has drifted.
    pub fn check_settled(&self) -> Result<(), String> {
        let output = self.run(&["plan", "-json", "-detailed-exitcode"]);
        let news: Vec<String> = output
            .messages()
            .iter()
            .filter(|m| matches!(m["type"].as_str(), Some("planned_change" | "resource_drift")))
            .map(|m| {
                format!("{}: {}", m["type"].as_str().unwrap_or_default(), m["@message"].as_str().unwrap_or_default())
            })
            .collect();
        if output.ok() && news.is_empty() {
            return Ok(());
        }
        if output.code == Some(1) {
            return Err(output.report());
        }
        // Say what would change, not only that something would.
        self.plan();
        let shown = self.show_plan();
        let plan = super::plan::Plan::new(&shown);
        // A view that took another's place has a new id, and so have grants on it, which are noted when they are read.
        let noted = |drift: &Value| {
            let [mut before, mut after] = ["before", "after"].map(|when| drift["change"][when].clone());
            for state in [&mut before, &mut after].into_iter().filter_map(Value::as_object_mut) {
                state.remove("id");
            }
            let mut known = provider::resources::ALL.iter();
            let replaceable = known.any(|resource| resource.replaceable && drift["type"] == resource.name);
            replaceable && before == after && after.is_object()
        };
        if output.code == Some(0) && shown["resource_drift"].as_array().is_some_and(|all| all.iter().all(noted)) {
            return Ok(());
        }
        Err(format!("the next plan is not empty:\n{}\n{}", news.join("\n"), plan.describe()))
    }
}

/// Reads all there is on a thread, so that the writer never waits.
/// Does what Ctrl-C does.
pub fn interrupt(child: &Child) {
    let done = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(done.expect("kill runs").success());
}

fn drain(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

impl Drop for Terraform {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("kept for a look: {}", self.folder.display());
        } else {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// The file that names the provider and configures it with these lines.
pub fn provider_file(lines: &str, extra: &str) -> String {
    format!(
        "terraform {{\n  required_providers {{\n    materialize = {{\n      source = {ADDRESS:?}\n    }}\n  }}\n}}\n\n\
         provider \"materialize\" {{\n{lines}{extra}}}\n"
    )
}
