//! The views behind the SHOW statements.

use super::objects::{index_key, of_kind, relations};
use super::{Rows, Scope, comment, optional, text, texts};
use crate::catalog::Id;
use crate::catalog::item::{Definition, Item};
use crate::catalog::privileges::ObjectKind;
use crate::datum::Datum;

pub fn rows(c: &Scope, relation: &str) -> Option<Rows> {
    let cluster_name = |id: Option<Id>| optional(id.map(|id| c.cluster_name(id).to_owned()));
    let simple = |kind: ObjectKind| -> Rows {
        of_kind(c, kind).map(|i| vec![text(i.schema), text(&i.name), comment(c, i.id, kind)]).collect()
    };
    let on_cluster = |kind: ObjectKind, ty: fn(&Item) -> Option<&'static str>| -> Rows {
        of_kind(c, kind)
            .map(|i| {
                let cluster = i.definition.cluster();
                let mut row = vec![text(i.id), text(&i.name)];
                row.extend(ty(i).map(text));
                row.extend([cluster_name(cluster), text(i.schema), optional(cluster), comment(c, i.id, kind)]);
                row
            })
            .collect()
    };
    Some(match relation {
        "mz_show_databases" => {
            c.databases.values().map(|d| vec![text(&d.name), comment(c, d.id, ObjectKind::Database)]).collect()
        }
        "mz_show_schemas" => c
            .schemas()
            .map(|s| vec![optional(s.database), text(&s.name), comment(c, s.id, ObjectKind::Schema)])
            .collect(),
        "mz_show_roles" => {
            let user = c.roles().filter(|r| r.id.is_user());
            user.map(|r| vec![text(&r.name), comment(c, r.id, ObjectKind::Role)]).collect()
        }
        "mz_show_clusters" => c
            .clusters
            .values()
            .map(|k| {
                let list: Vec<String> = k.replicas.iter().map(|r| format!("{} ({})", r.name, r.size)).collect();
                let list = if list.is_empty() { Datum::Null } else { text(list.join(", ")) };
                vec![text(&k.name), list, comment(c, k.id, ObjectKind::Cluster)]
            })
            .collect(),
        "mz_show_cluster_replicas" => c
            .clusters
            .values()
            .flat_map(|k| k.replicas.iter().map(move |r| (k, r)))
            .map(|(k, r)| {
                let comment = comment(c, r.id, ObjectKind::ClusterReplica);
                vec![text(&k.name), text(&r.name), text(r.id), text(&r.size), Datum::Bool(true), comment]
            })
            .collect(),
        "mz_show_network_policies" => c
            .policies
            .values()
            .map(|p| {
                let mut rules: Vec<&str> = p.rules.iter().map(|(n, _)| n.as_str()).collect();
                rules.sort_unstable();
                let rules = if rules.is_empty() { Datum::Null } else { text(rules.join(",")) };
                vec![text(&p.name), rules, comment(c, p.id, ObjectKind::NetworkPolicy)]
            })
            .collect(),
        "mz_show_tables" => of_kind(c, ObjectKind::Table)
            .map(|i| {
                let source = match &i.definition {
                    Definition::Table(t) => match &t.from {
                        Some(crate::catalog::item::TableFrom::Source { source, .. }) => Some(*source),
                        _ => None,
                    },
                    _ => None,
                };
                vec![text(i.schema), text(&i.name), comment(c, i.id, ObjectKind::Table), optional(source)]
            })
            .collect(),
        "mz_show_views" => simple(ObjectKind::View),
        "mz_show_types" => simple(ObjectKind::Type),
        "mz_show_secrets" => simple(ObjectKind::Secret),
        "mz_show_connections" => of_kind(c, ObjectKind::Connection)
            .map(|i| {
                let ty = super::connections::kind(i);
                vec![text(i.schema), text(&i.name), text(ty), comment(c, i.id, ObjectKind::Connection)]
            })
            .collect(),
        "mz_show_materialized_views" => on_cluster(ObjectKind::MaterializedView, |_| None),
        "mz_show_sources" => on_cluster(ObjectKind::Source, |i| Some(super::streams::source_kind(i))),
        "mz_show_sinks" => on_cluster(ObjectKind::Sink, |i| Some(super::streams::sink_kind(i))),
        "mz_show_indexes" => of_kind(c, ObjectKind::Index)
            .filter_map(|i| {
                let Definition::Index(index) = &i.definition else { return None };
                let on = c.items.get(&index.on).map_or("", |o| &o.name);
                Some(vec![
                    text(i.id),
                    text(&i.name),
                    text(on),
                    cluster_name(Some(index.cluster)),
                    texts(index_key(c, index)),
                    text(index.on),
                    text(i.schema),
                    text(index.cluster),
                    comment(c, i.id, ObjectKind::Index),
                ])
            })
            .collect(),
        "mz_show_all_objects" => {
            let row = |i: &Item| {
                let kind = i.definition.kind();
                vec![text(i.schema), text(&i.name), text(kind.dashed()), comment(c, i.id, kind)]
            };
            c.items().map(row).collect()
        }
        "mz_show_columns" => {
            let mut out = Vec::new();
            for i in relations(c) {
                let kind = i.definition.kind();
                for (n, column) in c.columns(i.id).unwrap_or_default().iter().enumerate() {
                    let comment = c.comments.get(&(i.id, kind, Some(n + 1))).map_or("", String::as_str);
                    let ty = c.type_long(&column.ty);
                    let position = Datum::Uint(n as u64 + 1);
                    out.push(vec![
                        text(i.id),
                        text(&column.name),
                        Datum::Bool(column.nullable),
                        text(ty),
                        position,
                        text(comment),
                    ]);
                }
            }
            out
        }
        _ => return None,
    })
}
