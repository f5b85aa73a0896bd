//! `materialize_materialized_view`: a query whose results are kept up to date, durably.

use super::query;
use crate::declare::*;
use crate::sql::{Kind, Name, Statement, as_text, find, first, item, options, starts_with};
use crate::value::Value;

const REFRESH: &[Attr] = &[
    interval("every")
        .doc("Refreshes so often: an interval such as \"1 day\"."),
    text("aligned_to").or_server().check(TIME).same(same::timestamps).doc(
        "With `every`: a time of one of the refreshes, such as \"2026-01-01 03:00:00\"; when the view is made, if not set.",
    ),
    text("at").check(TIME).same(same::timestamps).doc("Refreshes once, at this time."),
    boolean("at_creation").doc("Refreshes once, when the view is made."),
];

const TIME: Check = Check::Text(|text| same::milliseconds(text).is_some(), "a time such as \"2026-01-01 03:00:00\"");

pub const MATERIALIZED_VIEW: Resource = Resource {
    name: "materialize_materialized_view",
    kind: Kind::MaterializedView,
    scope: Scope::Schema,
    doc: "A query whose results a cluster keeps up to date, durably. Another query or another cluster replaces it, which \
          Materialize refuses while other objects depend on it; or, with `replacement_timeout`, the new results are \
          computed beside the old ones and take their place when they are complete.",
    attrs: &[
        scope::ID.follows(&["statement", "cluster_name"]),
        query::STATEMENT,
        query::CREATE_SQL.follows(&["statement", "cluster_name", "name", "retain_history"]),
        identifier("cluster_name")
            .required()
            .column("c.name")
            .id_column("c.id")
            .refers(Kind::Cluster)
            .doc("The cluster that computes it."),
        texts("not_null_assertion")
            .no_empty()
            .same(same::members)
            .doc("Columns that must not be null. If one is, reading the view is an error."),
        columns::COLUMN_NAMES,
        blocks("refresh", REFRESH)
            .rules(&[Rule::ExactlyOneOf(&["every", "at", "at_creation"]), Rule::Requires(&["aligned_to"], &["every"])])
            .doc("When the results are brought up to date, if not at once: any number of strategies together."),
        scope::PARTITION_BY,
        scope::RETAIN_HISTORY,
        interval("replacement_timeout")
            .stored("it only says how other changes are made")
            .newer("REPLACEMENT")
            .doc("If set, such as to \"30 minutes\", another query or another cluster does not replace the view: a replacement \
                  is made beside it, and takes its place once it is hydrated, without an interruption for what depends \
                  on the view. If that takes longer than this, the replacement is dropped and the apply fails. The \
                  columns must stay the same, with their types and whether they can be null."),
    ],
    lookups: &[
        Lookup {
            from: "mz_catalog.mz_materialized_views o JOIN mz_catalog.mz_clusters c ON c.id = o.cluster_id",
            ..Lookup::NONE
        },
    ],
    // A replacement that was applied has a new id.
    replaceable: true,
    columns: true,
    create: |r, v| {
        let create = r.begin(v);
        vec![definition(columns::named(create, v), v)]
    },
    alters: &[
        on(&["statement", "cluster_name"], |c| {
            let (name, replacement) = (Scope::Schema.name_of(&c.new), replacement(c));
            let create = item().word("CREATE REPLACEMENT MATERIALIZED VIEW").name(&replacement);
            let create = columns::named(create, &c.new).word("FOR").name(&name);
            let apply = Statement::alter(Kind::MaterializedView, &name).word("APPLY REPLACEMENT").name(&replacement);
            [vec![definition(create, &c.new), apply], query::renew(c)].concat()
        })
        .only_if(|_, planned| planned.get("replacement_timeout").as_text().is_some())
        .waiting(|c| Wait {
            until: item()
                .word("SELECT o.id FROM mz_catalog.mz_materialized_views o JOIN mz_internal.mz_hydration_statuses h")
                .word("ON h.object_id = o.id WHERE h.hydrated AND o.name =")
                .text(replacement(c).last()),
            within: "replacement_timeout",
            what: "the replacement was hydrated",
            undo: Statement::drop(Kind::MaterializedView, &replacement(c)),
        }),
        on(&["retain_history"], alter_options),
    ],
    read: |found, read| {
        query::read(found, read);
        let statement = found.create_sql();
        let group = statement.group_after("WITH").unwrap_or_default();
        let all = options(group);
        let of = |words: &'static str| all.iter().filter(move |(found, _)| found == words).map(|(_, nodes)| *nodes);
        let asserted = of("ASSERT NOT NULL").filter_map(as_text).map(Value::text);
        read.set("not_null_assertion", Value::list(asserted));
        let refresh = of("REFRESH").filter(|nodes| !starts_with(nodes, "ON COMMIT"));
        let refresh = refresh.enumerate().map(|(i, nodes)| read_strategy(nodes, found.before("refresh", i)));
        read.set("refresh", Value::list(refresh));
    },
    ..Resource::NONE
};

/// `… IN CLUSTER … WITH (…) AS <query>`.
fn definition(create: Statement, v: &Values) -> Statement {
    let asserts = columns::idents(v, "not_null_assertion").map(|c| item().word("ASSERT NOT NULL").symbol("=").then(c));
    let refresh = v.blocks("refresh").map(|block| strategy(&block));
    let kept = option_items(&[scope::PARTITION_BY, scope::RETAIN_HISTORY], v);
    let create = create.word("IN CLUSTER").ident(v.str("cluster_name"));
    query::body(create.group_if_any("WITH", asserts.chain(refresh).chain(kept)), v)
}

/// What the replacement is called: as nothing else is, because the view's id is in it, and not too long.
fn replacement(c: &Change) -> Name {
    let id = c.old.str("id").rsplit(':').next().unwrap_or_default();
    let name = Scope::Schema.name_of(&c.new);
    name.renamed(&format!("{:.50}_replacement_{id}", name.last()))
}

/// `REFRESH = …`.
fn strategy(v: &Values) -> Statement {
    let start = item().word("REFRESH").symbol("=");
    match (v.text("every"), v.text("at")) {
        (Some(every), _) => {
            start.word("EVERY").text(every).with(v.text("aligned_to"), |s, time| s.word("ALIGNED TO").text(time))
        }
        (None, Some(time)) => start.word("AT").text(time),
        (None, None) => start.word("AT CREATION"),
    }
}

/// A strategy as the server has it, over what the state says: the server writes the time of creation where none was said.
fn read_strategy(nodes: &[crate::sql::Node], prior: &Value) -> Value {
    let behind = |words: &str| find(nodes, words).map(first);
    let text = |words: &str| behind(words).and_then(|n| as_text(n).or_else(|| crate::sql::as_number(n)));
    let every = text("EVERY");
    let created = prior.get("at_creation").as_bool() == Some(true) && every.is_none();
    let aligned = text("ALIGNED TO");
    let at = text("AT").filter(|_| every.is_none() && !created);
    Value::from([
        ("every", every.into()),
        ("aligned_to", aligned.into()),
        ("at", at.into()),
        ("at_creation", if created || (every.is_none() && at.is_none()) { Value::Bool(true) } else { Value::Null }),
    ])
}
