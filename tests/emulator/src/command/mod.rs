//! One file per command: its grammar, its effect on the catalog, its answer.

mod access;
mod alter;
mod cluster;
mod cluster_options;
mod cluster_replica;
pub mod cluster_resize;
mod comment;
mod connection;
mod connection_check;
mod drop;
mod index;
mod materializable;
mod namespace;
mod network_policy;
mod parse;
mod protobuf;
mod refresh;
mod role;
mod secret;
mod session;
mod set_cluster;
mod show;
mod show_create;
mod sink;
mod sink_rules;
mod source;
mod source_alter;
mod source_formats;
mod source_generators;
mod source_rules;
mod source_upstream;
mod system;
mod table;
mod table_source;
mod types;
mod view;
mod webhook;
pub mod write;

pub use parse::{all_of, relation_of, statement};
pub use show::show_in_query;
pub use show_create::{create_sql, create_text};
pub use table::retained;
pub use view::definition as view_definition;

use crate::catalog::{Catalog, Id};
use crate::datum::{Datum, Outcome, SqlError};
use crate::session::State;
use crate::sql::Kind;
use crate::sql::lexer::Token;
use crate::transaction::Company;

/// What a command may see and change.
pub struct Context<'a> {
    pub session: &'a mut State,
    pub catalog: &'a mut Catalog,
    pub params: &'a [Datum],
}

/// A parsed statement that can be carried out.
pub trait Command: Send + Sync {
    fn kind(&self) -> Kind {
        Kind::Ddl
    }
    /// Carries the command out. An error leaves the catalog as it was.
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError>;
    /// COMMIT or ROLLBACK.
    fn ends_transaction(&self) -> bool {
        false
    }
    fn commits(&self) -> bool {
        false
    }
    /// Whether it changes rows and answers some: RETURNING.
    fn returns_rows(&self) -> bool {
        false
    }
    /// What the query is called that stands for it, where the statement does not say.
    fn called(&self) -> Option<&str> {
        None
    }
    /// What a transaction may hold besides it.
    fn company(&self) -> Company {
        if self.kind() == Kind::Ddl { Company::Alone } else { Company::Any }
    }
}

/// The sizes that clusters may have.
pub fn cluster_sizes() -> &'static [&'static str] {
    &cluster_options::SIZES
}

/// The text of a query, and the commands in it that stand for queries.
pub(crate) struct QueryText {
    text: String,
    /// Bytes of the text, in order.
    shows: Vec<(std::ops::Range<usize>, Boxed)>,
}

impl QueryText {
    /// Reads a query, and keeps its text.
    pub(crate) fn read(p: &mut crate::sql::parser::Parser) -> crate::sql::parser::Parsed<Self> {
        let start = p.offset();
        crate::sql::query::query(p)?;
        let shows = std::mem::take(&mut p.shows);
        let shows = shows.into_iter().map(|(r, show)| (r.start - start..r.end - start, show)).collect();
        Ok(Self { text: p.text.get(start..p.end_offset()).unwrap_or_default().to_owned(), shows })
    }

    /// Whether it may read a relation.
    pub(crate) fn reads(&self) -> bool {
        let names_relation = |token: &Token| ["FROM", "TABLE", "SHOW"].iter().any(|word| token.is_word(word));
        crate::sql::lexer::tokens(&self.text).is_ok_and(|tokens| tokens.iter().any(|t| names_relation(&t.token)))
    }

    /// The query for the engine: commands give way to what they stand for.
    pub(crate) fn sql(&self, cx: &mut Context<'_>) -> Result<String, SqlError> {
        let (mut sql, mut from) = (String::new(), 0);
        for (range, show) in &self.shows {
            let query = match show.run(cx)? {
                Outcome::Query(query) => query,
                Outcome::Rows(rows) => rows_query(&rows),
                _ => return Err(crate::sql::error::unsupported("this SHOW inside a query")),
            };
            sql.push_str(self.text.get(from..range.start).unwrap_or_default());
            sql.push_str(&format!("({query})"));
            if let Some(name) = show.called() {
                sql.push_str(&format!(" AS {}", crate::sql::print::quoted(name)));
            }
            from = range.end;
        }
        sql.push_str(self.text.get(from..).unwrap_or_default());
        Ok(sql)
    }
}

/// A query that gives rows of texts.
fn rows_query(rows: &crate::datum::Rows) -> String {
    let row = |row: &Vec<Datum>| {
        let value = |(value, name): (&Datum, &String)| {
            let value = match value {
                Datum::Null => "CAST(NULL AS text)".to_owned(),
                value => crate::sql::print::literal(&crate::query::text::value(value)),
            };
            format!("{value} AS {}", crate::sql::print::quoted(name))
        };
        format!("SELECT {}", row.iter().zip(&rows.columns).map(value).collect::<Vec<_>>().join(", "))
    };
    rows.rows.iter().map(row).collect::<Vec<_>>().join(" UNION ALL ")
}

/// A command, boxed by its parser.
pub(crate) type Boxed = std::sync::Arc<dyn Command>;

fn done(tag: impl Into<String>) -> Result<Outcome, SqlError> {
    Ok(Outcome::Done { tag: tag.into(), notices: Vec::new() })
}
fn done_with(tag: impl Into<String>, notice: String) -> Result<Outcome, SqlError> {
    Ok(Outcome::Done { tag: tag.into(), notices: vec![notice] })
}

impl Context<'_> {
    /// The cluster named, else the session's.
    fn cluster_or_default(&self, name: Option<&str>) -> Result<Id, SqlError> {
        match name {
            Some(name) => self.catalog.cluster(name),
            None => {
                let name = self.session.parameter(self.catalog, "cluster").unwrap_or_default();
                self.catalog.cluster(&name)
            }
        }
    }
}
