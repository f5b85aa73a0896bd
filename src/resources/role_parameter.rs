//! `materialize_role_parameter`: the value that a session variable has when a role signs in.

use crate::declare::scope::ID;
use crate::declare::*;
use crate::sql::{Kind, Name, Statement};

pub const ROLE_PARAMETER: Resource = Resource {
    name: "materialize_role_parameter",
    kind: Kind::Role,
    scope: Scope::Bare,
    doc: "The value that a session variable has when a role signs in.",
    attrs: &[
        ID.follows(&["variable_name"]),
        text("role_name").required().checks(scope::IDENTIFIER).column("r.name").doc("The role."),
        text("variable_name")
            .required()
            .checks(scope::IDENTIFIER)
            .same(same::ignoring_case)
            .column("p.parameter_name")
            .doc("The session variable."),
        text("variable_value")
            .required()
            .same(same::settings)
            .column("p.parameter_value")
            .doc("Its value, in any spelling that the server takes."),
    ],
    stands_on: |v| vec![(Kind::Role, Name::new([v.str("role_name")]))],
    lookups: &[Lookup {
        from: "mz_catalog.mz_role_parameters p JOIN mz_catalog.mz_roles r ON r.id = p.role_id",
        by_key: &["r.name || lower(p.parameter_name)"],
        by_name: &[("r.name", "role_name"), ("lower(p.parameter_name)", "variable_name")],
        ..Lookup::NONE
    }],
    id: IdForm {
        // The id glues both names together: it can be looked for, but not taken apart. An import may separate them.
        parse: |suffix| match suffix.rsplit_once('|') {
            Some((role, variable)) => {
                Some(Key::Names(vec![("role_name", role.to_owned()), ("variable_name", variable.to_lowercase())]))
            }
            None => Some(Key::Parts(vec![suffix.to_owned()])),
        },
        suffix: |_, state| {
            let values = Values::new(state, state);
            Some(format!("{}{}", values.str("role_name"), values.str("variable_name")))
        },
        forms: "`<region>:<role>|<variable>`, or both names without a sign between them",
        named: &[],
    },
    create: |v| vec![set(v)],
    alters: &[on(&["variable_name", "variable_value"], |c| {
        let reset = c.has("variable_name").then(|| reset(&c.old));
        [set(&c.new)].into_iter().chain(reset).collect()
    })],
    delete: Some(|v, _| vec![reset(v)]),
    ..Resource::NONE
};

fn alter(v: &Values) -> Statement {
    Statement::alter(Kind::Role, &Name::new([v.str("role_name")]))
}

fn set(v: &Values) -> Statement {
    alter(v).word("SET").ident(v.str("variable_name")).word("TO").text(v.str("variable_value"))
}

fn reset(v: &Values) -> Statement {
    alter(v).word("RESET").ident(v.str("variable_name"))
}
