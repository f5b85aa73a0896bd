// NOTE TO THE OWNER OF src/catalog: at 07:00 another process overwrote this file, src/sql/mod.rs, src/relations/mod.rs and src/lib.rs by accident.
// sql/mod.rs, relations/mod.rs and lib.rs are back as of 06:57; of this file only the 06:52 version could be restored: write your 07:00 version (7466 bytes) again, please.
//! The state of the emulated environment.

mod id;

pub use id::Id;

use crate::session::Snapshot;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock, RwLockReadGuard};

/// What stands outside Materialize: brokers, databases. The emulator never connects out.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub struct Upstreams {}

/// All databases, schemas, objects, roles, clusters, privileges.
#[derive(Clone, Debug)]
pub struct Catalog {
    pub environment_id: String,
}

/// A column of a relation; `ty` as `catalog.tsv` spells types.
#[derive(Clone, Debug, PartialEq)]
pub struct RelationColumn {
    pub name: String,
    pub ty: String,
    pub nullable: bool,
}

/// A relation made by a user: its columns and, for a view, the query behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct UserRelation {
    pub id: String,
    pub columns: Vec<RelationColumn>,
    /// The SELECT of a view or materialized view, with fully qualified names.
    pub query: Option<String>,
}

impl Catalog {
    /// A fresh environment as Materialize bootstraps it.
    pub fn new(environment_id: &str, upstreams: Upstreams) -> Self {
        let _ = upstreams;
        Self { environment_id: environment_id.into() }
    }

    /// The user relation that a name of one to three parts means in a session; None when it names none.
    pub fn user_relation(&self, session: &Snapshot, name: &[String]) -> Option<UserRelation> {
        let _ = (session, name);
        None
    }
}

/// The catalog as sessions share it.
#[derive(Debug)]
pub struct Shared {
    catalog: RwLock<Catalog>,
    version: AtomicU64,
}

impl Shared {
    pub fn new(catalog: Catalog) -> Arc<Self> {
        Arc::new(Self { catalog: RwLock::new(catalog), version: AtomicU64::new(1) })
    }

    /// Grows with every change.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// The catalog to read. A poisoned lock is taken over: commands check before they change.
    pub fn read(&self) -> RwLockReadGuard<'_, Catalog> {
        self.catalog.read().unwrap_or_else(|e| e.into_inner())
    }

    /// Runs `change` on the catalog alone; `changed` says whether the result counts as a new version.
    pub(crate) fn write<T>(&self, change: impl FnOnce(&mut Catalog) -> T, changed: impl FnOnce(&T) -> bool) -> T {
        let mut catalog = self.catalog.write().unwrap_or_else(|e| e.into_inner());
        let result = change(&mut catalog);
        if changed(&result) {
            self.version.fetch_add(1, Ordering::AcqRel);
        }
        result
    }
}

impl Catalog {
    /// Sets of columns, by position, that are unique in a relation.
    pub fn keys(&self, id: Id) -> Vec<Vec<usize>> {
        let by_name = |columns: &[Column], keys: &[item::Key]| {
            let find = |k: &item::Key| k.columns.iter().map(|n| columns.iter().position(|c| c.name == *n)).collect::<Option<Vec<_>>>();
            keys.iter().filter_map(find).collect()
        };
        match self.items.get(&id).map(|i| &i.definition) {
            Some(Definition::Table(t)) => by_name(&t.columns, &t.keys),
            Some(Definition::Source(s)) => by_name(&s.columns, &s.keys),
            Some(Definition::View(v)) => v.keys.clone(),
            Some(Definition::MaterializedView(m)) => m.view.keys.clone(),
            _ => Vec::new(),
        }
    }
}
