//! `materialize_table`: a table that is written to with INSERT.

use crate::catalog::Row;
use crate::declare::*;
use crate::sql::{Kind, Name, Statement, accepted_type, as_name, first, item, same_expression, same_type};
use crate::value::Value;

const COLUMN: &[Attr] = &[
    identifier("name").required().quotable().same(same::folded_identifiers).doc("The column's name."),
    text("type")
        .required()
        .length(1, 10_000)
        .same(|a, b| same::texts(a, b, same_type))
        .doc("The data type, in any of SQL's spellings: `int`, `integer` and `int4` are the same."),
    boolean("nullable")
        .default(Default::Bool(false))
        .doc("Despite its name, `true` makes the column NOT NULL, as in the official provider."),
    text("default")
        .default(Default::Text("NULL"))
        .length(0, 100_000)
        .same(same_default)
        .doc("The default, an SQL expression."),
    text("comment").length(0, 1024).doc("A comment on the column."),
];

pub const TABLE: Resource = Resource {
    name: "materialize_table",
    kind: Kind::Table,
    scope: Scope::Schema,
    doc: "A table that is written to with `INSERT`. Nullable columns without a default are added in place at the end; any \
          other change of the columns replaces the table and **loses its data**.",
    attrs: &[
        blocks("column", COLUMN).required().doc("A column. The order is the table's."),
        scope::PARTITION_BY,
        scope::RETAIN_HISTORY,
    ],
    lookups: &[
        Lookup { columns: &[("create_sql", "o.create_sql")], from: "mz_catalog.mz_tables o", ..Lookup::NONE },
        Lookup {
            columns: &[
                ("name", "c.name"),
                ("type", "c.type"),
                ("nullable", "c.nullable"),
                ("default", "c.default"),
                ("comment", "k.comment"),
                ("position", "c.position"),
            ],
            from: "mz_catalog.mz_columns c LEFT JOIN (SELECT id, object_sub_id, comment FROM mz_internal.mz_comments WHERE \
                   object_type = 'table') k ON k.id = c.id AND k.object_sub_id = c.position",
            by_key: &["c.id"],
            ..Lookup::NONE
        },
    ],
    create: |_, v| {
        let name = Scope::Schema.name_of(v);
        let create = Statement::create(Kind::Table, &name).group(v.blocks("column").map(|column| definition(&column)));
        let create = create.then(with_options(&[scope::PARTITION_BY, scope::RETAIN_HISTORY], v));
        let comments =
            v.blocks("column").filter_map(|column| Some(comment(&name, &column, Some(column.text("comment")?))));
        [create].into_iter().chain(comments).collect()
    },
    alters: &[
        on(&["column.comment"], changed_comments),
        on(&["column[]"], |c| {
            let name = Scope::Schema.name_of(&c.new);
            let before = c.old.blocks("column").count();
            let added = c.new.blocks("column").skip(before).flat_map(|column| {
                let add = Statement::alter(Kind::Table, &name).word("ADD COLUMN").then(definition(&column));
                [Some(add), column.text("comment").map(|text| comment(&name, &column, Some(text)))]
            });
            changed_comments(c).into_iter().chain(added.flatten()).collect()
        })
        .only_if(only_appends),
        on(&["retain_history"], alter_options),
    ],
    // Tables of sources are resources of their own.
    there: |found| !["FROM SOURCE", "FROM WEBHOOK"].iter().any(|words| found.create_sql().has(words)),
    read: |found, read| {
        let mut rows: Vec<&Row> = found.more(1).iter().collect();
        rows.sort_by_key(|row| row.get("position").and_then(|p| p.parse::<i64>().ok()));
        let columns = rows.iter().map(|row| column(row, found.create_sql().first_group()));
        read.set("column", Value::list(columns));
    },
    ..Resource::NONE
};

/// `"id" int4 NOT NULL DEFAULT 1`.
fn definition(column: &Values) -> Statement {
    let default = column.text("default").filter(|default| !default.eq_ignore_ascii_case("null"));
    item()
        .ident(&column.identifier("name").unwrap_or_default())
        .sql(accepted_type(column.str("type")))
        .when(column.is_true("nullable"), |s| s.word("NOT NULL"))
        .with(default, |s, default| s.word("DEFAULT").sql(default))
}

/// Of the columns that are there.
fn changed_comments(c: &Change) -> Vec<Statement> {
    let name = Scope::Schema.name_of(&c.new);
    let pairs = c.new.blocks("column").zip(c.old.blocks("column"));
    let changed = pairs.filter(|(new, old)| new.text("comment") != old.text("comment"));
    changed.map(|(new, _)| comment(&name, &new, new.text("comment"))).collect()
}

fn comment(table: &Name, column: &Values, comment: Option<&str>) -> Statement {
    Statement::column_comment(table, &column.identifier("name").unwrap_or_default(), comment)
}

/// Whether two defaults mean the same; an empty one is none.
fn same_default(a: &Value, b: &Value) -> bool {
    let sql = |value: &Value| value.as_text().map(|text| if text.is_empty() { "NULL" } else { text }.to_owned());
    matches!((sql(a), sql(b)), (Some(a), Some(b)) if same_expression(&a, &b))
}

/// One column as the catalog shows it; its type with modifiers (`numeric(10,2)`), which only `create_sql` has.
fn column(row: &Row, definitions: &[Vec<crate::sql::Node>]) -> Value {
    let name = row.get("name").unwrap_or_default();
    let definition = definitions.iter().find(|nodes| as_name(first(nodes)).is_some_and(|column| column.last() == name));
    let ty = definition.and_then(|nodes| crate::sql::column_type(nodes));
    Value::from([
        ("name", name.into()),
        ("type", ty.as_deref().or(row.get("type")).into()),
        ("nullable", Value::Bool(row.get("nullable") == Some("f"))),
        ("default", row.get("default").unwrap_or("NULL").into()),
        ("comment", row.get("comment").into()),
    ])
}

/// Whether a new list of columns is the old one with columns behind it that `ADD COLUMN` can make.
fn only_appends(prior: &Value, planned: &Value) -> bool {
    let (before, after) = (prior.get("column").items(), planned.get("column").items());
    let objects = crate::engine::SameObjects::default();
    let same = |a: &Value, b: &Value| {
        COLUMN
            .iter()
            .filter(|attr| attr.name != "comment")
            .all(|attr| crate::engine::same(attr, a.get(attr.name), b.get(attr.name), &objects))
    };
    after.len() > before.len()
        && before.iter().zip(after).all(|(a, b)| same(a, b))
        && after[before.len()..].iter().all(|column| {
            let column = Values::new(column, &Value::Null);
            !column.is_true("nullable") && column.text("default").is_none_or(|d| d.eq_ignore_ascii_case("null"))
        })
}
