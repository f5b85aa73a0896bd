//! `materialize_type`: a name for a row, a list or a map type.

use crate::declare::*;
use crate::sql::{Kind, Node, as_text, column_type, first, item, option, same_type};
use crate::value::Value;

const fn data_type(name: &'static str) -> Attr {
    text(name).required().length(1, 10_000).same(|a, b| same::texts(a, b, same_type))
}

const ROW: &[Attr] = &[
    identifier("field_name").required().quotable().doc("The field's name."),
    data_type("field_type").doc("The field's type, in any of SQL's spellings."),
];
const LIST: &[Attr] = &[data_type("element_type").doc("The type of the elements, in any of SQL's spellings.")];
const MAP: &[Attr] = &[
    data_type("key_type").doc("The type of the keys: `text`."),
    data_type("value_type").doc("The type of the values, in any of SQL's spellings."),
];

pub const TYPE: Resource = Resource {
    name: "materialize_type",
    kind: Kind::Type,
    scope: Scope::Schema,
    doc: "A name for a row, a list or a map type. Materialize cannot alter types: another definition replaces the type, which \
          the server refuses while columns have it.",
    attrs: &[
        blocks("row_properties", ROW).doc("A field of a row type. The order is the type's."),
        block("list_properties", LIST).doc("Makes it a list type."),
        block("map_properties", MAP).doc("Makes it a map type."),
        text("category")
            .computed()
            .column("o.category")
            .doc("What it is to Materialize: `composite`, `list` or `pseudo`."),
    ],
    rules: &[Rule::ExactlyOneOf(&["row_properties", "list_properties", "map_properties"])],
    lookups: &[Lookup { columns: &[("create_sql", "o.create_sql")], from: "mz_catalog.mz_types o", ..Lookup::NONE }],
    create: |r, v| {
        let create = r.begin(v).word("AS");
        let of = |words: &str, ty: &str| item().word(words).symbol("=").sql(ty);
        let list = v.block("list_properties").map(|list| [of("ELEMENT TYPE", list.str("element_type"))]);
        let map = v.block("map_properties");
        let map = map.map(|map| [of("KEY TYPE", map.str("key_type")), of("VALUE TYPE", map.str("value_type"))]);
        let row = v
            .blocks("row_properties")
            .map(|f| item().ident(&f.identifier("field_name").unwrap_or_default()).sql(f.str("field_type")));
        vec![match (list, map) {
            (Some(list), _) => create.word("LIST").group(list),
            (None, Some(map)) => create.word("MAP").group(map),
            (None, None) => create.group(row),
        }]
    },
    read: |found, read| {
        let statement = found.create_sql();
        if statement.nodes.is_empty() {
            return;
        }
        let group = |words: &str| statement.group_after(words).unwrap_or_default();
        let part = |words: &str, name: &str| option(group(words), name).and_then(type_of).into();
        let list = statement.has("AS LIST").then(|| Value::from([("element_type", part("AS LIST", "ELEMENT TYPE"))]));
        let map = [("key_type", part("AS MAP", "KEY TYPE")), ("value_type", part("AS MAP", "VALUE TYPE"))];
        let map = statement.has("AS MAP").then(|| Value::from(map));
        let fields = if list.is_none() && map.is_none() { group("AS") } else { &[] };
        let row = fields.iter().enumerate().map(|(i, nodes)| {
            let name = as_text(first(nodes)).into();
            // The official provider does not quote names.
            let spelt = found.before("row_properties", i).get("field_name");
            let ty = column_type(nodes);
            Value::from([("field_name", same::unquoted(spelt, name)), ("field_type", ty.as_deref().into())])
        });
        read.set("row_properties", Value::list(row));
        read.set("list_properties", Value::list(list));
        read.set("map_properties", Value::list(map));
    },
    ..Resource::NONE
};

/// The type that these nodes are.
fn type_of(nodes: &[Node]) -> Option<Value> {
    let definition = [&[Node::Word("of".into())], nodes].concat();
    column_type(&definition).map(Value::text)
}
