//! `materialize_role`: all roles, or those whose name matches a pattern.

use crate::declare::*;

const ROW: Ty = Ty::Object(&[("id", Ty::Text), ("name", Ty::Text)]);

pub const ROLE: DataSource = DataSource {
    name: "materialize_role",
    doc: "All roles, or those whose name matches a pattern.",
    attrs: &[
        text("like_pattern").doc("An SQL `LIKE` pattern, in which `%` stands for any text and `_` for one character."),
        of("roles", Ty::List(&ROW)).computed().doc("The roles, by id."),
    ],
    rows: "roles",
    columns: &[("id", "r.id"), ("name", "r.name")],
    from: "mz_catalog.mz_roles r",
    order: Some("length(r.id), r.id"),
    filters: &[("like_pattern", Filter::Like("r.name"))],
    id: |set| match set {
        [(_, pattern)] => format!("roles|{pattern}"),
        _ => "roles".into(),
    },
    ..DataSource::NONE
};
