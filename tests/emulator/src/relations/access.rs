//! Privileges: of the system, by default, and as `mz_show_…_privileges` list them.

use super::{Rows, Scope, optional, text};
use crate::catalog::Id;
use crate::catalog::change::Object;
use crate::datum::Datum;

pub fn rows(c: &Scope, relation: &str) -> Option<Rows> {
    Some(match relation {
        "mz_system_privileges" => c.system_privileges.0.iter().map(|item| vec![text(item)]).collect(),
        "mz_default_privileges" => {
            let mut out = Vec::new();
            for (key, grants) in &c.default_privileges {
                for (grantee, mode) in grants {
                    out.push(vec![
                        text(key.role),
                        optional(key.database),
                        optional(key.schema),
                        text(key.kind.dashed()),
                        text(grantee),
                        text(mode),
                    ]);
                }
            }
            out
        }
        "mz_show_default_privileges" => {
            let mut out = Vec::new();
            for (key, grants) in &c.default_privileges {
                let database = key.database.and_then(|d| c.databases.get(&d)).map(|d| d.name.clone());
                let schema = key.schema.and_then(|s| c.schemas.get(&s)).map(|s| s.name.clone());
                for (grantee, mode) in grants.iter().filter(|(g, _)| shown(**g)) {
                    for name in mode.names() {
                        out.push(vec![
                            text(c.role_name(key.role)),
                            optional(database.clone()),
                            optional(schema.clone()),
                            text(key.kind.dashed()),
                            text(c.role_name(*grantee)),
                            text(name),
                        ]);
                    }
                }
            }
            out
        }
        "mz_show_all_privileges" => privileges(c, |_| true, &[0, 1, 2, 3, 4, 5, 6]),
        "mz_show_system_privileges" => privileges(c, |o| o == Object::System, &[0, 1, 6]),
        "mz_show_cluster_privileges" => privileges(c, |o| matches!(o, Object::Cluster(_)), &[0, 1, 4, 6]),
        "mz_show_database_privileges" => privileges(c, |o| matches!(o, Object::Database(_)), &[0, 1, 4, 6]),
        "mz_show_schema_privileges" => privileges(c, |o| matches!(o, Object::Schema(_)), &[0, 1, 2, 4, 6]),
        "mz_show_object_privileges" => privileges(c, |o| matches!(o, Object::Item(_)), &[0, 1, 2, 3, 4, 5, 6]),
        "mz_show_role_members" => {
            let name = |id: &Id| text(c.role_name(*id));
            c.members.iter().map(|((role, member), grantor)| vec![name(role), name(member), name(grantor)]).collect()
        }
        _ => return None,
    })
}

/// The listings leave out what roles of the system hold.
fn shown(grantee: Id) -> bool {
    !matches!(grantee, Id::System(_))
}

/// Do the listings have such an object? Not the system's, nor network policies.
fn listed(object: Object) -> bool {
    match object {
        Object::Item(id) | Object::Database(id) | Object::Schema(id) | Object::Cluster(id) => id.is_user(),
        Object::System => true,
        Object::Policy(_) | Object::Replica(..) | Object::Role(_) => false,
    }
}

/// Some of the columns grantor, grantee, database, schema, name, kind, privilege, for the objects that `of` picks.
fn privileges(c: &Scope, of: fn(Object) -> bool, keep: &[usize]) -> Rows {
    let mut out = Vec::new();
    for object in c.objects().into_iter().chain([Object::System]).filter(|o| listed(*o) && of(*o)) {
        let Some(privileges) = c.privileges(object) else { continue };
        let (database, schema, name) = match object {
            Object::System => (Datum::Null, Datum::Null, Datum::Null),
            Object::Item(id) => {
                let full = c.full_name(id);
                let at = |back: usize| full.len().checked_sub(back).and_then(|i| full.get(i));
                (optional(at(3)), optional(at(2)), optional(at(1)))
            }
            Object::Schema(id) => {
                let path = c.schema_path(id);
                (optional(path.first()), Datum::Null, optional(path.last()))
            }
            object => (Datum::Null, Datum::Null, text(c.object_name(object))),
        };
        let kind = if object == Object::System { "system".to_owned() } else { c.kind_of(object).dashed() };
        for item in privileges.0.iter().filter(|i| shown(i.grantee)) {
            for privilege in item.mode.names() {
                let (grantor, grantee) = (text(c.role_name(item.grantor)), text(c.role_name(item.grantee)));
                let all =
                    [grantor, grantee, database.clone(), schema.clone(), name.clone(), text(&kind), text(privilege)];
                out.push(keep.iter().filter_map(|i| all.get(*i).cloned()).collect());
            }
        }
    }
    out
}
