//! `materialize_view`: a query with a name.

use super::{grant, query};
use crate::declare::*;
use crate::sql::{Kind, Statement};

const PRIVILEGES: (&str, &str) = ("privileges", "o.privileges::text");

pub const VIEW: Resource = Resource {
    name: "materialize_view",
    kind: Kind::View,
    scope: Scope::Schema,
    doc: "A view: a query with a name. A change of the query replaces the view in place, unless other objects depend on \
          it: then Materialize refuses, and nothing is lost.",
    attrs: &[
        scope::ID.follows(&["statement", "column_names"]),
        query::STATEMENT,
        columns::COLUMN_NAMES,
        query::CREATE_SQL.follows(&["statement", "column_names", "name"]),
    ],
    lookups: &[Lookup { columns: &[PRIVILEGES], from: "mz_catalog.mz_views o", ..Lookup::NONE }, grant::ALL_ROLES],
    replaceable: true,
    renews: true,
    columns: true,
    create: |_, v| vec![create("CREATE VIEW", v)],
    alters: &[on(&["statement", "column_names"], |c| {
        [vec![create("CREATE OR REPLACE VIEW", &c.new)], granted(c), query::renew(c)].concat()
    })
    .looking()
    .whole()],
    read: query::read,
    ..Resource::NONE
};

fn create(verb: &str, v: &Values) -> Statement {
    query::body(columns::named(crate::sql::item().word(verb).name(&Scope::Schema.name_of(v)), v), v)
}

/// What others may do with the view: a new one under the old name does not have it. The system's own roles have theirs
/// by themselves.
fn granted(c: &Change) -> Vec<Statement> {
    let (name, roles) = (Scope::Schema.name_of(&c.new), grant::role_names(c.found.more(1)));
    let owner = c.old.text("ownership_role");
    let regrant = |(id, letters): (String, String)| {
        let role = if id == "p" { "PUBLIC" } else { roles.get(id.as_str())? };
        let privileges: Vec<&str> = grant::spelt(&letters).collect();
        let others = owner != Some(role) && !role.starts_with("mz_") && !privileges.is_empty();
        others.then(|| grant::statement(true, &privileges, (Kind::View, &name), role))
    };
    grant::entries(c.found.get(PRIVILEGES.0).unwrap_or_default()).into_iter().filter_map(regrant).collect()
}
