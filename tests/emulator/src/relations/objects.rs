//! Objects of every kind, their columns, their dependencies.

use super::{Rows, Scope, acl, oid, optional, text};
use crate::catalog::item::{Definition, Item, Refresh, TypeDefinition};
use crate::catalog::privileges::ObjectKind;
use crate::catalog::{Catalog, Id};
use crate::command::create_text;
use crate::datum::Datum;
use crate::sql::options::{Options, Value};
use crate::sql::print::{Mode, Printer};
use crate::sql::types::{DataType, SYSTEM_TYPES};

/// Items of one kind.
pub fn of_kind<'a>(c: &'a Scope<'_>, kind: ObjectKind) -> impl Iterator<Item = &'a Item> {
    c.items().filter(move |i| i.definition.kind() == kind)
}

/// `create_sql` and `redacted_create_sql`.
pub fn sql(c: &Scope, i: &Item) -> [Datum; 2] {
    if !c.sql {
        return [text(""), text("")];
    }
    [Mode::Stable, Mode::Redacted].map(|mode| optional(create_text(c, i, mode)))
}

/// Tables, views, materialized views, sources: what has columns.
pub fn is_relation(i: &Item) -> bool {
    use ObjectKind::{MaterializedView, Source, Table, View};
    matches!(i.definition.kind(), Table | View | MaterializedView | Source)
}
pub fn relations<'a>(c: &'a Scope<'_>) -> impl Iterator<Item = &'a Item> {
    c.items().filter(|i| is_relation(i))
}

/// The cluster that an item runs on; the system's materialized views run on `mz_catalog_server`.
fn cluster(i: &Item) -> Option<Id> {
    match &i.definition {
        Definition::System(r) if r.kind == "materialized-view" => Some(Id::System(2)),
        definition => definition.cluster(),
    }
}

/// What the system made has no statement here, and the columns from `first` on are not null.
fn told(mut row: Vec<Datum>, first: usize) -> Vec<Datum> {
    row[first..].iter_mut().filter(|d| **d == Datum::Null).for_each(|d| *d = text(""));
    row
}

/// id, oid, schema_id, name
fn head(i: &Item) -> Vec<Datum> {
    vec![text(i.id), oid(i.oid), text(i.schema), text(&i.name)]
}
fn tail(c: &Scope, i: &Item) -> Vec<Datum> {
    let mut out = vec![text(i.owner), acl(&i.privileges)];
    out.extend(sql(c, i));
    out
}

pub fn rows(c: &Scope, relation: &str) -> Option<Rows> {
    Some(match relation {
        "mz_tables" => {
            let source = |i: &Item| match &i.definition {
                Definition::Table(t) => match &t.from {
                    Some(crate::catalog::item::TableFrom::Source { source, .. }) => Some(*source),
                    _ => None,
                },
                _ => None,
            };
            of_kind(c, ObjectKind::Table).map(|i| [head(i), tail(c, i), vec![optional(source(i))]].concat()).collect()
        }
        "mz_views" => of_kind(c, ObjectKind::View)
            .map(|i| {
                let definition = match &i.definition {
                    Definition::View(v) if c.sql => crate::command::view_definition(c, v),
                    _ => String::new(),
                };
                told([head(i), vec![text(definition)], tail(c, i)].concat(), 7)
            })
            .collect(),
        "mz_materialized_views" => of_kind(c, ObjectKind::MaterializedView)
            .map(|i| {
                let definition = match &i.definition {
                    Definition::MaterializedView(m) if c.sql => crate::command::view_definition(c, &m.view),
                    _ => String::new(),
                };
                told([head(i), vec![optional(cluster(i)), text(definition)], tail(c, i)].concat(), 8)
            })
            .collect(),
        "mz_materialized_view_refresh_strategies" => {
            of_kind(c, ObjectKind::MaterializedView).flat_map(refreshes).collect()
        }
        "mz_replacements" => of_kind(c, ObjectKind::MaterializedView)
            .filter_map(|i| match &i.definition {
                Definition::MaterializedView(m) => m.replaces.map(|t| vec![text(i.id), text(t)]),
                _ => None,
            })
            .collect(),
        "mz_indexes" => indexes(c)
            .map(|(i, index)| {
                let [create, redacted] = sql(c, i);
                vec![
                    text(i.id),
                    oid(i.oid),
                    text(&i.name),
                    text(index.on),
                    text(index.cluster),
                    text(i.owner),
                    create,
                    redacted,
                ]
            })
            .collect(),
        "mz_index_columns" => indexes(c).flat_map(|(i, index)| index_columns(c, i, index)).collect(),
        "mz_secrets" => of_kind(c, ObjectKind::Secret)
            .map(|i| [head(i), vec![text(i.owner), acl(&i.privileges)]].concat())
            .collect(),
        "mz_types" => {
            of_kind(c, ObjectKind::Type).map(|i| [head(i), vec![text(category(i))], tail(c, i)].concat()).collect()
        }
        "mz_array_types" | "mz_base_types" | "mz_pseudo_types" | "mz_list_types" | "mz_map_types" => types(c, relation),
        "mz_objects" => c.items().map(|i| object(i, acl_or_null(i))).collect(),
        "mz_relations" => relations(c).map(|i| object(i, acl(&i.privileges))).collect(),
        "mz_columns" => relations(c).flat_map(|i| columns(c, i)).collect(),
        "mz_object_dependencies"
        | "mz_object_transitive_dependencies"
        | "mz_compute_dependencies"
        | "mz_materialization_dependencies" => dependencies(c, relation),
        // What is temporary is in no schema that is listed.
        "mz_object_fully_qualified_names" => {
            c.items().filter(|i| !i.schema.is_temporary()).map(|i| qualified(c, i)).collect()
        }
        "mz_object_global_ids" => c.items().map(|i| vec![text(i.id), text(i.id)]).collect(),
        "mz_history_retention_strategies" => history(c),
        "mz_compute_hydration_statuses" => {
            let computed = |i: &&Item| matches!(i.definition, Definition::MaterializedView(_) | Definition::Index(_));
            let on = c.items().filter(computed).filter_map(|i| i.definition.cluster().map(|k| (i.id, k)));
            let replicas = |k: Id| c.clusters.get(&k).map(|k| k.replicas.as_slice()).unwrap_or_default();
            let row = |id, replica: Id| vec![text(id), text(replica), Datum::Bool(true), text("00:00:00")];
            on.flat_map(|(id, k)| replicas(k).iter().map(move |r| row(id, r.id))).collect()
        }
        "mz_hydration_statuses" => {
            let on = c.items().filter_map(|i| i.definition.cluster().map(|k| (i.id, k)));
            let replicas = |k: Id| c.clusters.get(&k).map(|k| k.replicas.as_slice()).unwrap_or_default();
            on.flat_map(|(id, k)| replicas(k).iter().map(move |r| vec![text(id), text(r.id), Datum::Bool(true)]))
                .collect()
        }
        _ => return None,
    })
}

fn indexes<'a>(c: &'a Scope<'_>) -> impl Iterator<Item = (&'a Item, &'a crate::catalog::item::Index)> {
    c.items().filter_map(|i| match &i.definition {
        Definition::Index(index) => Some((i, index)),
        _ => None,
    })
}

fn index_columns(c: &Catalog, i: &Item, index: &crate::catalog::item::Index) -> Rows {
    let printer = Printer::new(c, Mode::Simple);
    let row = |(n, (key, (position, nullable))): (usize, (&crate::sql::expr::Expr, &(Option<usize>, bool)))| {
        let expression = if position.is_some() { Datum::Null } else { text(printer.expr_line(key)) };
        let position = position.map_or(Datum::Null, |p| Datum::Uint(p as u64));
        vec![text(i.id), Datum::Uint(n as u64 + 1), position, expression, Datum::Bool(*nullable)]
    };
    index.keys.iter().zip(&index.positions).enumerate().map(row).collect()
}

/// Columns and positions of an index's key, as SHOW INDEXES lists them.
pub fn index_key(c: &Catalog, index: &crate::catalog::item::Index) -> Vec<String> {
    let printer = Printer::new(c, Mode::Simple);
    let one = |(key, (position, _)): (&crate::sql::expr::Expr, &(Option<usize>, bool))| match (position, key) {
        (Some(_), crate::sql::expr::Expr::Column(parts)) => parts.last().cloned().unwrap_or_default(),
        _ => printer.expr_line(key),
    };
    index.keys.iter().zip(&index.positions).map(one).collect()
}

fn category(i: &Item) -> &'static str {
    match &i.definition {
        Definition::SystemType(index, false) => SYSTEM_TYPES[*index].category,
        Definition::SystemType(_, true) => "array",
        Definition::Type(TypeDefinition::List(_)) => "list",
        Definition::Type(TypeDefinition::Map(_)) => "pseudo",
        _ => "composite",
    }
}

fn types(c: &Scope, relation: &str) -> Rows {
    let element = |options: &Options, name: &str| match options.get(name) {
        Some(Value::Type(DataType::Named(n, _))) => optional(n.item),
        _ => Datum::Null,
    };
    let mut out = Vec::new();
    for i in of_kind(c, ObjectKind::Type) {
        match (&i.definition, relation) {
            (Definition::SystemType(index, true), "mz_array_types") => {
                out.push(vec![text(i.id), text(Id::System(SYSTEM_TYPES[*index].id))]);
            }
            (Definition::SystemType(index, false), "mz_base_types") if SYSTEM_TYPES[*index].category != "pseudo" => {
                out.push(vec![text(i.id)]);
            }
            (Definition::SystemType(index, false), "mz_pseudo_types") if SYSTEM_TYPES[*index].category == "pseudo" => {
                out.push(vec![text(i.id)]);
            }
            (Definition::Type(TypeDefinition::List(o)), "mz_list_types") => {
                out.push(vec![text(i.id), element(o, "ELEMENT TYPE"), Datum::Null]);
            }
            (Definition::Type(TypeDefinition::Map(o)), "mz_map_types") => {
                out.push(vec![text(i.id), element(o, "KEY TYPE"), element(o, "VALUE TYPE"), Datum::Null, Datum::Null]);
            }
            _ => {}
        }
    }
    out
}

fn acl_or_null(i: &Item) -> Datum {
    if matches!(i.definition, Definition::Index(_) | Definition::Sink(_)) { Datum::Null } else { acl(&i.privileges) }
}

fn object(i: &Item, privileges: Datum) -> Vec<Datum> {
    let kind = i.definition.kind().dashed();
    let mut row = head(i);
    row.extend([text(kind), text(i.owner), optional(cluster(i)), privileges]);
    row
}

fn columns(c: &Catalog, i: &Item) -> Rows {
    let printer = Printer::new(c, Mode::Stable);
    let relation = c.columns(i.id).unwrap_or_default();
    let mut out = Vec::with_capacity(relation.len());
    for (n, column) in relation.iter().enumerate() {
        let (type_oid, modifier) = c.type_oid(&column.ty);
        out.push(vec![
            text(i.id),
            text(&column.name),
            Datum::Uint(n as u64 + 1),
            Datum::Bool(column.nullable),
            text(c.type_long(&column.ty)),
            optional(column.default.as_ref().map(|d| printer.expr_line(d))),
            oid(type_oid),
            Datum::Int(modifier),
        ]);
    }
    out
}

fn dependencies(c: &Scope, relation: &str) -> Rows {
    let computes = |i: &Item| matches!(i.definition, Definition::MaterializedView(_) | Definition::Index(_));
    let mut out = Vec::new();
    for i in c.items().filter(|i| i.id.is_user()) {
        match relation {
            "mz_object_dependencies" => out.extend(i.uses.iter().map(|u| vec![text(i.id), text(u)])),
            "mz_object_transitive_dependencies" => {
                let mut seen = std::collections::BTreeSet::new();
                let mut todo = i.uses.clone();
                while let Some(id) = todo.pop() {
                    if seen.insert(id) {
                        todo.extend(c.items.get(&id).iter().flat_map(|i| &i.uses));
                    }
                }
                out.extend(seen.iter().map(|u| vec![text(i.id), text(u)]));
            }
            _ if computes(i) => {
                let relations = i.uses.iter().filter(|u| c.items.get(u).is_some_and(is_relation));
                out.extend(relations.map(|u| vec![text(i.id), text(u)]));
            }
            _ => {}
        }
    }
    out
}

fn qualified(c: &Catalog, i: &Item) -> Vec<Datum> {
    let schema = c.schemas.get(&i.schema);
    let database = schema.and_then(|s| s.database);
    let database_name = database.and_then(|d| c.databases.get(&d)).map(|d| d.name.clone());
    vec![
        text(i.id),
        text(&i.name),
        text(i.definition.kind().dashed()),
        text(i.schema),
        text(schema.map_or("", |s| &s.name)),
        optional(database),
        optional(database_name),
        optional(cluster(i)),
    ]
}

fn refreshes(i: &Item) -> Rows {
    let Definition::MaterializedView(m) = &i.definition else { return Vec::new() };
    let one = |r: &Refresh| {
        let (kind, interval, aligned, at) = match r {
            Refresh::OnCommit => ("on-commit", Datum::Null, Datum::Null, Datum::Null),
            Refresh::AtCreation(at) => ("at", Datum::Null, Datum::Null, Datum::Timestamp(*at)),
            Refresh::At(_) => ("at", Datum::Null, Datum::Null, Datum::Null),
            Refresh::Every(every, _, at) => {
                let ms = crate::sql::interval::parse_ms(every).unwrap_or(0).unsigned_abs();
                // Made of a duration, which has no days.
                let (seconds, micros) = (ms / 1000, ms % 1000 * 1000);
                let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
                let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}") };
                let shown = format!("{hours:02}:{minutes:02}:{:02}{}", seconds % 60, fraction.trim_end_matches('0'));
                ("every", text(shown), Datum::Timestamp(*at), Datum::Null)
            }
        };
        vec![text(i.id), text(kind), interval, aligned, at]
    };
    m.refresh.iter().map(one).collect()
}

fn history(c: &Scope) -> Rows {
    let span = |i: &Item| {
        let options = match &i.definition {
            Definition::Table(t) => &t.options,
            Definition::MaterializedView(m) => &m.options,
            Definition::Index(x) => &x.options,
            Definition::Source(s) => &s.with,
            _ => return None,
        };
        // A second is what every object keeps that is told nothing else.
        let ms = crate::command::retained(options).and_then(|s| crate::sql::interval::parse_ms(s).ok()).unwrap_or(1000);
        Some(vec![text(i.id), text("FOR"), text(ms)])
    };
    c.items().filter(|i| i.id.is_user()).filter_map(span).collect()
}
