//! Altering: one statement after the other, and the state says how far it came.

use std::time::Duration;

use super::{Work, fill_unknown, is_gone};
use crate::catalog::{CatalogError, ErrorKind};
use crate::declare::{Alter, Change, Found, Key, Scope, Values, Wait, columns, covers, same};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::diff::{Class, Difference, differences};
use crate::engine::errors::describe;
use crate::engine::read::{find, finish, names_of, state, values};
use crate::engine::{Private, Reply, Stored, key_in};
use crate::sql::{Name, Statement};
use crate::value::Value;

/// Whether the reference at this path is the attribute that changes, or in it.
fn names_what(path: &str, dotted: &str) -> bool {
    let plain = path
        .split('[')
        .enumerate()
        .map(|(i, part)| if i == 0 { part } else { part.split_once(']').map_or("", |(_, rest)| rest) });
    // A reference in SQL has the name that stands there behind the attribute's.
    let plain = plain.collect::<String>().split(' ').next().unwrap_or_default().to_owned();
    let dotted = dotted.trim_end_matches("[]");
    covers(dotted, &plain) || covers(&plain, dotted)
}

/// Statements that belong together, and the attributes that hold once they have been executed.
struct Step {
    attrs: Vec<String>,
    statements: Vec<Statement>,
    wait: Option<Wait>,
    /// See [`Alter::whole`].
    whole: bool,
    /// Instead of statements: from which name to which.
    rename: Option<(Name, Name)>,
}

impl Step {
    fn of(attrs: Vec<String>, statements: Vec<Statement>) -> Self {
        Self { attrs, statements, wait: None, whole: false, rename: None }
    }

    fn one(attr: &str, statement: Statement) -> Self {
        Self::of(vec![attr.to_owned()], vec![statement])
    }
}

impl Work<'_> {
    pub async fn update(&self) -> Reply<Stored> {
        let changes = differences(self.declared.resource, self.declared.attrs, self.prior, self.planned, &self.objects);
        let key = self.key_of(self.prior);
        let looks =
            |alter: &Alter| alter.looks && changes.iter().any(|c| alter.is_about(self.declared.resource, &c.dotted));
        let rows = match self.declared.resource.alters.iter().any(looks) {
            true => find(&self.session, self.declared, &key).await,
            false => Ok(Vec::new()),
        };
        let found = match rows {
            Ok(rows) => Found::new(&key, rows, self.prior),
            Err(error) => {
                let value = Stored { state: self.prior.clone(), private: self.prior_private.print() };
                return Reply { value, diagnostics: vec![self.failed("look at", &error, None)] };
            }
        };
        let mut done = Vec::new();
        for step in self.steps(&changes, &found) {
            if let Err(diagnostics) = self.carry_out(&step).await {
                return Reply { value: self.reread(&self.partly(&done)).await, diagnostics };
            }
            done.extend(step.attrs);
        }
        if self.planned.is_wholly_known() && self.planned.get("id") == self.prior.get("id") {
            // What an attribute named before the change is not what it names now.
            let mut private = self.prior_private.clone().recorded();
            private.refs.retain(|path, _| !changes.iter().any(|change| names_what(path, &change.dotted)));
            let private = private.print();
            let stored = Stored { state: self.planned.clone(), private };
            return Reply { value: stored, diagnostics: Vec::new() };
        }
        let names = names_of(self.declared, self.planned);
        match find(&self.session, self.declared, &self.key_of(self.planned)).await {
            Ok(rows) if rows[0].is_empty() => {
                let summary =
                    format!("Cannot find {} after updating it", describe(self.declared.resource, self.planned));
                let detail = "Somebody has dropped it or made it anew meanwhile. Apply again.";
                let state = fill_unknown(self.planned, self.prior);
                let stored = Stored { state, private: self.prior_private.print() };
                Reply { value: stored, diagnostics: vec![Diagnostic::error(summary, detail)] }
            }
            Ok(rows) => {
                let key = Key::Names(names);
                let found = Found::new(&key, rows, self.planned);
                let read = values(self.declared, &found).unwrap_or_default();
                let mut state = fill_unknown(self.planned, &read);
                finish(self.declared, &found, &mut state, self.region);
                let stored = Stored { state, private: Private::of(&found).recorded().print() };
                Reply { value: stored, diagnostics: Vec::new() }
            }
            Err(error) => {
                let state = fill_unknown(self.planned, self.prior);
                let stored = Stored { state, private: self.prior_private.print() };
                Reply { value: stored, diagnostics: vec![self.failed("read back", &error, None)] }
            }
        }
    }

    /// Executes the statements of a step, with the wait behind the first. A step that waits is not left half done.
    async fn carry_out(&self, step: &Step) -> Result<(), Diagnostics> {
        if let Some((old, new)) = &step.rename {
            let renamed = self.rename(old, new).await;
            return renamed.map_err(|(error, statement)| vec![self.failed("update", &error, Some(&statement))]);
        }
        let mut missed = Vec::new();
        for (i, statement) in step.statements.iter().enumerate() {
            let waited = match step.wait.as_ref().filter(|_| i == 1) {
                Some(wait) => self.wait(wait).await,
                None => Ok(()),
            };
            let (begun, diagnostic) = match waited {
                Err(diagnostic) => (true, diagnostic),
                Ok(()) => match self.insist(statement, step.whole && i > 0).await {
                    Ok(()) => continue,
                    Err(error) if step.whole && i > 0 => {
                        missed.push(self.failed("update", &error, Some(statement)));
                        continue;
                    }
                    Err(error) => {
                        (i > 0 || error.kind == ErrorKind::Lost, self.failed("update", &error, Some(statement)))
                    }
                },
            };
            let mut diagnostics = vec![diagnostic];
            if let Some(Wait { undo, .. }) = step.wait.as_ref().filter(|_| begun)
                && let Err(error) = self.session.execute(undo).await
                && !is_gone(&error)
            {
                diagnostics.push(self.failed("undo the update of", &error, Some(undo)));
            }
            return Err(diagnostics);
        }
        if missed.is_empty() { Ok(()) } else { Err(missed) }
    }

    /// Executes the statement; where it must not be left out, once more if Terraform wants to stop or the connection broke
    /// before it was sent.
    async fn insist(&self, statement: &Statement, must: bool) -> Result<(), CatalogError> {
        match self.session.execute(statement).await {
            Err(error) if must && matches!(error.kind, ErrorKind::Cancelled | ErrorKind::Connect) => {
                self.session.execute(statement).await.map(drop)
            }
            answer => answer.map(drop),
        }
    }

    async fn wait(&self, wait: &Wait) -> Result<(), Diagnostic> {
        let longest = self.planned.get(wait.within).as_text().unwrap_or_default();
        let micros = same::interval_micros(longest).and_then(|micros| u64::try_from(micros).ok());
        match self.session.until_row(&wait.until, Duration::from_micros(micros.unwrap_or_default())).await {
            Ok(true) => Ok(()),
            Ok(false) => {
                let what = describe(self.declared.resource, self.planned);
                let detail = format!(
                    "It took longer than {longest} until {}. What was made for it is dropped again.",
                    wait.what
                );
                Err(Diagnostic::error(format!("Cannot update {what}"), detail).at(wait.within))
            }
            Err(error) => Err(self.failed("update", &error, None)),
        }
    }

    fn steps(&self, changes: &[Difference], found: &Found) -> Vec<Step> {
        let resource = self.declared.resource;
        let changed: Vec<String> =
            changes.iter().filter(|c| c.class == Class::Altered).map(|c| c.dotted.clone()).collect();
        let (old, new) = (Values::new(self.prior, &Value::Null), Values::new(self.planned, self.config));
        let name = resource.scope.name_of(&new);
        let mut steps = Vec::new();
        let has = |name: &str| changed.iter().any(|c| c == name);
        let by_scope = resource.scope != Scope::Bare;
        // Then nothing comes with the new object.
        let renewed = self.planned.get("id").is_unknown();
        if by_scope && has("name") && resource.kind.can_rename() {
            // What the object is in may have been renamed by now: only its own part is the old one.
            let from = name.renamed(old.str("name"));
            let rename = Some((from, name.clone()));
            steps.push(Step { rename, ..Step::of(vec!["name".to_owned()], Vec::new()) });
        }
        let change = Change { resource, old, new, changed: &changed, found };
        for alter in resource.alters {
            let attrs: Vec<String> = changed.iter().filter(|c| alter.is_about(resource, c)).cloned().collect();
            if !attrs.is_empty() {
                let wait = alter.wait.map(|wait| wait(&change));
                let step = Step::of(attrs, (alter.statements)(&change));
                steps.push(Step { wait, whole: alter.whole, ..step });
            }
        }
        if by_scope
            && has("ownership_role")
            && let Some(owner) = new.text("ownership_role")
        {
            let statement = Statement::alter(resource.kind, &name).word("OWNER TO").ident(owner);
            steps.push(Step::one("ownership_role", statement));
        }
        if by_scope && has("comment") {
            steps.push(Step::one("comment", Statement::comment(resource.kind, &name, new.text("comment"))));
        }
        let before = if renewed { &Value::Null } else { old.get("column_comments") };
        let comments = columns::comments(&name, before, new.get("column_comments"));
        if !comments.is_empty() {
            steps.push(Step::of(vec!["column_comments".to_owned()], comments));
        }
        steps
    }

    /// The prior state with the attributes of the steps that succeeded.
    fn partly(&self, done: &[String]) -> Value {
        let mut state = self.prior.clone();
        for dotted in done {
            let name = dotted.split(['.', '[']).next().unwrap_or_default();
            state.set(name, self.planned.get(name).clone());
        }
        fill_unknown(&state, self.prior)
    }

    /// The state read anew over what is believed; the belief itself if the read fails too.
    async fn reread(&self, belief: &Value) -> Stored {
        let key = key_in(self.declared, belief, self.region);
        let kept = || Stored { state: belief.clone(), private: self.prior_private.print() };
        let Some(key) = key else { return kept() };
        let Ok(rows) = find(&self.session, self.declared, &key).await else { return kept() };
        let found = Found::new(&key, rows, belief);
        let Some(read) = values(self.declared, &found) else { return kept() };
        let state = state(self.declared, &found, &read, self.region, false);
        Stored { state, private: Private::of(&found).recorded().print() }
    }
}

#[cfg(test)]
mod tests {
    use super::names_what;

    #[test]
    fn a_change_tells_which_references_are_old() {
        for (path, dotted, expected) in [
            ("from", "from", true),
            ("from", "from.schema_name", true),
            ("kafka_broker[1].ssh_tunnel", "kafka_broker[]", true),
            ("kafka_broker[1].ssh_tunnel", "kafka_broker.ssh_tunnel.name", true),
            ("statement \"d\".\"s\".\"t\"", "statement", true),
            ("from", "comment", false),
            ("kafka_broker[1].ssh_tunnel", "kafka_broker.broker", false),
            ("from", "from_too", false),
        ] {
            assert_eq!(names_what(path, dotted), expected, "{path} {dotted}");
        }
    }
}
