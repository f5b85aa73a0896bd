//! `materialize_secret`: a value that connections use and nobody reads back.

use crate::declare::*;
use crate::sql::Kind;

pub const SECRET: Resource = Resource {
    name: "materialize_secret",
    kind: Kind::Secret,
    scope: Scope::Schema,
    doc: "A value that connections use and that Materialize never shows again.",
    attrs: &[
        text("value").sensitive().doc(
            "The value, in which a backslash is a backslash. It is kept in the state, readable to all who may read that: \
             prefer `value_wo`.",
        ),
        text("value_wo").write_only().doc("The value, stored nowhere. Set `value_wo_version` with it."),
        int("value_wo_version").doc("Any number. Change it to have `value_wo` sent again."),
    ],
    rules: &[
        Rule::ExactlyOneOf(&["value", "value_wo"]),
        Rule::together(&["value_wo", "value_wo_version"]),
    ],
    lookups: &[Lookup { from: "mz_catalog.mz_secrets o", ..Lookup::NONE }],
    create: |r, v| vec![r.begin(v).word("AS").secret(&value(v))],
    alters: &[on(&["value", "value_wo_version"], |c| {
        vec![c.alter().word("AS").secret(&value(&c.new))]
    })],
    ..Resource::NONE
};

/// The server reads the text as `bytea`, where a backslash begins an escape.
fn value(v: &Values) -> String {
    v.write_only("value_wo").or(v.get("value").as_text()).unwrap_or_default().replace('\\', r"\\")
}
