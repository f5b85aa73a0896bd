//! Sources that read the tables of a database: `materialize_source_postgres`, `…_mysql` and `…_sqlserver`. Each table is
//! a subsource; subsources are added, renamed and dropped in place, one by one.

use super::source;
use super::subsource::{
    Subsource, Table, alter_tables, column_options, concerns_new_tables, member, references, subsources, table_as,
};
use super::upstream_column::{column, columns, same_columns, written};
use crate::declare::scope::REFERENCE;
use crate::declare::*;
use crate::diag::{Diagnostic, Diagnostics};
use crate::sql::{Kind, Name, Node, Statement, item};
use crate::value::Value;

/// What one kind of database has of its own.
struct Upstream {
    /// The attribute that names the connection, and the words before it.
    connection: &'static str,
    from: &'static str,
    /// The attribute that lists the columns to leave out.
    exclude: &'static str,
    /// Where a table is looked for whose schema is not said; `None`: in a schema called as the source's own.
    schema: Option<&'static str>,
    /// Whether a source has all tables if its configuration says nothing of tables.
    all: bool,
}

const POSTGRES: Upstream = Upstream {
    connection: "postgres_connection",
    from: "FROM POSTGRES CONNECTION",
    exclude: "exclude_columns",
    schema: None,
    all: false,
};
const MYSQL: Upstream =
    Upstream { connection: "mysql_connection", from: "FROM MYSQL CONNECTION", exclude: "ignore_columns", ..POSTGRES };
const SQLSERVER: Upstream = Upstream {
    connection: "sqlserver_connection",
    from: "FROM SQL SERVER CONNECTION",
    exclude: "exclude_columns",
    schema: Some("dbo"),
    all: true,
};
const UPSTREAMS: &[Upstream] = &[POSTGRES, MYSQL, SQLSERVER];

const OUTDATED: &str = "Materialize now makes the tables of a source with `CREATE TABLE … FROM SOURCE`: use \
                        `materialize_source_table_postgres`, `…_mysql` or `…_sqlserver`, which can be altered one by one.";

const MEMBER: &[Attr] = &[
    identifier("upstream_name").required().doc("The table's name in the database."),
    identifier("upstream_schema_name").or_server().doc(
        "The table's schema in the database. If not set: the name of the schema that the source is in; for SQL Server \
         `dbo`.",
    ),
    identifier("name").or_server().doc("The subsource's name; the table's if not set."),
    identifier("schema_name").or_server().doc("The subsource's schema; the source's if not set."),
    identifier("database_name").or_server().doc("Its database; the source's if not set."),
];
const TABLE: Attr = block_set("table", MEMBER).outdated(OUTDATED).doc(
    "A table to read, as a subsource of this source. More of them are added in place, with a snapshot of their own; one \
     that is taken out is dropped, and Materialize refuses that while anything depends on it; one whose name changes is \
     renamed.",
);
const ALL_TABLES: Attr = boolean("all_tables").doc(
    "Whether all tables become subsources, under their own names. Tables that come later are added when Materialize \
     knows of them, after `ALTER SOURCE … REFRESH REFERENCES`. Where this is taken away, the subsources which `table` does \
     not list are dropped.",
);
const SCHEMAS: Attr = texts("schemas").no_empty().same(same::members).doc(
    "The schemas of the database whose tables all become subsources, under their own names. More of them are added in \
     place.",
);
const TEXT_COLUMNS: Attr = texts("text_columns").no_empty().same(same_columns).outdated(OUTDATED).doc(
    "The columns to read as text, such as `public.customers.note`; needed for types that Materialize does not have. For \
     tables that are new in the same change they are set in place; otherwise the source is replaced, and **all of its \
     tables are read again**. To change one table only, take it out first, and put it back then.",
);
const EXCLUDE_COLUMNS: Attr =
    texts("exclude_columns").no_empty().same(same_columns).outdated(OUTDATED).doc(
        "The columns to leave out, such as `public.customers.note`. Changes are made as those of `text_columns` are.",
    );
const PUBLICATION: Attr =
    identifier("publication").required().option("PUBLICATION").doc("The publication that has the tables.");

const fn connection(upstream: &Upstream) -> Attr {
    reference(upstream.connection, Kind::Connection).required().clause(upstream.from)
}

/// The subsources with what they were made from, and the tables that Materialize knows to be in the database.
const LOOKUPS: &[Lookup] = &[
    source::MAIN,
    Lookup {
        columns: &[("database", "d.name"), ("schema", "s.name"), ("name", "x.name"), ("create_sql", "x.create_sql")],
        ..source::SUBSOURCES
    },
    Lookup {
        columns: &[("schema", "f.namespace"), ("name", "f.name")],
        from: "mz_internal.mz_source_references f",
        by_key: &["f.source_id"],
        optional: Some(["mz_internal", "mz_source_references", "source_id"]),
        ..Lookup::NONE
    },
];

const TABLES: Alter = on(&["table", "all_tables", "schemas"], alter_tables).looking();

const FAMILY: Resource = Resource {
    kind: Kind::Source,
    scope: Scope::Schema,
    tables: &[source::SHARED],
    rules: &[Rule::Conflicts("schemas", &["table"])],
    lookups: LOOKUPS,
    create,
    alters: &[
        source::OPTIONS,
        source::PROGRESS,
        TABLES,
        noted(&["text_columns", "exclude_columns"], concerns_new_tables),
    ],
    read,
    validate,
    adjust,
    delete: Some(source::delete),
    ..Resource::NONE
};

pub const SOURCE_POSTGRES: Resource = Resource {
    name: "materialize_source_postgres",
    doc: "Tables of a PostgreSQL database, kept up to date by logical replication. Without `table`, `schemas` and \
          `all_tables` the source has no tables of its own: make them with `materialize_source_table_postgres`. On destroy \
          its own subsources are dropped with it; if anything else depends on them, Materialize refuses, and nothing is \
          lost.",
    attrs: &[
        connection(&POSTGRES).doc("The connection to the database."),
        PUBLICATION,
        TABLE,
        ALL_TABLES,
        SCHEMAS,
        TEXT_COLUMNS,
        EXCLUDE_COLUMNS,
    ],
    options_after: POSTGRES.from,
    ..FAMILY
};

pub const SOURCE_MYSQL: Resource = Resource {
    name: "materialize_source_mysql",
    doc: "Tables of a MySQL server, kept up to date from its binary log. Without `table`, `schemas` and `all_tables` the \
          source has no tables of its own: make them with `materialize_source_table_mysql`. On destroy its own subsources \
          are dropped with it; if anything else depends on them, Materialize refuses, and nothing is lost.",
    attrs: &[
        connection(&MYSQL).doc("The connection to the server."),
        TABLE,
        ALL_TABLES,
        SCHEMAS,
        TEXT_COLUMNS,
        Attr { name: MYSQL.exclude, ..EXCLUDE_COLUMNS },
    ],
    there: |found| found.create_sql().has(MYSQL.from),
    alters: &[source::OPTIONS, source::PROGRESS, TABLES, noted(&["text_columns", MYSQL.exclude], concerns_new_tables)],
    ..FAMILY
};

pub const SOURCE_SQLSERVER: Resource = Resource {
    name: "materialize_source_sqlserver",
    doc: "Tables of a SQL Server database, kept up to date by change data capture. Without `table` and `schemas` the source \
          has **all tables**, unless `all_tables` is `false`: then it has none of its own, and tables are made with \
          `materialize_source_table_sqlserver`. On destroy its own subsources are dropped with it; if anything else \
          depends on them, Materialize refuses, and nothing is lost. The server does not tell a source of all tables from \
          one that lists each of them under its own name: after an import, and where the official provider's state is \
          taken over, such a list is noted by one update that sends nothing.",
    attrs: &[
        connection(&SQLSERVER).doc("The connection to the database."),
        block("aws_privatelink", REFERENCE)
            .stored("it is the connection that says how the database is reached")
            .doc("Ignored: the connection says how the database is reached."),
        TABLE,
        ALL_TABLES.or_server(),
        SCHEMAS,
        TEXT_COLUMNS,
        EXCLUDE_COLUMNS,
    ],
    there: |found| found.create_sql().has(SQLSERVER.from),
    ..FAMILY
};

fn upstream(value: &Value) -> &'static Upstream {
    UPSTREAMS.iter().find(|upstream| !value.get(upstream.connection).is_zero()).unwrap_or(&POSTGRES)
}

fn create(_: &Resource, v: &Values) -> Vec<Statement> {
    let upstream = UPSTREAMS.iter().find(|upstream| v.block(upstream.connection).is_some()).unwrap_or(&POSTGRES);
    let connection = v.reference_in(upstream.connection).unwrap_or_default();
    let mut options = option_items(&[PUBLICATION], v);
    options.extend(column_options(v, Node::Group, |_| true));
    let schemas = v.texts("schemas");
    let tables: Vec<Statement> = v.blocks("table").map(|t| table_as(&member(&t))).collect();
    let create = source::create(v).word(upstream.from).name(&connection).group_if_any("", options);
    let create = match (v.is_true("all_tables"), schemas.is_empty(), tables.is_empty()) {
        (true, ..) => create.word("FOR ALL TABLES"),
        (_, false, _) => create.word("FOR SCHEMAS").group(schemas.into_iter().map(|schema| item().ident(schema))),
        (.., false) => create.word("FOR TABLES").group(tables),
        _ => create,
    };
    vec![create.then(source::end(v))]
}

fn read(found: &Found, read: &mut Value) {
    let statement = found.create_sql();
    let Some(upstream) = UPSTREAMS.iter().find(|upstream| statement.has(upstream.from)) else { return };
    source::read_progress(found, read);
    let prior = Values::new(found.prior, &Value::Null);
    let (there, tables) = (subsources(found), references(found));
    let complete = |of: &dyn Fn(&Table) -> bool| {
        tables.iter().filter(|table| of(table)).all(|table| there.iter().any(|s| s.table == *table))
    };
    let own = Name::new(["database_name", "schema_name", "name"].map(|part| found.get(part).unwrap_or_default()));
    let all = match prior.bool("all_tables") {
        Some(was) => was && complete(&|_| true),
        None => {
            let plain = there.iter().all(|s| s.name == own.renamed(&s.table.1));
            upstream.all && !there.is_empty() && !tables.is_empty() && complete(&|_| true) && plain
        }
    };
    let schemas = prior.texts("schemas");
    let shown = |s: &&Subsource| !all && !prior.is_true("all_tables") && !schemas.contains(&s.table.0.as_str());
    let member = |s: &Subsource| {
        let part = |at: usize| Value::from(s.name.parts.get(at).map(String::as_str));
        Value::from([
            ("upstream_name", Value::text(&s.table.1)),
            ("upstream_schema_name", Value::text(&s.table.0)),
            ("name", part(2)),
            ("schema_name", part(1)),
            ("database_name", part(0)),
        ])
    };
    read.set("table", Value::list(there.iter().filter(shown).map(member)));
    read.set("all_tables", Value::Bool(all));
    let whole = schemas.iter().filter(|schema| complete(&|table| table.0 == **schema));
    read.set("schemas", Value::list(whole.map(|schema| Value::text(*schema))));
    for (attr, of) in [("text_columns", text_of as fn(&Subsource) -> &[String]), (upstream.exclude, |s| &s.exclude)] {
        let columns = there.iter().flat_map(|s| of(s).iter().map(|column| written(&[&s.table.0, &s.table.1, column])));
        // What is said of tables that are not there is as good as any.
        let others = prior.texts(attr).into_iter().filter(|text| !there.iter().any(|s| s.table.has(&column(text))));
        read.set(attr, Value::list(columns.chain(others.map(str::to_owned)).map(Value::text)));
    }
}

fn text_of(subsource: &Subsource) -> &[String] {
    &subsource.text
}

fn validate(config: &Value) -> Diagnostics {
    let mut out = Vec::new();
    let all = config.get("all_tables").as_bool() == Some(true);
    for attr in ["table", "schemas"].iter().filter(|attr| all && !config.get(attr).items().is_empty()) {
        let detail = format!("`all_tables` cannot be true together with `{attr}`.");
        out.push(Diagnostic::error("Conflicting attributes", detail).at("all_tables"));
    }
    for attr in ["text_columns", "exclude_columns", "ignore_columns"] {
        if let Some(name) = columns(config.get(attr)).iter().find(|name| name.parts.len() < 2) {
            let detail =
                format!("`{attr}` must name each column with its table, such as `public.customers.note`: {name}.");
            out.push(Diagnostic::error("Column without its table", detail).at(attr));
        }
    }
    out
}

/// Fills in what follows from the rest: the names of subsources, and whether all tables are meant.
fn adjust(config: &Value, prior: &Value, planned: &mut Value) {
    let upstream = upstream(config);
    let own = |attr: &str| planned.get(attr).clone();
    let (schema, database) = (own("schema_name"), own("database_name"));
    let mut tables = own("table");
    if let Value::List(members) = &mut tables {
        for (member, config) in members.iter_mut().zip(config.get("table").items()) {
            // Which table it is may decide which subsource that is already there.
            if !config.is_wholly_known() {
                continue;
            }
            let upstream_schema = upstream.schema.map_or_else(|| schema.clone(), Value::text);
            let defaults = [
                ("upstream_schema_name", upstream_schema),
                ("name", config.get("upstream_name").clone()),
                ("schema_name", schema.clone()),
                ("database_name", database.clone()),
            ];
            for (attr, default) in defaults {
                // A subsource beside its source is there still when their schema is renamed.
                let beside = ["schema_name", "database_name"].contains(&attr) && config.get(attr).is_null();
                if member.get(attr).is_unknown() || beside && member.get(attr) == prior.get(attr) {
                    member.set(attr, default);
                }
            }
        }
    }
    planned.set("table", tables);
    let said = ["table", "schemas"].iter().any(|attr| !config.get(attr).is_zero());
    let silent = upstream.all && config.get("all_tables").is_null();
    if silent && (prior.is_null() || prior.get("all_tables").is_zero() != said) {
        planned.set("all_tables", Value::Bool(!said));
    }
}
