//! Values in the JSON form that states and diagnostics use.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Number, Type, Value};
use crate::path::AttrPath;

/// Why a JSON value is not a value of its type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {expected} expected, {found} found")]
pub struct JsonError {
    pub path: AttrPath,
    pub expected: &'static str,
    pub found: &'static str,
}

/// Reads the JSON form of a value as lenient as Terraform does: numbers and booleans may be strings, a missing
/// attribute is null, an attribute that the type does not have is dropped.
pub fn from_json(ty: &Type, json: &Json) -> Result<Value, JsonError> {
    read(ty, json, &AttrPath::root())
}

fn read(ty: &Type, json: &Json, path: &AttrPath) -> Result<Value, JsonError> {
    let wrong = |expected| JsonError { path: path.clone(), expected, found: kind(json) };
    Ok(match (ty, json) {
        (_, Json::Null) => Value::Null,
        (Type::Bool, Json::Bool(value)) => Value::Bool(*value),
        (Type::Bool, Json::String(text)) if text == "true" || text == "1" => Value::Bool(true),
        (Type::Bool, Json::String(text)) if text == "false" || text == "0" => Value::Bool(false),
        (Type::Bool, _) => return Err(wrong("a boolean")),
        (Type::Number, Json::Number(number)) => {
            Value::Number(Number::parse(&number.to_string()).ok_or_else(|| wrong("a number"))?)
        }
        (Type::Number, Json::String(text)) => Value::Number(Number::parse(text).ok_or_else(|| wrong("a number"))?),
        (Type::Number, _) => return Err(wrong("a number")),
        (Type::Text, Json::String(text)) => Value::Text(text.clone()),
        (Type::Text, Json::Bool(value)) => Value::Text(value.to_string()),
        (Type::Text, Json::Number(number)) => Value::Text(number.to_string()),
        (Type::Text, _) => return Err(wrong("a string")),
        (Type::List(inner) | Type::Set(inner), Json::Array(items)) => Value::List(
            items.iter().enumerate().map(|(i, item)| read(inner, item, &path.index(i))).collect::<Result<_, _>>()?,
        ),
        (Type::List(_) | Type::Set(_), _) => return Err(wrong("a list")),
        (Type::Tuple(types), Json::Array(items)) if types.len() == items.len() => Value::List(
            types
                .iter()
                .zip(items)
                .enumerate()
                .map(|(i, (ty, item))| read(ty, item, &path.index(i)))
                .collect::<Result<_, _>>()?,
        ),
        (Type::Tuple(_), _) => return Err(wrong("a tuple of the type's length")),
        (Type::Map(inner), Json::Object(items)) => Value::Map(
            items
                .iter()
                .map(|(key, item)| Ok((key.clone(), read(inner, item, &path.key(key))?)))
                .collect::<Result<BTreeMap<_, _>, _>>()?,
        ),
        (Type::Map(_), _) => return Err(wrong("a map")),
        (Type::Object(types), Json::Object(items)) => Value::Map(
            types
                .iter()
                .map(|(name, ty)| {
                    let item = items.get(name).unwrap_or(&Json::Null);
                    Ok((name.clone(), read(ty, item, &path.name(name))?))
                })
                .collect::<Result<BTreeMap<_, _>, _>>()?,
        ),
        (Type::Object(_), _) => return Err(wrong("an object")),
        (Type::Dynamic, _) => return Err(wrong("a value of a declared type")),
    })
}

fn kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

/// The JSON form; an unknown becomes `{"unknown": true}`, for tests and messages only.
pub fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Unknown => serde_json::json!({"unknown": true}),
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(Number::Int(number)) => (*number).into(),
        Value::Number(number) => {
            number.to_string().parse().map(Json::Number).unwrap_or(Json::String(number.to_string()))
        }
        Value::Text(text) => Json::String(text.clone()),
        Value::List(items) => items.iter().map(to_json).collect(),
        Value::Map(items) => items.iter().map(|(key, item)| (key.clone(), to_json(item))).collect(),
        Value::Dynamic(inner) => to_json(&inner.1),
    }
}
