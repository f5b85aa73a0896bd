//! What a schema holds.

use super::Id;
use super::privileges::{ObjectKind, Privileges};
use crate::sql::expr::Expr;
use crate::sql::options::{Options, Value};
use crate::sql::query::Query;
use crate::sql::types::DataType;

/// An object of a schema.
#[derive(Clone, Debug)]
pub struct Item {
    pub id: Id,
    pub oid: u64,
    pub schema: Id,
    pub name: String,
    pub owner: Id,
    pub privileges: Privileges,
    pub definition: Definition,
    /// What its `create_sql` names.
    pub uses: Vec<Id>,
    /// Who names it, in the order in which they came to.
    pub used_by: Vec<Id>,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}

/// A column of a relation.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: String,
    pub ty: DataType,
    pub nullable: bool,
    pub default: Option<Expr>,
    /// The table's version that brought it; 0 is CREATE TABLE.
    pub added: usize,
}

impl Column {
    pub fn new(name: impl Into<String>, ty: DataType, nullable: bool) -> Self {
        Self { name: name.into(), ty, nullable, default: None, added: 0 }
    }
}

/// A UNIQUE or PRIMARY KEY of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub name: Option<String>,
    pub primary: bool,
    pub columns: Vec<String>,
}

#[derive(Clone, Debug)]
pub enum Definition {
    Table(Table),
    View(View),
    MaterializedView(MaterializedView),
    Index(Index),
    Type(TypeDefinition),
    /// Its value is nobody's to read: it is not kept.
    Secret,
    Connection(Connection),
    Source(Box<Source>),
    Sink(Box<Sink>),
    /// A relation of the system: its kind and columns.
    System(&'static SystemRelation),
    /// A type of the system, by its index in `SYSTEM_TYPES`; true for its array type.
    SystemType(usize, bool),
}

#[derive(Clone, Debug)]
pub struct Table {
    pub columns: Vec<Column>,
    pub keys: Vec<Key>,
    pub version: usize,
    /// FROM SOURCE or FROM WEBHOOK.
    pub from: Option<TableFrom>,
    pub options: Options,
}

#[derive(Clone, Debug)]
pub enum TableFrom {
    Source { source: Id, reference: Vec<String>, ingest: Ingest, shown: ColumnsShown },
    Webhook(Webhook),
}

/// What the statement of a table from a source says of its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnsShown {
    Nothing,
    /// The names of so many of the first ones.
    Names(usize),
    Definitions,
}

/// How a stream of a source is read: formats, what is included, envelope. All as its SQL has it.
#[derive(Clone, Debug, Default)]
pub struct Ingest {
    pub format: Option<Formats>,
    pub include: Vec<(String, Option<String>)>,
    pub envelope: Option<Envelope>,
}

#[derive(Clone, Debug)]
pub enum Formats {
    Bare(Format),
    KeyValue(Format, Format),
}

/// One FORMAT: its name for the catalog, and its SQL in pieces.
#[derive(Clone, Debug)]
pub struct Format {
    pub name: &'static str,
    pub sql: Vec<FormatPart>,
}

#[derive(Clone, Debug)]
pub enum FormatPart {
    Word(String),
    Ident(String),
    Idents(Vec<String>),
    Str(String),
    Item(Id),
    Options(Options),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Envelope {
    None,
    Debezium,
    Materialize,
    /// Errors inline under a name; the outer None is no policy at all.
    Upsert(Option<Option<String>>),
}

#[derive(Clone, Debug)]
pub struct Webhook {
    pub body: &'static str,
    pub array: bool,
    /// header, column, as bytes
    pub mapped: Vec<(String, String, bool)>,
    /// INCLUDE HEADERS, with NOT and name.
    pub headers: Option<Vec<(bool, String)>>,
    pub check: Option<Check>,
}

#[derive(Clone, Debug)]
pub struct Check {
    /// (HEADERS or BODY or a secret), alias, as bytes
    pub with: Vec<(CheckInput, Option<String>, bool)>,
    pub expr: Expr,
}

#[derive(Clone, Debug)]
pub enum CheckInput {
    Headers,
    Body,
    Secret(Id),
}

#[derive(Clone, Debug)]
pub struct View {
    /// Names given in the statement; empty for the query's own.
    pub names: Vec<String>,
    pub columns: Vec<Column>,
    /// Sets of columns, by position, that are unique.
    pub keys: Vec<Vec<usize>>,
    pub query: Query,
}

#[derive(Clone, Debug)]
pub struct MaterializedView {
    pub view: View,
    pub cluster: Id,
    pub replica: Option<String>,
    pub options: Options,
    /// REFRESH strategies: `ON COMMIT`, `EVERY …`.
    pub refresh: Vec<Refresh>,
    pub as_of: i64,
    /// The view that it is made to replace.
    pub replaces: Option<Id>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Refresh {
    OnCommit,
    AtCreation(i64),
    At(Expr),
    Every(String, Option<Expr>, i64),
}

#[derive(Clone, Debug)]
pub struct Index {
    pub on: Id,
    pub cluster: Id,
    pub keys: Vec<Expr>,
    /// Per key: the column's position from 1 if it is a column, and nullability.
    pub positions: Vec<(Option<usize>, bool)>,
    pub options: Options,
}

#[derive(Clone, Debug)]
pub enum TypeDefinition {
    List(Options),
    Map(Options),
    Record(Vec<(String, DataType)>),
}

#[derive(Clone, Debug)]
pub struct Connection {
    /// `KAFKA`, `AWS PRIVATELINK`, … as in SQL.
    pub kind: &'static str,
    pub options: Options,
}

#[derive(Clone, Debug)]
pub struct Source {
    /// As `mz_sources.type`: `kafka`, `load-generator`, `subsource`, `progress`, …
    pub kind: &'static str,
    pub cluster: Option<Id>,
    pub columns: Vec<Column>,
    pub keys: Vec<Key>,
    pub from: SourceFrom,
    pub ingest: Ingest,
    pub progress: Option<Id>,
    pub with: Options,
    /// The upstream tables it may be asked for.
    pub references: Vec<Reference>,
    /// FOR ALL TABLES and the like was given: SHOW CREATE shows it.
    pub all_tables: bool,
    /// Names given to its columns in the statement.
    pub names: Vec<String>,
    /// PRIMARY KEY … NOT ENFORCED.
    pub key: Option<Vec<String>>,
}

/// A table of an upstream.
#[derive(Clone, Debug)]
pub struct Reference {
    /// Database or generator family, schema, table: as EXTERNAL REFERENCE has it.
    pub path: Vec<String>,
    pub namespace: Option<String>,
    pub name: String,
    /// None: not told in `mz_source_references`.
    pub columns: Option<Vec<Column>>,
    pub keys: Vec<Key>,
    /// The hexadecimal DETAILS.
    pub details: String,
}

#[derive(Clone, Debug)]
pub enum SourceFrom {
    LoadGenerator {
        generator: &'static str,
        options: Options,
    },
    /// KAFKA, POSTGRES, MYSQL, SQL SERVER with a connection.
    Connection {
        kind: &'static str,
        connection: Id,
        options: Options,
    },
    Webhook(Webhook),
    Subsource {
        of: Id,
        reference: Vec<String>,
        details: String,
        options: Options,
    },
    Progress,
}

#[derive(Clone, Debug)]
pub struct Sink {
    pub cluster: Id,
    pub from: Id,
    /// KAFKA or ICEBERG CATALOG.
    pub kind: &'static str,
    pub connection: Id,
    pub options: Options,
    /// For Iceberg: USING AWS CONNECTION.
    pub aws: Option<Id>,
    pub key: Option<(Vec<String>, bool)>,
    pub headers: Option<String>,
    pub format: Option<Formats>,
    pub envelope: Option<&'static str>,
    pub mode: Option<&'static str>,
    pub with: Options,
    pub version: usize,
}

/// A relation that every environment has.
#[derive(Debug)]
pub struct SystemRelation {
    pub schema: String,
    pub name: String,
    /// `table`, `view`, `source`, `materialized-view`.
    pub kind: String,
    /// name, type as `catalog.tsv` spells it, nullable
    pub columns: Vec<(String, String, bool)>,
}

impl Definition {
    pub fn kind(&self) -> ObjectKind {
        match self {
            Definition::Table(_) => ObjectKind::Table,
            Definition::View(_) => ObjectKind::View,
            Definition::MaterializedView(_) => ObjectKind::MaterializedView,
            Definition::Index(_) => ObjectKind::Index,
            Definition::Type(_) | Definition::SystemType(..) => ObjectKind::Type,
            Definition::Secret => ObjectKind::Secret,
            Definition::Connection(_) => ObjectKind::Connection,
            Definition::Source(_) => ObjectKind::Source,
            Definition::Sink(_) => ObjectKind::Sink,
            Definition::System(r) => match r.kind.as_str() {
                "table" => ObjectKind::Table,
                "source" => ObjectKind::Source,
                "materialized-view" => ObjectKind::MaterializedView,
                _ => ObjectKind::View,
            },
        }
    }

    /// The cluster that it runs on.
    pub fn cluster(&self) -> Option<Id> {
        match self {
            Definition::MaterializedView(v) => Some(v.cluster),
            Definition::Index(i) => Some(i.cluster),
            Definition::Source(s) => s.cluster,
            Definition::Sink(s) => Some(s.cluster),
            // Those of the system run where the catalog is served.
            Definition::System(r) if r.kind == "materialized-view" => Some(Id::System(2)),
            _ => None,
        }
    }

    /// The options of WITH, where RETAIN HISTORY may stand.
    pub fn with_options(&mut self) -> Option<&mut Options> {
        match self {
            Definition::Table(t) => Some(&mut t.options),
            Definition::MaterializedView(v) => Some(&mut v.options),
            Definition::Index(i) => Some(&mut i.options),
            Definition::Source(s) => Some(&mut s.with),
            _ => None,
        }
    }

    /// The connection that a source or sink goes through.
    pub fn connection(&self) -> Option<Id> {
        match self {
            Definition::Source(s) => match &s.from {
                SourceFrom::Connection { connection, .. } => Some(*connection),
                _ => None,
            },
            Definition::Sink(s) => Some(s.connection),
            _ => None,
        }
    }
}

impl Connection {
    pub fn option(&self, name: &str) -> Option<&Value> {
        self.options.get(name)
    }
}
