//! References compare by object. A connection that is renamed in the same plan is the same connection: what depends
//! on it must not be replaced. A reference's new name is looked up among the renames planned in this process first,
//! then on the server; the old one by the id that was noted when it was read.
//!
//! What is planned as a new object takes along what stands on the old one: a grant, an index. It is made again with it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::time::Instant;

use super::Private;
use super::meaning::{SameObjects, default_of, named_object};
use super::registry::Declared;
use crate::catalog::{CatalogError, Query, Row, Session};
use crate::declare::{Attr, Resource, Values};
use crate::provider::InRegion;
use crate::sql::{Kind, Name};
use crate::value::Value;

/// What plans of this process have promised about names.
#[derive(Default)]
pub struct Renames(Mutex<Promises>);

#[derive(Default)]
struct Promises {
    /// The id of the object that will bear a name, or bears it by now.
    renamed: HashMap<Named, String>,
    /// Names that new objects will bear, or bear by now; and whether those have the privileges of the old ones.
    new: HashMap<Named, bool>,
    /// Names that their objects are about to give up, and the names that they get instead; none if they are dropped.
    leaving: HashMap<Named, Option<Name>>,
    /// Names that objects had before others exchanged theirs with them.
    swapped: HashSet<Named>,
    /// When a name was last given up, or began to be.
    stirred: Option<Instant>,
}

/// A region, and what is to be called so there.
type Named = (String, Kind, Name);

/// Objects in schemas share their names, whatever their kind.
fn space(kind: Kind) -> Kind {
    match kind {
        Kind::Cluster | Kind::ClusterReplica | Kind::Database | Kind::NetworkPolicy | Kind::Role | Kind::Schema => kind,
        _ => Kind::Table,
    }
}

fn named(region: &str, kind: Kind, name: &Name) -> Named {
    (region.to_owned(), space(kind), name.clone())
}

impl Renames {
    fn promises(&self) -> MutexGuard<'_, Promises> {
        self.0.lock().expect("no panic while held")
    }

    pub fn promise(&self, region: &str, kind: Kind, new: Name, id: String, old: &Name) {
        let named = named(region, kind, &new);
        let mut promises = self.promises();
        promises.new.remove(&named);
        // The schema may be renamed as well: of the old name only the last part counts.
        let left = (named.0.clone(), named.1, named.2.renamed(old.last()));
        promises.leaving.insert(left, Some(named.2.clone()));
        promises.renamed.insert(named, id);
    }

    /// The object with this name is about to be dropped.
    pub fn leave(&self, region: &str, kind: Kind, name: &Name) {
        let mut promises = self.promises();
        promises.leaving.insert(named(region, kind, name), None);
        promises.stirred = Some(Instant::now());
    }

    /// The object that had this name has given it up, or will not.
    pub fn settle(&self, region: &str, kind: Kind, name: &Name) {
        let mut promises = self.promises();
        if promises.leaving.remove(&named(region, kind, name)).is_some() {
            promises.stirred = Some(Instant::now());
        }
    }

    /// Whether the object with this name is about to give it up.
    pub fn leaves(&self, region: &str, kind: Kind, name: &Name) -> bool {
        self.promises().leaving.contains_key(&named(region, kind, name))
    }

    /// When a name was last given up in this process, or began to be.
    pub fn stirred(&self) -> Option<Instant> {
        self.promises().stirred
    }

    /// Whether objects exchange their names, each waiting for the next one, so that one has to step aside, and it is the
    /// one that is to be renamed so.
    pub fn steps_aside(&self, region: &str, kind: Kind, old: &Name, new: &Name) -> bool {
        let promises = self.promises();
        let (mut at, mut first) = (new.clone(), old);
        let mut seen = Vec::new();
        while at != *old {
            let Some(Some(next)) = promises.leaving.get(&named(region, kind, &at)) else {
                return false;
            };
            if seen.contains(&at) {
                return false;
            }
            seen.push(std::mem::replace(&mut at, next.clone()));
        }
        for name in &seen {
            first = first.min(name);
        }
        first == old
    }

    /// Whether two objects exchange their names, and nothing else is part of it.
    pub fn is_exchange(&self, region: &str, kind: Kind, old: &Name, new: &Name) -> bool {
        let next = self.promises().leaving.get(&named(region, kind, new)).cloned();
        next.flatten().as_ref() == Some(old)
    }

    /// The object that had this name has got its new one from another, which gave its own for it.
    pub fn swapped(&self, region: &str, kind: Kind, name: &Name) {
        self.promises().swapped.insert(named(region, kind, name));
    }

    /// Whether that is so; it is told once.
    pub fn was_swapped(&self, region: &str, kind: Kind, name: &Name) -> bool {
        self.promises().swapped.remove(&named(region, kind, name))
    }

    /// What will bear this name is a new object.
    pub fn withdraw(&self, region: &str, kind: Kind, name: Name) {
        let named = named(region, kind, &name);
        let mut promises = self.promises();
        promises.renamed.remove(&named);
        promises.new.insert(named, false);
    }

    /// An object is made anew under its name, with the privileges of the old one.
    pub fn renew(&self, region: &str, kind: Kind, name: Name) {
        self.promises().new.insert(named(region, kind, &name), true);
    }

    /// Whether something on which a resource with this state stands is another object than before, of the same name, and
    /// does without it.
    pub fn stands_on_new(&self, region: &str, resource: &Resource, state: &Value) -> bool {
        let below = stands_on(resource, state);
        let promises = self.promises();
        // What follows an object to another id is a privilege.
        let without = |(kind, name)| match promises.new.get(&named(region, kind, &name)) {
            Some(privileges) => !(*privileges && resource.replaceable),
            None => false,
        };
        below.into_iter().any(without)
    }

    /// The id of the object that will bear this name.
    fn get(&self, region: &str, kind: Kind, name: &Name) -> Option<String> {
        self.promises().renamed.get(&named(region, kind, name)).cloned()
    }

    /// The id of the schema in this name, if that is to bear it: nobody knows whether it bears it already, and which one
    /// does while two exchange their names.
    fn schema_of(&self, region: &str, name: &Name) -> Option<String> {
        let [database, schema, _] = &name.parts[..] else { return None };
        self.get(region, Kind::Schema, &Name::new([database, schema]))
    }
}

/// The objects with which it would go if they were dropped.
fn stands_on(resource: &Resource, state: &Value) -> Vec<(Kind, Name)> {
    let spread = (resource.names)(state).into_iter().filter_map(|(kind, attrs)| {
        let parts = attrs.iter().map(|attr| state.get(attr).as_text()).collect::<Option<Vec<_>>>()?;
        Some((kind, Name::new(parts)))
    });
    spread.chain((resource.stands_on)(&Values::new(state, &Value::Null))).collect()
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
    let mut same = SameObjects::new(private);
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
        if let Some(id) = renames.get(region, kind, &name) {
            return Ok(Some(id));
        }
        let id = match renames.schema_of(region, &name) {
            Some(schema) => {
                let key = vec![schema, name.last().to_owned()];
                first_id(session.rows(&IN_SCHEMA, &["s.id", "o.name"], key).await?)
            }
            None => id_of(session, kind, &name).await?,
        };
        if id.is_some() {
            return Ok(id);
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

static CLUSTERS: LazyLock<Arc<Query>> = LazyLock::new(|| ids_from("mz_catalog.mz_clusters o"));
static ROLES: LazyLock<Arc<Query>> = LazyLock::new(|| ids_from("mz_catalog.mz_roles o"));
static DATABASES: LazyLock<Arc<Query>> = LazyLock::new(|| ids_from("mz_catalog.mz_databases o"));

static SCHEMAS: LazyLock<Arc<Query>> =
    LazyLock::new(|| ids_from("mz_catalog.mz_schemas o JOIN mz_catalog.mz_databases d ON d.id = o.database_id"));

fn ids_from(from: &'static str) -> Arc<Query> {
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
    Ok(first_id(session.rows(query, key, name.parts.clone()).await?))
}

fn first_id(rows: Vec<Row>) -> Option<String> {
    rows.first().and_then(|row| row.get("id")).map(str::to_owned)
}
