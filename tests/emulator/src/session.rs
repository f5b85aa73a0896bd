//! A client's session: who it is, its variables, its transaction.

use crate::catalog::names::NameScope;
use crate::catalog::{Catalog, Id, Shared, parameter_values, parameters};
use crate::command::Context;
use crate::datum::{Datum, Outcome, SqlError, Write};
use crate::sql::error::with_code;
use crate::sql::{Kind, Statement};
use crate::transaction::{self, Company, Pending, Transaction, Work};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the query engine needs to know of a session.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub current_user: String,
    pub session_user: String,
    pub database: String,
    /// Only the schemas that exist.
    pub search_path: Vec<String>,
    /// See [`NameScope`].
    pub temporary: Option<Id>,
    pub cluster: String,
    /// Parameters that have another value in the session than in the system.
    pub settings: BTreeMap<String, String>,
    pub environment_id: String,
    /// `v26.18.0`
    pub version: &'static str,
}

impl Snapshot {
    /// Where names without a schema are looked up.
    pub fn names(&self) -> NameScope {
        let (database, search_path) = (self.database.clone(), self.search_path.clone());
        NameScope { database, search_path, temporary: self.temporary }
    }
}

/// The session's own state, as commands change it.
#[derive(Clone)]
pub struct State {
    pub role: Id,
    pub names: NameScope,
    /// What variables are when nobody sets them, as the system and the role had it when the session started. All by
    /// their name in lower case.
    pub defaults: BTreeMap<String, String>,
    /// Variables that the session set.
    pub variables: BTreeMap<String, String>,
    /// Those that the open transaction set: they are the session's once it is committed.
    staged: BTreeMap<String, String>,
    /// Those that it set for itself, with SET LOCAL.
    local: BTreeMap<String, String>,
    pub transaction: Transaction,
    /// What the open transaction has done.
    pub work: Work,
    /// Whether the open transaction is READ ONLY; None: nobody said.
    pub read_only: Option<bool>,
    /// What the open transaction has still to do, at COMMIT.
    pub pending: Vec<Pending>,
}

impl State {
    /// The value of a parameter as this session sees it.
    pub fn parameter(&self, catalog: &Catalog, name: &str) -> Option<String> {
        let key = name.to_lowercase();
        let parameter = catalog.parameters.get(&key)?;
        Some(match key.as_str() {
            "is_superuser" => if catalog.is_superuser(self.role) { "on" } else { "off" }.into(),
            _ => {
                let set = [&self.local, &self.staged, &self.variables, &self.defaults];
                set.into_iter().find_map(|values| values.get(&key)).unwrap_or(&parameter.value).clone()
            }
        })
    }

    /// Sets a session variable, without a value to its default; what names are looked up in follows. Outside of a
    /// transaction the statement is one of its own.
    pub fn set_variable(&mut self, catalog: &Catalog, key: &str, value: Option<String>, local: bool) {
        let default = || self.defaults.get(key).or(catalog.parameters.get(key).map(|p| &p.value)).cloned();
        let value = value.or_else(default).unwrap_or_default();
        if local {
            self.local.insert(key.into(), value);
        } else {
            self.local.remove(key);
            self.staged.insert(key.into(), value);
        }
        match self.transaction {
            Transaction::Idle => self.end_variables(catalog, true),
            _ => self.refresh_names(catalog),
        }
    }

    fn end_variables(&mut self, catalog: &Catalog, commit: bool) {
        self.local.clear();
        let staged = std::mem::take(&mut self.staged);
        if commit {
            self.variables.extend(staged);
        }
        self.refresh_names(catalog);
    }

    fn refresh_names(&mut self, catalog: &Catalog) {
        self.names.database = self.parameter(catalog, "database").unwrap_or_default();
        let path = self.parameter(catalog, "search_path").unwrap_or_default();
        self.names.search_path = parameters::split_list(&path);
    }

    /// Ends a transaction: what it set stays when it is committed, SET LOCAL never.
    pub fn end_transaction(&mut self, catalog: &Catalog, commit: bool) {
        self.end_variables(catalog, commit);
        self.transaction = Transaction::Idle;
        self.work = Work::Nothing;
        self.read_only = None;
        self.pending.clear();
    }
}

pub struct Session {
    shared: Arc<Shared>,
    state: State,
}

impl Drop for Session {
    /// What is temporary goes with its session.
    fn drop(&mut self) {
        let Some(schema) = self.state.names.temporary else { return };
        if self.shared.read().schemas.contains_key(&schema) {
            self.shared.write(|catalog| catalog.drop_temporary(schema), |()| true);
        }
    }
}

/// Parameters that the server reports, at startup and when they change.
const REPORTED: [&str; 10] = [
    "application_name", "client_encoding", "DateStyle", "integer_datetimes", "is_superuser", "server_version",
    "standard_conforming_strings", "TimeZone", "transaction_isolation", "mz_version",
];

impl Session {
    /// Signs `user` on. `options` are the startup parameters (`database`, `options`, `application_name`, …).
    /// Errors: `28000`, when the role is not known.
    pub fn new(shared: Arc<Shared>, user: &str, options: &BTreeMap<String, String>) -> Result<Self, SqlError> {
        let catalog = shared.read();
        let Some(&role) = catalog.role_names.get(user) else {
            return Err(with_code("28000", format!("role \"{user}\" does not exist")));
        };
        let mut state = State {
            role,
            names: NameScope { temporary: Some(shared.new_temporary()), ..NameScope::default() },
            defaults: defaults(&catalog, role),
            variables: BTreeMap::new(),
            staged: BTreeMap::new(),
            local: BTreeMap::new(),
            transaction: Transaction::Idle,
            work: Work::Nothing,
            read_only: None,
            pending: Vec::new(),
        };
        // The system's own roles do not start with the default, but RESET leads them there.
        let own = match user {
            "mz_system" | "mz_analytics" => Some(user),
            "mz_support" => Some("mz_catalog_server"),
            _ => None,
        };
        state.variables.extend(own.map(|cluster| ("cluster".to_owned(), cluster.to_owned())));
        for (name, value) in startup_settings(options) {
            let key = name.to_lowercase();
            if let Some(parameter) = catalog.parameters.get(&key).filter(|_| parameters::of_session(&key)) {
                state.variables.insert(key, parameter_values::parse_flat(parameter, &value)?);
            }
        }
        state.refresh_names(&catalog);
        drop(catalog);
        Ok(Self { shared, state })
    }

    /// Runs one statement. `params` are the values of `$1`, `$2`, ….
    pub fn execute(&mut self, statement: &Statement, params: &[Datum]) -> Result<Outcome, SqlError> {
        // A short statement may print a deep one that is kept: SHOW CREATE, ALTER … RENAME.
        let result = match statement.deep || matches!(statement.kind, Kind::Show | Kind::Ddl) {
            true => crate::sql::on_large_stack(|| self.execute_inner(statement, params)),
            false => self.execute_inner(statement, params),
        };
        if result.is_err() {
            self.query_failed();
        }
        result
    }

    fn execute_inner(&mut self, statement: &Statement, params: &[Datum]) -> Result<Outcome, SqlError> {
        if self.state.transaction == Transaction::Failed && !statement.command.ends_transaction() {
            return Err(with_code(
                "25P02",
                "current transaction is aborted, commands ignored until end of transaction block",
            ));
        }
        if self.state.transaction.is_block() && statement.kind == Kind::Ddl {
            return self.defer(statement, params);
        }
        let state = &mut self.state;
        if statement.kind != Kind::Ddl {
            // Session commands see the catalog without holding others up, but COMMIT may carry a statement out.
            if statement.command.ends_transaction() {
                return self.end(statement);
            }
        }
        self.shared
            .write(
                |catalog| {
                    catalog.acts(state.role);
                    let before = catalog.items.clock();
                    let result = statement.command.run(&mut Context { session: state, catalog, params });
                    // DISCARD is about the session, and takes what is temporary.
                    (result, catalog.items.clock() != before)
                },
                |(result, changed)| result.is_ok() && (statement.kind == Kind::Ddl || *changed),
            )
            .0
    }

    /// A statement inside a transaction that changes something: it is carried out at COMMIT. Only those that may follow
    /// each other are tried before, on a copy.
    fn defer(&mut self, statement: &Statement, params: &[Datum]) -> Result<Outcome, SqlError> {
        let version = self.shared.version();
        let company = statement.command.company();
        let work = match company {
            Company::Any => self.state.work,
            Company::Writes => self.add(Work::Writes)?,
            Company::Changes => self.add(Work::Changes { version })?,
            Company::Alone if self.state.transaction == Transaction::Open => self.add(Work::Alone)?,
            Company::Alone | Company::None => return Err(transaction::prohibited(statement)),
        };
        let mut copy = self.shared.read().clone();
        copy.acts(self.state.role);
        if company == Company::Changes {
            for earlier in self.state.pending.clone() {
                earlier.carry_out(&mut self.state, &mut copy)?;
            }
        }
        let result = statement.command.run(&mut Context { session: &mut self.state, catalog: &mut copy, params });
        let outcome = match (company, result) {
            (Company::Alone, Ok(Outcome::Done { tag, .. })) => Outcome::Done { tag, notices: Vec::new() },
            // What is wrong with it shows at COMMIT.
            (Company::Alone, Err(_)) => Outcome::Done { tag: statement.first_words(), notices: Vec::new() },
            (_, result) => result?,
        };
        if company != Company::Writes {
            self.state.pending.push(Pending::Statement(statement.clone(), params.to_vec()));
        }
        self.state.work = work;
        Ok(outcome)
    }

    fn add(&self, more: Work) -> Result<Work, SqlError> {
        self.state.work.and(more, self.state.read_only == Some(true))
    }

    /// A query was answered; constant: it read no relation. Errors: the transaction may not hold it.
    pub fn has_read(&mut self, constant: bool) -> Result<(), SqlError> {
        if self.state.transaction.is_block() {
            self.state.work = self.add(Work::Reads { constant })?;
        }
        Ok(())
    }

    /// Writes rows that the engine found: see [`Write`]. Answers the command's tag.
    pub fn write(&mut self, write: &Write, rows: Vec<Vec<Datum>>) -> Result<String, SqlError> {
        let block = self.state.transaction.is_block();
        let (tag, kept) = {
            let catalog = self.shared.read();
            let columns = catalog.columns(write.table).map(|c| c.into_owned()).unwrap_or_default();
            let (mut count, mut kept) = (0, Vec::new());
            for mut row in rows {
                let hit = !write.replaces || row.pop() == Some(Datum::Bool(true));
                count += usize::from(hit);
                if write.tag == "DELETE" && hit {
                    continue;
                }
                crate::command::write::check_nulls(&columns, &row)?;
                kept.push(row);
            }
            (format!("{} {count}", write.tag), kept)
        };
        let rows = Pending::Rows(write.clone(), kept);
        if block {
            self.state.pending.push(rows);
            return Ok(tag);
        }
        let state = &mut self.state;
        self.shared.write(|catalog| rows.carry_out(state, catalog), Result::is_ok).map(|()| tag)
    }

    fn end(&mut self, statement: &Statement) -> Result<Outcome, SqlError> {
        let state = &mut self.state;
        let mut pending = std::mem::take(&mut state.pending);
        if !statement.command.commits() || state.transaction == Transaction::Failed {
            pending.clear();
        }
        let changed = !pending.is_empty();
        let raced = match state.work {
            Work::Changes { .. } if changed => {
                state.work.and(Work::Changes { version: self.shared.version() }, false).err()
            }
            _ => None,
        };
        // What is carried out now is in no transaction any more.
        let before = state.transaction;
        state.transaction = Transaction::Idle;
        self.shared.write(
            |catalog| {
                catalog.acts(state.role);
                // All of it, or nothing.
                let mut copy = (pending.len() > 1).then(|| catalog.clone());
                let carried_out = raced.map_or(Ok(()), Err).and_then(|()| {
                    pending.iter().try_for_each(|each| each.carry_out(state, copy.as_mut().unwrap_or(catalog)))
                });
                if let Some(copy) = copy.filter(|_| carried_out.is_ok()) {
                    *catalog = copy;
                }
                state.transaction = if carried_out.is_ok() { before } else { Transaction::Failed };
                let answer = statement.command.run(&mut Context { session: state, catalog, params: &[] });
                carried_out.and(answer)
            },
            |result| result.is_ok() && changed,
        )
    }

    /// Several statements came as one: they are a transaction, unless one is open.
    pub fn begin_implicit(&mut self) {
        if self.state.transaction == Transaction::Idle {
            self.state.transaction = Transaction::Implicit;
        }
    }

    /// Ends the transaction of statements that came as one.
    pub fn end_implicit(&mut self, commit: bool) -> Result<(), SqlError> {
        if self.state.transaction != Transaction::Implicit {
            return Ok(());
        }
        let words = if commit { "COMMIT" } else { "ROLLBACK" };
        crate::sql::split(words)?.iter().try_for_each(|end| self.execute(end, &[]).map(drop))
    }

    /// The parameters that the server reports at startup (`server_version`, `TimeZone`, …).
    pub fn parameter_status(&self) -> Vec<(String, String)> {
        let catalog = self.shared.read();
        REPORTED.iter().filter_map(|n| Some(((*n).to_owned(), self.state.parameter(&catalog, n)?))).collect()
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

    /// Who and where the session is, for the query engine.
    pub fn snapshot(&self) -> Snapshot {
        let catalog = self.shared.read();
        let user = catalog.role_name(self.state.role).to_owned();
        Snapshot {
            current_user: user.clone(),
            session_user: user,
            database: self.state.names.database.clone(),
            search_path: {
                let names = &self.state.names;
                let exists = |name: &&String| catalog.schema(names, std::slice::from_ref(*name)).is_ok();
                names.search_path.iter().filter(exists).cloned().collect()
            },
            temporary: self.state.names.temporary,
            cluster: self.state.parameter(&catalog, "cluster").unwrap_or_default(),
            settings: {
                let set = [&self.state.defaults, &self.state.variables, &self.state.staged, &self.state.local];
                let names =
                    ["is_superuser"].into_iter().chain(set.into_iter().flat_map(BTreeMap::keys).map(String::as_str));
                let values = names.filter_map(|name| Some((name.to_owned(), self.state.parameter(&catalog, name)?)));
                let system = |name: &str| catalog.parameters.get(name).map(|parameter| parameter.value.as_str());
                values.filter(|(name, value)| system(name) != Some(value)).collect()
            },
            environment_id: catalog.environment_id.clone(),
            version: if catalog.newer { crate::query::NEWER_VERSION } else { crate::query::MZ_VERSION },
        }
    }
}

/// What a new session of a role starts from: the system's defaults, and before them the role's.
fn defaults(catalog: &Catalog, role: Id) -> BTreeMap<String, String> {
    let system = parameters::keys_with_defaults().filter_map(|key| Some((key, catalog.parameters.get(key)?)));
    let mut out: BTreeMap<String, String> = system.map(|(key, p)| (key.to_owned(), p.value.clone())).collect();
    let of_role = catalog.roles.get(&role).into_iter().flat_map(|r| &r.variables);
    let of_role = of_role.filter_map(|(name, value)| {
        let key = name.to_lowercase();
        let value = parameter_values::parse_flat(catalog.parameters.get(&key)?, value).ok()?;
        Some((key, value))
    });
    out.extend(of_role);
    out
}

/// Settings of a startup message: its own parameters, and the `-c name=value` of `options`.
fn startup_settings(options: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (name, value) in options {
        match name.as_str() {
            "user" | "replication" => {}
            "options" => {
                let mut words = value.split_whitespace();
                while let Some(word) = words.next() {
                    let setting = match word {
                        "-c" => words.next(),
                        _ => word.strip_prefix("-c").or_else(|| word.strip_prefix("--")),
                    };
                    if let Some((n, v)) = setting.and_then(|s| s.split_once('=')) {
                        out.push((n.replace('-', "_"), v.to_owned()));
                    }
                }
            }
            _ => out.push((name.clone(), value.clone())),
        }
    }
    out
}
