//! Ids as Materialize writes them: `s4`, `g1`, `u7`, `p`.

use std::fmt;

/// The id of an object, a role, a cluster, a database, a schema or a policy. Ordered as privileges are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Id {
    System(u64),
    /// A role that every environment has and that may be granted.
    Predefined(u64),
    User(u64),
    /// PUBLIC, as a role.
    Public,
    /// The schema of what a session makes for itself: one for each session, all called alike.
    Temporary(u64),
}

impl Id {
    pub fn is_user(self) -> bool {
        matches!(self, Id::User(_))
    }
    pub fn is_temporary(self) -> bool {
        matches!(self, Id::Temporary(_))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Id::System(n) => write!(f, "s{n}"),
            Id::Predefined(n) => write!(f, "g{n}"),
            Id::User(n) => write!(f, "u{n}"),
            Id::Public => f.write_str("p"),
            Id::Temporary(_) => f.write_str("0"),
        }
    }
}
