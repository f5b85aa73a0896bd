//! `materialize_view`: a query with a name.

use crate::declare::*;
use crate::sql::{Kind, Statement, renamed_in_query, same_printed_query, same_query, same_resolved_query};

pub const VIEW: Resource = Resource {
    name: "materialize_view",
    kind: Kind::View,
    scope: Scope::Schema,
    doc: "A view: a query with a name. A change of the query replaces the view in place, unless other objects depend on \
          it: then Materialize refuses, and nothing is lost.",
    attrs: &[
        scope::ID.follows(&["statement"]),
        text("statement")
            .required()
            .checks(&[Check::Length(1, 1_000_000)])
            .same(|a, b| match (a.as_text(), b.as_text()) {
                (Some(a), Some(b)) => same_query(a, b) || same_printed_query(a, b),
                _ => false,
            })
            .naming(renamed_in_query)
            .doc("The query. Reformatting it is no change, and neither is a new name of what it reads."),
        text("create_sql")
            .computed()
            .follows(&["statement", "name"])
            .column("o.create_sql")
            .doc("The statement as Materialize keeps it."),
    ],
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
        let now = found.create_sql().query();
        let before = found.prior.get("create_sql").as_text().and_then(|text| crate::sql::parse(text).ok());
        // The statement is kept as the user wrote it while the server's text of it stays the same.
        let same = match (before.as_ref().and_then(Statement::query), now) {
            (Some(before), Some(now)) => same_resolved_query(before, now),
            _ => false,
        };
        if let (false, Some(now)) = (same, now) {
            read.set("statement", crate::value::Value::text(crate::sql::without_ids(now)));
        }
        // Which objects the names in the query mean.
        for name in crate::sql::names_in_query(found.create_sql().query().unwrap_or_default()) {
            if let Some(id) = &name.id {
                found.refers(&format!("statement {}", crate::sql::Name::new(&name.parts)), id);
            }
        }
        true
    },
    ..Resource::NONE
};

fn create(verb: &str, v: &Values) -> Statement {
    let body = v.str("statement").trim().trim_end_matches(';').trim_end();
    crate::sql::item().word(verb).name(&Scope::Schema.name_of(v)).word("AS").sql(body)
}
