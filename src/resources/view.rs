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
    attrs: &[scope::ID.follows(&["statement"]), query::STATEMENT, query::CREATE_SQL.follows(&["statement", "name"])],
    lookups: &[Lookup { from: "mz_catalog.mz_views o", ..Lookup::NONE }],
    replaceable: true,
    create: |v| vec![create("CREATE VIEW", v)],
    alters: &[on(&["statement"], |c| {
        // The new view is a new object: its owner and comment do not come with it.
        let name = Scope::Schema.name_of(&c.new);
        let owner = c.new.text("ownership_role").map(|r| Statement::alter(Kind::View, &name).word("OWNER TO").ident(r));
        let comment = c.new.text("comment").map(|text| Statement::comment(Kind::View, &name, Some(text)));
        [create("CREATE OR REPLACE VIEW", &c.new)].into_iter().chain(owner).chain(comment).collect()
    })],
    read: |found, read| {
        query::read(found, read);
        true
    },
    ..Resource::NONE
};

fn create(verb: &str, v: &Values) -> Statement {
    query::body(crate::sql::item().word(verb).name(&Scope::Schema.name_of(v)), v)
}
