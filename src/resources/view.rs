//! `materialize_view`: a query with a name.

use super::query;
use crate::declare::*;
use crate::sql::{Kind, Statement};

pub const VIEW: Resource = Resource {
    name: "materialize_view",
    kind: Kind::View,
    scope: Scope::Schema,
    doc: "A view: a query with a name. A change of the query replaces the view in place, unless other objects depend on \
          it: then Materialize refuses, and nothing is lost.",
    attrs: &[
        scope::ID.follows(&["statement", "column_names"]),
        query::STATEMENT,
        query::COLUMN_NAMES,
        query::COLUMN_COMMENTS,
        query::CREATE_SQL.follows(&["statement", "column_names", "name"]),
    ],
    lookups: &[Lookup { from: "mz_catalog.mz_views o", ..Lookup::NONE }, query::COMMENTS],
    replaceable: true,
    create: |v| [vec![create("CREATE VIEW", v)], query::comments(v, &crate::value::Value::Null)].concat(),
    alters: &[
        on(&["statement", "column_names"], |c| {
            [vec![create("CREATE OR REPLACE VIEW", &c.new)], query::renew(c)].concat()
        }),
        query::COMMENTED,
    ],
    read: |found, read| {
        query::read(found, read);
        true
    },
    ..Resource::NONE
};

fn create(verb: &str, v: &Values) -> Statement {
    query::body(query::columns(crate::sql::item().word(verb).name(&Scope::Schema.name_of(v)), v), v)
}
