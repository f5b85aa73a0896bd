//! References compare by object. A connection that is renamed in the same plan is the same connection: what depends
//! on it must not be replaced. A reference's new name is looked up among the renames planned in this process first,
//! then on the server; the old one by the id that was noted when it was read.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use super::Private;
use super::meaning::{SameObjects, default_of, named_object};
use super::registry::Declared;
use crate::catalog::{CatalogError, Query, Session};
use crate::declare::{Attr, Resource};
use crate::provider::InRegion;
use crate::sql::{Kind, Name};
use crate::value::Value;

/// Renames that plans of this process have promised: region, kind and new name, the id of the object that will bear it, and the name
/// that it still has.
#[derive(Default)]
pub struct Renames(Mutex<HashMap<Renamed, (String, Name)>>);

/// A region, and what is to be called so there.
type Renamed = (String, Kind, Name);

/// Objects in schemas share their names, whatever their kind.
fn space(kind: Kind) -> Kind {
    match kind {
        Kind::Cluster | Kind::ClusterReplica | Kind::Database | Kind::NetworkPolicy | Kind::Role | Kind::Schema => kind,
        _ => Kind::Table,
    }
}

impl Renames {
    pub fn promise(&self, region: &str, kind: Kind, new: Name, id: String, old: Name) {
        self.0.lock().expect("no panic while held").insert((region.to_owned(), space(kind), new), (id, old));
    }

    /// What will bear this name is a new object.
    pub fn withdraw(&self, region: &str, kind: Kind, name: Name) {
        self.0.lock().expect("no panic while held").remove(&(region.to_owned(), space(kind), name));
    }

    fn get(&self, region: &str, kind: Kind, name: &Name) -> Option<(String, Name)> {
        self.0.lock().expect("no panic while held").get(&(region.to_owned(), space(kind), name.clone())).cloned()
    }

    /// The name as the server still knows it, if a schema in it is to be renamed.
    fn before(&self, region: &str, name: &Name) -> Option<Name> {
        let [database, schema, object] = &name.parts[..] else { return None };
        let (_, old) = self.get(region, Kind::Schema, &Name::new([database, schema]))?;
        Some(Name::new(old.parts.iter().chain([object])))
    }
}

/// A reference whose name differs between prior state and configuration.
struct Differing {
    path: String,
    kind: Kind,
    prior: Name,
    wanted: Name,
    /// The attributes of the resource itself that together are the name.
    spread: &'static [&'static str],
}

/// Finds which differing references name the same object. Asks the server only if there are any.
pub async fn same_objects(
    InRegion { session, region }: &InRegion,
    renames: &Renames,
    declared: &Declared,
    config: &Value,
    prior: &Value,
    private: &Private,
) -> Result<SameObjects, CatalogError> {
    let mut differing = Vec::new();
    collect(declared.attrs, config, prior, "", &mut differing);
    collect_spread(declared.resource, config, prior, &mut differing);
    let mut same = SameObjects { unrecorded: !private.recorded, ..SameObjects::default() };
    for Differing { path, kind, prior, wanted, spread } in differing {
        let new = found_as(session, region, renames, kind, &wanted).await?;
        let old = match private.refs.get(&path) {
            Some(id) => Some(id.clone()),
            None => found_as(session, region, &Renames::default(), kind, &prior).await?,
        };
        if new.is_some() && new == old {
            same.attrs.extend(spread);
            same.names.insert((kind, prior, wanted));
        }
    }
    Ok(same)
}

/// The object that a name means, or will mean. A name that leaves out where its object is means the first one that the
/// session finds.
async fn found_as(
    session: &Session,
    region: &str,
    renames: &Renames,
    kind: Kind,
    name: &Name,
) -> Result<Option<String>, CatalogError> {
    for name in in_full(session, kind, name).await? {
        if let Some((id, _)) = renames.get(region, kind, &name) {
            return Ok(Some(id));
        }
        // While it is applied, the schema may have its new name already.
        for name in renames.before(region, &name).iter().chain([&name]) {
            let id = id_of(session, kind, name).await?;
            if id.is_some() {
                return Ok(id);
            }
        }
    }
    Ok(None)
}

/// The names in full that a name may stand for, in the order in which they are tried.
async fn in_full(session: &Session, kind: Kind, name: &Name) -> Result<Vec<Name>, CatalogError> {
    let missing = if space(kind) == Kind::Table { 3usize.saturating_sub(name.parts.len()) } else { 0 };
    if missing == 0 || name.parts.is_empty() {
        return Ok(vec![name.clone()]);
    }
    let (database, schemas) = session.search_path().await?;
    let of = |start: &[&String]| Name::new(start.iter().copied().chain(&name.parts));
    Ok(match missing {
        1 => vec![of(&[database])],
        _ => schemas.iter().map(|schema| of(&[database, schema])).collect(),
    })
}

fn collect(attrs: &[Attr], config: &Value, prior: &Value, prefix: &str, out: &mut Vec<Differing>) {
    for attr in attrs {
        let (wanted, before) = (config.get(attr.name), prior.get(attr.name));
        let path = format!("{prefix}{}", attr.name);
        if let Some(kind) = attr.refers {
            if let (Some(prior), Some(wanted)) = (named_object(before), named_object(&with_defaults(attr, wanted)))
                && prior != wanted
            {
                out.push(Differing { path, kind, prior, wanted, spread: &[] });
            }
        } else if let (Some(renamed), Some(before), Some(wanted)) = (attr.renamed, before.as_text(), wanted.as_text()) {
            for (prior, wanted) in renamed(before, wanted).unwrap_or_default() {
                let path = format!("{path} {prior}");
                out.push(Differing { path, kind: Kind::Table, prior, wanted, spread: &[] });
            }
        } else if let Some(inner) = attr.ty.block() {
            for (i, (wanted, before)) in wanted.items().iter().zip(before.items()).enumerate() {
                collect(inner, wanted, before, &format!("{path}[{i}]."), out);
            }
        }
    }
}

/// Names that are spread over attributes of the resource: the schema that it is in, the table of a grant.
fn collect_spread(resource: &Resource, config: &Value, prior: &Value, out: &mut Vec<Differing>) {
    // Ids are only unique among objects of a kind.
    let before = (resource.names)(prior);
    let own = (resource.names)(config).into_iter().filter(|spread| before.contains(spread));
    for (kind, spread) in resource.scope.names().iter().copied().chain(own) {
        let text = |value: &Value, attr: &str| value.get(attr).as_text().map(str::to_owned);
        let name = |value: &Value| spread.iter().map(|attr| text(value, attr)).collect::<Option<Vec<_>>>();
        if let (Some(prior), Some(wanted)) = (name(prior), name(config))
            && prior != wanted
        {
            let path = spread.last().map_or_else(String::new, |attr| (*attr).to_owned());
            out.push(Differing { path, kind, prior: Name::new(prior), wanted: Name::new(wanted), spread });
        }
    }
}

/// The value with the defaults of its block filled in.
fn with_defaults(attr: &Attr, value: &Value) -> Value {
    let (Some(attrs), Value::List(items)) = (attr.ty.block(), value) else { return value.clone() };
    let fill = |item: &Value| {
        let mut item = item.clone();
        for attr in attrs.iter().filter(|attr| item.get(attr.name).is_null()).collect::<Vec<_>>() {
            item.set(attr.name, default_of(attr));
        }
        item
    };
    Value::List(items.iter().map(fill).collect())
}

static IN_SCHEMA: LazyLock<Arc<Query>> = LazyLock::new(|| {
    Arc::new(Query {
        columns: vec![("id", "o.id")],
        from: "mz_catalog.mz_objects o JOIN mz_catalog.mz_schemas s ON s.id = o.schema_id JOIN mz_catalog.mz_databases d \
               ON d.id = s.database_id",
        ..Query::default()
    })
});

static CLUSTERS: LazyLock<Arc<Query>> = LazyLock::new(|| named("mz_catalog.mz_clusters o"));
static ROLES: LazyLock<Arc<Query>> = LazyLock::new(|| named("mz_catalog.mz_roles o"));
static DATABASES: LazyLock<Arc<Query>> = LazyLock::new(|| named("mz_catalog.mz_databases o"));

static SCHEMAS: LazyLock<Arc<Query>> =
    LazyLock::new(|| named("mz_catalog.mz_schemas o JOIN mz_catalog.mz_databases d ON d.id = o.database_id"));

fn named(from: &'static str) -> Arc<Query> {
    Arc::new(Query { columns: vec![("id", "o.id")], from, ..Query::default() })
}

async fn id_of(session: &Session, kind: Kind, name: &Name) -> Result<Option<String>, CatalogError> {
    let query = match kind {
        Kind::Cluster => &*CLUSTERS,
        Kind::Role => &*ROLES,
        Kind::Database => &*DATABASES,
        Kind::Schema => &*SCHEMAS,
        _ => &*IN_SCHEMA,
    };
    let key: &'static [&'static str] = match name.parts.len() {
        1 => &["o.name"],
        2 => &["d.name", "o.name"],
        _ => &["d.name", "s.name", "o.name"],
    };
    if name.parts.len() != key.len() {
        return Ok(None);
    }
    let rows = session.rows(query, key, name.parts.clone()).await?;
    Ok(rows.first().and_then(|row| row.get("id")).map(str::to_owned))
}
