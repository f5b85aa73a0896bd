//! ALTER … SET CLUSTER: the server has the grammar for several kinds, and moves none.

use super::{Boxed, Command, Context, done, done_with};
use crate::catalog::privileges::ObjectKind;
use crate::datum::{Outcome, SqlError};
use crate::sql::error::{Hint, plan, with_code};
use crate::sql::parser::{Parsed, Parser};
use crate::transaction::Company;
use std::sync::Arc;

struct SetCluster {
    kind: ObjectKind,
    name: Vec<String>,
    if_exists: bool,
    cluster: String,
}

/// What follows SET CLUSTER.
pub fn set_cluster(p: &mut Parser, kind: ObjectKind, name: Vec<String>, if_exists: bool) -> Parsed<Boxed> {
    Ok(Arc::new(SetCluster { kind, name, if_exists, cluster: p.ident()? }))
}

impl Command for SetCluster {
    fn company(&self) -> Company {
        Company::None
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let cluster = cx.catalog.cluster(&self.cluster)?;
        cx.catalog.require("enable_alter_set_cluster")?;
        let what = format!("ALTER {} SET CLUSTER", self.kind.keyword());
        match self.kind {
            ObjectKind::MaterializedView => {}
            ObjectKind::Source | ObjectKind::Sink | ObjectKind::Index => {
                let discussion = "https://github.com/MaterializeInc/materialize/discussions/29606";
                return Err(plan(format!("{what} not yet supported, see {discussion} for more details")));
            }
            _ => {
                let page = "https://materialize.com/docs/sql/alter-set-cluster/";
                return Err(plan(format!(
                    "{what} is not supported, for more information consult the documentation at {page}"
                ))
                .detail(format!("{} has no associated cluster", self.kind.keyword())));
            }
        }
        let tag = super::alter::tag(self.kind);
        let id = match cx.catalog.resolve_kind(&cx.session.names, &self.name, self.kind) {
            Ok(id) => id,
            Err(_) if self.if_exists => {
                let name = self.name.join(".");
                return done_with(tag, format!("{} \"{name}\" does not exist, skipping", self.kind.words()));
            }
            Err(e) => return Err(e),
        };
        match cx.catalog.items.get(&id).and_then(|i| i.definition.cluster()) == Some(cluster) {
            true => done(tag),
            false => Err(with_code("0A000", "ALTER SET CLUSTER are not supported")),
        }
    }
}
