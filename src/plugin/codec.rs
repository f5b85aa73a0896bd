//! Values on the wire: msgpack as Terraform's type system writes it, or JSON.
//!
//! What is peculiar about that msgpack: an unknown is an extension (`d4 00 00`; refined ones carry more, which may be
//! ignored); a number that is neither an `i64` nor exactly an `f64` is decimal text; an object has all attributes of
//! its type, null ones included; a dynamic value is a pair of its type, as JSON in binary, and the value.

use std::collections::BTreeMap;

use rmpv::Value as Pack;

use super::proto::tfplugin6::DynamicValue;
use crate::path::AttrPath;
use crate::value::{Number, Type, Value, from_json};

/// Deeper than any schema; a message that nests deeper is refused before it can exhaust the stack.
const MAX_DEPTH: usize = 100;

/// Why bytes are not a value of the expected type.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    /// Not msgpack, or not one value.
    #[error("malformed msgpack: {0}")]
    Malformed(String),
    /// Not JSON, or not JSON of the type.
    #[error("malformed JSON: {0}")]
    Json(String),
    /// A value of another type, at this path.
    #[error("{path}: {expected} expected, {found} found")]
    Type { path: AttrPath, expected: &'static str, found: &'static str },
    /// An attribute too many or too few.
    #[error("{path}: an object with the attributes of the schema expected; {problem}")]
    Object { path: AttrPath, problem: String },
}

/// Reads a value of a type. Nothing at all is null, as Terraform has it; where both forms are given, msgpack counts.
pub fn decode(ty: &Type, value: Option<&DynamicValue>) -> Result<Value, CodecError> {
    let Some(value) = value else { return Ok(Value::Null) };
    if !value.msgpack.is_empty() {
        return unpack(ty, &value.msgpack);
    }
    if value.json.is_empty() {
        return Ok(Value::Null);
    }
    let json = serde_json::from_slice(&value.json).map_err(|error| CodecError::Json(error.to_string()))?;
    from_json(ty, &json).map_err(|error| CodecError::Json(error.to_string()))
}

/// Writes a value of a type, always as msgpack. A value of another shape than the type's is written as it is, so that
/// Terraform says what is wrong; it is a bug in this provider.
pub fn encode(ty: &Type, value: &Value) -> DynamicValue {
    let mut msgpack = Vec::new();
    // Writing to a vector cannot fail.
    let _ = rmpv::encode::write_value(&mut msgpack, &pack(ty, value));
    DynamicValue { msgpack, json: Vec::new() }
}

fn unpack(ty: &Type, bytes: &[u8]) -> Result<Value, CodecError> {
    if holds_unused_marker(bytes) {
        return Err(CodecError::Malformed("a marker that msgpack does not use".into()));
    }
    let mut rest = bytes;
    let packed = rmpv::decode::read_value_with_max_depth(&mut rest, MAX_DEPTH)
        .map_err(|error| CodecError::Malformed(error.to_string()))?;
    if !rest.is_empty() {
        return Err(CodecError::Malformed(format!("{} bytes follow the value", rest.len())));
    }
    read(ty, &packed, &AttrPath::root())
}

/// Whether `0xc1` stands where a value begins: no value does, but `rmpv` reads nil, as if an object were gone.
fn holds_unused_marker(mut bytes: &[u8]) -> bool {
    while let Some((&marker, rest)) = bytes.split_first() {
        // Before the next marker stand a size of so many bytes, so many bytes more, and those that the size counts.
        let (size, more) = match marker {
            0xc1 => return true,
            0xa0..=0xbf => (0, usize::from(marker & 0x1f)),
            0xc4 | 0xd9 => (1, 0),
            0xc5 | 0xda => (2, 0),
            0xc6 | 0xdb => (4, 0),
            0xc7 => (1, 1),
            0xc8 => (2, 1),
            0xc9 => (4, 1),
            0xcc | 0xd0 => (0, 1),
            0xcd | 0xd1 | 0xdc | 0xde => (0, 2),
            0xca | 0xce | 0xd2 | 0xdd | 0xdf => (0, 4),
            0xcb | 0xcf | 0xd3 => (0, 8),
            0xd4..=0xd8 => (0, 1 + (1 << (marker - 0xd4))),
            _ => (0, 0),
        };
        let counted =
            rest.get(..size).unwrap_or_default().iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        bytes = rest.get(counted.saturating_add(size + more)..).unwrap_or_default();
    }
    false
}

fn read(ty: &Type, packed: &Pack, path: &AttrPath) -> Result<Value, CodecError> {
    let wrong = |expected| CodecError::Type { path: path.clone(), expected, found: kind(packed) };
    Ok(match (ty, packed) {
        (_, Pack::Nil) => Value::Null,
        // Refined or not, of whatever extension: an unknown is an unknown.
        (_, Pack::Ext(..)) => Value::Unknown,
        (Type::Bool, Pack::Boolean(value)) => Value::Bool(*value),
        (Type::Bool, _) => return Err(wrong("a boolean")),
        (Type::Number, _) => Value::Number(number(packed).ok_or_else(|| wrong("a number"))?),
        (Type::Text, Pack::String(text)) => Value::text(text.as_str().ok_or_else(|| wrong("UTF-8 text"))?),
        (Type::Text, _) => return Err(wrong("a string")),
        (Type::List(inner) | Type::Set(inner), Pack::Array(items)) => Value::List(
            items.iter().enumerate().map(|(i, item)| read(inner, item, &path.index(i))).collect::<Result<_, _>>()?,
        ),
        (Type::List(_) | Type::Set(_), _) => return Err(wrong("a list")),
        (Type::Tuple(types), Pack::Array(items)) if types.len() == items.len() => {
            let elements = types.iter().zip(items).enumerate();
            Value::List(elements.map(|(i, (ty, item))| read(ty, item, &path.index(i))).collect::<Result<_, _>>()?)
        }
        (Type::Tuple(_), _) => return Err(wrong("a tuple of the type's length")),
        (Type::Map(inner), Pack::Map(items)) => Value::Map(
            items
                .iter()
                .map(|(key, item)| {
                    let key = key.as_str().ok_or_else(|| wrong("a map with string keys"))?;
                    Ok((key.to_owned(), read(inner, item, &path.key(key))?))
                })
                .collect::<Result<BTreeMap<_, _>, _>>()?,
        ),
        (Type::Map(_), _) => return Err(wrong("a map")),
        (Type::Object(types), Pack::Map(items)) => object(types, items, path)?,
        (Type::Object(_), _) => return Err(wrong("an object")),
        (Type::Dynamic, Pack::Array(pair)) => dynamic(pair, path)?,
        (Type::Dynamic, _) => return Err(wrong("a type and a value")),
    })
}

fn object(types: &BTreeMap<String, Type>, items: &[(Pack, Pack)], path: &AttrPath) -> Result<Value, CodecError> {
    let problem = |problem| CodecError::Object { path: path.clone(), problem };
    let mut read_items = BTreeMap::new();
    for (key, item) in items {
        let key = key.as_str().ok_or_else(|| problem("a name is no string".into()))?;
        let ty = types.get(key).ok_or_else(|| problem(format!("`{key}` is not one")))?;
        read_items.insert(key.to_owned(), read(ty, item, &path.name(key))?);
    }
    if let Some(missing) = types.keys().find(|name| !read_items.contains_key(*name)) {
        return Err(problem(format!("`{missing}` is missing")));
    }
    Ok(Value::Map(read_items))
}

fn dynamic(pair: &[Pack], path: &AttrPath) -> Result<Value, CodecError> {
    let malformed = |message: &str| CodecError::Malformed(format!("{path}: {message}"));
    let [ty, item] = pair else { return Err(malformed("a dynamic value is a pair")) };
    let json = match ty {
        Pack::Binary(bytes) => std::str::from_utf8(bytes).ok(),
        other => other.as_str(),
    };
    let json = json.ok_or_else(|| malformed("a dynamic value's type is text"))?;
    let ty = parse_type(json).ok_or_else(|| malformed("a dynamic value's type is not a type"))?;
    Ok(Value::Dynamic(Box::new((json.to_owned(), read(&ty, item, path)?))))
}

fn number(packed: &Pack) -> Option<Number> {
    match packed {
        Pack::Integer(number) => match number.as_i64() {
            Some(number) => Some(Number::from(number)),
            None => Number::parse(&number.as_u64()?.to_string()),
        },
        Pack::F32(number) => Number::parse(&f64::from(*number).to_string()),
        Pack::F64(number) => Number::parse(&number.to_string()),
        Pack::String(text) => Number::parse(text.as_str()?),
        _ => None,
    }
}

fn kind(packed: &Pack) -> &'static str {
    match packed {
        Pack::Nil => "null",
        Pack::Boolean(_) => "a boolean",
        Pack::Integer(_) | Pack::F32(_) | Pack::F64(_) => "a number",
        Pack::String(_) => "a string",
        Pack::Binary(_) => "binary data",
        Pack::Array(_) => "a list",
        Pack::Map(_) => "an object",
        Pack::Ext(..) => "an unknown",
    }
}

fn pack(ty: &Type, value: &Value) -> Pack {
    match (ty, value) {
        (_, Value::Null) => Pack::Nil,
        (_, Value::Unknown) => Pack::Ext(0, vec![0]),
        (_, Value::Bool(value)) => Pack::Boolean(*value),
        (_, Value::Number(Number::Int(number))) => Pack::from(*number),
        (_, Value::Number(number)) => Pack::from(number.to_string()),
        (_, Value::Text(text)) => Pack::from(text.as_str()),
        (Type::List(inner) | Type::Set(inner), Value::List(items)) => {
            Pack::Array(items.iter().map(|item| pack(inner, item)).collect())
        }
        (Type::Tuple(types), Value::List(items)) => {
            Pack::Array(types.iter().zip(items).map(|(ty, item)| pack(ty, item)).collect())
        }
        (Type::Object(types), Value::Map(_)) => {
            Pack::Map(types.iter().map(|(name, ty)| (Pack::from(name.as_str()), pack(ty, value.get(name)))).collect())
        }
        (Type::Map(inner), Value::Map(items)) => {
            Pack::Map(items.iter().map(|(key, item)| (Pack::from(key.as_str()), pack(inner, item))).collect())
        }
        (_, Value::Dynamic(inner)) => {
            let ty = parse_type(&inner.0).unwrap_or(Type::Text);
            Pack::Array(vec![Pack::Binary(inner.0.clone().into_bytes()), pack(&ty, &inner.1)])
        }
        (other, Value::List(items)) => Pack::Array(items.iter().map(|item| pack(other, item)).collect()),
        (other, Value::Map(items)) => {
            Pack::Map(items.iter().map(|(key, item)| (Pack::from(key.as_str()), pack(other, item))).collect())
        }
    }
}

/// The protocol's JSON form of a type.
pub fn type_json(ty: &Type) -> serde_json::Value {
    use serde_json::json;
    match ty {
        Type::Bool => json!("bool"),
        Type::Number => json!("number"),
        Type::Text => json!("string"),
        Type::Dynamic => json!("dynamic"),
        Type::List(inner) => json!(["list", type_json(inner)]),
        Type::Set(inner) => json!(["set", type_json(inner)]),
        Type::Map(inner) => json!(["map", type_json(inner)]),
        Type::Tuple(types) => json!(["tuple", types.iter().map(type_json).collect::<Vec<_>>()]),
        Type::Object(types) => {
            let attrs: serde_json::Map<_, _> = types.iter().map(|(name, ty)| (name.clone(), type_json(ty))).collect();
            json!(["object", attrs])
        }
    }
}

/// Reads the protocol's JSON form of a type. `None`: it is none, or nests too deep.
pub fn parse_type(json: &str) -> Option<Type> {
    fn parse(json: &serde_json::Value, depth: usize) -> Option<Type> {
        let depth = depth.checked_sub(1)?;
        match json {
            serde_json::Value::String(name) => match name.as_str() {
                "bool" => Some(Type::Bool),
                "number" => Some(Type::Number),
                "string" => Some(Type::Text),
                "dynamic" => Some(Type::Dynamic),
                _ => None,
            },
            serde_json::Value::Array(parts) => {
                let inner = parts.get(1)?;
                let boxed = || parse(inner, depth).map(Box::new);
                match parts.first()?.as_str()? {
                    "list" => boxed().map(Type::List),
                    "set" => boxed().map(Type::Set),
                    "map" => boxed().map(Type::Map),
                    "tuple" => {
                        inner.as_array()?.iter().map(|ty| parse(ty, depth)).collect::<Option<_>>().map(Type::Tuple)
                    }
                    "object" => {
                        let attrs = inner.as_object()?.iter();
                        attrs
                            .map(|(name, ty)| Some((name.clone(), parse(ty, depth)?)))
                            .collect::<Option<_>>()
                            .map(Type::Object)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
    parse(&serde_json::from_str(json).ok()?, MAX_DEPTH)
}
