//! A signed-in client: reads messages, runs statements, answers.

use super::Server;
use super::extended::{Portal, Prepared};
use super::io::Channel;
use super::types;
use crate::catalog::RelationColumn;
use crate::datum::{Datum, Outcome, Rows, SqlError, Write};
use crate::faults::Moment;
use crate::session::Session;
use crate::sql::error::with_code;
use crate::sql::{self, Kind, Statement};
use crate::transaction::Transaction;
use bytes::BufMut;
use pgwire::messages::data::{FieldDescription, RowDescription};
use pgwire::messages::response::{CommandComplete, EmptyQueryResponse, ReadyForQuery, TransactionStatus};
use pgwire::messages::startup::ParameterStatus;
use pgwire::messages::{PgWireBackendMessage as Back, PgWireFrontendMessage as Front};
use std::collections::HashMap;
use std::io::{Error, ErrorKind, Result};
use std::sync::Arc;
use tokio::sync::Notify;

pub struct Client {
    pub(super) server: Arc<Server>,
    pub(super) channel: Channel,
    pub(super) session: Session,
    user: String,
    id: u32,
    /// The number that a cancel request names.
    pub(super) process: i32,
    bell: Arc<Notify>,
    /// What the client was told of the session's variables.
    status: Vec<(String, String)>,
    pub(super) prepared: HashMap<String, Arc<Prepared>>,
    pub(super) portals: HashMap<String, Portal>,
    /// After an error in the extended protocol everything up to Sync is skipped.
    pub(super) skipping: bool,
}

/// What a statement answers.
pub enum Answer {
    Done {
        tag: String,
        notices: Vec<String>,
    },
    Rows(Rows),
    /// Rows of a statement that changed them.
    Returned {
        tag: String,
        rows: Rows,
    },
}

impl Client {
    #[expect(clippy::too_many_arguments, reason = "one call, at the end of signing in")]
    pub fn new(
        server: Arc<Server>,
        channel: Channel,
        session: Session,
        user: String,
        id: u32,
        process: i32,
        bell: Arc<Notify>,
        status: Vec<(String, String)>,
    ) -> Self {
        let (prepared, portals) = (HashMap::new(), HashMap::new());
        Self { server, channel, session, user, id, process, bell, status, prepared, portals, skipping: false }
    }

    /// Serves the client until it leaves. An error is a broken connection.
    pub async fn run(mut self) -> Result<()> {
        while let Some(message) = self.channel.read().await? {
            match message {
                Front::Terminate(_) => break,
                Front::Sync(_) => {
                    self.skipping = false;
                    self.ready()?;
                }
                _ if self.skipping => {}
                Front::Query(query) => self.simple(&query.query).await?,
                Front::Flush(_) => self.channel.flush().await?,
                Front::CopyData(_) | Front::CopyDone(_) | Front::CopyFail(_) | Front::PasswordMessageFamily(_) => {
                    self.fail(&with_code("08P01", "unexpected message type"))?;
                }
                message => {
                    if let Err(error) = self.extended(message).await? {
                        self.fail(&error)?;
                        self.skipping = true;
                    }
                }
            }
            self.channel.flush_if_large().await?;
        }
        self.channel.flush().await
    }

    /// The simple protocol: several statements in one string, up to the first error.
    async fn simple(&mut self, text: &str) -> Result<()> {
        match sql::split_for(text, self.server.options.newer) {
            Err(error) => {
                self.arrive(text).await?;
                self.fail(&error)?;
            }
            Ok(statements) if statements.is_empty() => {
                self.channel.send(Back::EmptyQueryResponse(EmptyQueryResponse::new()))?;
            }
            Ok(statements) => {
                let several = statements.len() > 1;
                let mut failed = false;
                for statement in statements {
                    if several {
                        self.session.begin_implicit();
                    }
                    match self.execute(&statement, &[]).await? {
                        Ok(Answer::Rows(rows)) => {
                            self.describe_rows(&rows.columns, &rows.types, &[])?;
                            for row in &rows.rows {
                                if let Err(error) = self.row(row, &rows.types, &[]) {
                                    self.fail(&error)?;
                                    break;
                                }
                                self.channel.flush_if_large().await?;
                            }
                            self.complete(format!("SELECT {}", rows.rows.len()))?;
                        }
                        Ok(Answer::Returned { tag, rows }) => {
                            self.describe_rows(&rows.columns, &rows.types, &[])?;
                            for row in &rows.rows {
                                if let Err(error) = self.row(row, &rows.types, &[]) {
                                    self.fail(&error)?;
                                    break;
                                }
                            }
                            self.complete(tag)?;
                        }
                        Ok(Answer::Done { tag, notices }) => self.done(tag, &notices)?,
                        Err(error) => {
                            self.fail(&error)?;
                            failed = true;
                            break;
                        }
                    }
                }
                if let Err(error) = self.session.end_implicit(!failed) {
                    self.fail(&error)?;
                }
            }
        }
        self.ready()
    }

    /// Notes a statement's arrival and plays the faults that come before it is carried out.
    async fn arrive(&mut self, text: &str) -> Result<Option<Moment>> {
        let cut = self.server.faults.arrived(self.id, &self.user, text);
        if cut == Some(Moment::Before) {
            return self.cut().await;
        }
        Ok(cut)
    }

    /// Breaks the connection. What was answered before still arrives.
    async fn cut<T>(&mut self) -> Result<T> {
        self.channel.flush().await?;
        Err(Error::new(ErrorKind::ConnectionAborted, "cut on demand"))
    }

    /// Carries a statement out. The outer error is a broken connection, the inner one for the client.
    pub async fn execute(
        &mut self,
        statement: &Statement,
        params: &[Datum],
    ) -> Result<std::result::Result<Answer, SqlError>> {
        let cut = self.arrive(&statement.text).await?;
        if self.server.faults.fails(&statement.text) {
            self.session.query_failed();
            return Ok(Err(with_code("XX000", "internal error: on demand")));
        }
        let delay = self.server.faults.delay();
        if !delay.is_zero() {
            let canceled = tokio::select! {
                () = tokio::time::sleep(delay) => false,
                () = self.bell.notified() => true,
            };
            if canceled {
                self.session.query_failed();
                return Ok(Err(canceled_error()));
            }
        }
        let answer = match self.session.execute(statement, params) {
            Ok(Outcome::Done { tag, notices }) => Ok(Answer::Done { tag, notices }),
            Ok(Outcome::Rows(rows)) => Ok(Answer::Rows(rows)),
            Ok(Outcome::Query(sql)) => {
                let snapshot = self.session.snapshot();
                let answer = tokio::select! {
                    answer = self.server.engine.run(&snapshot, &sql, params) => answer,
                    () = self.bell.notified() => Err(canceled_error()),
                };
                let answer = answer.and_then(|(rows, reads)| self.session.has_read(!reads).map(|()| rows));
                if answer.is_err() {
                    self.session.query_failed();
                }
                answer.map(Answer::Rows)
            }
            Ok(Outcome::Write(write)) => {
                let snapshot = self.session.snapshot();
                let answer = self.server.engine.run(&snapshot, &write.sql, params).await;
                let answer = match answer {
                    Ok((rows, _)) => self.write(&write, rows.rows).await,
                    Err(error) => Err(error),
                };
                if answer.is_err() {
                    self.session.query_failed();
                }
                answer
            }
            Err(error) => Err(error),
        };
        if cut == Some(Moment::After) {
            return self.cut().await;
        }
        if statement.kind == Kind::Session {
            self.report_changes()?;
        }
        Ok(answer)
    }

    /// Writes rows, and answers what of them is asked for. That is found first: if it fails, nothing is written.
    async fn write(&mut self, write: &Write, rows: Vec<Vec<Datum>>) -> std::result::Result<Answer, SqlError> {
        let returned = match &write.returning {
            None => None,
            Some(returning) => {
                let snapshot = self.session.snapshot();
                Some(self.server.engine.run(&snapshot, &returning.sql(&rows), &[]).await?.0)
            }
        };
        let tag = self.session.write(write, rows)?;
        Ok(match returned {
            Some(rows) => Answer::Returned { tag, rows },
            None => Answer::Done { tag, notices: Vec::new() },
        })
    }

    /// Tells the client which of its session's reported variables changed.
    fn report_changes(&mut self) -> Result<()> {
        let now = self.session.parameter_status();
        for (name, value) in now.iter().filter(|pair| !self.status.contains(pair)) {
            self.channel.send(Back::ParameterStatus(ParameterStatus::new(name.clone(), value.clone())))?;
        }
        self.status = now;
        Ok(())
    }

    pub fn done(&mut self, tag: String, notices: &[String]) -> Result<()> {
        for notice in notices {
            self.channel.notice(notice)?;
        }
        self.complete(tag)
    }

    pub fn complete(&mut self, tag: String) -> Result<()> {
        self.channel.send(Back::CommandComplete(CommandComplete::new(tag)))
    }

    fn fail(&mut self, error: &SqlError) -> Result<()> {
        self.channel.error("ERROR", error)
    }

    fn ready(&mut self) -> Result<()> {
        let status = match self.session.transaction() {
            Transaction::Idle => TransactionStatus::Idle,
            Transaction::Implicit | Transaction::Open => TransactionStatus::Transaction,
            Transaction::Failed => TransactionStatus::Error,
        };
        self.channel.send(Back::ReadyForQuery(ReadyForQuery::new(status)))
    }

    pub fn describe_rows(&mut self, columns: &[String], names: &[String], formats: &[i16]) -> Result<()> {
        let field = |(i, (name, ty)): (usize, (&String, &String))| {
            let (oid, size) = types::oid(ty);
            FieldDescription::new(name.clone(), 0, 0, oid, size, -1, format(formats, i))
        };
        let fields = columns.iter().zip(names).enumerate().map(field).collect();
        self.channel.send(Back::RowDescription(RowDescription::new(fields)))
    }

    pub fn describe_columns(&mut self, columns: &[RelationColumn], formats: &[i16]) -> Result<()> {
        let (names, types): (Vec<_>, Vec<_>) = columns.iter().map(|c| (c.name.clone(), c.ty.clone())).unzip();
        self.describe_rows(&names, &types, formats)
    }

    /// Appends one DataRow message; nothing of it stays when a value cannot be sent.
    pub fn row(&mut self, row: &[Datum], names: &[String], formats: &[i16]) -> std::result::Result<(), SqlError> {
        let out = &mut self.channel.output;
        let start = out.len();
        out.put_u8(b'D');
        out.put_i32(0);
        out.put_i16(row.len() as i16);
        for (i, (value, ty)) in row.iter().zip(names).enumerate() {
            if let Err(error) = types::write(out, value, ty, format(formats, i) == 1) {
                out.truncate(start);
                return Err(error);
            }
        }
        let length = (out.len() - start - 1) as i32;
        out[start + 1..start + 5].copy_from_slice(&length.to_be_bytes());
        Ok(())
    }
}

/// The format of a column: none given means text, one given holds for all.
pub fn format(formats: &[i16], column: usize) -> i16 {
    match formats {
        [] => 0,
        [all] => *all,
        each => each.get(column).copied().unwrap_or(0),
    }
}

fn canceled_error() -> SqlError {
    with_code("57014", "canceling statement due to user request")
}
