//! The language of the files in `tests/cases`: how one resource lives, step by step.
//!
//! ```text
//! subject materialize_schema.it      the resource under test; its last word is usually `it`
//! needs emulator                     only where the server is the emulator
//! needs newer                        only where the server is newer than the recorded one; the emulator is so
//! secret-never TEXT                  appears in no output, log, error or visible part of a plan
//! never-stored TEXT                  the same, and not in the state either
//! tied ATTRIBUTES                    a rule ties these to others: no step can change them alone
//! provider:                          further lines of the provider block
//!   options = { … }
//! before:                            SQL that runs first, on a session of its own
//! config:                            the configuration of the first step
//!   resource "materialize_schema" "it" {
//!     name = "${p}one"               ${p}: what all names of this run begin with
//!   }
//! after:                             SQL that runs after everything is destroyed
//!
//! step NAME:                         every step plans, applies, and plans again: then nothing may be left to do
//!   + LINES                          puts LINES into the subject's block
//!   - START                          takes the attribute or block out that begins with START
//!   ~ OLD => NEW                     replaces text that occurs once in the subject's block
//!   in ADDRESS                       later edits of this step are about this block
//!   add LINES / drop ADDRESS         a whole block more or less
//!   behind SQL                       changes the server behind Terraform's back, before the plan; in the cloud also
//!                                    `METHOD /path {JSON}`, and `control LINE` for the emulator's control port
//!   import ID                        forgets the subject and imports it again: a `no-op` unless `plan` says otherwise
//!   plan [ADDRESS] create | no-op | delete | update PATHS | replace PATHS
//!                                    exactly these attributes change, or force the replacement. What is not named
//!                                    here is created if new, deleted if dropped, else left alone.
//!   unseen PATHS                     of an update: what nobody would see if somebody else had done it, while everything
//!                                    else that is altered must be seen as drift
//!   state [ADDRESS] JSON             the state contains this
//!   sql QUERY, then > ROW …          the server answers this; columns separated by ` | `
//!   sent STATEMENT | sent nothing    what apply sent besides reads, in order and complete; `*` stands for anything; in
//!                                    the cloud requests: `METHOD /path {JSON}`
//!   warning TEXT                     plan or apply warns with this
//!   error validate|plan|apply TEXT   this step fails; its edits are taken back afterwards
//!   at CODE                          the error before points at a line that begins so
//! ```
//!
//! Lines that are indented deeper continue the line before. In SQL, ids, states and `sent`, `${it.ATTRIBUTE}` is an
//! attribute of the subject in the state before the step, `${oid}` the last part of its id.

use serde_json::Value;

use super::hcl;
use super::plan::Action;

#[derive(Clone, Debug, Default)]
pub struct Case {
    pub name: String,
    pub subject: String,
    pub needs_emulator: bool,
    pub needs_newer: bool,
    /// Top-level attributes that no step can change alone.
    pub tied: Vec<String>,
    /// Texts that may appear nowhere, and whether the state is included.
    pub secrets: Vec<(String, bool)>,
    pub provider: String,
    pub before: String,
    pub after: String,
    pub config: String,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, Default)]
pub struct Step {
    pub name: String,
    pub line: usize,
    pub edits: Vec<Edit>,
    pub behind: Vec<String>,
    pub import: Option<String>,
    pub plans: Vec<Planned>,
    pub states: Vec<(String, String)>,
    pub queries: Vec<(String, Vec<String>)>,
    pub sent: Vec<String>,
    pub unseen: Vec<String>,
    pub warnings: Vec<String>,
    pub errors: Vec<Failure>,
}

#[derive(Clone, Debug)]
pub enum Edit {
    Insert(String, String),
    Remove(String, String),
    Replace(String, String, String),
    Add(String),
    Drop(String),
}

/// What is expected of the plan for one resource.
#[derive(Clone, Debug)]
pub struct Planned {
    pub address: String,
    pub action: Action,
    pub paths: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Failure {
    pub phase: String,
    pub text: String,
    pub at: Option<String>,
}

impl Case {
    pub fn load(name: &str) -> Self {
        let text = super::read(&format!("tests/cases/{name}.case"));
        Self::parse(name, &text).unwrap_or_else(|error| panic!("tests/cases/{name}.case:{error}"))
    }

    /// The type under test.
    pub fn resource_type(&self) -> &str {
        self.subject.split('.').next().unwrap_or_default()
    }

    /// The configurations that are applied, in order: the first, and those of all steps that succeed.
    pub fn configurations(&self) -> Vec<String> {
        let mut all = vec![self.config.clone()];
        for step in self.steps.iter().filter(|step| step.errors.is_empty()) {
            let edited = step.edited(&all[all.len() - 1]);
            all.push(edited.unwrap_or_else(|problem| panic!("{}: {problem}", self.name)));
        }
        all
    }

    /// Errors begin with the number of the line.
    pub fn parse(name: &str, text: &str) -> Result<Self, String> {
        let mut case = Self { name: name.to_owned(), ..Self::default() };
        for item in items(text, 0)? {
            let fail = |message: &str| format!("{}: {message}: {}", item.line, item.head);
            let (word, rest) = split(&item.head);
            match word {
                "subject" => case.subject = rest.to_owned(),
                "needs" if rest == "emulator" => case.needs_emulator = true,
                "needs" if rest == "newer" => case.needs_newer = true,
                "tied" => case.tied.extend(rest.split_whitespace().map(str::to_owned)),
                "secret-never" => case.secrets.push((rest.to_owned(), false)),
                "never-stored" => case.secrets.push((rest.to_owned(), true)),
                "provider:" => case.provider = indented(&item.body),
                "before:" => case.before = item.body.join("\n"),
                "after:" => case.after = item.body.join("\n"),
                "config:" => case.config = item.body.join("\n"),
                "step" => case.steps.push(case.step(rest.trim_end_matches(':'), &item)?),
                _ => return Err(fail("unknown word")),
            }
        }
        if case.subject.is_empty() || case.config.is_empty() || case.steps.is_empty() {
            return Err("1: a case needs a subject, a config and steps".to_owned());
        }
        Ok(case)
    }

    fn step(&self, name: &str, item: &Item) -> Result<Step, String> {
        let mut step = Step { name: name.to_owned(), line: item.line, ..Step::default() };
        let mut block = self.subject.clone();
        let body = item.body.join("\n");
        for inner in items(&body, 0)? {
            let line = item.line + inner.line;
            let fail = |message: &str| format!("{line}: {message}: {}", inner.head);
            let (word, rest) = split(&inner.head);
            // Everything after the word, with the lines that continue it.
            let whole = || [&[rest.to_owned()][..], &inner.body].concat().join("\n").trim().to_owned();
            match word {
                "+" => {
                    let lines = if rest.is_empty() {
                        inner.body.clone()
                    } else {
                        [&[rest.to_owned()][..], &inner.body].concat()
                    };
                    step.edits.push(Edit::Insert(block.clone(), indented(&lines)));
                }
                "-" => step.edits.push(Edit::Remove(block.clone(), rest.to_owned())),
                "~" => {
                    let text = whole();
                    let (old, new) = text.split_once(" => ").ok_or_else(|| fail("`OLD => NEW` expected"))?;
                    step.edits.push(Edit::Replace(block.clone(), old.to_owned(), new.to_owned()));
                }
                "in" => block = rest.to_owned(),
                "add" => step.edits.push(Edit::Add(whole())),
                "drop" => step.edits.push(Edit::Drop(rest.to_owned())),
                "behind" => step.behind.push(whole()),
                "import" => step.import = Some(rest.to_owned()),
                "plan" => step.plans.push(self.planned(rest).ok_or_else(|| fail("unknown plan"))?),
                "state" => {
                    let text = whole();
                    let (address, json) = match text.starts_with('{') {
                        true => (self.subject.clone(), text),
                        false => text.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap_or_default(),
                    };
                    serde_json::from_str::<Value>(&json).map_err(|error| fail(&error.to_string()))?;
                    step.states.push((address, json));
                }
                "sql" => {
                    let text = whole();
                    let lines = text.lines().filter(|line| !line.starts_with('>'));
                    let rows = text.lines().filter_map(|line| line.strip_prefix('>')).map(|row| row.trim().to_owned());
                    step.queries.push((lines.collect::<Vec<_>>().join(" "), rows.collect()));
                }
                "sent" => step.sent.push(whole()),
                "unseen" => step.unseen.extend(rest.split(", ").map(str::to_owned)),
                "warning" => step.warnings.push(whole()),
                "error" => {
                    let (phase, text) = split(rest);
                    if !matches!(phase, "validate" | "plan" | "apply") {
                        return Err(fail("an error comes from validate, plan or apply"));
                    }
                    step.errors.push(Failure { phase: phase.to_owned(), text: text.to_owned(), at: None });
                }
                "at" => step.errors.last_mut().ok_or_else(|| fail("no error before"))?.at = Some(rest.to_owned()),
                _ => return Err(fail("unknown word")),
            }
        }
        if step.plans.is_empty() && step.errors.is_empty() && step.import.is_none() {
            return Err(format!("{}: a step says what it expects: plan or error", item.line));
        }
        Ok(step)
    }

    fn planned(&self, text: &str) -> Option<Planned> {
        let (word, rest) = split(text);
        let (address, action, rest) = match Action::parse(word) {
            Some(action) => (self.subject.clone(), action, rest),
            None => {
                let (action, rest) = split(rest);
                (word.to_owned(), Action::parse(action)?, rest)
            }
        };
        let paths: Vec<String> =
            rest.split(',').map(|path| path.trim().to_owned()).filter(|path| !path.is_empty()).collect();
        let wants_paths = matches!(action, Action::Update | Action::Replace);
        (wants_paths != paths.is_empty()).then_some(Planned { address, action, paths })
    }
}

impl Step {
    /// The configuration after this step's edits.
    pub fn edited(&self, config: &str) -> Result<String, String> {
        self.edits.iter().try_fold(config.to_owned(), |text, edit| match edit {
            Edit::Insert(address, lines) => hcl::insert(&text, address, lines),
            Edit::Remove(address, start) => hcl::remove(&text, address, start),
            Edit::Replace(address, old, new) => hcl::replace(&text, address, old, new),
            Edit::Add(block) => Ok(format!("{text}\n{block}")),
            Edit::Drop(address) => hcl::drop(&text, address),
        })
    }
}

/// A line with those that are indented below it.
struct Item {
    head: String,
    line: usize,
    body: Vec<String>,
}

/// Splits text into items. `before` is the number of lines in front of it. Body lines lose two columns.
fn items(text: &str, before: usize) -> Result<Vec<Item>, String> {
    let mut found: Vec<Item> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = before + index + 1;
        if let Some(rest) = line.strip_prefix("  ") {
            let item = found.last_mut().ok_or_else(|| format!("{number}: indented below nothing"))?;
            item.body.push(rest.to_owned());
        } else if line.trim().is_empty() || line.starts_with('#') {
            // Keeps the line numbers of what follows.
            if let Some(item) = found.last_mut() {
                item.body.push(String::new());
            }
        } else {
            found.push(Item { head: line.trim_end().to_owned(), line: number, body: Vec::new() });
        }
    }
    for item in &mut found {
        while item.body.last().is_some_and(|line| line.trim().is_empty()) {
            item.body.pop();
        }
    }
    Ok(found)
}

fn split(text: &str) -> (&str, &str) {
    text.split_once(' ').map_or((text, ""), |(word, rest)| (word, rest.trim()))
}

fn indented(lines: &[String]) -> String {
    lines.iter().map(|line| format!("  {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# about\nsubject t.it\nsecret-never hidden\nconfig:\n  resource \"t\" \"it\" {\n    name = \"a\"\n  }\n\nstep one:\n  plan create\n  state {\"a\":\n    1}\n\nstep two:\n  # why\n  + block {\n      x = 1\n    }\n  ~ name = \"a\" => name = \"b\"\n  plan update name, block.0.x\n  plan t.other replace y\n  sql SELECT 1,\n    2\n    > 1 | 2\n";

    #[test]
    fn reads_a_case() {
        let case = Case::parse("x", TEXT).unwrap();
        assert_eq!((case.subject.as_str(), case.steps.len()), ("t.it", 2));
        let two = &case.steps[1];
        assert_eq!(two.line, 14);
        assert_eq!(two.plans[0].paths, ["name", "block.0.x"]);
        assert_eq!((two.plans[1].address.as_str(), two.plans[1].action), ("t.other", Action::Replace));
        assert_eq!(two.queries, [("SELECT 1, 2".to_owned(), vec!["1 | 2".to_owned()])]);
        let config = two.edited(&case.config).unwrap();
        let set = hcl::settings(&config, &hcl::block(&config, "t.it").unwrap());
        assert_eq!((set["name"].as_str(), set["block.0.x"].as_str()), ("\"b\"", "1"));
    }

    #[test]
    fn refuses_what_cannot_fail() {
        let error = |text: &str| Case::parse("x", text).unwrap_err();
        let head = "subject t.it\nconfig:\n  resource \"t\" \"it\" {}\n";
        assert!(error(&format!("{head}step a:\n  + x = 1\n")).contains("4: a step says what it expects"));
        assert!(error(&format!("{head}step a:\n  plan update\n")).contains("5: unknown plan"));
        assert!(error(&format!("{head}step a:\n  plam create\n")).contains("5: unknown word"));
        assert!(error(&format!("{head}step a:\n  plan create\n  state {{a}}\n")).starts_with("6: "));
        assert!(error("subject t.it\n").contains("needs"));
    }
}
