//! A client's session: who it is, its variables, its transaction.

use crate::catalog::Shared;
use crate::command::Context;
use crate::datum::{Datum, Outcome, SqlError};
use crate::sql::{Kind, Statement};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a session stands with respect to transactions, as ReadyForQuery tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transaction {
    Idle,
    Open,
    Failed,
}

/// What the query engine needs to know of a session.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub current_user: String,
    pub session_user: String,
    pub database: String,
    pub search_path: Vec<String>,
    pub cluster: String,
    pub environment_id: String,
}

/// The session's own state, as commands change it.
#[derive(Clone, Debug)]
pub struct State {
    pub user: String,
    pub variables: BTreeMap<String, String>,
    pub transaction: Transaction,
}

pub struct Session {
    shared: Arc<Shared>,
    state: State,
}

impl Session {
    /// Signs `user` on. `options` are the startup parameters (`database`, `options`, `application_name`, …).
    /// Errors: `28000`, when the role is not known.
    pub fn new(shared: Arc<Shared>, user: &str, options: &BTreeMap<String, String>) -> Result<Self, SqlError> {
        let state = State { user: user.into(), variables: options.clone(), transaction: Transaction::Idle };
        Ok(Self { shared, state })
    }

    /// Runs one statement. `params` are the values of `$1`, `$2`, ….
    pub fn execute(&mut self, statement: &Statement, params: &[Datum]) -> Result<Outcome, SqlError> {
        let state = &mut self.state;
        self.shared.write(
            |catalog| statement.command.run(&mut Context { session: state, catalog, params }),
            |result| result.is_ok() && statement.kind == Kind::Ddl,
        )
    }

    /// The parameters that the server reports at startup (`server_version`, `TimeZone`, …).
    pub fn parameter_status(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    pub fn transaction(&self) -> Transaction {
        self.state.transaction
    }

    /// The front tells that a query inside the transaction failed.
    pub fn query_failed(&mut self) {
        if self.state.transaction == Transaction::Open {
            self.state.transaction = Transaction::Failed;
        }
    }

    pub fn snapshot(&self) -> Snapshot {
        let shared = self.shared.read();
        Snapshot {
            current_user: self.state.user.clone(),
            session_user: self.state.user.clone(),
            database: "materialize".into(),
            search_path: vec!["public".into()],
            cluster: "quickstart".into(),
            environment_id: shared.environment_id.clone(),
        }
    }
}
