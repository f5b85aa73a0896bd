//! Dropping, by the name that the object has now.

use super::{Work, is_gone};
use crate::catalog::{CatalogError, ErrorKind};
use crate::declare::{Found, Key, Scope, Values};
use crate::diag::Diagnostic;
use crate::engine::read::{find, names_of, state, values};
use crate::engine::{Reply, Stored};
use crate::sql::Statement;
use crate::value::Value;

impl Work<'_> {
    /// Terraform does not say what a refresh has found when the resource is no longer in the configuration. By the name
    /// that the state has, another object could be dropped: one with which this one was swapped, for example.
    pub async fn delete(&self) -> Reply<Stored> {
        let (state, diagnostic) = match self.current().await {
            Ok(None) => return Reply::default(),
            Ok(Some(current)) => match self.drop(&current).await {
                Ok(()) => return Reply::default(),
                Err(diagnostic) => (current, diagnostic),
            },
            Err(error) => (self.prior.clone(), self.failed("drop", &error, None)),
        };
        Reply { value: Stored { state, private: self.prior_private.print() }, diagnostics: vec![diagnostic] }
    }

    async fn drop(&self, state: &Value) -> Result<(), Diagnostic> {
        let statements = self.drop_statements(state).await.map_err(|error| self.failed("drop", &error, None))?;
        for statement in &statements {
            let Err(error) = self.session.execute(statement).await else { continue };
            let unsure = error.kind == ErrorKind::Lost || is_gone(&error);
            if unsure && matches!(self.current().await, Ok(None)) {
                return Ok(());
            }
            return Err(self.failed("drop", &error, Some(statement)));
        }
        Ok(())
    }

    /// The object as it is now, by its id; `None` if it is gone. What stands on an object, and goes with this resource, is
    /// what the state says; only the object's name is the one that it has now.
    async fn current(&self) -> Result<Option<Value>, CatalogError> {
        let mut key = self.key_of(self.prior);
        let mut rows = find(&self.session, self.declared, &key).await?;
        if self.declared.resource.replaceable && rows[0].is_empty() {
            key = Key::Names(names_of(self.declared, self.prior));
            rows = find(&self.session, self.declared, &key).await?;
        }
        let found = Found::new(&key, rows, self.prior);
        let Some(read) = values(self.declared, &found) else { return Ok(None) };
        let current = state(self.declared, &found, &read, self.region, false);
        if !self.declared.resource.standing {
            return Ok(Some(current));
        }
        let mut state = self.prior.clone();
        for (name, value) in names_of(self.declared, &current) {
            state.set(name, Value::text(value));
        }
        Ok(Some(state))
    }

    pub(super) async fn drop_statements(&self, state: &Value) -> Result<Vec<Statement>, CatalogError> {
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
