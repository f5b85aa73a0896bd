//! The extended protocol: prepared statements, portals, parameters.

use super::connection::{Answer, Client, format};
use super::types;
use crate::catalog::RelationColumn;
use crate::datum::{Datum, Outcome, Rows, SqlError};
use crate::sql::error::with_code;
use crate::sql::{self, Kind, Statement};
use pgwire::messages::PgWireBackendMessage as Back;
use pgwire::messages::PgWireFrontendMessage as Front;
use pgwire::messages::data::{NoData, ParameterDescription};
use pgwire::messages::extendedquery::{
    Bind, BindComplete, CloseComplete, Execute, Parse, ParseComplete, PortalSuspended,
};
use pgwire::messages::response::EmptyQueryResponse;
use std::io::Result as IoResult;
use std::sync::Arc;

/// A parsed statement with what is known before it runs.
pub struct Prepared {
    /// None for an empty query.
    statement: Option<Statement>,
    parameters: Vec<u32>,
    /// None when it answers no rows.
    columns: Option<Vec<RelationColumn>>,
}

/// A prepared statement with its parameters, and once it ran, its rows.
pub struct Portal {
    prepared: Arc<Prepared>,
    params: Vec<Datum>,
    formats: Vec<i16>,
    rows: Option<(Rows, usize)>,
}

type Result<T> = std::result::Result<T, SqlError>;

impl Client {
    /// Handles one message. The outer error is a broken connection, the inner one for the client.
    pub async fn extended(&mut self, message: Front) -> IoResult<Result<()>> {
        let answer = match message {
            Front::Parse(parse) => match self.parse(&parse) {
                Ok(prepared) => {
                    self.prepared.insert(parse.name.unwrap_or_default(), Arc::new(prepared));
                    Back::ParseComplete(ParseComplete::new())
                }
                Err(error) => return Ok(Err(error)),
            },
            Front::Bind(bind) => match self.bind(&bind) {
                Ok(portal) => {
                    self.portals.insert(bind.portal_name.unwrap_or_default(), portal);
                    Back::BindComplete(BindComplete::new())
                }
                Err(error) => return Ok(Err(error)),
            },
            Front::Close(close) => {
                let name = close.name.unwrap_or_default();
                if close.target_type == b'S' {
                    self.prepared.remove(&name);
                } else {
                    self.portals.remove(&name);
                }
                Back::CloseComplete(CloseComplete::new())
            }
            Front::Describe(describe) => {
                return self.describe(describe.target_type == b'S', &describe.name.unwrap_or_default());
            }
            Front::Execute(execute) => return self.execute_portal(execute).await,
            _ => return Ok(Err(with_code("08P01", "unexpected message type"))),
        };
        self.channel.send(answer)?;
        Ok(Ok(()))
    }

    fn parse(&mut self, parse: &Parse) -> Result<Prepared> {
        let mut statements = sql::split_for(&parse.query, self.server.options.newer)?;
        if statements.len() > 1 {
            return Err(with_code("42601", "cannot insert multiple commands into a prepared statement"));
        }
        let statement = statements.pop();
        if statement.as_ref().is_some_and(|statement| statement.command.returns_rows()) {
            return Err(sql::error::unsupported("RETURNING in prepared statements"));
        }
        let mut inferred = Vec::new();
        let columns = match &statement {
            Some(statement) if matches!(statement.kind, Kind::Query | Kind::Show) => {
                let nulls = vec![Datum::Null; statement.parameters];
                match self.session.execute(statement, &nulls)? {
                    Outcome::Query(sql) => {
                        let description = self.server.engine.describe(&self.session.snapshot(), &sql)?;
                        inferred = description.parameters;
                        Some(description.columns)
                    }
                    Outcome::Rows(rows) => Some(columns(&rows)),
                    Outcome::Done { .. } | Outcome::Write(_) => None,
                }
            }
            _ => None,
        };
        let count = statement.as_ref().map_or(0, |statement| statement.parameters).max(inferred.len());
        let parameters = (0..count)
            .map(|i| match (parse.type_oids.get(i), inferred.get(i)) {
                (Some(oid), _) if *oid != 0 => *oid,
                (_, Some(Some(ty))) => types::oid(ty).0,
                _ => types::oid("text").0,
            })
            .collect();
        Ok(Prepared { statement, parameters, columns })
    }

    fn bind(&mut self, bind: &Bind) -> Result<Portal> {
        let name = bind.statement_name.as_deref().unwrap_or_default();
        let prepared = self.prepared.get(name).cloned().ok_or_else(|| no_statement(name))?;
        let (given, wanted) = (bind.parameters.len(), prepared.parameters.len());
        if given != wanted {
            let message = format!("bind message supplies {given} parameters, but the statement requires {wanted}");
            return Err(with_code("08P01", message));
        }
        let params = bind.parameters.iter().zip(&prepared.parameters).enumerate();
        let params = params
            .map(|(i, (bytes, oid))| match bytes {
                None => Ok(Datum::Null),
                Some(bytes) => types::read(bytes, *oid, format(&bind.parameter_format_codes, i) == 1),
            })
            .collect::<Result<_>>()?;
        Ok(Portal { prepared, params, formats: bind.result_column_format_codes.clone(), rows: None })
    }

    fn describe(&mut self, statement: bool, name: &str) -> IoResult<Result<()>> {
        let (prepared, formats) = if statement {
            let Some(prepared) = self.prepared.get(name).cloned() else { return Ok(Err(no_statement(name))) };
            let parameters = ParameterDescription::new(prepared.parameters.clone());
            self.channel.send(Back::ParameterDescription(parameters))?;
            (prepared, Vec::new())
        } else {
            let Some(portal) = self.portals.get(name) else { return Ok(Err(no_portal(name))) };
            (portal.prepared.clone(), portal.formats.clone())
        };
        match &prepared.columns {
            Some(columns) => self.describe_columns(columns, &formats)?,
            None => self.channel.send(Back::NoData(NoData::new()))?,
        }
        Ok(Ok(()))
    }

    async fn execute_portal(&mut self, execute: Execute) -> IoResult<Result<()>> {
        let name = execute.name.unwrap_or_default();
        let Some(mut portal) = self.portals.remove(&name) else { return Ok(Err(no_portal(&name))) };
        if portal.rows.is_none() {
            let Some(statement) = &portal.prepared.statement else {
                self.channel.send(Back::EmptyQueryResponse(EmptyQueryResponse::new()))?;
                return Ok(Ok(()));
            };
            match self.execute(statement, &portal.params).await? {
                Ok(Answer::Done { tag, notices }) => {
                    self.done(tag, &notices)?;
                    return Ok(Ok(()));
                }
                // Refused when it was parsed: nobody was told of its columns.
                Ok(Answer::Returned { tag, .. }) => {
                    self.complete(tag)?;
                    return Ok(Ok(()));
                }
                Ok(Answer::Rows(rows)) => {
                    let described = portal.prepared.columns.as_deref().unwrap_or_default();
                    if described.iter().map(|c| &c.ty).ne(&rows.types) {
                        return Ok(Err(with_code("0A000", "cached plan must not change result type")));
                    }
                    portal.rows = Some((rows, 0));
                }
                Err(error) => return Ok(Err(error)),
            }
        }
        let Some((rows, at)) = &mut portal.rows else { return Ok(Ok(())) };
        let limit = if execute.max_rows > 0 { execute.max_rows as usize } else { usize::MAX };
        let start = *at;
        while *at < rows.rows.len() && *at - start < limit {
            if let Err(error) = self.row(&rows.rows[*at], &rows.types, &portal.formats) {
                return Ok(Err(error));
            }
            *at += 1;
            self.channel.flush_if_large().await?;
        }
        if *at < rows.rows.len() {
            self.channel.send(Back::PortalSuspended(PortalSuspended::new()))?;
        } else {
            self.complete(format!("SELECT {}", *at - start))?;
        }
        self.portals.insert(name, portal);
        Ok(Ok(()))
    }
}

fn columns(rows: &Rows) -> Vec<RelationColumn> {
    let column = |(name, ty): (&String, &String)| RelationColumn { name: name.clone(), ty: ty.clone(), nullable: true };
    rows.columns.iter().zip(&rows.types).map(column).collect()
}

fn no_statement(name: &str) -> SqlError {
    with_code("26000", format!("prepared statement \"{name}\" does not exist"))
}

fn no_portal(name: &str) -> SqlError {
    with_code("34000", format!("portal \"{name}\" does not exist"))
}
