//! `materialize_system_parameter`: a configuration parameter of the whole environment.

use super::role_parameter::assignment;
use crate::declare::*;
use crate::sql::{Kind, Statement, item};

pub const SYSTEM_PARAMETER: Resource = Resource {
    name: "materialize_system_parameter",
    kind: Kind::System,
    scope: Scope::Bare,
    doc: "The value of a configuration parameter of the environment. Only self-hosted environments let users set them. \
          On destroy the parameter is reset to its default.",
    attrs: &[
        identifier("name").required().in_any_case().column("name").doc("The parameter."),
        text("value")
            .required()
            .same(same::settings)
            .column("setting")
            .doc("Its value, in any spelling that the server takes."),
    ],
    lookups: &[Lookup {
        columns: &[],
        from: "SHOW ALL",
        by_key: &["lower(name)"],
        parts: &[0],
        by_name: &[("lower(name)", "name")],
        ..Lookup::NONE
    }],
    id: IdForm {
        parse: |suffix| (!suffix.is_empty()).then(|| Key::Parts(vec![suffix.to_lowercase()])),
        suffix: |_, state| state.get("name").as_text().map(str::to_owned),
        forms: "`<region>:<parameter>`",
        named: &[],
    },
    // Hundreds, and the server does not say which were set.
    listed: None,
    create: |_, v| vec![set(v)],
    alters: &[on(&["value"], |c| vec![set(&c.new)])],
    delete: Some(|v, _| vec![alter().word("RESET").ident(v.str("name"))]),
    ..Resource::NONE
};

fn alter() -> Statement {
    item().word("ALTER SYSTEM")
}

fn set(v: &Values) -> Statement {
    alter().then(assignment(v.str("name"), v.str("value")))
}
