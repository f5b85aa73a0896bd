//! Creating: all of it holds, or it is gone again, or it is returned so that Terraform knows of it.

use std::time::Instant;

use super::names::is_taken;
use super::{Work, fill_unknown};
use crate::catalog::{CatalogError, ErrorKind, Row};
use crate::declare::scope::known_name;
use crate::declare::{Attr, Found, Key, Scope, Values, columns};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::errors::describe;
use crate::engine::meaning::{SameObjects, same};
use crate::engine::read::{find, finish, more_of, name_values, names_of, state, values as values_of};
use crate::engine::{Private, Reply, Stored};
use crate::sql::{Name, Node, Statement};
use crate::value::Value;

/// How an object came to be there.
#[derive(Clone, Copy, PartialEq)]
enum Origin {
    /// The server said so.
    Made,
    /// The answer was lost, and it is there.
    Recovered,
    /// It was there before.
    Adopted,
}

impl Work<'_> {
    pub async fn create(&self) -> Reply<Stored> {
        if self.declared.resource.standing {
            return self.take_hold().await;
        }
        let values = Values::new(self.planned, self.config);
        let mut statements = (self.declared.resource.create)(self.declared.resource, &values).into_iter();
        let Some(create) = statements.next() else {
            let (summary, detail) = ("Nothing to create", "The resource has no statement for this configuration.");
            return refused(Value::Null, Diagnostic::error(summary, format!("{detail} Please report this.")));
        };
        let names = names_of(self.declared, self.planned);
        let main = &self.declared.lookups[0];
        let key = name_values(main, &names);
        let name = known_name(self.declared.resource.scope, self.planned).filter(|name| !name.last().is_empty());
        // What is to be taken over is not waited for.
        let awaited = name.as_ref().filter(|_| (self.declared.resource.adopt)(&values).is_none());
        let begun = Instant::now();
        let made = loop {
            let made = self.session.execute_then_rows(&create, &main.query, main.name_key, key.clone()).await;
            match (&made, awaited) {
                (Err(error), Some(name)) if self.comes_free(name, error, begun).await => {}
                _ => break made,
            }
        };
        let (rows, origin) = match made {
            Ok(rows) => (rows, Origin::Made),
            Err(error) if matches!(error.kind, ErrorKind::Lost | ErrorKind::Unread) => match self.recover(&key).await {
                Some(rows) => (rows, Origin::Recovered),
                None if error.kind == ErrorKind::Unread => return self.take_back(&create, error).await,
                None => return refused(Value::Null, self.failed("create", &error, Some(&create))),
            },
            Err(error) => match self.adopt(&values, &error, &key).await {
                Some(Ok(rows)) => (rows, Origin::Adopted),
                Some(Err(diagnostic)) => return refused(Value::Null, diagnostic),
                None => {
                    return refused(Value::Null, self.failed("create", &advised(error, name.as_ref()), Some(&create)));
                }
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
        let made = fill_unknown(self.planned, &values_of(self.declared, &found).unwrap_or_default());
        drop(found);
        let more: Vec<Statement> =
            statements.chain(self.owner_and_comments(&Values::new(&made, self.config))).collect();
        for statement in &more {
            if let Err(error) = self.session.execute(statement).await {
                return self.undo(rows, &made, origin, statement, error).await;
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
        let Some(read) = values_of(self.declared, &found) else {
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
        // A grant or a setting may have been there before; to say it once more does no harm.
        let made = create.nodes.first() == Some(&Node::Word("CREATE".into()));
        let hint = match made {
            true => "what was created could not be read back, and is dropped again",
            false => "it could not be read back: apply again",
        };
        let error = CatalogError { hint: Some(hint.into()), ..error };
        let mut reply = refused(Value::Null, self.failed("create", &error, Some(create)));
        let delete = self.declared.resource.delete;
        let values = Values::new(self.planned, self.config);
        let statements = match delete {
            Some(delete) => delete(&values, &Found::new(&Key::Parts(Vec::new()), vec![Vec::new()], self.planned)),
            None => vec![Statement::drop(self.kind(), &self.declared.resource.scope.name_of(&values))],
        };
        for statement in statements.into_iter().filter(|_| made) {
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

    /// Of several rows the one with the planned name; where the server chose the name, the one that can be so, that no
    /// other create of this process has taken for its own, and that agrees best with what is planned.
    fn pick(&self, mut rows: Vec<Row>) -> Vec<Row> {
        let planned = self.planned.get("name");
        if planned.is_unknown() && rows.len() > 1 {
            rows.sort_by_cached_key(|row| std::cmp::Reverse(self.agreement(row)));
        }
        let attr = self.declared.attr("name");
        let means = |text: &str| attr.map_or_else(|| text.to_owned(), |attr| (attr.meant)(text).into_owned());
        let mine = |row: &Row| match (planned.as_text(), row.get("name")) {
            (Some(name), Some(found)) => means(name) == means(found),
            (None, Some(_)) if planned.is_unknown() => {
                (self.declared.resource.chosen)(row) && self.session.claim(row.get("id").unwrap_or_default())
            }
            _ => true,
        };
        rows.into_iter().find(mine).into_iter().collect()
    }

    /// In how many attributes a row is as planned.
    fn agreement(&self, row: &Row) -> usize {
        let key = Key::Names(Vec::new());
        let found = Found::new(&key, vec![vec![row.clone()]], self.planned);
        let Some(Value::Map(read)) = values_of(self.declared, &found) else { return 0 };
        let agrees = |attr: &&Attr| {
            let planned = self.planned.get(attr.name);
            read.get(attr.name).is_some_and(|read| same(attr, planned, read, &SameObjects::default()))
        };
        // The owner and the comments come after it is made.
        let later = ["ownership_role", "comment", "column_comments"];
        let own = self.declared.attrs.iter().filter(|attr| !later.contains(&attr.name));
        own.filter(agrees).count()
    }

    fn owner_and_comments(&self, values: &Values) -> Vec<Statement> {
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
        statements.extend(columns::comments(&name, &Value::Null, values.get("column_comments")));
        statements
    }

    /// A statement after CREATE failed: the object is dropped again, or else returned so that Terraform knows of it. What
    /// somebody else made is left to them: it was not created, and to adopt it once more does no harm.
    async fn undo(
        &self,
        rows: Vec<Row>,
        made: &Value,
        origin: Origin,
        failing: &Statement,
        error: CatalogError,
    ) -> Reply<Stored> {
        let mut diagnostics = vec![self.failed("create", &error, Some(failing))];
        if origin == Origin::Adopted {
            return Reply { value: Stored::default(), diagnostics };
        }
        if origin == Origin::Made && error.kind != ErrorKind::Lost {
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
        let read = values_of(self.declared, &found).unwrap_or_default();
        let mut state = fill_unknown(self.planned, &read);
        finish(self.declared, &found, &mut state, self.region);
        let stored = Stored { state, private: Private::of(&found).recorded().print() };
        match failure {
            None => Ok(stored),
            Some(error) => Err((stored, error)),
        }
    }
}

/// What helps where the name is taken.
fn advised(error: CatalogError, name: Option<&Name>) -> CatalogError {
    match name {
        Some(name) if is_taken(&error) && error.hint.is_none() => error.hint(format!(
            "If that is the object which is meant here, import it as `{name}`. With `create_before_destroy` an object \
             cannot have the name of the one that it replaces."
        )),
        _ => error,
    }
}

fn refused(state: Value, diagnostic: Diagnostic) -> Reply<Stored> {
    let diagnostics: Diagnostics = vec![diagnostic];
    Reply { value: Stored { state, ..Stored::default() }, diagnostics }
}
