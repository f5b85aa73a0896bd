//! A map that remembers what of it changed, so that what was made of the rest need not be made again.

use super::{CommentKey, Id};
use crate::catalog::privileges::ObjectKind;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

/// Changes are remembered for this many neighbouring ids together.
const CHUNK: u64 = 256;

/// Neighbouring ids, as a pair of their kind and their place.
pub type Chunk = (u8, u64);

fn chunk(id: Id) -> Chunk {
    match id {
        Id::System(_) => (0, 0),
        Id::Predefined(_) => (1, 0),
        Id::User(n) => (2, n / CHUNK),
        Id::Public => (3, 0),
        Id::Temporary(_) => (4, 0),
    }
}

fn first((kind, place): Chunk) -> Id {
    match kind {
        0 => Id::System(0),
        1 => Id::Predefined(0),
        2 => Id::User(place * CHUNK),
        3 => Id::Public,
        _ => Id::Temporary(0),
    }
}

/// A key that begins with an id.
pub trait Keyed: Ord + Copy {
    fn id(&self) -> Id;
    /// The least key of an id.
    fn least(id: Id) -> Self;
}

impl Keyed for Id {
    fn id(&self) -> Id {
        *self
    }
    fn least(id: Id) -> Self {
        id
    }
}

impl Keyed for CommentKey {
    fn id(&self) -> Id {
        self.0
    }
    fn least(id: Id) -> Self {
        (id, ObjectKind::Table, None)
    }
}

/// Which entries of a map are meant.
#[derive(Clone, Debug, Default)]
pub enum Only {
    #[default]
    All,
    Chunk(Chunk),
    Ids(BTreeSet<Id>),
}

/// A map, read like any other; each change counts.
#[derive(Clone, Debug)]
pub struct Tracked<K, V> {
    map: BTreeMap<K, V>,
    clock: u64,
    stamps: BTreeMap<Chunk, u64>,
}

impl<K, V> Default for Tracked<K, V> {
    fn default() -> Self {
        Self { map: BTreeMap::new(), clock: 0, stamps: BTreeMap::new() }
    }
}

impl<K, V> Deref for Tracked<K, V> {
    type Target = BTreeMap<K, V>;
    fn deref(&self) -> &Self::Target {
        &self.map
    }
}

impl<K: Keyed, V> Tracked<K, V> {
    fn changed(&mut self, key: &K) {
        self.clock += 1;
        self.stamps.insert(chunk(key.id()), self.clock);
    }

    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.changed(&key);
        self.map.insert(key, value)
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        let removed = self.map.remove(key);
        if removed.is_some() {
            self.changed(key);
        }
        removed
    }

    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        if self.map.contains_key(key) {
            self.changed(key);
        }
        self.map.get_mut(key)
    }

    /// For what no relation shows.
    pub fn get_mut_unseen(&mut self, key: &K) -> Option<&mut V> {
        self.map.get_mut(key)
    }

    /// Grows with every change.
    pub fn clock(&self) -> u64 {
        self.clock
    }

    /// When each part last changed.
    pub fn stamps(&self) -> &BTreeMap<Chunk, u64> {
        &self.stamps
    }

    /// The entries that are meant, in order.
    pub fn only<'a>(&'a self, only: &'a Only) -> Box<dyn Iterator<Item = (&'a K, &'a V)> + 'a> {
        match only {
            Only::All => Box::new(self.map.iter()),
            Only::Chunk(part) => {
                Box::new(self.map.range(K::least(first(*part))..).take_while(|(key, _)| chunk(key.id()) == *part))
            }
            Only::Ids(ids) => Box::new(
                ids.iter().flat_map(|id| self.map.range(K::least(*id)..).take_while(move |(key, _)| key.id() == *id)),
            ),
        }
    }
}
