//! `materialize_role`: all roles, or those whose name matches a pattern.

use crate::declare::*;

const PATTERN: Attr =
    text("like_pattern").doc("An SQL `LIKE` pattern, in which `%` stands for any text and `_` for one character.");

pub const ROLE: DataSource = DataSource {
    name: "materialize_role",
    doc: "All roles, or those whose name matches a pattern.",
    from: "mz_catalog.mz_roles r",
    order: Some("length(r.id), r.id"),
    filters: &[("like_pattern", Filter::Like("r.name"))],
    id: |set| match set {
        [(_, pattern)] => format!("roles|{pattern}"),
        _ => "roles".into(),
    },
    ..listing!([PATTERN], "roles", "The roles, by id.", ["id": Ty::Text => "r.id", "name": Ty::Text => "r.name"])
};
