//! `materialize_index`: keeps the rows of a view, a source or a table in memory, by key.

use crate::catalog::Row;
use crate::declare::*;
use crate::diag::Diagnostic;
use crate::sql::{Kind, Name, Node, Statement, item};
use crate::value::Value;

const KEY: &[Attr] = &[text("field")
    .required()
    .length(1, 100_000)
    .same(same_field)
    .doc("A column's name, or an SQL expression. A name that could be an expression stands in quotes: `\"a-b\"`.")];

pub const INDEX: Resource = Resource {
    name: "materialize_index",
    kind: Kind::Index,
    scope: Scope::Object,
    doc: "An index: keeps the rows of a view, a materialized view, a source or a table in the memory of a cluster, by key.",
    attrs: &[
        identifier("name").or_server().column("o.name").doc("The name. Either this or `default` must be set."),
        boolean("default")
            .stored("it only matters when the index is made")
            .doc("Whether to let Materialize choose the name and the key."),
        reference("obj_name", Kind::View).required().doc("The object to index."),
        identifier("cluster_name")
            .required()
            .quotable()
            .column("c.name")
            .id_column("c.id")
            .refers(Kind::Cluster)
            .doc("The cluster that keeps the index."),
        text("method")
            .default(Default::Text("ARRANGEMENT"))
            .keyword(&["ARRANGEMENT"])
            .stored("there is only one method")
            .doc("The method; there is only `ARRANGEMENT`."),
        blocks("col_expr", KEY).doc("A part of the key. The order means something."),
        scope::RETAIN_HISTORY,
        text("database_name").computed().column("d.name").doc("The database of the object and the index."),
        text("schema_name").computed().column("s.name").doc("The schema of the object and the index."),
    ],
    rules: &[
        Rule::ExactlyOneOf(&["name", "default"]),
        Rule::Conflicts("default", &["col_expr"]),
        Rule::Requires(&["name"], &["col_expr"]),
    ],
    stands_on: |v| v.reference_in("obj_name").map(|object| (Kind::View, object)).into_iter().collect(),
    lookups: &[Lookup {
        columns: &[("create_sql", "o.create_sql"), ("object_name", "t.name"), ("object_id", "t.id")],
        from: "mz_catalog.mz_indexes o JOIN mz_catalog.mz_objects t ON t.id = o.on_id JOIN mz_catalog.mz_schemas s ON s.id = \
               t.schema_id JOIN mz_catalog.mz_databases d ON d.id = s.database_id JOIN mz_catalog.mz_clusters c ON c.id = \
               o.cluster_id",
        // Newest first: a default index has no name to be found by, only that it was just made.
        order: Some("length(o.id) DESC, o.id DESC"),
        by_name: &[
            ("d.name", "obj_name.database_name"),
            ("s.name", "obj_name.schema_name"),
            ("t.name", "obj_name.name"),
            ("c.name", "cluster_name"),
        ],
        ..Lookup::NONE
    }],
    create: |_, v| {
        let object = v.reference_in("obj_name").unwrap_or_default();
        let by_default = v.is_true("default");
        let start = item()
            .word(if by_default { "CREATE DEFAULT INDEX" } else { "CREATE INDEX" })
            .with(v.text("name").filter(|_| !by_default), |s, name| s.ident(name))
            .word("IN CLUSTER")
            .ident(&v.identifier("cluster_name").unwrap_or_default())
            .word("ON")
            .name(&object);
        let key = v.blocks("col_expr").map(|key| field(key.str("field")));
        let start = if by_default { start } else { start.group(key) };
        vec![start.then(with_options(&[scope::RETAIN_HISTORY], v))]
    },
    alters: &[on(&["retain_history"], alter_options)],
    read: |found, read| {
        let get = |column| found.get(column).unwrap_or_default();
        read.set(
            "obj_name",
            reference_block(&Name::new([get("database_name"), get("schema_name"), get("object_name")])),
        );
        found.refers("obj_name", get("object_id"));
        // An import cannot tell how the index was made; a name of the server's making says enough.
        let imported = !found.recorded && found.prior.get("obj_name").items().is_empty();
        let fresh = imported || found.prior.get("name").is_null();
        let looks_default = found.rows[0].first().is_some_and(looks_default);
        if fresh && looks_default {
            read.set("default", Value::Bool(true));
        }
        let default = found.prior.get("default").as_bool() == Some(true) || (fresh && looks_default);
        let keys = if default { &[] } else { found.create_sql().first_group() };
        let keys = keys.iter().enumerate().map(|(i, nodes)| {
            let prior = found.before("col_expr", i).get("field");
            Value::from([("field", same::unquoted(prior, Value::text(key_text(nodes))))])
        });
        read.set("col_expr", Value::list(keys));
    },
    adjust: |_, prior, planned| {
        // The index is where its object is, whatever that is called now.
        let object = planned.get("obj_name").items().first().cloned().unwrap_or(Value::Null);
        for part in ["database_name", "schema_name"] {
            if !prior.is_null() && object.get(part).as_text().is_some() {
                planned.set(part, object.get(part).clone());
            }
        }
    },
    validate: |config| match config.get("default").as_bool() {
        Some(false) => {
            let detail = "`default` can only be true. Leave it out, and set `name` and `col_expr`.";
            vec![Diagnostic::error("Invalid value for default", detail).at("default")]
        }
        _ => Vec::new(),
    },
    upgrade: |state| {
        // The official provider fills `col_expr` of default indexes from the server.
        if state["default"] == true {
            state["col_expr"] = serde_json::json!([]);
        }
    },
    chosen: looks_default,
    ..Resource::NONE
};

/// Whether the name is as the server makes it.
fn looks_default(row: &Row) -> bool {
    let get = |column| row.get(column).unwrap_or_default();
    let end = get("name").strip_prefix(&format!("{}_primary_idx", get("object_name")));
    end.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}

/// A key part as it is sent: a column's name quoted, anything else as it is.
fn field(field: &str) -> Statement {
    if is_expression(field) { item().sql(field) } else { item().ident(field) }
}

/// Words that make an expression of the words around them.
const OPERATORS: &[&str] =
    &["and", "at", "case", "collate", "ilike", "is", "isnull", "like", "not", "notnull", "or", "similar"];

/// Whether this cannot be a column's name without quotes: only words, and no operator among several, are one.
fn is_expression(field: &str) -> bool {
    let Ok(Statement { nodes }) = crate::sql::parse(field) else { return true };
    let operator = |word: &str| nodes.len() > 1 && OPERATORS.iter().any(|operator| word.eq_ignore_ascii_case(operator));
    let named = |node: &Node| matches!(node, Node::Word(_));
    !nodes.iter().any(named)
        || nodes.iter().any(|node| match node {
            Node::Word(word) => operator(word),
            Node::Number(number) => !number.bytes().all(|b| b.is_ascii_digit()),
            _ => true,
        })
}

/// A key part as one would write it: a column's bare name, unless that would be taken for an expression.
fn key_text(nodes: &[Node]) -> String {
    match nodes {
        [Node::Name(name)] if name.parts.len() == 1 && !is_expression(name.last()) => name.last().to_owned(),
        nodes => Statement { nodes: nodes.to_vec() }.to_string(),
    }
}

fn same_field(a: &Value, b: &Value) -> bool {
    let quoted = |text: &str| if is_expression(text) { text.to_owned() } else { crate::sql::quote_ident(text) };
    // The official provider does not quote a column, and so has the server's small letters in its states.
    same::folded_identifiers(a, b) || same::texts(a, b, |a, b| crate::sql::same_expression(&quoted(a), &quoted(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_a_column_if_it_cannot_be_anything_else() {
        for column in ["id", "Odd note", "not", "2nd try", "größe", "time_zone", "order by"] {
            assert!(!is_expression(column), "{column}");
        }
        for expression in [
            "a - b", "a-b", "x IS NULL", "a % 2", "NOT flag", "t.id", "1", "a AT TIME ZONE b", "lower(a)", "\"a-b\"",
            "-a", "a ~ b", "x[1]", "it's",
        ] {
            assert!(is_expression(expression), "{expression}");
        }
    }

    /// What the official provider sends as it stands is found again in what the server prints.
    #[test]
    fn a_field_is_what_the_server_prints_of_it() {
        for (field, printed) in [
            ("a - b", "\"a\" - \"b\""),
            ("x IS NULL", "\"x\" IS NULL"),
            ("t.id", "\"t\".\"id\""),
            ("Odd note", "\"Odd note\""),
            ("\"a-b\"", "\"a-b\""),
            ("NOT flag", "NOT \"flag\""),
        ] {
            let read = key_text(&crate::sql::parse(printed).unwrap().nodes);
            assert!(same_field(&field.into(), &read.as_str().into()), "{field}: {read}");
        }
    }
}
