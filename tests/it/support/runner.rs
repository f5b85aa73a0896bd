//! Lives through a case with a real Terraform.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::case::{Case, Step};
use super::drift::{self, Moment};
use super::hcl;
use super::plan::{Action, Plan, missing, visible, within};
use super::server::Server;
use super::sql::Session;
use super::terraform::{Output, Terraform, binaries};

/// Runs the case with every Terraform binary given.
pub fn run(name: &str) {
    let case = Case::load(name);
    for binary in binaries() {
        let given = Server::given();
        let cloud = provider::resources::ALL.iter().any(|r| r.name == case.resource_type() && r.remote.is_some());
        if (case.needs_emulator || cloud) && given.is_some() {
            eprintln!("{name}: needs the emulator, skipped");
            continue;
        }
        if case.needs_newer && given.as_ref().is_some_and(|server| server.version() < (26, 35)) {
            eprintln!("{name}: needs a server from v26.35 on, skipped");
            continue;
        }
        let server = given.unwrap_or_else(|| Server::for_type(case.resource_type()));
        Life::begin(&case, &binary, server).live();
    }
}

/// What the names of this process begin with. Unique on a server that is shared with others.
fn prefix(server: &Server) -> String {
    match server.is_emulator() {
        true => "it_".to_owned(),
        false => format!("it{}_", std::process::id()),
    }
}

struct Life<'a> {
    case: &'a Case,
    terraform: Terraform,
    session: Session,
    server: Server,
    prefix: String,
    config: String,
    /// Whether the state is what the configuration says: not after a step that failed.
    settled: bool,
    /// Everything that Terraform showed, for the search for secrets.
    shown: String,
}

impl<'a> Life<'a> {
    fn begin(case: &'a Case, binary: &Path, server: Server) -> Self {
        let mut terraform = Terraform::for_server(binary, &server, &case.provider);
        if !case.secrets.is_empty() {
            terraform.trace();
        }
        let session = server.session();
        let prefix = prefix(&server);
        let config = case.config.clone();
        Self { case, terraform, session, server, prefix, config, settled: true, shown: String::new() }
    }

    fn live(mut self) {
        if !self.case.before.is_empty() {
            let sql = self.fill(&self.case.before);
            self.session.query(&sql).unwrap_or_else(|error| panic!("before: {sql}: {error}"));
        }
        for step in &self.case.steps {
            let start = std::time::Instant::now();
            if let Err(problem) = self.step(step) {
                panic!("tests/cases/{}.case:{}: step `{}`: {problem}", self.case.name, step.line, step.name);
            }
            if std::env::var_os("CASE_TIMES").is_some() {
                eprintln!("{} `{}`: {} ms", self.case.name, step.name, start.elapsed().as_millis());
            }
        }
        if let Err(problem) = self.end() {
            panic!("tests/cases/{}.case: the end: {problem}", self.case.name);
        }
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        for behind in &step.behind {
            let text = self.fill(behind);
            self.behind(&text).map_err(|error| format!("behind: {text}: {error}"))?;
        }
        let before = self.config.clone();
        let config = step.edited(&before)?;
        if !step.edits.is_empty() && config == before {
            return Err("the edits change nothing".to_owned());
        }
        self.terraform.write("main.tf", &config.replace("${p}", &self.prefix));
        if let Some(id) = &step.import {
            let import = format!("import {{\n  to = {}\n  id = {:?}\n}}\n", self.case.subject, self.fill(id));
            self.forget()?;
            self.terraform.write("import.tf", &import);
        }
        let known: BTreeSet<String> = self.terraform.resources().into_iter().map(|(address, _)| address).collect();
        let outcome = if step.errors.is_empty() { self.succeed(step, &known, &config) } else { self.fail(step) };
        let _ = std::fs::remove_file(self.terraform.folder.join("import.tf"));
        outcome?;
        self.settled = step.errors.is_empty();
        if step.errors.is_empty() {
            self.config = config;
        }
        self.search_secrets()
    }

    /// SQL; `control LINE` of the emulator's control port; or in the cloud a request: `DELETE /path {"a": 1}`.
    fn behind(&self, text: &str) -> Result<(), String> {
        if let Some(line) = text.strip_prefix("control ") {
            self.server.control(line);
            return Ok(());
        }
        let mut words = text.splitn(3, ' ');
        match (words.next(), words.next(), words.next()) {
            (Some(method), Some(path), body) if path.starts_with('/') => {
                let body = body.map(serde_json::from_str).transpose().map_err(|error| error.to_string())?;
                self.server.request(method, path, body.as_ref()).map(drop)
            }
            _ => self.session.query(text).map(drop),
        }
    }

    fn succeed(&mut self, step: &Step, known: &BTreeSet<String>, config: &str) -> Result<(), String> {
        let planned = self.terraform.plan();
        self.show(&planned);
        if !planned.ok() {
            return Err(planned.report());
        }
        let document = self.terraform.show_plan();
        self.shown += &visible(&document).to_string();
        let plan = Plan::new(&document);
        self.judge(step, known, &plan, config).map_err(|problem| format!("{problem}\n{}", plan.describe()))?;
        if !self.case.secrets.is_empty() {
            self.shown += &self.terraform.run(&["show", "-no-color", "plan"]).expect_ok().stdout;
        }
        let mut diagnostics = planned.diagnostics();
        // What an import or a change behind Terraform's back left in the state is no configuration's.
        let own = step.import.is_none() && step.behind.is_empty() && self.settled;
        let before = Moment::now(&self.terraform, self.config.replace("${p}", &self.prefix)).filter(|_| own);
        let mark = self.server.mark();
        // A plan that does nothing was made from what the server has now: a second one would be the same.
        if document["applyable"] != false || !step.behind.is_empty() {
            let applied = self.terraform.apply_plan();
            self.show(&applied);
            if !applied.ok() {
                return Err(applied.report());
            }
            diagnostics.extend(applied.diagnostics());
            let _ = std::fs::remove_file(self.terraform.folder.join("import.tf"));
            self.terraform.check_settled()?;
        } else if document["resource_drift"].as_array().is_some_and(|drift| !drift.is_empty()) {
            return Err(format!("nothing to do, but something drifted: {}", document["resource_drift"]));
        }
        let sent = self.server.changes_since(mark);
        let silent = sent.as_ref().map_or(step.sent == ["nothing"], Vec::is_empty);
        if let Some(before) = before.filter(|_| !silent) {
            drift::is_seen(&self.terraform, &before, &plan, &step.unseen)?;
        }
        let warnings: Vec<String> = diagnostics.iter().map(|d| d.text()).collect();
        for warning in &step.warnings {
            let text = self.fill(warning);
            if !warnings.iter().any(|found| found.contains(&text)) {
                return Err(format!("no warning says `{text}`: {warnings:?}"));
            }
        }
        if let (false, Some(sent)) = (step.sent.is_empty(), sent) {
            self.judge_sent(step, &sent)?;
        }
        for (address, json) in &step.states {
            let expected: Value = serde_json::from_str(&self.fill(json)).map_err(|error| error.to_string())?;
            let found = self.terraform.attributes(address).ok_or_else(|| format!("{address} is not in the state"))?;
            let mut problems = Vec::new();
            missing(&expected, &found, "", &mut problems);
            if !problems.is_empty() {
                return Err(format!("the state of {address} differs:\n{}", problems.join("\n")));
            }
        }
        for (query, rows) in &step.queries {
            let (query, rows) = (self.fill(query), rows.iter().map(|row| self.fill(row)).collect::<Vec<_>>());
            let found = self.session.lines(&query).map_err(|error| format!("{query}: {error}"))?;
            if found != rows {
                return Err(format!("{query}\nexpected {rows:#?}\nfound {found:#?}"));
            }
        }
        Ok(())
    }

    fn judge(&self, step: &Step, known: &BTreeSet<String>, plan: &Plan, config: &str) -> Result<(), String> {
        let configured: BTreeSet<String> = hcl::blocks(config).iter().map(hcl::Block::address).collect();
        for expected in &step.plans {
            if plan.change(&expected.address).is_none() {
                return Err(format!("the plan does not know {}", expected.address));
            }
        }
        for change in &plan.changes {
            let stated = step.plans.iter().find(|planned| planned.address == change.address);
            let action = stated.map(|planned| planned.action).unwrap_or_else(|| {
                let imported = step.import.is_some() && change.address == self.case.subject;
                match (known.contains(&change.address), configured.contains(&change.address)) {
                    _ if change.address.starts_with("data.") => change.action,
                    (_, false) => Action::Delete,
                    (false, true) if !imported => Action::Create,
                    _ => Action::NoOp,
                }
            });
            if change.action != action {
                return Err(format!("{}: expected {action:?}, planned {:?}", change.address, change.action));
            }
            let Some(stated) = stated else { continue };
            let found = match action {
                Action::Update => &change.changed,
                Action::Replace => &change.replacing,
                _ => continue,
            };
            let extra: Vec<_> = found.iter().filter(|path| !stated.paths.iter().any(|p| within(path, p))).collect();
            let lacking: Vec<_> = stated.paths.iter().filter(|p| !found.iter().any(|path| within(path, p))).collect();
            if !extra.is_empty() || !lacking.is_empty() {
                return Err(format!("{}: {action:?}: unexpected {extra:?}, lacking {lacking:?}", change.address));
            }
        }
        Ok(())
    }

    fn judge_sent(&self, step: &Step, sent: &[String]) -> Result<(), String> {
        let expected: Vec<String> =
            step.sent.iter().filter(|line| *line != "nothing").map(|line| self.fill(line)).collect();
        let agree =
            expected.len() == sent.len() && expected.iter().zip(sent).all(|(expected, sent)| matches(expected, sent));
        if agree { Ok(()) } else { Err(format!("expected apply to send {expected:#?}\nsent {sent:#?}")) }
    }

    fn fail(&mut self, step: &Step) -> Result<(), String> {
        let phases = ["validate", "plan", "apply"];
        let last = phases.iter().position(|phase| *phase == step.errors[0].phase).unwrap_or_default();
        for (index, phase) in phases[..=last].iter().enumerate() {
            let output = match *phase {
                "validate" => self.terraform.validate(),
                "plan" => self.terraform.plan(),
                _ => self.terraform.apply_plan(),
            };
            self.show(&output);
            let errors = output.errors();
            if index < last {
                if !errors.is_empty() {
                    return Err(format!("an error before {}:\n{}", phases[last], output.report()));
                }
                continue;
            }
            if errors.is_empty() {
                return Err(format!("no error:\n{}", output.report()));
            }
            for expected in &step.errors {
                let text = self.fill(&expected.text);
                let saying = errors.iter().filter(|error| error.text().contains(&text)).collect::<Vec<_>>();
                if saying.is_empty() {
                    return Err(format!("no error says `{text}`:\n{}", output.report()));
                }
                if let Some(at) = &expected.at
                    && !saying.iter().any(|error| error.code.starts_with(at))
                {
                    return Err(format!("the error `{text}` does not point at `{at}`:\n{}", output.report()));
                }
            }
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        self.terraform.write("main.tf", &self.config.replace("${p}", &self.prefix));
        let destroyed = self.terraform.destroy();
        self.show(&destroyed);
        if !destroyed.ok() {
            return Err(destroyed.report());
        }
        if !self.terraform.resources().is_empty() {
            return Err(format!("left in the state: {:?}", self.terraform.resources()));
        }
        if !self.case.after.is_empty() {
            let sql = self.fill(&self.case.after);
            self.session.query(&sql).map_err(|error| format!("after: {sql}: {error}"))?;
        }
        let left = self.session.lines(&leftovers(&self.prefix))?;
        if !left.is_empty() && self.server.is_emulator() {
            return Err(format!("left on the server: {left:?}"));
        }
        self.search_secrets()
    }

    fn forget(&self) -> Result<(), String> {
        let output = self.terraform.run(&["state", "rm", &self.case.subject]);
        if output.ok() { Ok(()) } else { Err(output.report()) }
    }

    /// Remembers what was shown, without the lines of the user's own configuration that errors quote.
    fn show(&mut self, output: &Output) {
        let whole: Option<Value> = serde_json::from_str(&output.stdout).ok();
        for mut message in whole.map_or_else(|| output.messages(), |document| vec![document]) {
            forget_code(&mut message);
            self.shown += &message.to_string();
            self.shown.push('\n');
        }
        let is_json = |line: &&str| serde_json::from_str::<Value>(line).is_ok();
        if serde_json::from_str::<Value>(&output.stdout).is_err() {
            output.stdout.lines().filter(|line| !is_json(line)).for_each(|line| self.shown += line);
        }
        self.shown += &output.stderr;
    }

    fn search_secrets(&mut self) -> Result<(), String> {
        if self.case.secrets.is_empty() {
            return Ok(());
        }
        let log = self.terraform.log.as_ref().and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
        let state = self.terraform.state().to_string();
        for (secret, stored_never) in &self.case.secrets {
            let places = [("output", &self.shown), ("log", &log), ("state", &state)];
            for (place, text) in &places[..if *stored_never { 3 } else { 2 }] {
                if let Some(line) = text.lines().find(|line| line.contains(secret.as_str())) {
                    return Err(format!(
                        "`{secret}` shows in the {place}: {}",
                        line.chars().take(500).collect::<String>()
                    ));
                }
            }
        }
        self.shown.clear();
        Ok(())
    }

    /// `text` with `${p}`, `${oid}` and `${it.…}` filled in.
    fn fill(&self, text: &str) -> String {
        let mut text = text.replace("${p}", &self.prefix);
        if text.contains("${") {
            let attributes = self.terraform.attributes(&self.case.subject).unwrap_or_default();
            let id = attributes["id"].as_str().unwrap_or_default();
            text = text.replace("${oid}", id.rsplit(':').next().unwrap_or_default());
            for (name, value) in attributes.as_object().into_iter().flatten() {
                let value = match value {
                    Value::Null => String::new(),
                    value => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
                };
                text = text.replace(&format!("${{it.{name}}}"), &value);
            }
        }
        text
    }
}

fn forget_code(message: &mut Value) {
    match message {
        Value::Object(map) => {
            map.remove("code");
            map.values_mut().for_each(forget_code);
        }
        Value::Array(list) => list.iter_mut().for_each(forget_code),
        _ => {}
    }
}

/// Names of everything on the server that begins with the prefix.
fn leftovers(prefix: &str) -> String {
    let relations = [
        "mz_catalog.mz_objects", "mz_catalog.mz_roles", "mz_catalog.mz_clusters", "mz_catalog.mz_schemas",
        "mz_catalog.mz_databases", "mz_internal.mz_network_policies",
    ];
    let each = relations.map(|relation| format!("SELECT name FROM {relation} WHERE name LIKE '{prefix}%'"));
    each.join(" UNION ALL ")
}

/// Whether `text` is `pattern`, in which `*` stands for anything. Spaces count as one, a last `;` as nothing.
pub fn matches(pattern: &str, text: &str) -> bool {
    let squeeze = |text: &str| text.trim_end_matches(';').split_whitespace().collect::<Vec<_>>().join(" ");
    let (pattern, text) = (squeeze(pattern), squeeze(text));
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    #[test]
    fn matches_with_stars() {
        use super::matches;
        assert!(matches("CREATE  SECRET * AS *", "CREATE SECRET a AS 'b';"));
        assert!(matches("a*", "a") && matches("*", "x") && matches("a", "a;"));
        assert!(!matches("a*c", "ab") && !matches("a", "ab") && !matches("a*b*c", "acb"));
    }
}
