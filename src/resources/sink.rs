//! What all sinks share: the cluster, what is written, and its key.

use super::source;
use crate::declare::*;
use crate::diag::{Diagnostic, Diagnostics};
use crate::sql::{Kind, Statement, item};
use crate::value::Value;

pub const CLUSTER_NAME: Attr = source::CLUSTER_NAME
    .doc("The cluster it runs on. If not set, the one of the provider's session. A sink cannot be moved.");
pub const SIZE: Attr = source::SIZE;
pub const FROM: Attr = reference("from", Kind::View).required().clause("FROM").doc(
    "The table, source or materialized view whose changes are written. Another one takes over in place, from now on.",
);
pub const KEY: Attr =
    texts("key").no_empty().quotable().clause("KEY").doc("The columns that tell one row from another, in this order.");
pub const KEY_NOT_ENFORCED: Attr = boolean("key_not_enforced")
    .default(Default::Bool(false))
    .clause("NOT ENFORCED")
    .doc("Whether Materialize believes that the key is unique where it cannot prove it. If it is not, rows get lost.");

/// The sink itself.
pub const MAIN: Lookup = Lookup {
    columns: &[("create_sql", "o.create_sql")],
    from: "mz_catalog.mz_sinks o LEFT JOIN mz_catalog.mz_clusters c ON c.id = o.cluster_id",
    ..Lookup::NONE
};

/// What the sink reads from is all that `ALTER SINK` can change.
pub const SET_FROM: Alter = on(&["from"], |c| {
    let from = c.new.reference_in("from").unwrap_or_default();
    vec![c.alter().word("SET FROM").name(&from)]
});

/// `CREATE SINK … [IN CLUSTER …] FROM … INTO <into> …`: up to the connection in the attribute of this name.
pub fn create(v: &Values, into: &str, connection: &str) -> Statement {
    Statement::create(Kind::Sink, &Scope::Schema.name_of(v))
        .with(v.text("cluster_name"), |s, name| s.word("IN CLUSTER").ident(name))
        .word("FROM")
        .name(&v.reference_in("from").unwrap_or_default())
        .word("INTO")
        .word(into)
        .name(&v.reference_in(connection).unwrap_or_default())
}

/// `[KEY (…) [NOT ENFORCED]]`.
pub fn key(v: &Values) -> Statement {
    let columns: Vec<Statement> = v.identifiers("key").map(|column| item().ident(&column)).collect();
    item().when(!columns.is_empty(), |s| {
        let key = s.word("KEY").group(columns);
        key.when(v.is_true("key_not_enforced"), |s| s.word("NOT ENFORCED"))
    })
}

/// A key that is not enforced must be there.
pub fn validate(config: &Value) -> Diagnostics {
    let alone = config.get("key_not_enforced").as_bool() == Some(true) && config.get("key").is_zero();
    let detail = "`key_not_enforced` can only be true where there is a `key`.";
    alone.then(|| Diagnostic::error("Missing key", detail).at("key_not_enforced")).into_iter().collect()
}
