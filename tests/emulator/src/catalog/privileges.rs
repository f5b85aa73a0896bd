//! Access control lists: privileges as bits, lists as Materialize keeps and prints them.

use super::Id;
use std::collections::BTreeMap;
use std::fmt;

/// A set of privileges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AclMode(pub u16);

/// Name, letter: in the order in which letters are printed.
pub const PRIVILEGES: [(&str, char); 10] = [
    ("INSERT", 'a'),
    ("SELECT", 'r'),
    ("UPDATE", 'w'),
    ("DELETE", 'd'),
    ("USAGE", 'U'),
    ("CREATE", 'C'),
    ("CREATEROLE", 'R'),
    ("CREATEDB", 'B'),
    ("CREATECLUSTER", 'N'),
    ("CREATENETWORKPOLICY", 'P'),
];

impl AclMode {
    pub const INSERT: AclMode = AclMode(1);
    pub const SELECT: AclMode = AclMode(2);
    pub const UPDATE: AclMode = AclMode(4);
    pub const DELETE: AclMode = AclMode(8);
    pub const USAGE: AclMode = AclMode(16);
    pub const CREATE: AclMode = AclMode(32);
    pub const USAGE_CREATE: AclMode = AclMode(48);
    pub const TABLE: AclMode = AclMode(15);
    pub const CREATEROLE: AclMode = AclMode(64);
    pub const CREATEDB: AclMode = AclMode(128);
    pub const CREATECLUSTER: AclMode = AclMode(256);
    pub const CREATENETWORKPOLICY: AclMode = AclMode(512);
    pub const SYSTEM: AclMode = AclMode(64 + 128 + 256 + 512);

    pub fn named(name: &str) -> Option<AclMode> {
        PRIVILEGES.iter().position(|(n, _)| *n == name).map(|i| AclMode(1 << i))
    }
    pub fn contains(self, other: AclMode) -> bool {
        self.0 & other.0 == other.0
    }
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
    pub fn union(self, other: AclMode) -> AclMode {
        AclMode(self.0 | other.0)
    }
    pub fn without(self, other: AclMode) -> AclMode {
        AclMode(self.0 & !other.0)
    }
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        PRIVILEGES.iter().enumerate().filter(move |(i, _)| self.0 & (1 << i) != 0).map(|(_, (n, _))| *n)
    }
}

impl fmt::Display for AclMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        PRIVILEGES
            .iter()
            .enumerate()
            .filter(|(i, _)| self.0 & (1 << i) != 0)
            .try_for_each(|(_, (_, c))| write!(f, "{c}"))
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct AclItem {
    pub grantee: Id,
    pub mode: AclMode,
    pub grantor: Id,
}

impl fmt::Display for AclItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.grantee != Id::Public {
            write!(f, "{}", self.grantee)?;
        }
        write!(f, "={}/{}", self.mode, self.grantor)
    }
}

/// The privileges on one object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Privileges(pub Vec<AclItem>);

impl Privileges {
    pub fn of(items: &[(Id, AclMode, Id)]) -> Self {
        Self(
            items
                .iter()
                .map(|(grantee, mode, grantor)| AclItem { grantee: *grantee, mode: *mode, grantor: *grantor })
                .collect(),
        )
    }

    /// Adds privileges; the list is then in the order of grantees.
    pub fn grant(&mut self, grantee: Id, mode: AclMode, grantor: Id) {
        if mode.is_empty() {
            return;
        }
        match self.0.iter_mut().find(|i| i.grantee == grantee && i.grantor == grantor) {
            Some(item) => item.mode = item.mode.union(mode),
            None => self.0.push(AclItem { grantee, mode, grantor }),
        }
        self.0.sort_by_key(|i| i.grantee);
    }

    pub fn revoke(&mut self, grantee: Id, mode: AclMode, grantor: Id) {
        for item in self.0.iter_mut().filter(|i| i.grantee == grantee && i.grantor == grantor) {
            item.mode = item.mode.without(mode);
        }
        self.0.retain(|i| !i.mode.is_empty());
        self.0.sort_by_key(|i| i.grantee);
    }

    /// What one role holds from one grantor.
    pub fn between(&self, grantee: Id, grantor: Id) -> AclMode {
        self.0.iter().find(|i| i.grantee == grantee && i.grantor == grantor).map_or(AclMode::default(), |i| i.mode)
    }

    /// What the roles hold together.
    pub fn held(&self, roles: impl Fn(Id) -> bool) -> AclMode {
        self.0
            .iter()
            .filter(|i| i.grantee == Id::Public || roles(i.grantee))
            .fold(AclMode::default(), |m, i| m.union(i.mode))
    }

    /// A new owner takes the old one's place, as grantee and as grantor.
    pub fn change_owner(&mut self, old: Id, new: Id) {
        let mut merged = Privileges::default();
        let swap = |id: Id| if id == old { new } else { id };
        // What others held from the old owner comes after what they already hold from the new one.
        for item in &self.0 {
            merged.grant(swap(item.grantee), item.mode, swap(item.grantor));
        }
        *self = merged;
    }
}

/// What default privileges are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DefaultKey {
    /// Whose objects; PUBLIC for everybody's.
    pub role: Id,
    pub database: Option<Id>,
    pub schema: Option<Id>,
    pub kind: ObjectKind,
}

/// Kinds of objects, in the server's own order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    Table,
    View,
    MaterializedView,
    Source,
    Sink,
    Index,
    Type,
    Role,
    Cluster,
    ClusterReplica,
    Secret,
    Connection,
    Database,
    Schema,
    Func,
    ContinualTask,
    NetworkPolicy,
}

impl ObjectKind {
    /// `materialized view`, as messages have it.
    pub fn words(self) -> &'static str {
        match self {
            ObjectKind::Table => "table",
            ObjectKind::View => "view",
            ObjectKind::MaterializedView => "materialized view",
            ObjectKind::Source => "source",
            ObjectKind::Sink => "sink",
            ObjectKind::Index => "index",
            ObjectKind::Type => "type",
            ObjectKind::Role => "role",
            ObjectKind::Cluster => "cluster",
            ObjectKind::ClusterReplica => "cluster replica",
            ObjectKind::Secret => "secret",
            ObjectKind::Connection => "connection",
            ObjectKind::Database => "database",
            ObjectKind::Schema => "schema",
            ObjectKind::Func => "function",
            ObjectKind::ContinualTask => "continual task",
            ObjectKind::NetworkPolicy => "network policy",
        }
    }
    /// `MATERIALIZED VIEW`, as in statements.
    pub fn keyword(self) -> String {
        self.words().to_uppercase()
    }
    /// `materialized-view`, as catalog relations spell it.
    pub fn dashed(self) -> String {
        self.words().replace(' ', "-")
    }
    /// Everything that may be granted on such an object.
    pub fn all_privileges(self) -> AclMode {
        match self {
            ObjectKind::Table => AclMode::TABLE,
            ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Source | ObjectKind::ContinualTask => {
                AclMode::SELECT
            }
            ObjectKind::Type | ObjectKind::Secret | ObjectKind::Connection | ObjectKind::NetworkPolicy => {
                AclMode::USAGE
            }
            ObjectKind::Cluster | ObjectKind::Database | ObjectKind::Schema => AclMode::USAGE_CREATE,
            _ => AclMode::default(),
        }
    }
    /// The kind whose default privileges such an object gets.
    pub fn default_kind(self) -> ObjectKind {
        match self {
            ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Source | ObjectKind::ContinualTask => {
                ObjectKind::Table
            }
            kind => kind,
        }
    }
}

/// Default privileges: key, then grantee, then what.
pub type DefaultPrivileges = BTreeMap<DefaultKey, BTreeMap<Id, AclMode>>;
