//! From the first words of a statement to its command.

use super::alter::alter_plain;
use super::drop::drop_items;
use super::*;
use crate::catalog::privileges::ObjectKind;
use crate::sql::lexer::Token;
use crate::sql::parser::{Parsed, Parser};

/// A query as the engine answers it.
struct Select(QueryText);

impl Command for Select {
    fn kind(&self) -> Kind {
        Kind::Query
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        self.0.sql(cx).map(Outcome::Query)
    }
}

/// `TABLE name`: the engine knows it as a SELECT. `name` is as it was written.
pub fn all_of(name: &str) -> Boxed {
    std::sync::Arc::new(Select(QueryText { text: format!("SELECT * FROM {name}"), shows: Vec::new() }))
}

/// A relation by its id.
struct ById(Id, Option<String>);

impl Command for ById {
    fn kind(&self) -> Kind {
        Kind::Query
    }
    fn called(&self) -> Option<&str> {
        self.1.as_deref()
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        if cx.catalog.items.get(&self.0).is_none() {
            return Err(crate::sql::error::plan(format!("invalid id {}", self.0)));
        }
        let name: Vec<String> =
            cx.catalog.full_name(self.0).iter().map(|part| crate::sql::print::quoted(part)).collect();
        Ok(Outcome::Query(format!("SELECT * FROM {}", name.join("."))))
    }
}

/// `[u7 AS …]`: `called` is its name in the query, if it has no alias.
pub fn relation_of(id: Id, called: Option<String>) -> Boxed {
    std::sync::Arc::new(ById(id, called))
}

/// One statement, up to its semicolon.
pub fn statement(p: &mut Parser) -> Parsed<Boxed> {
    let query =
        p.peek().is_some_and(|t| t.is_op("(") || ["SELECT", "WITH", "VALUES", "TABLE"].iter().any(|w| t.is_word(w)));
    if query {
        return Ok(std::sync::Arc::new(Select(QueryText::read(p)?)));
    }
    let Some(token) = p.peek().cloned() else { return p.expected("a keyword at the beginning of a statement") };
    let Token::Word(word) = &token else { return p.expected("a keyword at the beginning of a statement") };
    p.bump();
    match word.to_ascii_uppercase().as_str() {
        "CREATE" => create(p),
        "ALTER" => alter(p),
        "DROP" => drop(p),
        "COMMENT" => comment::comment(p),
        "GRANT" => access::grant(p),
        "REVOKE" => access::revoke(p),
        "REASSIGN" => role::reassign_owned(p),
        "SHOW" => show::show(p),
        "SET" => session::set(p),
        "RESET" => session::reset(p),
        "BEGIN" => session::begin(p),
        "START" => {
            p.expect_kw("TRANSACTION")?;
            session::begin(p)
        }
        "COMMIT" | "END" => session::commit(p),
        "ROLLBACK" | "ABORT" => session::rollback(p),
        "DISCARD" => session::discard(p),
        "VALIDATE" => connection::validate(p),
        "INSERT" => write::insert(p),
        "UPDATE" => write::update(p),
        "DELETE" => write::delete(p),
        known @ ("COPY" | "SUBSCRIBE" | "TAIL" | "EXPLAIN" | "DECLARE" | "FETCH" | "CLOSE" | "PREPARE" | "EXECUTE"
        | "DEALLOCATE" | "INSPECT" | "RAISE") => Err(crate::sql::error::unsupported(known)),
        _ => {
            p.back_to(p.mark() - 1);
            if crate::sql::keywords::is_keyword(word) {
                return Err(
                    p.error(&format!("Unexpected keyword {} at the beginning of a statement", word.to_uppercase()))
                );
            }
            p.expected("a keyword at the beginning of a statement")
        }
    }
}

const AFTER_CREATE: &str = "DATABASE, SCHEMA, ROLE, TYPE, INDEX, SINK, SOURCE, [TEMPORARY] TABLE, SECRET, \
    [OR REPLACE] [TEMPORARY] VIEW, or [OR REPLACE] MATERIALIZED VIEW after CREATE";

fn create(p: &mut Parser) -> Parsed<Boxed> {
    let mark = p.mark();
    let replace = p.kws("OR REPLACE");
    if p.kws("REPLACEMENT MATERIALIZED VIEW") {
        return view::create_replacement(p);
    }
    if p.kws("MATERIALIZED VIEW") {
        return view::create_materialized(p, replace);
    }
    let temporary = p.kw("TEMPORARY") || p.kw("TEMP");
    if p.kw("VIEW") {
        return view::create_view(p, replace, temporary);
    }
    if !replace && p.kw("TABLE") {
        return table::create_table(p, temporary);
    }
    if !replace && !temporary {
        if p.kw("DATABASE") {
            return namespace::create_database(p);
        } else if p.kw("SCHEMA") {
            return namespace::create_schema(p);
        } else if p.kws("CLUSTER REPLICA") {
            return cluster_replica::create_replica(p);
        } else if p.kw("CLUSTER") {
            return cluster::create_cluster(p);
        } else if p.kw("ROLE") || p.kw("USER") {
            return role::create_role(p);
        } else if p.kw("SECRET") {
            return secret::create_secret(p);
        } else if p.kws("NETWORK POLICY") {
            return network_policy::create_policy(p);
        } else if p.kw("TYPE") {
            return types::create_type(p);
        } else if p.kws("DEFAULT INDEX") {
            return index::create_index(p, true);
        } else if p.kw("INDEX") {
            return index::create_index(p, false);
        } else if p.kw("CONNECTION") {
            return connection::create_connection(p);
        } else if p.kw("SOURCE") {
            return source::create_source(p);
        } else if p.kw("SINK") {
            return sink::create_sink(p);
        } else if p.kws("CONTINUAL TASK") {
            return Err(crate::sql::error::unsupported("CREATE CONTINUAL TASK"));
        }
    }
    p.back_to(mark);
    p.expected(AFTER_CREATE)
}

/// What ALTER and DROP apply to, in the order in which the grammar lists it.
const OBJECTS: [&str; 17] = [
    "TABLE", "VIEW", "MATERIALIZED", "SOURCE", "SINK", "INDEX", "TYPE", "ROLE", "USER", "CLUSTER", "SECRET",
    "CONNECTION", "DATABASE", "SCHEMA", "FUNCTION", "CONTINUAL", "NETWORK",
];

fn alter(p: &mut Parser) -> Parsed<Boxed> {
    if p.kw("SYSTEM") {
        return system::alter_system(p);
    }
    if p.kws("DEFAULT PRIVILEGES") {
        return access::alter_default_privileges(p);
    }
    const RENAME_OWNER: &[&str] = &["RENAME", "OWNER"];
    match p.expect_one_of(&OBJECTS)? {
        "CLUSTER" => cluster::alter_cluster(p),
        "CONNECTION" => connection::alter_connection(p),
        "DATABASE" => namespace::alter_database(p),
        "INDEX" => index::alter_index(p),
        "MATERIALIZED" => {
            p.expect_kw("VIEW")?;
            view::alter_materialized(p)
        }
        "NETWORK" => {
            p.expect_kw("POLICY")?;
            network_policy::alter_policy(p)
        }
        "ROLE" | "USER" => role::alter_role(p),
        "SCHEMA" => namespace::alter_schema(p),
        "SECRET" => secret::alter_secret(p),
        "SINK" => sink::alter_sink(p),
        "SOURCE" => source_alter::alter_source(p),
        "TABLE" => table::alter_table(p),
        "TYPE" => alter_plain(p, ObjectKind::Type, &["OWNER"]),
        word @ ("FUNCTION" | "CONTINUAL") => Err(crate::sql::error::unsupported(&format!("ALTER {word}"))),
        _ => alter_plain(p, ObjectKind::View, RENAME_OWNER),
    }
}

fn drop(p: &mut Parser) -> Parsed<Boxed> {
    if p.kw("OWNED") {
        return role::drop_owned(p);
    }
    match p.expect_one_of(&OBJECTS)? {
        "CLUSTER" => cluster::drop_cluster(p),
        "CONNECTION" => drop_items(p, ObjectKind::Connection),
        "CONTINUAL" => {
            p.expect_kw("TASK")?;
            drop_items(p, ObjectKind::ContinualTask)
        }
        "DATABASE" => namespace::drop_database(p),
        "FUNCTION" => Err(crate::sql::error::unsupported("DROP FUNCTION")),
        "INDEX" => drop_items(p, ObjectKind::Index),
        "MATERIALIZED" => {
            p.expect_kw("VIEW")?;
            drop_items(p, ObjectKind::MaterializedView)
        }
        "NETWORK" => {
            p.expect_kw("POLICY")?;
            network_policy::drop_policy(p)
        }
        "ROLE" | "USER" => role::drop_role(p),
        "SCHEMA" => namespace::drop_schema(p),
        "SECRET" => drop_items(p, ObjectKind::Secret),
        "SINK" => drop_items(p, ObjectKind::Sink),
        "SOURCE" => drop_items(p, ObjectKind::Source),
        "TABLE" => drop_items(p, ObjectKind::Table),
        "TYPE" => drop_items(p, ObjectKind::Type),
        _ => drop_items(p, ObjectKind::View),
    }
}
