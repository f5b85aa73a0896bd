//! The rules of planning and reading, case by case: what the official provider leaves in a state must plan nothing.

use serde_json::{Value as Json, json};

use super::SameObjects;
use super::diff::differences;
use super::plan::{keep_full_names, merge, plan_object};
use crate::declare::same::ignoring_case;
use crate::declare::*;
use crate::sql::Kind;
use crate::value::{Value, from_json, to_json};

const INNER: &[Attr] = &[
    text("name").required(),
    text("alias"),
    int("port"),
    boolean("all"),
    text("level").implied(Default::Text("LOW")).same(ignoring_case),
    text("mode").default(Default::Text("fast")).same(ignoring_case),
];

const ATTRS: &[Attr] = &[
    text("id").computed(),
    text("name").required(),
    text("comment"),
    text("size").or_server(),
    text("protocol").same(ignoring_case),
    boolean("snapshot").default(Default::Bool(true)),
    text("interval").default(Default::Text("1s")),
    texts("zones"),
    text("secret_wo").write_only(),
    block("link", INNER),
    block_set("rule", INNER),
    blocks("broker", INNER),
    reference("other", Kind::Connection),
];

const RESOURCE: Resource = Resource {
    name: "materialize_test",
    kind: Kind::View,
    scope: Scope::Schema,
    attrs: ATTRS,
    alters: &[on(&["size", "broker.port", "broker[]"], |_| Vec::new())],
    ..Resource::NONE
};

fn value(json: Json) -> Value {
    let mut value = from_json(&object_type(ATTRS), &json).unwrap();
    super::plan::settle(ATTRS, &mut value);
    value
}

/// Plans `config` over `prior`; the planned value as JSON, and what differs with its class.
fn plan(prior: Json, config: Json) -> (Value, Value, Vec<String>) {
    let (prior, config) = (value(prior), value(config));
    let planned = plan_object(ATTRS, &config, Some(&prior));
    let objects = SameObjects::default();
    let found = differences(&RESOURCE, ATTRS, &prior, &planned, &objects);
    let found = found.iter().map(|d| format!("{} {:?}", d.path, d.class)).collect();
    (prior, planned, found)
}

fn base(more: Json) -> Json {
    let mut all = json!({"id": "r:u1", "name": "n", "snapshot": true, "interval": "1s"});
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all
}

/// Prior state, and a configuration that means it: the plan must be the prior state, to the letter.
#[test]
fn a_state_of_the_official_provider_plans_nothing() {
    let cases = [
        (json!({"comment": ""}), json!({})),
        (json!({"comment": null}), json!({})),
        (json!({"zones": []}), json!({})),
        (json!({"zones": null}), json!({})),
        (json!({"snapshot": null, "interval": null}), json!({})),
        (json!({"snapshot": null}), json!({"snapshot": null})),
        (json!({"interval": "1s"}), json!({"interval": "1s"})),
        (json!({"size": "25cc"}), json!({})),
        (json!({"size": ""}), json!({})),
        (json!({"protocol": "PLAINTEXT"}), json!({"protocol": "plaintext"})),
        (
            json!({"link": [{"name": "l", "alias": "", "port": 0, "all": false, "mode": "FAST"}]}),
            json!({"link": [{"name": "l", "mode": "fast"}]}),
        ),
        (json!({"link": [{"name": "l", "mode": null}]}), json!({"link": [{"name": "l"}]})),
        (json!({"link": [{"name": "l", "mode": "fast", "level": ""}]}), json!({"link": [{"name": "l"}]})),
        (json!({"link": [{"name": "l", "mode": "fast", "level": "low"}]}), json!({"link": [{"name": "l"}]})),
        (
            json!({"rule": [{"name": "b", "port": 0, "mode": "fast"}, {"name": "a", "alias": "", "mode": "fast"}]}),
            json!({"rule": [{"name": "a"}, {"name": "b"}]}),
        ),
        (
            json!({"broker": [{"name": "b", "all": false, "mode": "fast"}]}),
            json!({"broker": [{"name": "b", "all": false}]}),
        ),
    ];
    for (prior, config) in cases {
        let mut config = config;
        config["name"] = json!("n");
        let (before, planned, found) = plan(base(prior.clone()), config.clone());
        let sorted = |value: &Value| {
            let mut value = value.clone();
            if let Value::Map(items) = &mut value
                && let Some(Value::List(rules)) = items.get_mut("rule")
            {
                rules.sort();
            }
            to_json(&value)
        };
        assert_eq!(sorted(&planned), sorted(&before), "{prior} under {config}");
        assert_eq!(found, Vec::<String>::new(), "{prior} under {config}");
    }
}

/// Prior state and configuration, and what must be planned for it.
#[test]
fn a_real_difference_is_planned_and_classed() {
    let cases: &[(Json, Json, &[&str])] = &[
        (json!({"comment": "x"}), json!({}), &["comment Altered"]),
        (json!({"size": "25cc"}), json!({"size": "50cc"}), &["size Altered"]),
        (json!({"protocol": "SSL"}), json!({"protocol": "plaintext"}), &["protocol Replaced"]),
        (json!({"snapshot": false}), json!({}), &["snapshot Replaced"]),
        (json!({"zones": ["a"]}), json!({}), &["zones Replaced"]),
        (json!({"link": [{"name": "l"}]}), json!({}), &["link Replaced"]),
        (json!({"link": [{"name": "l", "port": 1}]}), json!({"link": [{"name": "l"}]}), &["link[0].port Replaced"]),
        (
            json!({"broker": [{"name": "b", "port": 1}]}),
            json!({"broker": [{"name": "b", "port": 2}]}),
            &["broker[0].port Altered"],
        ),
        (json!({"broker": [{"name": "b"}]}), json!({"broker": [{"name": "b"}, {"name": "c"}]}), &["broker Altered"]),
        (json!({"broker": [{"name": "b"}]}), json!({"broker": [{"name": "c"}]}), &["broker[0].name Replaced"]),
        (json!({"rule": [{"name": "a"}]}), json!({"rule": [{"name": "b"}]}), &["rule Replaced"]),
        (json!({"name": "old"}), json!({}), &["name Altered"]),
        (
            json!({"other": [{"name": "k", "schema_name": "s", "database_name": "d"}]}),
            json!({"other": [{"name": "j", "schema_name": "s", "database_name": "d"}]}),
            &["other[0].name Replaced"],
        ),
    ];
    for (prior, config, expected) in cases {
        let (_, _, found) = plan(base(prior.clone()), base(config.clone()));
        assert_eq!(found, *expected, "{prior} under {config}");
    }
}

/// A connection that is renamed in the same plan stays the same connection.
#[test]
fn references_compare_by_object() {
    let name = |n: &str| crate::sql::Name::new(["d", "s", n]);
    let mut objects = SameObjects::default();
    objects.names.insert((Kind::Connection, name("k"), name("j")));
    let side = |n: &str| value(base(json!({"other": [{"name": n, "schema_name": "s", "database_name": "d"}]})));
    let (prior, mut config) = (side("k"), side("j"));
    config.set("id", Value::Null);
    let planned = plan_object(ATTRS, &config, Some(&prior));
    assert_eq!(planned.get("other"), config.get("other"), "the new name is planned");
    assert_eq!(differences(&RESOURCE, ATTRS, &prior, &planned, &objects), Vec::new());
    assert_eq!(differences(&RESOURCE, ATTRS, &prior, &planned, &SameObjects::default()).len(), 1);
}

/// A query that leaves out of names what the session knows keeps the text with the full names, but only over the same
/// object; and a new name of that object is planned.
#[test]
fn queries_compare_by_object() {
    const QUERY: &[Attr] = &[text("statement")
        .required()
        .same(|a, b| crate::sql::same_spelled_query(a.as_text().unwrap_or_default(), b.as_text().unwrap_or_default()))
        .naming(crate::sql::renamed_in_query)];
    let side = |name: &str| Value::Map([("statement".to_owned(), Value::text(format!("SELECT * FROM {name}")))].into());
    let name = |parts: &[&str]| crate::sql::Name::new(parts.iter().copied());
    let planned = |prior: &str, config: &str, objects: &SameObjects| {
        let (prior, config) = (side(prior), side(config));
        let mut planned = plan_object(QUERY, &config, Some(&prior));
        keep_full_names(QUERY, &prior, &mut planned, objects);
        (planned == prior, differences(&RESOURCE, QUERY, &prior, &planned, objects).len())
    };
    let mut objects = SameObjects::default();
    objects.names.insert((Kind::Table, name(&["d", "raw", "t"]), name(&["raw", "t"])));
    objects.names.insert((Kind::Table, name(&["d", "raw", "t"]), name(&["d", "raw", "u"])));
    assert_eq!(planned("\"d\".\"raw\".\"t\"", "raw.t", &objects), (true, 0));
    assert_eq!(planned("d.raw.t", "raw.t", &SameObjects::default()), (false, 1));
    assert_eq!(planned("d.raw.t", "t", &objects), (false, 1));
    assert_eq!(planned("d.raw.t", "d.raw.u", &objects), (false, 0));
    assert_eq!(planned("raw.t", "d.raw.t", &objects), (false, 0));
    assert_eq!(planned("raw.t", "t", &objects), (false, 1));
}

#[test]
fn what_configuration_says_on_create_is_planned_as_it_is() {
    let config = value(json!({"name": "n", "protocol": "plaintext", "snapshot": false, "secret_wo": "s3cret"}));
    let planned = plan_object(ATTRS, &config, None);
    let unknown = json!({"unknown": true});
    let expected = json!({
        "id": unknown, "name": "n", "comment": null, "size": unknown, "protocol": "plaintext", "snapshot": false,
        "interval": "1s", "zones": null, "secret_wo": null, "link": [], "rule": [], "broker": [], "other": [],
    });
    assert_eq!(to_json(&planned), expected);
}

/// Prior state, what a read found, and the state after it.
#[test]
fn reading_keeps_spelling_and_shows_drift() {
    let cases = [
        (json!({"comment": ""}), json!({"comment": null}), json!({"comment": ""})),
        (json!({"comment": "a"}), json!({"comment": null}), json!({"comment": null})),
        (json!({"comment": null}), json!({"comment": "b"}), json!({"comment": "b"})),
        (json!({"protocol": "SSL"}), json!({"protocol": "ssl"}), json!({"protocol": "SSL"})),
        (json!({"interval": null}), json!({"interval": "1s"}), json!({"interval": null})),
        (json!({"interval": null}), json!({"interval": "2s"}), json!({"interval": "2s"})),
        (
            json!({"broker": [{"name": "b", "alias": "", "port": 0}]}),
            json!({"broker": [{"name": "b", "alias": null, "port": null}]}),
            json!({"broker": [{"name": "b", "alias": "", "port": 0, "all": null, "level": null, "mode": null}]}),
        ),
    ];
    for (prior, read, expected) in cases {
        let prior = value(prior);
        let found = Value::Map(
            read.as_object()
                .unwrap()
                .keys()
                .map(|name| (name.clone(), value(read.clone()).get(name).clone()))
                .collect(),
        );
        let merged = merge(ATTRS, &prior, &found, false);
        for (name, expected) in expected.as_object().unwrap() {
            assert_eq!(&to_json(merged.get(name)), expected, "{name} of {read} over {}", to_json(&prior));
        }
    }
}

/// What is not configured of a set's member comes from the prior member that it is: the same one, or else the one that
/// it was before a change.
#[test]
fn members_of_sets_keep_what_the_server_gave() {
    const MEMBER: &[Attr] = &[text("table").required(), text("schema").or_server(), text("name").or_server()];
    const SET: &[Attr] = &[block_set("table", MEMBER)];
    let plan = |prior: Json, config: Json| {
        let value = |members| from_json(&object_type(SET), &json!({ "table": members })).unwrap();
        let planned = plan_object(SET, &value(config), Some(&value(prior)));
        let text = |item: &Value, attr| item.get(attr).as_text().unwrap_or("?").to_owned();
        let members = planned.get("table").items().iter();
        members.map(|m| MEMBER.iter().map(|attr| text(m, attr.name)).collect::<Vec<_>>().join(".")).collect::<Vec<_>>()
    };
    let prior = json!([{"table": "a", "schema": "s", "name": "x"}, {"table": "a", "schema": "t", "name": "y"}]);
    let cases = [
        (json!([{"table": "a", "name": "y"}]), vec!["a.t.y"]),
        (json!([{"table": "a"}, {"table": "a", "name": "x"}]), vec!["a.t.y", "a.s.x"]),
        (json!([{"table": "a", "schema": "t"}, {"table": "a", "schema": "s"}]), vec!["a.t.y", "a.s.x"]),
        (json!([{"table": "a", "name": "z"}, {"table": "a", "name": "y"}]), vec!["a.s.z", "a.t.y"]),
        (json!([{"table": "b"}]), vec!["b.?.?"]),
    ];
    for (config, expected) in cases {
        assert_eq!(plan(prior.clone(), config.clone()), expected, "{config}");
    }
}

/// The attributes that are the name of a renamed schema are the resource's own: those in a reference are its object's.
#[test]
fn a_renamed_schema_hides_nothing_in_a_reference() {
    const FROM: &[Attr] = &[text("name").required(), text("schema_name"), text("database_name")];
    const SINK: &[Attr] = &[text("schema_name"), block("from", FROM).refers(Kind::View)];
    const RESOURCE: Resource = Resource { attrs: SINK, alters: &[on(&["from"], |_| Vec::new())], ..Resource::NONE };
    let sink = |schema: &str, from: &str| {
        let from = json!([{"name": "orders", "schema_name": from, "database_name": "d"}]);
        from_json(&object_type(SINK), &json!({"schema_name": schema, "from": from})).unwrap()
    };
    let objects = SameObjects { attrs: ["schema_name"].into(), ..SameObjects::default() };
    let found = |prior: &Value, planned: &Value| -> Vec<String> {
        differences(&RESOURCE, SINK, prior, planned, &objects).iter().map(|d| d.dotted.clone()).collect()
    };
    assert_eq!(found(&sink("s", "raw"), &sink("t", "clean")), ["from.schema_name"]);
    assert_eq!(found(&sink("s", "raw"), &sink("t", "raw")), Vec::<String>::new());
}
