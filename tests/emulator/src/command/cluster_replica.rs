//! Replicas of unmanaged clusters.

use super::alter::{check_not_system, owner_to};
use super::cluster::{check_replica_name, new_replica};
use super::cluster_options::replica_options;
use super::{Boxed, Command, Context, done};
use crate::catalog::audit::Reason;
use crate::catalog::change::Object;
use crate::catalog::limits::New;
use crate::catalog::privileges::ObjectKind;
use crate::datum::{Outcome, SqlError};
use crate::sql::error::plan;
use crate::sql::options::Options;
use crate::sql::parser::{Parsed, Parser};
use crate::transaction::Company;
use std::sync::Arc;

struct CreateReplica {
    cluster: String,
    name: String,
    options: Options,
}

pub fn create_replica(p: &mut Parser) -> Parsed<Boxed> {
    let cluster = p.ident()?;
    p.expect_op(".")?;
    let name = p.ident()?;
    let bracket = p.op("(");
    let options = replica_options(p)?;
    if bracket {
        p.expect_op(")")?;
    }
    Ok(Arc::new(CreateReplica { cluster, name, options }))
}

impl Command for CreateReplica {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let id = cx.catalog.cluster(&self.cluster)?;
        check_not_system(cx, Object::Cluster(id))?;
        cx.catalog.check_owner(cx.session, Object::Cluster(id))?;
        let internal = self.options.bool("INTERNAL")? == Some(true);
        if internal && self.name.strip_prefix('r').is_some_and(is_number) {
            return Err(plan(format!("{} is reserved for replicas of managed clusters", self.name)));
        }
        let cluster = cx.catalog.clusters.get(&id);
        if cluster.is_some_and(|c| c.managed.is_some()) && !internal {
            return Err(plan(format!("cannot modify managed cluster {}", self.cluster)));
        }
        if cx.catalog.replica(&self.cluster, &self.name).is_ok() {
            return Err(plan(format!(
                "cannot create multiple replicas named '{}' on cluster '{}'",
                self.name, self.cluster
            )));
        }
        let owner = cx.catalog.owner(Object::Cluster(id)).unwrap_or(cx.session.role);
        let replica = new_replica(cx, &self.name, &self.options, owner)?;
        let there = cx.catalog.clusters.get(&id).map_or(0, |c| c.replicas.len());
        cx.catalog.check_room(&[New::Replicas(1, there)])?;
        cx.catalog.note_replicas_created(id, std::slice::from_ref(&replica), Reason::Manual);
        if let Some(cluster) = cx.catalog.clusters.get_mut(&id) {
            cluster.replicas.push(replica);
        }
        done("CREATE CLUSTER REPLICA")
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

struct RenameReplica {
    cluster: String,
    name: String,
    if_exists: bool,
    to: String,
}

pub fn alter_replica(p: &mut Parser) -> Parsed<Boxed> {
    let if_exists = p.if_exists()?;
    let cluster = p.ident()?;
    p.expect_op(".")?;
    let name = p.ident()?;
    if p.expect_one_of(&["OWNER", "RENAME"])? == "OWNER" {
        return owner_to(p, ObjectKind::ClusterReplica, vec![cluster, name], if_exists);
    }
    p.expect_kw("TO")?;
    Ok(Arc::new(RenameReplica { cluster, name, if_exists, to: p.ident()? }))
}

impl Command for RenameReplica {
    fn company(&self) -> Company {
        Company::Changes
    }

    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let (id, index) = match cx.catalog.replica(&self.cluster, &self.name) {
            Ok(found) => found,
            Err(_) if self.if_exists => return done("ALTER CLUSTER REPLICA"),
            Err(e) => return Err(e),
        };
        check_not_system(cx, Object::Cluster(id))?;
        cx.catalog.check_owner(cx.session, Object::Replica(id, index))?;
        if cx.catalog.clusters.get(&id).is_some_and(|c| c.managed.is_some()) {
            return Err(plan(format!("cannot modify managed cluster {}", self.cluster)));
        }
        check_replica_name(&self.to)?;
        if cx.catalog.replica(&self.cluster, &self.to).is_ok() {
            return Err(plan("uniqueness violation"));
        }
        if let Some(replica) = cx.catalog.clusters.get_mut(&id).and_then(|c| c.replicas.get_mut(index)) {
            replica.name = self.to.clone();
            let replica = replica.id;
            cx.catalog.note_replica_renamed(id, replica, &self.name, &self.to);
        }
        done("ALTER CLUSTER REPLICA")
    }
}

pub fn drop_replica(p: &mut Parser) -> Parsed<Boxed> {
    let if_exists = p.if_exists()?;
    let names = p.list(|p| {
        let cluster = p.ident()?;
        p.expect_op(".")?;
        Ok((cluster, p.ident()?))
    })?;
    Ok(Arc::new(DropReplica { names, if_exists }))
}

struct DropReplica {
    names: Vec<(String, String)>,
    if_exists: bool,
}

impl Command for DropReplica {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let (mut drops, mut notices) = (Vec::new(), Vec::new());
        for (cluster, name) in &self.names {
            let (id, index) = match cx.catalog.replica(cluster, name) {
                Ok(found) => found,
                Err(_) if self.if_exists => {
                    notices.push(format!("cluster replica \"{cluster}.{name}\" does not exist, skipping"));
                    continue;
                }
                Err(e) => return Err(e),
            };
            check_not_system(cx, Object::Cluster(id))?;
            cx.catalog.check_owned(cx.session, &[Object::Replica(id, index)])?;
            if cx.catalog.clusters.get(&id).is_some_and(|c| c.managed.is_some()) {
                return Err(plan("cannot drop replica of managed cluster"));
            }
            drops.push((id, name));
        }
        for (id, name) in drops {
            let Some(cluster) = cx.catalog.clusters.get_mut(&id) else { continue };
            let Some(index) = cluster.replicas.iter().position(|r| r.name == *name) else { continue };
            let replica = cluster.replicas.remove(index);
            cx.catalog.note_replicas_dropped(id, std::slice::from_ref(&replica));
            cx.catalog.comments.remove(&(replica.id, ObjectKind::ClusterReplica, None));
        }
        Ok(Outcome::Done { tag: "DROP CLUSTER REPLICA".into(), notices })
    }
}
