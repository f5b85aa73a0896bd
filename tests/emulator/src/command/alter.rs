//! What ALTER can do to any kind of object: OWNER TO, RENAME TO.

use super::{Boxed, Command, Context, done};
use crate::catalog::change::Object;
use crate::catalog::item::Definition;
use crate::catalog::privileges::{AclMode, ObjectKind};
use crate::datum::{Outcome, SqlError};
use crate::sql::error::plan;
use crate::sql::parser::{Parsed, Parser};
use crate::sql::print::spared;
use crate::transaction::Company;
use std::sync::Arc;

/// Looks up an object of any kind by the name that a statement gives.
pub fn object(cx: &Context<'_>, kind: ObjectKind, name: &[String]) -> Result<Object, SqlError> {
    let last = || name.last().map_or("", String::as_str);
    Ok(match kind {
        ObjectKind::Database => Object::Database(cx.catalog.database(last())?),
        ObjectKind::Schema => Object::Schema(cx.catalog.schema(&cx.session.names, name)?),
        ObjectKind::Cluster => Object::Cluster(cx.catalog.cluster(last())?),
        ObjectKind::Role => Object::Role(cx.catalog.role(last())?),
        ObjectKind::NetworkPolicy => Object::Policy(cx.catalog.policy(last())?),
        ObjectKind::ClusterReplica => match name {
            [cluster, replica] => {
                let (id, index) = cx.catalog.replica(cluster, replica)?;
                Object::Replica(id, index)
            }
            _ => return Err(plan("a cluster replica is named cluster.replica")),
        },
        kind => Object::Item(cx.catalog.resolve_kind(&cx.session.names, name, kind)?),
    })
}

/// Objects of the system belong to it for good.
pub fn check_not_system(cx: &Context<'_>, object: Object) -> Result<(), SqlError> {
    let name = cx.catalog.object_name(object);
    match object {
        Object::Item(id) if !id.is_user() => Err(plan(format!("system item '{name}' cannot be modified"))),
        Object::Schema(id) if !id.is_user() => Err(plan(format!("system schema '{name}' cannot be modified"))),
        Object::Cluster(id) if !id.is_user() => Err(plan(format!("system cluster '{name}' cannot be modified"))),
        Object::Replica(id, _) if !id.is_user() => {
            Err(plan(format!("system cluster '{}' cannot be modified", cx.catalog.cluster_name(id))))
        }
        _ => Ok(()),
    }
}

struct AlterOwner {
    kind: ObjectKind,
    name: Vec<String>,
    if_exists: bool,
    owner: String,
}

/// The rest of `… OWNER TO role`, after OWNER.
pub fn owner_to(p: &mut Parser, kind: ObjectKind, name: Vec<String>, if_exists: bool) -> Parsed<Boxed> {
    p.expect_kw("TO")?;
    Ok(Arc::new(AlterOwner { kind, name, if_exists, owner: p.ident()? }))
}

/// The command tag of an ALTER.
pub fn tag(kind: ObjectKind) -> String {
    format!("ALTER {}", kind.keyword())
}

impl Command for AlterOwner {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        // Names are resolved before anything else: a missing role shows first.
        let owner = cx.catalog.role(&self.owner);
        let object = match object(cx, self.kind, &self.name) {
            Ok(object) => object,
            Err(_) if self.if_exists => return done(tag(self.kind)),
            Err(e) => return Err(e),
        };
        let owner = owner?;
        check_not_system(cx, object)?;
        if let Object::Item(id) = object
            && let Some(item) = cx.catalog.items.get(&id)
            && matches!(item.definition, Definition::Index(_))
        {
            let name = spared(&item.name);
            let why = format!("cannot change owner of {name}. Change the ownership of the index's relation, instead");
            return super::done_with(tag(self.kind), why);
        }
        cx.catalog.check_member(cx.session, owner)?;
        cx.catalog.check_owner(cx.session, object)?;
        cx.catalog.check_around(cx.session, object, AclMode::CREATE)?;
        cx.catalog.set_owner(object, owner);
        done(tag(self.kind))
    }
}

struct AlterRename {
    kind: ObjectKind,
    name: Vec<String>,
    if_exists: bool,
    to: String,
}

/// The rest of `… RENAME TO name` of an item, after RENAME.
pub fn rename_to(p: &mut Parser, kind: ObjectKind, name: Vec<String>, if_exists: bool) -> Parsed<Boxed> {
    p.expect_kw("TO")?;
    Ok(Arc::new(AlterRename { kind, name, if_exists, to: p.ident()? }))
}

impl Command for AlterRename {
    fn company(&self) -> Company {
        Company::Changes
    }

    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let id = match cx.catalog.resolve_for(&cx.session.names, &self.name, self.kind, ("ALTER", "rename")) {
            Ok(id) => id,
            // Only a missing object is skipped, not one of another kind.
            Err(e) if self.if_exists && e.message.starts_with("unknown") => return done(tag(self.kind)),
            Err(e) => return Err(e),
        };
        let object = Object::Item(id);
        if let Some(item) = cx.catalog.items.get(&id).filter(|_| !id.is_user()) {
            let schema = cx.catalog.schema_path(item.schema).join(".");
            return Err(plan(format!("system schema '{schema}' cannot be modified")));
        }
        let schema = cx.catalog.items.get(&id).map(|i| i.schema);
        if schema.is_some_and(|s| cx.catalog.taken(s, &self.to).is_some()) {
            return Err(plan(format!("catalog item '{}' already exists", spared(&self.to))));
        }
        cx.catalog.check_owner(cx.session, object)?;
        cx.catalog.rename_item(id, self.to.clone());
        done(tag(self.kind))
    }
}

/// ALTER of a kind that knows RENAME and OWNER and nothing else.
pub fn alter_plain(p: &mut Parser, kind: ObjectKind, actions: &[&'static str]) -> Parsed<Boxed> {
    let if_exists = p.if_exists()?;
    let name = p.name()?;
    if kind == ObjectKind::View && p.kws("SET CLUSTER") {
        return super::set_cluster::set_cluster(p, kind, name, if_exists);
    }
    match p.expect_one_of(actions)? {
        "OWNER" => owner_to(p, kind, name, if_exists),
        _ => rename_to(p, kind, name, if_exists),
    }
}
