//! `materialize_materialized_view`: a query whose results are kept up to date, durably.

use super::query;
use crate::declare::*;
use crate::sql::{Kind, Statement, as_text, find, item, options, starts_with};
use crate::value::Value;

const REFRESH: &[Attr] = &[
    text("every")
        .checks(&[scope::INTERVAL])
        .same(same::intervals)
        .doc("Refreshes so often: an interval such as \"1 day\"."),
    text("aligned_to").or_server().checks(TIME).same(same::timestamps).doc(
        "With `every`: a time of one of the refreshes, such as \"2026-01-01 03:00:00\"; when the view is made, if not set.",
    ),
    text("at").checks(TIME).same(same::timestamps).doc("Refreshes once, at this time."),
    boolean("at_creation").doc("Refreshes once, when the view is made."),
];

const TIME: &[Check] =
    &[Check::Text(|text| same::milliseconds(text).is_some(), "a time such as \"2026-01-01 03:00:00\"")];

const PARTITION_BY: Attr = texts("partition_by")
    .checks(&[Check::NoEmpty])
    .option(SqlOption::new("PARTITION BY", Form::Names).within("WITH"))
    .doc("The first columns, in order, by which the results are kept together.");

pub const MATERIALIZED_VIEW: Resource = Resource {
    name: "materialize_materialized_view",
    kind: Kind::MaterializedView,
    scope: Scope::Schema,
    doc: "A query whose results a cluster keeps up to date, durably. Another query, another cluster or other assertions \
          replace it: Materialize then computes it anew, and refuses while other objects depend on it.",
    attrs: &[
        query::STATEMENT,
        query::CREATE_SQL.follows(&["statement", "name", "retain_history"]),
        text("cluster_name")
            .required()
            .checks(scope::IDENTIFIER)
            .column("c.name")
            .id_column("c.id")
            .refers(Kind::Cluster)
            .doc("The cluster that does the work."),
        texts("not_null_assertion")
            .checks(&[Check::NoEmpty])
            .same(same::members)
            .doc("Columns that are never null. Where one is, the view gives an error."),
        texts("column_names")
            .checks(&[Check::NoEmpty])
            .doc("The names of the columns, in order, in place of those that the query gives."),
        blocks("refresh", REFRESH)
            .rules(&[Rule::ExactlyOneOf(&["every", "at", "at_creation"]), Rule::Requires("aligned_to", &["every"])])
            .doc("When the results are brought up to date, if not at once: any number of strategies together."),
        PARTITION_BY,
        scope::RETAIN_HISTORY,
    ],
    lookups: &[Lookup {
        from: "mz_catalog.mz_materialized_views o JOIN mz_catalog.mz_clusters c ON c.id = o.cluster_id",
        ..Lookup::NONE
    }],
    create: |v| {
        let idents = |attr: &str| v.texts(attr).into_iter().map(|name| item().ident(name)).collect::<Vec<_>>();
        let columns = Some(idents("column_names")).filter(|columns| !columns.is_empty());
        let asserts =
            idents("not_null_assertion").into_iter().map(|c| item().word("ASSERT NOT NULL").symbol("=").then(c));
        let refresh = v.blocks("refresh").map(|block| strategy(&block));
        let kept = [PARTITION_BY, scope::RETAIN_HISTORY];
        let options: Vec<Statement> = asserts.chain(refresh).chain(option_items(&kept, v)).collect();
        let create = Statement::create(Kind::MaterializedView, &Scope::Schema.name_of(v))
            .with(columns, |s, columns| s.group(columns))
            .word("IN CLUSTER")
            .ident(v.str("cluster_name"))
            .when(!options.is_empty(), |s| s.word("WITH").group(options));
        vec![query::body(create, v)]
    },
    alters: &[on(&["retain_history"], alter_options)],
    read: |found, read| {
        query::read(found, read);
        let statement = found.create_sql();
        let group = statement.group_after("WITH").unwrap_or_default();
        let all = options(group);
        let of = |words: &'static str| all.iter().filter(move |(found, _)| found == words).map(|(_, nodes)| *nodes);
        let asserted = of("ASSERT NOT NULL").filter_map(as_text).map(Value::text);
        read.set("not_null_assertion", Value::List(asserted.collect()));
        let prior = found.prior.get("refresh").items();
        let refresh = of("REFRESH").filter(|nodes| !starts_with(nodes, "ON COMMIT"));
        let refresh = refresh.enumerate().map(|(i, nodes)| read_strategy(nodes, prior.get(i).unwrap_or(&Value::Null)));
        read.set("refresh", Value::List(refresh.collect()));
        // The names behind the view's own, before `IN CLUSTER`; none if the query gives them.
        let columns = statement.nodes.iter().take_while(|node| !starts_with(std::slice::from_ref(node), "IN"));
        let columns = columns.filter_map(|node| crate::sql::as_texts(std::slice::from_ref(node))).next();
        let columns = columns.map(|names| Value::List(names.into_iter().map(Value::text).collect()));
        read.set("column_names", columns.unwrap_or_default());
        true
    },
    ..Resource::NONE
};

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
    let first = |words: &str| find(nodes, words).and_then(|nodes| nodes.first()).map(std::slice::from_ref);
    let text = |words: &str| first(words).and_then(|n| as_text(n).or_else(|| crate::sql::as_number(n)));
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
