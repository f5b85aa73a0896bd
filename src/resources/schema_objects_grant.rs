//! `materialize_schema_objects_grant`: a privilege on all objects of one kind in a schema. What comes into the schema later
//! lacks it, which the next plan shows.

use super::grant::{ROLE_NAME, ROLES, grantee, privileges, role_id, role_name, shows};
use crate::declare::*;
use crate::diag::{Diagnostic, Diagnostics};
use crate::sql::{Kind, Name, Statement, item};
use crate::value::Value;

/// Kinds of objects, their plural in the statement, and the types of such objects in the catalog. All relations are tables
/// here.
const KINDS: [(Kind, &str, &[&str]); 4] = [
    (Kind::Connection, "CONNECTIONS", &["connection"]),
    (Kind::Secret, "SECRETS", &["secret"]),
    (Kind::Table, "TABLES", &["table", "view", "materialized-view", "source"]),
    (Kind::Type, "TYPES", &["type"]),
];

fn kind_of(words: &str) -> Option<(Kind, &'static str, &'static [&'static str])> {
    KINDS.into_iter().find(|(kind, ..)| kind.words() == words)
}

pub const SCHEMA_OBJECTS_GRANT: Resource = Resource {
    name: "materialize_schema_objects_grant",
    kind: Kind::System,
    doc: "Grants a privilege on all objects of one kind in a schema to a role: on those that are there when it is applied. \
          Where an object came later, or the privilege was revoked on any of them, the next plan grants it again. Have a \
          default privilege beside it, so that new objects have it from the start. What others are granted is left alone. \
          Destroying it revokes the privilege on all objects of the kind, also where another resource grants it.",
    attrs: &[
        ROLE_NAME,
        text("object_type").required().one_of(&["CONNECTION", "SECRET", "TABLE", "TYPE"]).doc(
            "The kind of the objects: `CONNECTION`, `SECRET`, `TABLE` or `TYPE`. Views, materialized views and sources are \
             tables here.",
        ),
        scope::DATABASE_NAME,
        identifier("schema_name").required().column("o.name").id_column("o.id").doc("The schema."),
        text("privilege")
            .required()
            .one_of(&["DELETE", "INSERT", "SELECT", "UPDATE", "USAGE"])
            .doc(
                "The privilege: of tables `SELECT`, or on those that can be written to `INSERT`, `UPDATE` or `DELETE`; of \
                 everything else `USAGE`.",
            ),
    ],
    names: |_| vec![(Kind::Schema, &["database_name", "schema_name"])],
    lookups: &[
        Lookup {
            columns: &[("id", "o.id")],
            from: "mz_catalog.mz_schemas o JOIN mz_catalog.mz_databases d ON d.id = o.database_id",
            by_name: &[("d.name", "database_name"), ("o.name", "schema_name")],
            ..Lookup::NONE
        },
        ROLES,
        Lookup {
            columns: &[("type", "i.type"), ("privileges", "i.privileges::text")],
            from: "mz_catalog.mz_objects i",
            by_key: &["i.schema_id"],
            ..Lookup::NONE
        },
    ],
    id: IdForm {
        parse: |suffix| match suffix.split('|').collect::<Vec<_>>()[..] {
            ["GRANT ALL", kind, schema, role, privilege] if kind_of(kind).is_some() => {
                Some(Key::Parts([schema, role, kind, privilege].map(str::to_owned).to_vec()))
            }
            _ => None,
        },
        suffix: |found, state| {
            let [kind, privilege] = ["object_type", "privilege"].map(|attr| state.get(attr).as_text());
            Some(format!("GRANT ALL|{}|{}|{}|{}", kind?, found.id(), role_id(found, state)?, privilege?))
        },
        forms: "`<region>:GRANT ALL|<KIND>|<schema id>|<role id>|<PRIVILEGE>`, where the role id of `PUBLIC` is `p`",
        named: &[&["object_type"], &["database_name", "schema_name"], &["role_name"], &["privilege"]],
    },
    // Every schema would have some that hold for nothing.
    listed: None,
    create: |_, v| vec![statement("GRANT", "TO", v)],
    delete: Some(|v, _| vec![statement("REVOKE", "FROM", v)]),
    there,
    read: |found, read| {
        read.set("role_name", Value::text(role_name(found)));
        read.set("object_type", Value::text(found.told(2, "object_type")));
        read.set("privilege", Value::text(found.told(3, "privilege")));
    },
    validate,
    ..Resource::NONE
};

/// `GRANT … ON ALL TABLES IN SCHEMA … TO …`, or `REVOKE … FROM`.
fn statement(verb: &str, to: &str, v: &Values) -> Statement {
    let plural = kind_of(v.str("object_type")).map_or("", |(_, plural, _)| plural);
    let schema = Name::new([v.str("database_name"), v.str("schema_name")]);
    let which = item().word(verb).word(v.str("privilege")).word("ON ALL").word(plural);
    grantee(which.word("IN SCHEMA").name(&schema).word(to), v.str("role_name"))
}

/// The privilege is there if every object that knows it shows it.
fn there(found: &Found) -> bool {
    let (kind, privilege) = (kind_of(found.told(2, "object_type")), found.told(3, "privilege"));
    let (Some((_, _, types)), Some(role)) = (kind, role_id(found, found.prior)) else { return false };
    // Only tables can be written to.
    let knows = |ty: &str| types.contains(&ty) && (matches!(privilege, "SELECT" | "USAGE") || ty == "table");
    let mut objects = found.more(2).iter().filter(|row| row.get("type").is_some_and(knows));
    objects.all(|row| shows(row.get("privileges"), &role, privilege))
}

/// Objects have the privileges of their kind.
fn validate(value: &Value) -> Diagnostics {
    let kind = value.get("object_type").as_text().and_then(kind_of);
    let (Some((kind, plural, _)), Some(privilege)) = (kind, value.get("privilege").as_text()) else {
        return Vec::new();
    };
    let known = privileges(kind).0;
    if known.contains(&privilege) {
        return Vec::new();
    }
    let detail = format!("There is no privilege {privilege} on {plural}, only {}.", known.join(", "));
    vec![Diagnostic::error("Invalid value for privilege", detail).at("privilege")]
}
