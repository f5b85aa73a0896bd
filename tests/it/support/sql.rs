//! A plain SQL session, for looking at the server and for changing things behind the provider's back.

use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use super::server::Server;

pub struct Session {
    runtime: tokio::runtime::Runtime,
    client: Client,
}

impl Session {
    pub fn open(server: &Server) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut config = tokio_postgres::Config::new();
        config.host(&server.host).port(server.port).user(&server.user).dbname("materialize");
        if let Some(password) = &server.password {
            config.password(password);
        }
        let (client, connection) = runtime
            .block_on(config.connect(NoTls))
            .unwrap_or_else(|error| panic!("cannot open a session at {}:{}: {error}", server.host, server.port));
        runtime.spawn(connection);
        Self { runtime, client }
    }

    /// Runs the statements and returns the rows of all of them as text, null as `NULL`. Each is sent by itself: several
    /// together are a transaction, in which the server takes hardly any that changes something.
    pub fn query(&self, sql: &str) -> Result<Vec<Vec<String>>, String> {
        statements(sql)
            .into_iter()
            .map(|statement| self.one(statement))
            .collect::<Result<Vec<_>, _>>()
            .map(|all| all.concat())
    }

    fn one(&self, sql: &str) -> Result<Vec<Vec<String>>, String> {
        let messages =
            self.runtime.block_on(self.client.simple_query(sql)).map_err(|error| match error.as_db_error() {
                Some(error) => format!("{}: {}", error.code().code(), error.message()),
                None => error.to_string(),
            })?;
        let text = |value: Option<&str>| value.unwrap_or("NULL").to_owned();
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some((0..row.len()).map(|i| text(row.get(i))).collect()),
            _ => None,
        });
        Ok(rows.collect())
    }

    /// The rows in the form of the case files: columns joined by ` | `.
    pub fn lines(&self, sql: &str) -> Result<Vec<String>, String> {
        Ok(self.query(sql)?.iter().map(|row| row.join(" | ")).collect())
    }
}

/// The statements of a text, which semicolons separate where they are in no quotes.
fn statements(sql: &str) -> Vec<&str> {
    let mut quote = None;
    let ends = sql.split(|c: char| {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '\'' || c == '"' => quote = Some(c),
            _ => {}
        }
        c == ';' && quote.is_none()
    });
    ends.map(str::trim).filter(|statement| !statement.is_empty()).collect()
}
