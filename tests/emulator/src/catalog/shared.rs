//! The catalog as sessions share it.

use super::{Catalog, Id};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock, RwLockReadGuard};

#[derive(Debug)]
pub struct Shared {
    catalog: RwLock<Catalog>,
    version: AtomicU64,
    /// How many sessions there have been.
    sessions: AtomicU64,
}

impl Shared {
    pub fn new(catalog: Catalog) -> Arc<Self> {
        Arc::new(Self { catalog: RwLock::new(catalog), version: AtomicU64::new(1), sessions: AtomicU64::new(0) })
    }

    /// The id of a new session's own schema.
    pub(crate) fn new_temporary(&self) -> Id {
        Id::Temporary(self.sessions.fetch_add(1, Ordering::AcqRel))
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
