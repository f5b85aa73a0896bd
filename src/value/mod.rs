//! Values as Terraform has them: null, unknown or known, of a type.

mod json;
mod number;

use std::collections::BTreeMap;
use std::fmt;

pub use json::{from_json, to_json};
pub use number::Number;

/// The type of a value, as the protocol's type language has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    Bool,
    Number,
    Text,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Tuple(Vec<Type>),
    Object(BTreeMap<String, Type>),
    /// Any type; the value then is a [`Value::Dynamic`].
    Dynamic,
}

/// A value. Lists, sets and tuples are [`Value::List`]; maps and objects are [`Value::Map`]; an object has all
/// attributes of its type, null ones included.
///
/// `Debug` shows the shape but no text, so that a secret never reaches a log; tests compare with [`to_json`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Value {
    #[default]
    Null,
    Unknown,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
    /// A value of a dynamic attribute with the JSON text of its type.
    Dynamic(Box<(String, Value)>),
}

impl Value {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn int(number: i64) -> Self {
        Self::Number(Number::from(number))
    }

    pub fn list(items: impl IntoIterator<Item = Value>) -> Self {
        Self::List(items.into_iter().collect())
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Whether the value holds no unknown at any depth.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::List(items) => items.iter().all(Self::is_wholly_known),
            Self::Map(items) => items.values().all(Self::is_wholly_known),
            Self::Dynamic(inner) => inner.1.is_wholly_known(),
            _ => true,
        }
    }

    /// Null, `false`, 0, the empty text or an empty collection: what the official provider's state uses for "not set".
    pub fn is_zero(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Bool(value) => !value,
            Self::Number(number) => *number == Number::from(0),
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Map(items) => items.is_empty(),
            Self::Unknown | Self::Dynamic(_) => false,
        }
    }

    /// Whether nothing is said at any depth: zero, or a collection of nothing but that.
    pub fn is_hollow(&self) -> bool {
        match self {
            Self::List(items) => items.iter().all(Self::is_hollow),
            Self::Map(items) => items.values().all(Self::is_hollow),
            other => other.is_zero(),
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The elements of a list, set or tuple; empty for anything else.
    pub fn items(&self) -> &[Value] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The attribute of an object; null for anything else.
    pub fn get(&self, name: &str) -> &Value {
        match self {
            Self::Map(items) => items.get(name).unwrap_or(&Self::Null),
            _ => &Self::Null,
        }
    }

    /// Sets an attribute of an object; does nothing for anything else.
    pub fn set(&mut self, name: &str, value: Value) {
        if let Self::Map(items) = self {
            items.insert(name.to_owned(), value);
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::int(number)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<const N: usize> From<[(&str, Value); N]> for Value {
    fn from(items: [(&str, Value); N]) -> Self {
        Self::Map(items.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Unknown => f.write_str("unknown"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "text({} bytes)", text.len()),
            Self::List(items) => f.debug_list().entries(items).finish(),
            Self::Map(items) => f.debug_map().entries(items).finish(),
            Self::Dynamic(inner) => write!(f, "dynamic({:?})", inner.1),
        }
    }
}
