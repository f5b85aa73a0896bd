//! Data sources: one query, filtered, as a list.

use std::sync::Arc;

use super::read::typed;
use super::registry::schema as schema_of;
use super::{Reply, Schema, errors};
use crate::catalog::{Query, Row, Session};
use crate::declare::{Attr, DataSource, Filter, Ty, scope, text};
use crate::sql::quote_text;
use crate::value::Value;

const REGION: Attr = text("region").or_server().doc("The region to read; the provider's default region if not set.");

/// A data source's schema: its attributes, `id` and `region`.
pub fn schema(source: &DataSource) -> Schema {
    let mut attrs = vec![scope::ID, REGION];
    attrs.extend_from_slice(source.attrs);
    attrs.sort_by_key(|attr| (attr.name != "id", attr.name));
    schema_of(Box::leak(attrs.into_boxed_slice()), source.doc)
}

pub async fn read(session: &Session, region: &str, source: &DataSource, config: &Value) -> Reply<Value> {
    let set: Vec<(&str, &str)> = source
        .filters
        .iter()
        .filter_map(|(attr, _)| Some((*attr, config.get(attr).as_text().filter(|text| !text.is_empty())?)))
        .collect();
    let conditions: Vec<String> = source
        .filters
        .iter()
        .filter_map(|(attr, filter)| {
            let (_, value) = set.iter().find(|(name, _)| name == attr)?;
            Some(match filter {
                Filter::Equal(expression) => format!("{expression} = {}", quote_text(value)),
                Filter::Like(expression) => format!("{expression} LIKE {}", quote_text(value)),
            })
        })
        .collect();
    let filter = (!conditions.is_empty()).then(|| conditions.join(" AND "));
    let query = Query {
        columns: source.columns.to_vec(),
        from: source.from,
        filter: filter.map(Into::into),
        order: source.order,
    };
    let rows = match session.all(&Arc::new(query)).await {
        Ok(rows) => rows,
        Err(error) => {
            let attempt = format!("read data source {}", source.name);
            let diagnostic = errors::failed(&attempt, &error, None, source.attrs, config);
            return Reply { value: Value::Null, diagnostics: vec![diagnostic] };
        }
    };
    let mut value = config.clone();
    value.set("id", Value::text(format!("{region}:{}", (source.id)(&set))));
    value.set("region", Value::text(region));
    if source.rows.is_empty() {
        for attr in source.attrs {
            let column = rows.first().and_then(|row| row.get(attr.name));
            value.set(attr.name, column.map_or(Value::Null, |text| typed(&attr.ty, text)));
        }
    } else {
        value.set(source.rows, Value::List(rows.iter().map(|row| item(source, row)).collect()));
    }
    Reply { value, diagnostics: Vec::new() }
}

/// One row as an object of the list attribute. The official provider shows SQL null as `""`, `0` and `false`.
fn item(source: &DataSource, row: &Row) -> Value {
    let attr = source.attrs.iter().find(|attr| attr.name == source.rows).map(|attr| attr.ty);
    let Some(Ty::List(Ty::Object(members))) = attr else { return Value::Null };
    let value = |(name, ty): &(&str, Ty)| {
        let value = match (row.get(name), ty) {
            (Some(text), ty) => typed(ty, text),
            (None, Ty::Bool) => Value::Bool(false),
            (None, Ty::Int | Ty::Float) => Value::int(0),
            (None, Ty::List(_) | Ty::Set(_)) => Value::List(Vec::new()),
            (None, _) => Value::text(""),
        };
        ((*name).to_owned(), value)
    };
    Value::Map(members.iter().map(value).collect())
}
