//! What all sources share: the cluster, the progress subsource, the options behind `WITH`, and the subsources that are
//! dropped with their source.

use crate::catalog::Row;
use crate::declare::*;
use crate::sql::{Kind, Name, Statement, item};
use crate::value::Value;

pub const CLUSTER_NAME: Attr = identifier("cluster_name")
    .or_server()
    .column("c.name")
    .id_column("c.id")
    .refers(Kind::Cluster)
    .doc("The cluster it runs on. If not set, the one of the provider's session.");
pub const SIZE: Attr = text("size").computed().column("COALESCE(o.size, c.size)").doc("The size of the cluster.");
pub const EXPOSE_PROGRESS: Attr = reference("expose_progress", Kind::Source).doc(
    "The name of the subsource that shows the source's progress. Within its schema it is renamed in place; without the \
         block it is called what it is called.",
);
const TIMESTAMP_INTERVAL: Attr = interval("timestamp_interval")
    .option("TIMESTAMP INTERVAL")
    .within("WITH")
    .doc("How often the source's data get a new timestamp, such as \"1s\". The server decides if not set.");

/// What every source has but one that takes requests.
pub const SHARED: &[Attr] = &[CLUSTER_NAME, SIZE, EXPOSE_PROGRESS, TIMESTAMP_INTERVAL, scope::RETAIN_HISTORY];

/// The source itself.
pub const MAIN: Lookup = Lookup {
    columns: &[("create_sql", "o.create_sql")],
    from: "mz_catalog.mz_sources o LEFT JOIN mz_catalog.mz_clusters c ON c.id = o.cluster_id",
    ..Lookup::NONE
};

/// Its subsources, and nothing else that depends on it.
pub const SUBSOURCES: Lookup = Lookup {
    columns: &[("database", "d.name"), ("schema", "s.name"), ("name", "x.name")],
    from: "mz_internal.mz_object_dependencies p JOIN mz_catalog.mz_sources x ON x.id = p.object_id JOIN \
           mz_catalog.mz_schemas s ON s.id = x.schema_id JOIN mz_catalog.mz_databases d ON d.id = s.database_id",
    filter: Some("x.type = 'subsource'"),
    by_key: &["p.referenced_object_id"],
    ..Lookup::NONE
};

/// The words before the name of that subsource.
const PROGRESS_AS: &str = "EXPOSE PROGRESS AS";

/// The options behind `WITH`, each in a statement of its own.
pub const OPTIONS: Alter = on(&["retain_history", "timestamp_interval"], alter_options);

/// The subsource of the progress is renamed, as long as it stays in its schema; nothing else of the source changes.
pub const PROGRESS: Alter = on(&["expose_progress"], rename_progress)
    .only_if(|prior, planned| {
        let block = |value: &Value| value.get("expose_progress").items().first().cloned();
        let schema = |block: &Value| ["database_name", "schema_name"].map(|part| block.get(part).clone());
        match (block(prior), block(planned)) {
            (_, None) => true,
            (prior, Some(planned)) => prior.is_some_and(|prior| schema(&prior) == schema(&planned)),
        }
    })
    .looking();

fn rename_progress(c: &Change) -> Vec<Statement> {
    let (Some(now), Some(new)) = (c.found.create_sql().name_after(PROGRESS_AS), c.new.reference_in("expose_progress"))
    else {
        return Vec::new();
    };
    let rename = Statement::alter(Kind::Source, &Name::new(&now.parts)).word("RENAME TO").ident(new.last());
    if now.last() == new.last() { Vec::new() } else { vec![rename] }
}

/// `CREATE SOURCE … [IN CLUSTER …]`.
pub fn create(v: &Values) -> Statement {
    columns::named(Statement::create(Kind::Source, &Scope::Schema.name_of(v)), v)
        .with(v.text("cluster_name"), |s, name| s.word("IN CLUSTER").ident(name))
}

/// `[EXPOSE PROGRESS AS …] [WITH (…)]`, the end of a source's statement.
pub fn end(v: &Values) -> Statement {
    item()
        .with(v.reference_in("expose_progress"), |s, name| s.word(PROGRESS_AS).name(&name))
        .then(with_options(&[scope::RETAIN_HISTORY, TIMESTAMP_INTERVAL], v))
}

/// Reads `expose_progress`.
pub fn read_progress(found: &Found, read: &mut Value) {
    let progress = found.create_sql().name_after(PROGRESS_AS);
    // A name of the server's making, which a rename of the source leaves as it was, is not the configuration's business.
    let schema = ["database_name", "schema_name"].map(|part| found.get(part).unwrap_or_default());
    let servers = progress
        .is_some_and(|name| name.parts.starts_with(&schema.map(str::to_owned)) && name.last().ends_with("_progress"));
    let asked_for = !found.prior.get("expose_progress").items().is_empty();
    let fresh = found.prior.get("name").is_null() || !found.recorded;
    let progress = progress.filter(|_| asked_for || (fresh && !servers));
    read.set("expose_progress", found.reference("expose_progress", progress));
}

/// The name in a row of [`SUBSOURCES`].
pub fn subsource(row: &Row) -> Name {
    Name::new(["database", "schema", "name"].map(|column| row.get(column).unwrap_or_default()))
}

/// `DROP SOURCE` of the subsources in lookup 1, then of the source: never CASCADE.
pub fn delete(v: &Values, found: &Found) -> Vec<Statement> {
    let subsources: Vec<Statement> = found.more(1).iter().map(|row| item().name(&subsource(row))).collect();
    let own = Statement::drop(Kind::Source, &Scope::Schema.name_of(v));
    match subsources.is_empty() {
        true => vec![own],
        false => vec![item().word("DROP SOURCE").list(subsources), own],
    }
}
