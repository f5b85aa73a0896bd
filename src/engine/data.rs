//! Data sources: one query, filtered, as a list.

use std::sync::Arc;

use super::read::typed;
use super::registry::schema as schema_of;
use super::{Reply, Schema, errors};
use crate::catalog::{CatalogError, Query, Row, Session};
use crate::declare::{Attr, Before, DataSource, Filter, Ty, scope, text};
use crate::diag::Diagnostic;
use crate::sql::quote_text;
use crate::value::Value;

const REGION: Attr = text("region").or_server().doc("The region to read; the provider's default region if not set.");

/// A data source's schema: its attributes, `id` and `region`.
pub fn schema(source: &DataSource) -> Schema {
    let mut attrs = if source.remote.is_some() { vec![scope::REMOTE_ID] } else { vec![scope::ID, REGION] };
    attrs.extend_from_slice(source.attrs);
    attrs.sort_by_key(|attr| (attr.name != "id", attr.name));
    schema_of(Box::leak(attrs.into_boxed_slice()), source.doc)
}

/// The condition that a filter makes of its attribute's value.
fn condition(filter: &Filter, value: &str) -> String {
    match filter {
        Filter::Equal(expression) | Filter::One(expression) => format!("{expression} = {}", quote_text(value)),
        Filter::Like(expression) => format!("{expression} LIKE {}", quote_text(value)),
        Filter::Id(expression) => format!("{expression} = {}", quote_text(bare_id(value))),
    }
}

/// A catalog id without the region and the word before it.
fn bare_id(id: &str) -> &str {
    id.rsplit(':').next().unwrap_or(id)
}

pub async fn read(session: &Session, region: &str, source: &DataSource, config: &Value) -> Reply<Value> {
    let set: Vec<(&str, &str)> = source
        .filters
        .iter()
        .filter_map(|(attr, filter)| {
            let value = config.get(attr).as_text().filter(|text| !text.is_empty())?;
            Some((*attr, if matches!(filter, Filter::Id(_)) { bare_id(value) } else { value }))
        })
        .collect();
    let rows = match rows(session, source, config, &set).await {
        Ok(rows) => rows,
        Err(error) => {
            let attempt = format!("read data source {}", source.name);
            let diagnostic = errors::failed(&attempt, &error, None, source.attrs, config);
            return Reply { value: Value::Null, diagnostics: vec![diagnostic] };
        }
    };
    let one = source.filters.iter().find(|(attr, filter)| {
        matches!(filter, Filter::One(_) | Filter::Id(_)) && set.iter().any(|(name, _)| name == attr)
    });
    // The object that is looked up first need not have any rows, but must be there.
    let missing = if source.before.is_some() { rows.is_none() } else { rows.as_deref().is_some_and(<[_]>::is_empty) };
    if let (Some((attr, _)), true) = (one, missing) {
        let value = config.get(attr).as_text().unwrap_or_default();
        let diagnostic = Diagnostic::error("Nothing found", format!("There is nothing with the `{attr}` {value:?}."));
        return Reply { value: Value::Null, diagnostics: vec![diagnostic.at(*attr)] };
    }
    let rows = rows.unwrap_or_default();
    let mut value = config.clone();
    value.set("id", Value::text(format!("{region}:{}", (source.id)(&set))));
    value.set("region", Value::text(region));
    if source.rows.is_empty() {
        for attr in source.attrs {
            let column = rows.first().and_then(|row| row.get(attr.name));
            value.set(attr.name, column.map_or(Value::Null, |text| typed(&attr.ty, text)));
        }
    } else {
        let ty = source.attrs.iter().find(|attr| attr.name == source.rows).map_or(Ty::Text, |attr| attr.ty);
        value.set(source.rows, list(&ty, &rows, ""));
    }
    (source.adjust)(&mut value);
    Reply { value, diagnostics: Vec::new() }
}

/// The rows. `None`: the object that is looked up first is not there.
async fn rows(
    session: &Session,
    source: &DataSource,
    config: &Value,
    set: &[(&str, &str)],
) -> Result<Option<Vec<Row>>, CatalogError> {
    if let Some(Before { columns, from, key: (attr, filter), statement }) = source.before {
        let filter = condition(&filter, config.get(attr).as_text().unwrap_or_default());
        let query = Query { columns: columns.to_vec(), from, filter: Some(filter.into()), order: None };
        let Some(row) = session.all(&Arc::new(query)).await?.first().cloned() else { return Ok(None) };
        session.execute(&statement(&row)).await?;
    }
    let value = |attr: &str| set.iter().find(|(name, _)| *name == attr).map(|(_, value)| *value);
    let conditions = source.filters.iter().filter_map(|(attr, filter)| Some((filter, value(attr)?)));
    let mut query = Query { columns: source.columns.to_vec(), from: source.from, filter: None, order: source.order };
    // What a statement shows can only be searched here.
    if source.from.starts_with("SHOW ") {
        let shown = session.all(&Arc::new(query)).await?;
        let is = |row: &Row, name: &str, value: &str| row.get(name).is_some_and(|is| is.eq_ignore_ascii_case(value));
        let holds = |row: &&Row| {
            conditions.clone().all(|(filter, value)| matches!(filter, Filter::One(name) if is(row, name, value)))
        };
        return Ok(Some(shown.iter().filter(holds).cloned().collect()));
    }
    let conditions: Vec<String> = conditions.map(|(filter, value)| condition(filter, value)).collect();
    query.filter = (!conditions.is_empty()).then(|| conditions.join(" AND ").into());
    session.all(&Arc::new(query)).await.map(|rows| Some(Arc::unwrap_or_clone(rows)))
}

/// The list that rows make. `prefix` is before the names of the columns: a list inside of rows.
fn list(ty: &Ty, rows: &[Row], prefix: &str) -> Value {
    let Ty::List(Ty::Object(members)) = ty else {
        let Ty::List(of) = ty else { return Value::Null };
        return Value::List(
            rows.iter().filter_map(|row| Some(typed(of, row.get(&format!("{prefix}value"))?))).collect(),
        );
    };
    // Rows of the same id are one object.
    let same = |a: &Row, b: &Row| prefix.is_empty() && a.get("id").is_some() && a.get("id") == b.get("id");
    let there = |rows: &&[Row]| {
        let row = &rows[0];
        prefix.is_empty() || members.iter().any(|(name, _)| row.get(&format!("{prefix}{name}")).is_some())
    };
    let objects = rows.chunk_by(same).filter(there);
    Value::List(objects.map(|rows| object(members, rows, prefix)).collect())
}

/// An object. The official provider shows SQL null as `""`, `0` and `false`.
fn object(members: &[(&str, Ty)], rows: &[Row], prefix: &str) -> Value {
    let value = |(name, ty): &(&str, Ty)| {
        let value = match (rows[0].get(&format!("{prefix}{name}")), ty) {
            (_, Ty::List(Ty::Object(_))) => list(ty, rows, &format!("{prefix}{name}.")),
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
