//! JSON: made of other values, and taken apart.

use super::{Argument, Inquiry, boolean, lenient, strict, text, texts};
use crate::datum::Datum;
use crate::sql::error::plan;
use serde_json::{Map, Value};

pub const ALL: &[Inquiry] = &[
    lenient("jsonb_build_object", (0, 64), "jsonb", |_, args| {
        if !args.len().is_multiple_of(2) {
            return Err(plan("jsonb_build_object requires an even number of arguments"));
        }
        let mut out = Map::new();
        for pair in args.chunks(2) {
            if *pair[0].value == Datum::Null {
                return Err(plan("key cannot be null"));
            }
            out.insert(pair[0].text(), json(pair[1].value, pair[1].ty));
        }
        Ok(text(Value::Object(out).to_string()))
    }),
    lenient("jsonb_build_array", (0, 64), "jsonb", |_, args| {
        let items = args.iter().map(|argument| json(argument.value, argument.ty)).collect();
        Ok(text(Value::Array(items).to_string()))
    }),
    strict("to_jsonb", (1, 1), "jsonb", |_, args| Ok(text(json(args[0].value, args[0].ty).to_string()))),
    strict("jsonb_object", (2, 2), "jsonb", |_, args| {
        let (Datum::Array(keys), Datum::Array(values)) = (args[0].value, args[1].value) else { return Ok(Datum::Null) };
        let ty = args[1].ty.strip_suffix("[]").unwrap_or("text");
        let pairs = keys.iter().zip(values).map(|(key, value)| (crate::query::text::value(key), json(value, ty)));
        Ok(text(Value::Object(pairs.collect()).to_string()))
    }),
    strict("jsonb_pretty", (1, 1), "text", |_, args| {
        Ok(parsed(&args[0]).and_then(|v| serde_json::to_string_pretty(&v).ok()).map_or(Datum::Null, text))
    }),
    strict("jsonb_strip_nulls", (1, 1), "jsonb", |_, args| {
        Ok(parsed(&args[0]).map_or(Datum::Null, |value| text(stripped(value).to_string())))
    }),
    strict("jsonb_array_length", (1, 1), "integer", |_, args| {
        Ok(parsed(&args[0]).and_then(|v| v.as_array().map(Vec::len)).map_or(Datum::Null, |n| Datum::Int(n as i64)))
    }),
    strict("jsonb_contains", (2, 2), "boolean", |_, args| match (parsed(&args[0]), parsed(&args[1])) {
        (Some(all), Some(part)) => Ok(boolean(contains(&all, &part))),
        _ => Ok(Datum::Null),
    }),
    strict("jsonb_has", (2, 2), "boolean", |_, args| {
        let key = args[1].text();
        Ok(boolean(match parsed(&args[0]) {
            Some(Value::Object(object)) => object.contains_key(&key),
            Some(Value::Array(items)) => items.contains(&Value::String(key)),
            Some(Value::String(own)) => own == key,
            _ => false,
        }))
    }),
    // The columns of table functions, each a list.
    strict("jsonb_array_elements", (1, 1), "jsonb[]", |_, args| Ok(texts(elements(args).iter().map(Value::to_string)))),
    strict("jsonb_array_elements_text", (1, 1), "text[]", |_, args| {
        Ok(Datum::Array(elements(args).into_iter().map(plain).collect()))
    }),
    strict("jsonb_object_keys", (1, 1), "text[]", |_, args| Ok(texts(members(args).into_iter().map(|(key, _)| key)))),
    strict("jsonb_each_value", (1, 1), "jsonb[]", |_, args| {
        Ok(texts(members(args).into_iter().map(|(_, value)| value.to_string())))
    }),
    strict("jsonb_each_text_value", (1, 1), "text[]", |_, args| {
        Ok(Datum::Array(members(args).into_iter().map(|(_, value)| plain(value)).collect()))
    }),
];

fn parsed(argument: &Argument) -> Option<Value> {
    serde_json::from_str(&argument.text()).ok()
}

/// A value as JSON has it: what has no form of its own there is a string.
fn json(value: &Datum, ty: &str) -> Value {
    match value {
        Datum::Null => Value::Null,
        Datum::Bool(v) => Value::Bool(*v),
        Datum::Int(v) => (*v).into(),
        Datum::Uint(v) => (*v).into(),
        Datum::Float(v) => (*v).into(),
        Datum::Array(items) => {
            let element = ty.strip_suffix("[]").unwrap_or("text");
            Value::Array(items.iter().map(|item| json(item, element)).collect())
        }
        Datum::Numeric(v) => serde_json::from_str(v).unwrap_or_else(|_| Value::String(v.clone())),
        Datum::Text(v) if ty == "jsonb" => serde_json::from_str(v).unwrap_or_else(|_| Value::String(v.clone())),
        other => Value::String(crate::query::text::wire_in_sql(other, ty)),
    }
}

/// A value as text: a string is itself, without its quotes.
fn plain(value: Value) -> Datum {
    match value {
        Value::Null => Datum::Null,
        Value::String(value) => text(value),
        other => text(other.to_string()),
    }
}

fn elements(args: &[Argument]) -> Vec<Value> {
    match parsed(&args[0]) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

fn members(args: &[Argument]) -> Vec<(String, Value)> {
    match parsed(&args[0]) {
        Some(Value::Object(object)) => object.into_iter().collect(),
        _ => Vec::new(),
    }
}

fn contains(all: &Value, part: &Value) -> bool {
    match (all, part) {
        (Value::Object(all), Value::Object(part)) => {
            part.iter().all(|(key, value)| all.get(key).is_some_and(|own| contains(own, value)))
        }
        (Value::Array(all), Value::Array(part)) => part.iter().all(|value| all.iter().any(|own| contains(own, value))),
        (Value::Array(all), value) => all.contains(value),
        _ => all == part,
    }
}

fn stripped(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(key, value)| (key, stripped(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(stripped).collect()),
        other => other,
    }
}
