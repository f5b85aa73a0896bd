//! `materialize_schema_objects_grant`: privileges on all objects of one kind in a schema, in one statement. What comes into
//! the schema later lacks them, which the next plan shows.

use std::collections::BTreeSet;

use super::grant::{ROLE_NAME, ROLES, entries, grantee, privileges, spelt};
use crate::declare::*;
use crate::diag::{Diagnostic, Diagnostics};
use crate::sql::{Kind, Name, Statement, item};
use crate::value::Value;

/// Kinds of objects as the statement has them, their plural, and the types of such objects in the catalog. All relations
/// are tables here.
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
    doc: "Grants privileges on all objects of one kind in a schema to a role: those that are there when it is applied. Where \
          an object came later, or a privilege was revoked on any of them, the next plan shows the privileges as missing, \
          and its apply grants them again. Have a default privilege beside it, so that new objects have them from the \
          start. What others are granted is left alone. Destroying it revokes the privileges on all objects of the kind, \
          also where another resource grants them.",
    attrs: &[
        ROLE_NAME.doc("The role that gets the privileges, or `PUBLIC` for all."),
        text("object_type").required().checks(&[Check::OneOf(&["CONNECTION", "SECRET", "TABLE", "TYPE"])]).doc(
            "The kind of the objects: `CONNECTION`, `SECRET`, `TABLE` or `TYPE`. Views, materialized views and sources \
                  are tables here.",
        ),
        scope::DATABASE_NAME,
        text("schema_name").required().checks(scope::IDENTIFIER).column("o.name").id_column("o.id").doc("The schema."),
        of("privileges", Ty::Set(&Ty::Text))
            .required()
            .checks(&[Check::OneOf(&["DELETE", "INSERT", "SELECT", "UPDATE", "USAGE"])])
            .doc(
                "The privileges: of tables `SELECT`, and on those that can be written to `INSERT`, `UPDATE` and `DELETE`; of \
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
        Lookup { parts: &[1], ..ROLES },
        Lookup {
            columns: &[("type", "i.type"), ("privileges", "i.privileges::text")],
            from: "mz_catalog.mz_objects i",
            by_key: &["i.schema_id"],
            ..Lookup::NONE
        },
    ],
    id: IdForm {
        parse: |suffix| match suffix.split('|').collect::<Vec<_>>()[..] {
            ["GRANT ALL", kind, schema, role] if kind_of(kind).is_some() => {
                Some(Key::Parts([schema, role, kind].map(str::to_owned).to_vec()))
            }
            _ => None,
        },
        suffix: |found, state| {
            let role = super::grant::role_id(found, state)?;
            Some(format!("GRANT ALL|{}|{}|{role}", state.get("object_type").as_text()?, found.id()))
        },
        forms: "`<region>:GRANT ALL|<KIND>|<schema id>|<role id>`, where the role id of `PUBLIC` is `p`",
        named: &[&["object_type"], &["database_name", "schema_name"], &["role_name"]],
    },
    create: |v| vec![statement(true, v, &v.texts("privileges"))],
    alters: &[on(&["privileges"], |c| {
        let [old, new]: [BTreeSet<&str>; 2] = [&c.old, &c.new].map(|v| v.texts("privileges").into_iter().collect());
        let some = |grant, which: Vec<&str>| (!which.is_empty()).then(|| statement(grant, &c.new, &which));
        let granted = some(true, new.difference(&old).copied().collect());
        granted.into_iter().chain(some(false, old.difference(&new).copied().collect())).collect()
    })],
    delete: Some(|v, _| match v.texts("privileges") {
        privileges if privileges.is_empty() => Vec::new(),
        privileges => vec![statement(false, v, &privileges)],
    }),
    read,
    validate,
    ..Resource::NONE
};

/// `GRANT … ON ALL TABLES IN SCHEMA … TO …`, or `REVOKE … FROM`.
fn statement(grant: bool, v: &Values, privileges: &[&str]) -> Statement {
    let (verb, to) = if grant { ("GRANT", "TO") } else { ("REVOKE", "FROM") };
    let plural = kind_of(v.str("object_type")).map_or("", |(_, plural, _)| plural);
    let schema = Name::new([v.str("database_name"), v.str("schema_name")]);
    let which = item().word(verb).list(privileges.iter().map(|privilege| item().word(privilege)));
    grantee(which.word("ON ALL").word(plural).word("IN SCHEMA").name(&schema).word(to), v.str("role_name"))
}

/// The privileges that the role has on every object that knows them: of those that the state says, or all. Without such an
/// object nothing that is said is missing.
fn read(found: &Found, read: &mut Value) -> bool {
    let words = match found.key {
        Key::Parts(_) => found.part(2),
        Key::Names(_) => found.prior.get("object_type").as_text().unwrap_or_default(),
    };
    let (Some((kind, _, types)), Some(role)) = (kind_of(words), super::grant::role_id(found, found.prior)) else {
        return false;
    };
    let objects = found.more(2).iter().filter_map(|row| {
        let own = entries(row.get("privileges").unwrap_or_default()).into_iter().filter(|(id, _)| *id == role);
        let own: BTreeSet<&str> = own.flat_map(|(_, letters)| spelt(&letters).collect::<Vec<_>>()).collect();
        Some((row.get("type").filter(|ty| types.contains(ty))?, own))
    });
    let objects: Vec<(&str, BTreeSet<&str>)> = objects.collect();
    let told = found.prior.get("privileges");
    let everywhere = |privilege: &&&str| {
        let knows = |ty: &str| matches!(**privilege, "SELECT" | "USAGE") || ty == "table";
        let mut knowing = objects.iter().filter(|(ty, _)| knows(ty)).peekable();
        let asked = told.items().iter().any(|told| told.as_text() == Some(**privilege));
        (asked || (told.is_null() && knowing.peek().is_some())) && knowing.all(|(_, own)| own.contains(**privilege))
    };
    let common = privileges(kind).0.iter().filter(everywhere);
    let role_name = found.more(1).first().and_then(|row| row.get("name")).unwrap_or("PUBLIC");
    read.set("role_name", Value::text(role_name));
    read.set("object_type", Value::text(words));
    read.set("privileges", Value::List(common.map(|privilege| Value::text(*privilege)).collect()));
    true
}

/// Objects have the privileges of their kind.
fn validate(value: &Value) -> Diagnostics {
    let Some((kind, plural, _)) = value.get("object_type").as_text().and_then(kind_of) else { return Vec::new() };
    let known = privileges(kind).0;
    let given = value.get("privileges");
    let mut out: Vec<String> = given
        .items()
        .iter()
        .filter_map(Value::as_text)
        .filter(|privilege| !known.contains(privilege))
        .map(|privilege| format!("There is no privilege {privilege} on {plural}, only {}.", known.join(", ")))
        .collect();
    if !given.is_null() && !given.is_unknown() && given.items().is_empty() {
        out.push("At least one privilege must be named.".to_owned());
    }
    out.into_iter().map(|detail| Diagnostic::error("Invalid value for privileges", detail).at("privileges")).collect()
}
