//! The declarations, made ready: schemas and queries, built once when the process starts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Schema;
use crate::catalog::Query;
use crate::declare::{Attr, DataSource, Lookup, Resource, Scope, columns, object_type, scope};

/// A resource with all its attributes and the queries that read it.
pub struct Declared {
    pub resource: &'static Resource,
    pub attrs: &'static [Attr],
    pub lookups: Vec<Read>,
}

/// A lookup as it is sent.
pub struct Read {
    pub query: Arc<Query>,
    pub lookup: &'static Lookup,
    /// Expressions of the natural key, and the attributes that give their values.
    pub name_key: &'static [&'static str],
    pub name_attrs: Vec<&'static str>,
}

/// Every attribute of a resource: the scope's, with the resource's own in their place or after them.
pub fn all_attrs(resource: &'static Resource) -> &'static [Attr] {
    let mut attrs = match resource.remote {
        Some(_) => vec![scope::REMOTE_ID],
        None => resource.scope.attrs(resource.kind),
    };
    for attr in resource.own_attrs().chain(resource.columns.then_some(&columns::COLUMN_COMMENTS)) {
        match attrs.iter_mut().find(|common| common.name == attr.name) {
            Some(common) => *common = *attr,
            None => attrs.push(*attr),
        }
    }
    attrs.sort_by_key(|attr| (attr.name != "id", attr.name));
    Box::leak(attrs.into_boxed_slice())
}

impl Declared {
    pub fn new(resource: &'static Resource) -> Self {
        let attrs = all_attrs(resource);
        let lookups = resource.lookups.iter().chain(resource.columns.then_some(&columns::LOOKUP));
        let lookups = lookups.enumerate().map(|(i, lookup)| Read::new(resource, attrs, lookup, i == 0));
        Self { resource, attrs, lookups: lookups.collect() }
    }

    pub fn attr(&self, name: &str) -> Option<&'static Attr> {
        self.attrs.iter().find(|attr| attr.name == name)
    }
}

impl Read {
    fn new(resource: &'static Resource, attrs: &'static [Attr], lookup: &'static Lookup, main: bool) -> Self {
        let mut columns = Vec::new();
        let mut from = lookup.from.to_owned();
        let mut by_name = lookup.by_name;
        if main {
            if resource.scope != Scope::Bare {
                columns.push(("id", "o.id"));
            }
            columns.extend(attrs.iter().filter_map(|attr| Some((attr.name, attr.column?))));
            columns.extend(attrs.iter().filter_map(|attr| Some((id_column(attr.name), attr.id_column?))));
            from += &resource.scope.joins(resource.kind);
            if by_name.is_empty() {
                by_name = resource.scope.by_name();
            }
        }
        columns.extend(lookup.columns);
        let (name_key, name_attrs): (Vec<_>, Vec<_>) = by_name.iter().copied().unzip();
        let filter = lookup.filter.map(Into::into);
        let query = Query { columns, from: from.leak(), filter, order: lookup.order };
        Self { query: Arc::new(query), lookup, name_key: name_key.leak(), name_attrs }
    }
}

/// The output column which holds the id of the object that an attribute names.
pub fn id_column(attr: &str) -> &'static str {
    format!("{attr}_ref").leak()
}

/// A schema of these attributes.
pub fn schema(attrs: &'static [Attr], doc: &'static str) -> Schema {
    Schema { attrs, ty: object_type(attrs), doc, version: 0 }
}

/// All resources by type name.
pub fn resources() -> BTreeMap<&'static str, Declared> {
    crate::resources::ALL.iter().map(|resource| (resource.name, Declared::new(resource))).collect()
}

/// All data sources by type name.
pub fn data_sources() -> BTreeMap<&'static str, &'static DataSource> {
    crate::data_sources::ALL.iter().map(|source| (source.name, *source)).collect()
}
