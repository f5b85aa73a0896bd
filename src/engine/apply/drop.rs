//! Dropping, by the name that the object has now.

use super::{Work, is_gone};
use crate::catalog::{CatalogError, ErrorKind};
use crate::declare::{Found, Scope, Values};
use crate::diag::Diagnostic;
use crate::engine::read::{find, state, values};
use crate::engine::{Reply, Stored};
use crate::sql::Statement;
use crate::value::Value;

impl Work<'_> {
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
