//! Grants of a privilege on one object to one role. The family is rows of one table.

use crate::declare::*;
use crate::sql::{Kind, Name, Statement, item};
use crate::value::Value;

/// The privileges and the letters by which `mz_aclitem` shows them.
pub const LETTERS: &[(&str, char)] = &[
    ("SELECT", 'r'),
    ("INSERT", 'a'),
    ("UPDATE", 'w'),
    ("DELETE", 'd'),
    ("USAGE", 'U'),
    ("CREATE", 'C'),
    ("CREATEROLE", 'R'),
    ("CREATEDB", 'B'),
    ("CREATECLUSTER", 'N'),
    ("CREATENETWORKPOLICY", 'P'),
];

/// Whether letters of `mz_aclitem` hold a privilege.
pub fn holds(letters: &str, privilege: &str) -> bool {
    LETTERS.iter().any(|(name, letter)| *name == privilege && letters.contains(*letter))
}

/// Whether an array of `mz_aclitem` (`{u2=r/u1,=U/s1}`) gives a role, by id, a privilege. PUBLIC's id is `p`, shown as
/// nothing.
pub fn granted(acl: &str, role: &str, privilege: &str) -> bool {
    let role = if role == "p" { "" } else { role };
    crate::sql::array_items(acl).iter().any(|entry| {
        let (grantee, rest) = entry.split_once('=').unwrap_or_default();
        let letters = rest.split('/').next().unwrap_or_default();
        grantee == role && holds(letters, privilege)
    })
}

/// A role in a GRANT: PUBLIC is a keyword, not a name.
pub fn grantee(statement: Statement, role: &str) -> Statement {
    if role == "PUBLIC" { statement.word("PUBLIC") } else { statement.ident(role) }
}

pub const ROLE_NAME: Attr = text("role_name")
    .required()
    .checks(scope::IDENTIFIER)
    .doc("The role that gets the privilege, or `PUBLIC` for all.");

/// The lookup of the role, by id or name.
pub const ROLES: Lookup = Lookup {
    columns: &[("id", "r.id"), ("name", "r.name")],
    from: "mz_catalog.mz_roles r",
    by_key: &["r.id"],
    parts: &[1],
    by_name: &[("r.name", "role_name")],
    ..Lookup::NONE
};

pub const TABLE: Resource = Resource {
    name: "materialize_table_grant",
    kind: Kind::Table,
    scope: Scope::Bare,
    doc: "Grants a privilege on a table to a role. A revocation made elsewhere shows in the next plan.",
    attrs: &[
        ROLE_NAME,
        text("privilege")
            .required()
            .checks(&[Check::OneOf(&["SELECT", "INSERT", "UPDATE", "DELETE"])])
            .doc("The privilege: `SELECT`, `INSERT`, `UPDATE` or `DELETE`."),
        text("database_name").required().checks(scope::IDENTIFIER).column("d.name").doc("The table's database."),
        text("schema_name").required().checks(scope::IDENTIFIER).column("s.name").doc("The table's schema."),
        text("table_name").required().checks(scope::IDENTIFIER).column("o.name").id_column("o.id").doc("The table."),
    ],
    names: &[(Kind::Table, &["database_name", "schema_name", "table_name"])],
    lookups: &[
        Lookup {
            columns: &[("id", "o.id"), ("privileges", "o.privileges")],
            from: "mz_catalog.mz_tables o JOIN mz_catalog.mz_schemas s ON s.id = o.schema_id JOIN mz_catalog.mz_databases d \
                   ON d.id = s.database_id",
            by_name: &[("d.name", "database_name"), ("s.name", "schema_name"), ("o.name", "table_name")],
            ..Lookup::NONE
        },
        ROLES,
    ],
    id: IdForm {
        parse: |suffix| parse("TABLE", suffix),
        suffix: |found, state| suffix("TABLE", found, state),
        forms: FORMS,
    },
    create: |v| vec![grantee(item().word("GRANT").then(on_object(v)).word("TO"), v.str("role_name"))],
    delete: Some(|v, _| vec![grantee(item().word("REVOKE").then(on_object(v)).word("FROM"), v.str("role_name"))]),
    read,
    ..Resource::NONE
};

const FORMS: &str = "`<region>:GRANT|<KIND>|<object id>|<role id>|<PRIVILEGE>`";

fn on_object(v: &Values) -> Statement {
    let name = Name::new([v.str("database_name"), v.str("schema_name"), v.str("table_name")]);
    item().word(v.str("privilege")).word("ON TABLE").name(&name)
}

fn parse(kind: &str, suffix: &str) -> Option<Key> {
    match suffix.split('|').collect::<Vec<_>>()[..] {
        ["GRANT", found, object, role, privilege] if found == kind => {
            Some(Key::Parts([object, role, privilege].map(str::to_owned).to_vec()))
        }
        _ => None,
    }
}

fn suffix(kind: &str, found: &Found, state: &Value) -> Option<String> {
    let role = role_id(found, state)?;
    Some(format!("GRANT|{kind}|{}|{role}|{}", found.id(), state.get("privilege").as_text()?))
}

fn role_id(found: &Found, state: &Value) -> Option<String> {
    match found.more(1).first() {
        Some(row) => row.get("id").map(str::to_owned),
        None => (found.part(1) == "p" || state.get("role_name").as_text() == Some("PUBLIC")).then(|| "p".to_owned()),
    }
}

/// The privilege counts only if the server shows it: one that was revoked is gone.
fn read(found: &Found, read: &mut Value) -> bool {
    let privilege = match found.key {
        Key::Parts(_) => found.part(2),
        Key::Names(_) => found.prior.get("privilege").as_text().unwrap_or_default(),
    };
    let Some(role) = role_id(found, found.prior) else { return false };
    let name = found.more(1).first().and_then(|row| row.get("name")).unwrap_or("PUBLIC");
    read.set("role_name", Value::text(name));
    read.set("privilege", Value::text(privilege));
    granted(found.get("privileges").unwrap_or_default(), &role, privilege)
}
