//! `materialize_role_parameter`: the value that a session variable has when a role signs in.

use crate::catalog::Row;
use crate::declare::scope::ID;
use crate::declare::*;
use crate::sql::{Kind, Name, Statement, item};

pub const ROLE_PARAMETER: Resource = Resource {
    name: "materialize_role_parameter",
    kind: Kind::Role,
    scope: Scope::Bare,
    doc: "The value that a session variable has when a role signs in.",
    attrs: &[
        ID.follows(&["variable_name"]),
        identifier("role_name").required().column("r.name").doc("The role."),
        identifier("variable_name").required().in_any_case().column("p.parameter_name").doc("The session variable."),
        text("variable_value")
            .required()
            .same(same::settings)
            .column("p.parameter_value")
            .doc("Its value, in any spelling that the server takes."),
    ],
    stands_on: |v| vec![(Kind::Role, Name::new([v.str("role_name")]))],
    lookups: &[Lookup {
        from: "mz_catalog.mz_role_parameters p JOIN mz_catalog.mz_roles r ON r.id = p.role_id",
        by_key: &["lower(replace(r.name || p.parameter_name, '|', ''))"],
        by_name: &[("r.name", "role_name"), ("lower(p.parameter_name)", "variable_name")],
        ..Lookup::NONE
    }],
    id: IdForm {
        // The id glues both names together: it can be looked for, but not taken apart. An import may separate them, but a
        // role's name may have that sign itself. The variable may be in any case, the role may not.
        parse: |suffix| Some(Key::Parts(key(suffix))),
        suffix: |_, state| {
            let values = Values::new(state, state);
            Some(format!("{}{}", values.str("role_name"), values.str("variable_name")))
        },
        forms: "`<region>:<role>|<variable>`, or both names without a sign between them",
        named: &[],
    },
    listed: Some(|row| {
        row.parts(&["role_name", "variable_name"]).map(|names| key(&names.concat())).into_iter().collect()
    }),
    create: |_, v| vec![set(v)],
    alters: &[on(&["variable_name", "variable_value"], |c| {
        let reset = c.has("variable_name").then(|| reset(&c.old));
        [set(&c.new)].into_iter().chain(reset).collect()
    })],
    there: |found| matches!(found.key, Key::Names(_)) || own_row(found).is_some(),
    read: |found, read| {
        let Some(row) = own_row(found) else { return };
        for name in ["role_name", "variable_name", "variable_value"] {
            read.set(name, row.get(name).into());
        }
    },
    delete: Some(|v, _| vec![reset(v)]),
    ..Resource::NONE
};

/// What an id is looked for by, and the id itself.
fn key(id: &str) -> Vec<String> {
    vec![id.replace('|', "").to_lowercase(), id.to_owned()]
}

/// Of several the one that the id says, as it stands before one with a sign between the names.
fn own_row<'a>(found: &'a Found) -> Option<&'a Row> {
    let id = found.part(1);
    let is = |row: &&Row, sign: &str| {
        let variable = row.get("role_name").and_then(|role| id.strip_prefix(role)?.strip_prefix(sign));
        variable.zip(row.get("variable_name")).is_some_and(|(variable, name)| variable.eq_ignore_ascii_case(name))
    };
    let own = |sign| found.rows[0].iter().find(|row| is(row, sign));
    own("").or_else(|| own("|"))
}

fn alter(v: &Values) -> Statement {
    Statement::alter(Kind::Role, &Name::new([v.str("role_name")]))
}

fn set(v: &Values) -> Statement {
    alter(v).then(assignment(v.str("variable_name"), v.str("variable_value")))
}

/// `SET … TO '…'`. One literal is one element: only a list of schemas is more.
pub fn assignment(variable: &str, value: &str) -> Statement {
    let elements = match variable.eq_ignore_ascii_case("search_path") {
        true => same::elements(value),
        false => vec![value.to_owned()],
    };
    item().word("SET").ident(variable).word("TO").list(elements.iter().map(|element| item().text(element)))
}

fn reset(v: &Values) -> Statement {
    alter(v).word("RESET").ident(v.str("variable_name"))
}
