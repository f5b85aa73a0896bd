//! Reading: from an id to rows, from rows to values.

use futures_util::future::try_join_all;

use super::plan::merge;
use super::registry::{Declared, Read, id_column};
use crate::catalog::{CatalogError, Row, Session};
use crate::declare::{Attr, Found, Key, Ty, Values, clause_value, columns, same};
use crate::sql::{Node, as_name, as_secret, options};
use crate::value::{Number, Value};

/// The rows of all lookups for a key. Empty main rows: there is no such object.
pub async fn find(session: &Session, declared: &Declared, key: &Key) -> Result<Vec<Vec<Row>>, CatalogError> {
    let (main, more) = declared.lookups.split_first().expect("every resource has a lookup");
    match key {
        Key::Parts(parts) => {
            let reads = declared.lookups.iter().enumerate();
            try_join_all(reads.map(|(i, read)| by_key(session, read, parts, i > 0))).await
        }
        Key::Names(names) => {
            let rows = by_names(session, main, names, false).await?;
            more_of(session, more, rows, names).await
        }
    }
}

/// The main rows, and those of the further lookups which go by the main row's id or by names.
pub async fn more_of(
    session: &Session,
    more: &[Read],
    main: Vec<Row>,
    names: &[(&'static str, String)],
) -> Result<Vec<Vec<Row>>, CatalogError> {
    let parts: Vec<String> = main.first().and_then(|row| row.get("id")).map(str::to_owned).into_iter().collect();
    let mut all = vec![main];
    if all[0].is_empty() {
        return Ok(all);
    }
    all.extend(
        try_join_all(more.iter().map(async |read| {
            if read.name_key.is_empty() {
                by_key(session, read, &parts, true).await
            } else {
                by_names(session, read, names, true).await
            }
        }))
        .await?,
    );
    Ok(all)
}

/// The rows of a lookup by its key. `more`: of something that has been found, or not, by another lookup.
async fn by_key(session: &Session, read: &Read, parts: &[String], more: bool) -> Result<Vec<Row>, CatalogError> {
    let values = read.lookup.parts.iter().map(|part| parts.get(*part).cloned().unwrap_or_default()).collect();
    rows(session, read, read.lookup.by_key, values, more).await
}

async fn by_names(
    session: &Session,
    read: &Read,
    names: &[(&'static str, String)],
    more: bool,
) -> Result<Vec<Row>, CatalogError> {
    rows(session, read, read.name_key, name_values(read, names), more).await
}

async fn rows(
    session: &Session,
    read: &Read,
    key: &'static [&'static str],
    values: Vec<String>,
    more: bool,
) -> Result<Vec<Row>, CatalogError> {
    match (absent(session, read).await?, more) {
        (true, _) => Ok(Vec::new()),
        (false, true) => session.rows_if_any(&read.query, key, values).await,
        (false, false) => session.rows(&read.query, key, values).await,
    }
}

/// The values of a lookup's natural key.
pub fn name_values(read: &Read, names: &[(&'static str, String)]) -> Vec<String> {
    let value = |attr: &&str| names.iter().find(|(name, _)| name == attr).map(|(_, value)| value.clone());
    read.name_attrs.iter().map(|attr| value(attr).unwrap_or_default()).collect()
}

async fn absent(session: &Session, read: &Read) -> Result<bool, CatalogError> {
    match read.lookup.optional {
        Some([schema, relation, column]) => Ok(!session.has_column(schema, relation, column).await?),
        None => Ok(false),
    }
}

/// The natural names of an object, for its lookups.
pub fn names_of(declared: &Declared, value: &Value) -> Vec<(&'static str, String)> {
    let mut names: Vec<(&'static str, String)> = Vec::new();
    for attr in declared.lookups.iter().flat_map(|read| &read.name_attrs) {
        if let (Some(text), false) = (at(value, attr).as_text(), names.iter().any(|(name, _)| name == attr)) {
            let text = declared.attr(attr).map_or(text.into(), |attr| (attr.meant)(text));
            names.push((attr, text.into_owned()));
        }
    }
    names
}

/// The value at a name, or at a block's name, a point, and a name inside.
fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    match path.split_once('.') {
        Some((block, name)) => value.get(block).items().first().map_or(&Value::Null, |block| block.get(name)),
        None => value.get(path),
    }
}

/// What the rows say: an object with the attributes that could be read, and no others. `None`: it does not exist.
pub fn values(declared: &Declared, found: &Found) -> Option<Value> {
    found.rows.first()?.first()?;
    let (statement, words) = (found.create_sql(), declared.resource.options_after);
    // More words would be those of another type: `TO AWS` is no `TO AWS PRIVATELINK`.
    let ends = |behind: &[Node]| !matches!(behind, [] | [Node::Word(_), ..]);
    let says = words.is_empty() || statement.nodes.is_empty() || ends(statement.after(words));
    if !says || !(declared.resource.there)(found) {
        return None;
    }
    let mut read = Value::Map(Default::default());
    for attr in declared.attrs {
        if attr.column.is_some() {
            read.set(attr.name, column_value(attr, found.get(attr.name)));
        }
        if let Some(id) = attr.id_column.and_then(|_| found.get(id_column(attr.name))) {
            found.refers(attr.name, id);
        }
    }
    if declared.resource.columns {
        read.set("column_comments", columns::found(found));
    }
    if !found.create_sql().nodes.is_empty() {
        read_options(declared, found, &mut read);
        read_clauses(declared, found, &mut read);
    }
    for attr in declared.attrs.iter().filter(|attr| attr.quotable) {
        let spelt = same::unquoted(found.prior.get(attr.name), read.get(attr.name).clone());
        if !spelt.is_null() {
            read.set(attr.name, spelt);
        }
    }
    (declared.resource.read)(found, &mut read);
    Some(read)
}

/// Fills the attributes that options of `create_sql` carry. An option that is not there is not set.
fn read_options(declared: &Declared, found: &Found, read: &mut Value) {
    let own = declared.resource.options_after;
    for attr in declared.attrs {
        let Some(option) = attr.option else { continue };
        let after = if option.within.is_empty() { own } else { option.within };
        let options = match after {
            "" => continue,
            words => options(found.create_sql().group_after(words).unwrap_or_default()),
        };
        let nodes = options.iter().find(|(words, _)| words == option.words).map(|(_, nodes)| *nodes);
        let unset = if attr.ty.block().is_some() { Value::List(Vec::new()) } else { Value::Null };
        read.set(attr.name, nodes.and_then(|nodes| option.value(attr, nodes)).unwrap_or(unset));
        let name = nodes.and_then(|nodes| as_name(nodes).or_else(|| as_secret(nodes)));
        if let Some(id) = name.and_then(|name| name.id.as_deref()) {
            let inner = if matches!(option.form, crate::declare::Form::TextOrSecret) { "[0].secret" } else { "" };
            found.refers(&format!("{}{inner}", attr.name), id);
        }
    }
}

/// Fills the attributes that clauses of `create_sql` carry.
fn read_clauses(declared: &Declared, found: &Found, read: &mut Value) {
    for attr in declared.attrs {
        let Some(words) = attr.clause else { continue };
        let nodes = crate::sql::find(&found.create_sql().nodes, words);
        read.set(attr.name, clause_value(attr, nodes));
        if let Some(id) = nodes.and_then(|nodes| as_name(nodes.get(..1)?)?.id.as_deref()) {
            found.refers(attr.name, id);
        }
    }
}

/// A column's text as a value of the attribute's type. SQL null is `false` or an empty list, as in the official
/// provider's states.
pub fn column_value(attr: &Attr, text: Option<&str>) -> Value {
    match (text, attr.ty) {
        (Some(text), ty) => typed(&ty, text),
        (None, Ty::Bool) => Value::Bool(false),
        (None, Ty::List(_) | Ty::Set(_)) => Value::List(Vec::new()),
        (None, _) => Value::Null,
    }
}

/// A column's text as a value.
pub fn typed(ty: &Ty, text: &str) -> Value {
    match ty {
        Ty::Bool => Value::Bool(text == "t" || text == "true"),
        Ty::Int | Ty::Float => Number::parse(text).map_or(Value::Null, Value::Number),
        Ty::List(inner) | Ty::Set(inner) => {
            Value::List(crate::sql::array_items(text).iter().map(|item| typed(inner, item)).collect())
        }
        _ => Value::text(text),
    }
}

/// The state of an object that was found: the read values over the prior ones, with id, region and qualified name.
/// `fresh`: nothing of the prior state is kept but what cannot be read.
pub fn state(declared: &Declared, found: &Found, read: &Value, region: &str, fresh: bool) -> Value {
    let mut state = merge(declared.attrs, found.prior, read, fresh);
    finish(declared, found, &mut state, region);
    state
}

/// Sets what every object has: id, region, qualified name.
pub fn finish(declared: &Declared, found: &Found, state: &mut Value, region: &str) {
    // As configured: whoever says nothing in so many words means the default.
    if state.get("region").as_text() != Some("") {
        state.set("region", Value::text(region));
    }
    if declared.attr("qualified_sql_name").is_some() {
        let name = declared.resource.scope.name_of(&Values::new(state, &Value::Null));
        state.set("qualified_sql_name", Value::text(name.to_string()));
    }
    if let Some(suffix) = (declared.resource.id.suffix)(found, state) {
        state.set("id", Value::text(format!("{region}:{suffix}")));
    }
}
