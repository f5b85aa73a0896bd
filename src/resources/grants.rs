//! `materialize_grants`: all privileges on one object. What the configuration does not say is revoked.

use std::collections::{BTreeMap, BTreeSet};

use super::grant::{ALL_ROLES, entries, privileges, role_names, spelt, statement};
use crate::declare::*;
use crate::diag::{Diagnostic, Diagnostics};
use crate::sql::{Kind, Name, Statement};
use crate::value::Value;

const KINDS: [Kind; 11] = [
    Kind::Cluster,
    Kind::Connection,
    Kind::Database,
    Kind::MaterializedView,
    Kind::Schema,
    Kind::Secret,
    Kind::Source,
    Kind::System,
    Kind::Table,
    Kind::Type,
    Kind::View,
];

const WORDS: [&str; KINDS.len()] = {
    let (mut words, mut i) = ([""; KINDS.len()], 0);
    while i < words.len() {
        words[i] = KINDS[i].words();
        i += 1;
    }
    words
};

const PRIVILEGES: [&str; 10] = [
    "CREATE", "CREATECLUSTER", "CREATEDB", "CREATENETWORKPOLICY", "CREATEROLE", "DELETE", "INSERT", "SELECT", "UPDATE",
    "USAGE",
];

const GRANT: &[Attr] = &[
    identifier("role_name")
        .required()
        .doc("The role that gets the privileges, or `PUBLIC` for all. A role has one block at most."),
    of("privileges", Ty::Set(&Ty::Text))
        .required()
        .one_of(&PRIVILEGES)
        .doc("All privileges that the role has on the object, by names such as `SELECT` and `USAGE`. At least one."),
];

/// All objects that privileges are granted on, in one relation. Those on the system are shown with names: a row each.
const OBJECTS: &str = "(SELECT upper(replace(i.type, '-', ' ')) AS kind, i.id, d.name AS database_name, s.name AS \
    schema_name, i.name, i.owner_id, i.privileges::text AS privileges FROM mz_catalog.mz_objects i JOIN \
    mz_catalog.mz_schemas s ON s.id = i.schema_id JOIN mz_catalog.mz_databases d ON d.id = s.database_id \
    UNION ALL SELECT 'SCHEMA', s.id, d.name, NULL, s.name, s.owner_id, s.privileges::text FROM mz_catalog.mz_schemas s JOIN \
    mz_catalog.mz_databases d ON d.id = s.database_id \
    UNION ALL SELECT 'DATABASE', id, NULL, NULL, name, owner_id, privileges::text FROM mz_catalog.mz_databases \
    UNION ALL SELECT 'CLUSTER', id, NULL, NULL, name, owner_id, privileges::text FROM mz_catalog.mz_clusters \
    UNION ALL SELECT 'SYSTEM', '', NULL, NULL, NULL, 's1', NULL \
    UNION ALL SELECT 'SYSTEM', '', NULL, NULL, NULL, 's1', grantee || '=' || privilege_type FROM \
    mz_internal.mz_show_system_privileges) o";

pub const GRANTS: Resource = Resource {
    name: "materialize_grants",
    kind: Kind::System,
    doc: "All privileges on one object: what is not configured here is revoked, when this is created and whenever it shows \
          up later. Creating it does not ask whether others have privileges already: the first apply revokes them. Left \
          alone are the privileges of the object's owner, unless a block names the owner, and those of the system's own \
          roles (`mz_…`). Destroying it revokes what its state shows. For one object use either this or the resources that \
          grant a single privilege (`materialize_table_grant` and the like), not both: they would undo each other's \
          work. What default privileges grant on a new object, such as `USAGE` on types to `PUBLIC`, must be configured \
          here to last. With `SYSTEM`, list every role that shall keep its privileges, your own included.",
    attrs: &[
        text("object_type").required().one_of(&WORDS).column("o.kind").doc(
            "What the object is: `CLUSTER`, `CONNECTION`, `DATABASE`, `MATERIALIZED VIEW`, `SCHEMA`, `SECRET`, `SOURCE`, \
             `SYSTEM`, `TABLE`, `TYPE` or `VIEW`.",
        ),
        identifier("database_name")
            .column("o.database_name")
            .doc("The database that the object is in. Not for clusters, databases and the system."),
        identifier("schema_name")
            .column("o.schema_name")
            .doc("The schema that the object is in. Not for clusters, databases, schemas and the system."),
        identifier("object_name")
            .column("o.name")
            .id_column("o.id")
            .doc("The name of the object. Not for the system, which has none."),
        block_set("grant", GRANT).doc("A role and its privileges. Without any block nobody but the owner has privileges."),
    ],
    names: |value| match kind_of(value) {
        Some(kind) => vec![(kind, name_attrs(kind))],
        None => Vec::new(),
    },
    lookups: &[
        Lookup {
            columns: &[("id", "o.id"), ("owner_id", "o.owner_id"), ("privileges", "o.privileges")],
            from: OBJECTS,
            by_key: &["o.kind", "o.id"],
            parts: &[0, 1],
            by_name: &[
                ("o.kind", "object_type"),
                ("COALESCE(o.database_name, '')", "database_name"),
                ("COALESCE(o.schema_name, '')", "schema_name"),
                ("COALESCE(o.name, '')", "object_name"),
            ],
            ..Lookup::NONE
        },
        ALL_ROLES,
    ],
    id: IdForm {
        parse: |suffix| match suffix {
            "GRANTS|SYSTEM" => Some(Key::Parts(vec!["SYSTEM".to_owned(), String::new()])),
            suffix => Key::behind("GRANTS", 2, suffix),
        },
        suffix: |found, state| {
            let (kind, id) = (state.get("object_type").as_text()?, found.id());
            Some(if id.is_empty() { format!("GRANTS|{kind}") } else { format!("GRANTS|{kind}|{id}") })
        },
        forms: "`<region>:GRANTS|<KIND>|<object id>`, or `<region>:GRANTS|SYSTEM`",
        named: &[&["object_type"], &["database_name", "schema_name", "object_name"]],
    },
    listed: Some(|row| {
        let object = row.parts(&["object_type", "id"]);
        object.filter(|key| key[1].is_empty() || key[1].starts_with('u')).into_iter().collect()
    }),
    standing: true,
    alters: &[on(&["grant"], |c| changes(&c.new, granted(&c.old), granted(&c.new)))],
    delete: Some(|v, _| changes(v, granted(v), BTreeMap::new())),
    read,
    validate,
    ..Resource::NONE
};

fn kind_of(value: &Value) -> Option<Kind> {
    let words = value.get("object_type").as_text()?;
    KINDS.into_iter().find(|kind| kind.words() == words)
}

/// The attributes that together are the object's name.
fn name_attrs(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::System => &[],
        Kind::Cluster | Kind::Database => &["object_name"],
        Kind::Schema => &["database_name", "object_name"],
        _ => &["database_name", "schema_name", "object_name"],
    }
}

type Granted<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

fn granted<'a>(v: &Values<'a>) -> Granted<'a> {
    v.blocks("grant").map(|grant| (grant.str("role_name"), grant.texts("privileges").into_iter().collect())).collect()
}

/// What makes the new privileges of the old ones, on the object that the values name. Nobody loses what they shall keep,
/// not even for a moment.
fn changes(v: &Values, old: Granted, new: Granted) -> Vec<Statement> {
    let kind = KINDS.into_iter().find(|kind| kind.words() == v.str("object_type")).unwrap_or(Kind::System);
    let name = Name::new(name_attrs(kind).iter().map(|attr| v.str(attr)));
    let none = BTreeSet::new();
    let mut statements = Vec::new();
    for (grant, have, lack) in [(true, &new, &old), (false, &old, &new)] {
        for (role, privileges) in have {
            let which: Vec<&str> = privileges.difference(lack.get(role).unwrap_or(&none)).copied().collect();
            if !which.is_empty() {
                statements.push(statement(grant, &which, (kind, &name), role));
            }
        }
    }
    statements
}

/// Everybody's privileges, but for the system's own roles. The owner's count as far as they are configured.
fn read(found: &Found, read: &mut Value) {
    let roles = role_names(found.more(1));
    let owner = found.get("owner_id").and_then(|id| roles.get(id).copied());
    let prior = Values::new(found.prior, &Value::Null);
    let configured = granted(&prior);
    let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for text in found.rows[0].iter().filter_map(|row| row.get("privileges")) {
        if let Some((role, privilege)) = text.rsplit_once('=').filter(|_| !text.starts_with('{')) {
            all.entry(role).or_default().insert(privilege);
            continue;
        }
        for (id, letters) in entries(text) {
            let role = if id == "p" { Some("PUBLIC") } else { roles.get(id.as_str()).copied() };
            let Some(role) = role else { continue };
            let own = (owner == Some(role)).then(|| configured.get(role));
            let counts = |name: &str| own.is_none_or(|own| own.is_some_and(|own| own.contains(name)));
            for privilege in spelt(&letters).filter(|name| counts(name)) {
                all.entry(role).or_default().insert(privilege);
            }
        }
    }
    all.retain(|role, _| !role.starts_with("mz_"));
    let blocks = all.into_iter().map(|(role, privileges)| {
        let privileges = Value::list(privileges.into_iter().map(Value::text));
        Value::from([("role_name", Value::text(role)), ("privileges", privileges)])
    });
    read.set("grant", Value::list(blocks));
}

/// An object has the names that its type asks for, a role one block, and privileges that the object knows.
fn validate(value: &Value) -> Diagnostics {
    let mut out = Vec::new();
    let Some(kind) = kind_of(value) else { return out };
    let words = kind.words();
    for attr in ["database_name", "schema_name", "object_name"] {
        let wanted = name_attrs(kind).contains(&attr);
        if wanted && value.get(attr).is_null() {
            let detail = format!("`{attr}` must be set for the object type \"{words}\".");
            out.push(Diagnostic::error(format!("Missing {attr}"), detail).at(attr));
        } else if !wanted && !value.get(attr).is_null() {
            let detail = format!("`{attr}` must not be set for the object type \"{words}\".");
            out.push(Diagnostic::error(format!("Invalid value for {attr}"), detail).at(attr));
        }
    }
    let mut wrong = |detail: String| out.push(Diagnostic::error("Invalid value for grant", detail).at("grant"));
    let mut seen = BTreeSet::new();
    for grant in value.get("grant").items() {
        let role = grant.get("role_name").as_text();
        if let Some(role) = role.filter(|role| !seen.insert(*role)) {
            wrong(format!("There is more than one block for the role \"{role}\". Put its privileges into one."));
        }
        let (granted, known) = (grant.get("privileges"), privileges(kind).0);
        if !granted.is_null() && !granted.is_unknown() && granted.items().is_empty() {
            wrong("`privileges` must name at least one. Leave out the block of a role that shall have none.".into());
        }
        for privilege in granted.items().iter().filter_map(Value::as_text).filter(|p| PRIVILEGES.contains(p)) {
            if !known.contains(&privilege) {
                wrong(format!("There is no privilege {privilege} on a {words}, only {}.", known.join(", ")));
            }
        }
    }
    out
}
