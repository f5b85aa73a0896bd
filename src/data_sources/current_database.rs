//! `materialize_current_database`: the database that the provider's connections are in.

use crate::declare::*;

pub const CURRENT_DATABASE: DataSource = DataSource {
    name: "materialize_current_database",
    doc: "The database that the provider's connections are in.",
    attrs: &[text("name").computed().doc("The database's name.")],
    columns: &[("name", "database")],
    from: "SHOW database",
    id: |_| "current_database".into(),
    ..DataSource::NONE
};
