//! Names of objects: identifiers joined by points, always quoted.

use std::fmt;

use super::lex::{Shape, tokens};

/// The name of an object, from the outermost part to the innermost: `"d"."s"."n"`. The server's own text may carry the
/// object's id and a version with it: `[u7 AS "d"."s"."n" VERSION 0]`, or only the id: `[u7]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Name {
    pub parts: Vec<String>,
    /// The catalog id, in text that the server printed.
    pub id: Option<String>,
    pub version: Option<u64>,
}

/// The schemas of built-in types and functions.
const SYSTEM_SCHEMAS: &[&str] = &["pg_catalog", "mz_catalog", "mz_internal", "mz_unsafe", "information_schema"];

impl Name {
    pub fn new<S: Into<String>>(parts: impl IntoIterator<Item = S>) -> Self {
        Self { parts: parts.into_iter().map(Into::into).collect(), id: None, version: None }
    }

    /// Reads a name that somebody wrote: identifiers, in quotes or not, with points between them. `None`: it is none.
    pub fn read(text: &str) -> Option<Self> {
        let tokens = tokens(text);
        let whole = tokens.len() % 2 == 1 && tokens.iter().skip(1).step_by(2).all(|token| token.is_symbol("."));
        let identifiers = || tokens.iter().step_by(2);
        let parts = identifiers()
            .all(|token| matches!(token.shape, Shape::Word | Shape::Quoted) && !token.content().is_empty());
        (whole && parts).then(|| Self::new(identifiers().map(|token| token.content())))
    }

    /// Whether the name is of one of the system's own schemas, where types and functions are.
    pub fn is_system(&self) -> bool {
        self.parts.len() > 1 && SYSTEM_SCHEMAS.contains(&self.parts[0].as_str())
    }

    /// The innermost part.
    pub fn last(&self) -> &str {
        self.parts.last().map_or("", String::as_str)
    }

    /// The same name with another innermost part.
    pub fn renamed(&self, last: &str) -> Self {
        let mut parts = self.parts.clone();
        parts.pop();
        parts.push(last.to_owned());
        Self::new(parts)
    }
}

/// Prints the quoted name, for statements and messages alike.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = self.parts.iter().map(|part| super::quote_ident(part)).collect::<Vec<_>>().join(".");
        match (&self.id, quoted.is_empty()) {
            (None, _) => f.write_str(&quoted),
            (Some(id), true) => write!(f, "[{id}]"),
            (Some(id), false) => {
                write!(f, "[{id} AS {quoted}")?;
                if let Some(version) = self.version {
                    write!(f, " VERSION {version}")?;
                }
                f.write_str("]")
            }
        }
    }
}
