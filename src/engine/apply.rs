//! Creating, altering and dropping. Whatever fails, the state that is returned is what is known to be there.

use std::sync::Arc;
use std::time::Duration;

use super::diff::{Class, Difference, differences};
use super::errors::{describe, failed};
use super::meaning::SameObjects;
use super::read::{find, finish, more_of, name_values, names_of, state, values};
use super::registry::Declared;
use super::{Private, Reply, Stored};
use crate::catalog::{CatalogError, ErrorKind, Row, Session};
use crate::declare::{Alter, Attr, Change, Found, Key, Scope, Values, Wait, covers, same};
use crate::diag::{Diagnostic, Diagnostics};
use crate::sql::{Kind, Statement};
use crate::value::Value;

/// One call of `apply`, with all that it needs.
pub struct Work<'a> {
    pub session: Arc<Session>,
    pub region: &'a str,
    pub declared: &'a Declared,
    pub prior: &'a Value,
    pub planned: &'a Value,
    pub config: &'a Value,
    pub prior_private: &'a Private,
    /// Which differing names are known to name the same object.
    pub objects: SameObjects,
}

/// Statements that belong together, and the attributes that hold once they have been executed.
struct Step {
    attrs: Vec<String>,
    statements: Vec<Statement>,
    wait: Option<Wait>,
}

impl Step {
    fn one(attr: &str, statement: Statement) -> Self {
        Self { attrs: vec![attr.to_owned()], statements: vec![statement], wait: None }
    }
}

impl Work<'_> {
    fn kind(&self) -> Kind {
        self.declared.resource.kind
    }

    fn failed(&self, verb: &str, error: &CatalogError, statement: Option<&Statement>) -> Diagnostic {
        let value = if self.planned.is_null() { self.prior } else { self.planned };
        let attempt = format!("{verb} {}", describe(self.declared.resource, value));
        failed(&attempt, error, statement, self.declared.attrs, self.config)
    }

    // ---- create ----------------------------------------------------------------------------------------------------

    pub async fn create(&self) -> Reply<Stored> {
        if self.declared.resource.standing {
            return self.take_hold().await;
        }
        let values = Values::new(self.planned, self.config);
        let mut statements = (self.declared.resource.create)(&values).into_iter();
        let Some(create) = statements.next() else {
            let (summary, detail) = ("Nothing to create", "The resource has no statement for this configuration.");
            return refused(Value::Null, Diagnostic::error(summary, format!("{detail} Please report this.")));
        };
        let names = names_of(self.declared, self.planned);
        let main = &self.declared.lookups[0];
        let key = name_values(main, &names);
        let made = self.session.execute_then_rows(&create, &main.query, main.name_key, key.clone()).await;
        let rows = match made {
            Ok(rows) => rows,
            Err(error) if matches!(error.kind, ErrorKind::Lost | ErrorKind::Unread) => match self.recover(&key).await {
                Some(rows) => rows,
                None if error.kind == ErrorKind::Unread => return self.take_back(&create, error).await,
                None => return refused(Value::Null, self.failed("create", &error, Some(&create))),
            },
            Err(error) => match self.adopt(&values, &error, &key).await {
                Some(Ok(rows)) => rows,
                Some(Err(diagnostic)) => return refused(Value::Null, diagnostic),
                None => return refused(Value::Null, self.failed("create", &error, Some(&create))),
            },
        };
        let rows = self.pick(rows);
        if rows.is_empty() {
            let what = describe(self.declared.resource, self.planned);
            let summary = format!("Cannot find {what} after creating it");
            let detail = "Materialize accepted the statement but does not show the object. Import it, or drop it and \
                          apply again.";
            return refused(Value::Null, Diagnostic::error(summary, format!("{detail}\n\nStatement: {create}")));
        }
        // What the server chose, such as a default index's name, is in what follows.
        let key = Key::Names(names.clone());
        let found = Found::new(&key, vec![rows.clone()], self.planned);
        let made = fill_unknown(self.planned, &self::values(self.declared, &found).unwrap_or_default());
        drop(found);
        let more: Vec<Statement> = statements.chain(self.owner_and_comment(&Values::new(&made, self.config))).collect();
        for statement in &more {
            if let Err(error) = self.session.execute(statement).await {
                return self.undo(rows, &made, &create, statement, error).await;
            }
        }
        match self.learn(rows, &names).await {
            Ok(stored) => Reply { value: stored, diagnostics: Vec::new() },
            Err((stored, error)) => Reply { value: stored, diagnostics: vec![self.failed("read back", &error, None)] },
        }
    }

    /// What is there already is altered into what is planned. If that fails, it was not created: what was done is done
    /// again, to no harm.
    async fn take_hold(&self) -> Reply<Stored> {
        let refuse = |diagnostic| refused(Value::Null, diagnostic);
        let key = Key::Names(names_of(self.declared, self.planned));
        let rows = match find(&self.session, self.declared, &key).await {
            Ok(rows) => rows,
            Err(error) => return refuse(self.failed("create", &error, None)),
        };
        let found = Found::new(&key, rows, self.planned);
        let Some(read) = values(self.declared, &found) else {
            let attr = self.declared.lookups[0].name_attrs.iter().rfind(|attr| !self.planned.get(attr).is_null());
            let summary = format!("Cannot create {}", describe(self.declared.resource, self.planned));
            let missing = Diagnostic::error(summary, "What is named here does not exist in Materialize.");
            return refuse(missing.at(*attr.expect("something is named")));
        };
        let prior = state(self.declared, &found, &read, self.region, true);
        let (session, private) = (self.session.clone(), Private::of(&found));
        let work = Work { session, prior: &prior, prior_private: &private, objects: SameObjects::default(), ..*self };
        let reply = work.update().await;
        if reply.diagnostics.is_empty() { reply } else { Reply { value: Stored::default(), ..reply } }
    }

    /// What was created cannot be read, so that no state can be made of it: it goes again, rather than being there
    /// without anybody's knowledge.
    async fn take_back(&self, create: &Statement, error: CatalogError) -> Reply<Stored> {
        let error = CatalogError {
            hint: Some("what was created could not be read back, and is dropped again".into()),
            ..error
        };
        let mut reply = refused(Value::Null, self.failed("create", &error, Some(create)));
        let delete = self.declared.resource.delete;
        let values = Values::new(self.planned, self.config);
        let statements = match delete {
            Some(delete) => delete(&values, &Found::new(&Key::Parts(Vec::new()), vec![Vec::new()], self.planned)),
            None => vec![Statement::drop(self.kind(), &self.declared.resource.scope.name_of(&values))],
        };
        for statement in statements {
            if let Err(error) = self.session.execute(&statement).await {
                reply.diagnostics.push(self.failed("undo the creation of", &error, Some(&statement)));
            }
        }
        reply
    }

    /// After a CREATE whose answer was lost: the rows of the object, if it is there and ours.
    async fn recover(&self, key: &[String]) -> Option<Vec<Row>> {
        let main = &self.declared.lookups[0];
        let rows = self.session.rows(&main.query, main.name_key, key.to_vec()).await.ok()?;
        let user = self.session.current_user().await.ok()?;
        let row = rows.first()?;
        let owner = row.get("ownership_role").or_else(|| row.get("owner_name"));
        owner.is_none_or(|owner| owner == user).then_some(rows)
    }

    /// Takes over an object that already has the name, if the configuration asks for that.
    async fn adopt(
        &self,
        values: &Values<'_>,
        error: &CatalogError,
        key: &[String],
    ) -> Option<Result<Vec<Row>, Diagnostic>> {
        if error.kind != ErrorKind::Server || !error.message.contains("already exists") {
            return None;
        }
        for statement in (self.declared.resource.adopt)(values)? {
            if let Err(error) = self.session.execute(&statement).await {
                return Some(Err(self.failed("take over", &error, Some(&statement))));
            }
        }
        let main = &self.declared.lookups[0];
        let rows = self.session.rows(&main.query, main.name_key, key.to_vec()).await;
        Some(rows.map_err(|error| self.failed("take over", &error, None)))
    }

    /// Of several rows the one with the planned name; where the server chose the name, the first that can be so and that
    /// no other create of this process has taken for its own.
    fn pick(&self, rows: Vec<Row>) -> Vec<Row> {
        let planned = self.planned.get("name");
        let mine = |row: &Row| match (planned.as_text(), row.get("name")) {
            (Some(name), Some(found)) => name == found,
            (None, Some(_)) if planned.is_unknown() => {
                (self.declared.resource.chosen)(row) && self.session.claim(row.get("id").unwrap_or_default())
            }
            _ => true,
        };
        rows.into_iter().find(mine).into_iter().collect()
    }

    fn owner_and_comment(&self, values: &Values) -> Vec<Statement> {
        let (kind, scope) = (self.kind(), self.declared.resource.scope);
        let mut statements = Vec::new();
        if scope == Scope::Bare {
            return statements;
        }
        let name = scope.name_of(values);
        // The owner that the server chose needs no statement.
        let chosen = |_: &&str| !self.planned.get("ownership_role").is_unknown();
        if let Some(owner) = values.text("ownership_role").filter(chosen) {
            statements.push(Statement::alter(kind, &name).word("OWNER TO").ident(owner));
        }
        if let Some(comment) = values.text("comment") {
            statements.push(Statement::comment(kind, &name, Some(comment)));
        }
        statements
    }

    /// A statement after CREATE failed: the object is dropped again, or else returned so that Terraform knows of it.
    async fn undo(
        &self,
        rows: Vec<Row>,
        made: &Value,
        create: &Statement,
        failing: &Statement,
        error: CatalogError,
    ) -> Reply<Stored> {
        let mut diagnostics = vec![self.failed("create", &error, Some(failing))];
        let adopted = create.nodes.first() != Some(&crate::sql::Node::Word("CREATE".into()));
        if !adopted && error.kind != ErrorKind::Lost {
            match self.undo_all(made).await {
                Ok(()) => return Reply { value: Stored::default(), diagnostics },
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
        let names = names_of(self.declared, self.planned);
        let stored = match self.learn(rows, &names).await {
            Ok(stored) | Err((stored, _)) => stored,
        };
        Reply { value: stored, diagnostics }
    }

    async fn undo_all(&self, made: &Value) -> Result<(), Diagnostic> {
        let attempt = "undo the creation of";
        for drop in self.drop_statements(made).await.map_err(|error| self.failed(attempt, &error, None))? {
            self.session.execute(&drop).await.map_err(|error| self.failed(attempt, &error, Some(&drop)))?;
        }
        Ok(())
    }

    /// The planned state with what only the server knows. The main row is at hand; the rest is read only if something
    /// is still unknown.
    async fn learn(&self, main: Vec<Row>, names: &[(&'static str, String)]) -> Result<Stored, (Stored, CatalogError)> {
        let mut rows = vec![main];
        let mut failure = None;
        let more = &self.declared.lookups[1..];
        let made_up = ["id", "region", "qualified_sql_name"];
        let open = |attr: &&Attr| attr.column.is_none() && !made_up.contains(&attr.name);
        let needed = more.iter().any(|read| !read.name_key.is_empty())
            || self.declared.attrs.iter().filter(open).any(|attr| !self.planned.get(attr.name).is_wholly_known());
        if !more.is_empty() && needed {
            match more_of(&self.session, more, rows[0].clone(), names).await {
                Ok(all) => rows = all,
                Err(error) => failure = Some(error),
            }
        }
        let key = Key::Names(names.to_vec());
        let found = Found::new(&key, rows, self.planned);
        let read = values(self.declared, &found).unwrap_or_default();
        let mut state = fill_unknown(self.planned, &read);
        finish(self.declared, &found, &mut state, self.region);
        let stored = Stored { state, private: Private::of(&found).recorded().print(), identity: None };
        match failure {
            None => Ok(stored),
            Some(error) => Err((stored, error)),
        }
    }

    // ---- update ----------------------------------------------------------------------------------------------------

    pub async fn update(&self) -> Reply<Stored> {
        let changes = differences(self.declared.resource, self.declared.attrs, self.prior, self.planned, &self.objects);
        let key = self.key_of(self.prior);
        let looks =
            |alter: &Alter| alter.looks && changes.iter().any(|c| alter.on.iter().any(|on| covers(on, &c.dotted)));
        let rows = match self.declared.resource.alters.iter().any(looks) {
            true => find(&self.session, self.declared, &key).await,
            false => Ok(Vec::new()),
        };
        let found = match rows {
            Ok(rows) => Found::new(&key, rows, self.prior),
            Err(error) => {
                let value = Stored { state: self.prior.clone(), private: self.prior_private.print(), identity: None };
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
            let private = self.prior_private.clone().recorded().print();
            let stored = Stored { state: self.planned.clone(), private, identity: None };
            return Reply { value: stored, diagnostics: Vec::new() };
        }
        let names = names_of(self.declared, self.planned);
        match find(&self.session, self.declared, &self.key_of(self.planned)).await {
            Ok(rows) => {
                let key = Key::Names(names);
                let found = Found::new(&key, rows, self.planned);
                let read = values(self.declared, &found).unwrap_or_default();
                let mut state = fill_unknown(self.planned, &read);
                finish(self.declared, &found, &mut state, self.region);
                let stored = Stored { state, private: Private::of(&found).recorded().print(), identity: None };
                Reply { value: stored, diagnostics: Vec::new() }
            }
            Err(error) => {
                let state = fill_unknown(self.planned, self.prior);
                let stored = Stored { state, private: self.prior_private.print(), identity: None };
                Reply { value: stored, diagnostics: vec![self.failed("read back", &error, None)] }
            }
        }
    }

    /// Executes the statements of a step, with the wait behind the first. A step that waits is not left half done.
    async fn carry_out(&self, step: &Step) -> Result<(), Diagnostics> {
        for (i, statement) in step.statements.iter().enumerate() {
            let waited = match step.wait.as_ref().filter(|_| i == 1) {
                Some(wait) => self.wait(wait).await,
                None => Ok(()),
            };
            let (begun, diagnostic) = match waited {
                Err(diagnostic) => (true, diagnostic),
                Ok(()) => match self.session.execute(statement).await {
                    Ok(_) => continue,
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
        Ok(())
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

    /// The key of the object with this state: its id, or else its names.
    fn key_of(&self, state: &Value) -> Key {
        super::key_in(self.declared, state, self.region).unwrap_or_else(|| Key::Names(names_of(self.declared, state)))
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
        if by_scope && has("name") && resource.kind.can_rename() {
            // What the object is in may have been renamed by now: only its own part is the old one.
            let from = name.renamed(old.str("name"));
            let rename = Statement::alter(resource.kind, &from).word("RENAME TO").ident(new.str("name"));
            steps.push(Step::one("name", rename));
        }
        let change = Change { resource, old, new, changed: &changed, found };
        for alter in resource.alters {
            let attrs: Vec<String> =
                changed.iter().filter(|c| alter.on.iter().any(|on| covers(on, c))).cloned().collect();
            if !attrs.is_empty() {
                let wait = alter.wait.map(|wait| wait(&change));
                steps.push(Step { attrs, statements: (alter.statements)(&change), wait });
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
        let key = super::key_in(self.declared, belief, self.region);
        let kept = || Stored { state: belief.clone(), private: self.prior_private.print(), identity: None };
        let Some(key) = key else { return kept() };
        let Ok(rows) = find(&self.session, self.declared, &key).await else { return kept() };
        let found = Found::new(&key, rows, belief);
        let Some(read) = values(self.declared, &found) else { return kept() };
        let state = state(self.declared, &found, &read, self.region, false);
        Stored { state, private: Private::of(&found).recorded().print(), identity: None }
    }

    // ---- delete ----------------------------------------------------------------------------------------------------

    pub async fn delete(&self) -> Reply<Stored> {
        match self.drop(self.prior).await {
            Ok(()) => Reply::default(),
            Err((diagnostic, None)) => {
                let value = Stored { state: self.prior.clone(), private: self.prior_private.print(), identity: None };
                Reply { value, diagnostics: vec![diagnostic] }
            }
            // It was not found under the name that the state knows, but it is still there.
            Err((_, Some(current))) => match self.drop(&current).await {
                Ok(()) => Reply::default(),
                Err((diagnostic, _)) => {
                    let value = Stored { state: current, private: self.prior_private.print(), identity: None };
                    Reply { value, diagnostics: vec![diagnostic] }
                }
            },
        }
    }

    /// Drops the object of this state. The error comes with the state as it is now, if the object is there under
    /// another name.
    async fn drop(&self, state: &Value) -> Result<(), (Diagnostic, Option<Value>)> {
        let statements = match self.drop_statements(state).await {
            Ok(statements) => statements,
            Err(error) => return Err((self.failed("drop", &error, None), None)),
        };
        for statement in &statements {
            let Err(error) = self.session.execute(statement).await else { continue };
            let lost = error.kind == ErrorKind::Lost;
            if !lost && !is_gone(&error) {
                return Err((self.failed("drop", &error, Some(statement)), None));
            }
            match self.current().await {
                Ok(None) => return Ok(()),
                Ok(Some(current)) => {
                    return Err((self.failed("drop", &error, Some(statement)), Some(current).filter(|_| !lost)));
                }
                Err(_) => return Err((self.failed("drop", &error, Some(statement)), None)),
            }
        }
        Ok(())
    }

    /// The object as it is now, by its id; `None` if it is gone.
    async fn current(&self) -> Result<Option<Value>, CatalogError> {
        let key = self.key_of(self.prior);
        let rows = find(&self.session, self.declared, &key).await?;
        let found = Found::new(&key, rows, self.prior);
        Ok(values(self.declared, &found).map(|read| state(self.declared, &found, &read, self.region, false)))
    }

    async fn drop_statements(&self, state: &Value) -> Result<Vec<Statement>, CatalogError> {
        let resource = self.declared.resource;
        let values = Values::new(state, &Value::Null);
        let Some(delete) = resource.delete else {
            return Ok(vec![Statement::drop(resource.kind, &resource.scope.name_of(&values))]);
        };
        let key = self.key_of(state);
        // Grants and the like need no second look.
        let rows = match resource.scope {
            Scope::Bare => vec![Vec::new()],
            _ => find(&self.session, self.declared, &key).await?,
        };
        Ok(delete(&values, &Found::new(&key, rows, state)))
    }
}

/// The planned value with each unknown replaced by what was read; what could not be read becomes null. A member of a
/// list is the one that was read in its place or, as sets have no places, one that agrees in all that is known.
fn fill_unknown(planned: &Value, read: &Value) -> Value {
    match planned {
        Value::Unknown => read.clone(),
        Value::Map(items) => {
            Value::Map(items.iter().map(|(name, value)| (name.clone(), fill_unknown(value, read.get(name)))).collect())
        }
        Value::List(items) => {
            let mut left: Vec<Option<&Value>> = read.items().iter().map(Some).collect();
            let fill = |(i, item): (usize, &Value)| {
                let agrees = |at: &usize| left.get(*at).is_some_and(|read| read.is_some_and(|read| agree(item, read)));
                let at = Some(i).filter(agrees).or_else(|| (0..left.len()).find(agrees)).unwrap_or(i);
                fill_unknown(item, left.get_mut(at).and_then(Option::take).unwrap_or(&Value::Null))
            };
            Value::List(items.iter().enumerate().map(fill).collect())
        }
        known => known.clone(),
    }
}

/// Whether a value that was read can be what was planned, as far as that is known.
fn agree(planned: &Value, read: &Value) -> bool {
    match planned {
        Value::Map(items) => items.iter().all(|(name, value)| agree(value, read.get(name))),
        planned => planned.is_unknown() || planned == read,
    }
}

/// Whether the server refused because the object is not there. Materialize has no SQLSTATE for it (`XX000`), the
/// message is all there is.
pub fn is_gone(error: &CatalogError) -> bool {
    let message = &error.message;
    error.kind == ErrorKind::Server
        && (message.starts_with("unknown ")
            || message.contains(" does not exist")
            || (message.starts_with("CLUSTER ") && message.contains("has no CLUSTER REPLICA")))
}

fn refused(state: Value, diagnostic: Diagnostic) -> Reply<Stored> {
    let diagnostics: Diagnostics = vec![diagnostic];
    Reply { value: Stored { state, ..Stored::default() }, diagnostics }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sets have no places: a member takes what was read of one that agrees with it.
    #[test]
    fn unknown_members_are_filled_by_what_agrees() {
        let member = |name: &str, id: Value| Value::from([("name", Value::text(name)), ("id", id)]);
        let planned = Value::List(vec![member("a", Value::Unknown), member("b", Value::Unknown), Value::Unknown]);
        let read = Value::List(vec![member("b", 2.into()), member("c", 3.into()), member("a", 1.into())]);
        let filled = Value::List(vec![member("a", 1.into()), member("b", 2.into()), member("c", 3.into())]);
        assert_eq!(fill_unknown(&planned, &read), filled);
        let unread = Value::List(vec![member("a", Value::Null)]);
        assert_eq!(fill_unknown(&Value::List(vec![member("a", Value::Unknown)]), &Value::Null), unread);
    }
}
