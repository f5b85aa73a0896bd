//! Grants of a privilege on one object to one role. The family is rows of one table.

use std::collections::BTreeMap;

use crate::catalog::Row;
use crate::declare::*;
use crate::sql::{Kind, Name, Statement, item};
use crate::value::Value;

/// The privileges and the letters by which `mz_aclitem` shows them.
const LETTERS: &[(&str, char)] = &[
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

/// The privileges that there are on a kind of object, and the sentence that says so.
pub const fn privileges(kind: Kind) -> (&'static [&'static str], &'static str) {
    match kind {
        Kind::Cluster | Kind::Database | Kind::Schema => (&["USAGE", "CREATE"], "The privilege: `USAGE` or `CREATE`."),
        Kind::Table => {
            let doc = "The privilege: `SELECT`, `INSERT`, `UPDATE` or `DELETE`.";
            (&["SELECT", "INSERT", "UPDATE", "DELETE"], doc)
        }
        Kind::View | Kind::MaterializedView | Kind::Source => (&["SELECT"], "The privilege: `SELECT`."),
        Kind::System => {
            let doc = "The privilege: `CREATEROLE`, `CREATEDB`, `CREATECLUSTER` or `CREATENETWORKPOLICY`.";
            (&["CREATEROLE", "CREATEDB", "CREATECLUSTER", "CREATENETWORKPOLICY"], doc)
        }
        _ => (&["USAGE"], "The privilege: `USAGE`."),
    }
}

/// The privileges for which these letters of `mz_aclitem` stand.
pub fn spelt(letters: &str) -> impl Iterator<Item = &'static str> {
    LETTERS.iter().filter(|(_, letter)| letters.contains(*letter)).map(|(name, _)| *name)
}

/// The grantees of an array of `mz_aclitem` (`{u2=r/u1,=U/s1}`) by id, and their letters. PUBLIC's id is `p`, shown as
/// nothing.
pub fn entries(acl: &str) -> Vec<(String, String)> {
    let entry = |entry: String| {
        let (grantee, rest) = entry.split_once('=').unwrap_or_default();
        let letters = rest.split('/').next().unwrap_or_default();
        (if grantee.is_empty() { "p" } else { grantee }.to_owned(), letters.to_owned())
    };
    crate::sql::array_items(acl).into_iter().map(entry).collect()
}

/// `TO` or `FROM` a role: PUBLIC is a keyword, not a name.
pub fn grantee(statement: Statement, role: &str) -> Statement {
    if role == "PUBLIC" { statement.word("PUBLIC") } else { statement.ident(role) }
}

/// `GRANT privileges ON object TO role`, or `REVOKE privileges ON object FROM role`. In this statement all relations are
/// tables.
pub fn statement(grant: bool, privileges: &[&str], (kind, name): (Kind, &Name), role: &str) -> Statement {
    let (verb, to) = if grant { ("GRANT", "TO") } else { ("REVOKE", "FROM") };
    let on = match kind {
        Kind::View | Kind::MaterializedView | Kind::Source => Kind::Table,
        kind => kind,
    };
    let start = item().word(verb).list(privileges.iter().map(|privilege| item().word(privilege)));
    let start = start.word("ON").word(on.words()).when(!name.parts.is_empty(), |s| s.name(name));
    grantee(start.word(to), role)
}

pub const ROLE_NAME: Attr =
    identifier("role_name").required().doc("The role that gets the privilege, or `PUBLIC` for all.");

/// The lookup of the role, by id or name.
pub const ROLES: Lookup = Lookup {
    columns: &[("id", "r.id"), ("name", "r.name")],
    from: "mz_catalog.mz_roles r",
    by_key: &["r.id"],
    parts: &[1],
    by_name: &[("r.name", "role_name")],
    ..Lookup::NONE
};

/// The lookup of all roles: a part that no key has is empty.
pub const ALL_ROLES: Lookup = Lookup {
    columns: &[("id", "r.id"), ("name", "r.name")],
    from: "mz_catalog.mz_roles r",
    by_key: &["''"],
    parts: &[usize::MAX],
    ..Lookup::NONE
};

/// Roles that [`ALL_ROLES`] found: names by ids.
pub fn role_names(rows: &[Row]) -> BTreeMap<&str, &str> {
    rows.iter().filter_map(|row| Some((row.get("id")?, row.get("name")?))).collect()
}

/// Grants on one kind of object each: where such an object lives, its kind, the kind in the names of types, relations and
/// attributes, and in words.
macro_rules! grants {
    ($($resource:ident = $place:ident: $kind:ident $word:literal $noun:literal;)+) => {
        $(pub const $resource: Resource = grants!($place $kind $word $noun);)+
    };
    (environment $kind:ident $word:literal $noun:literal) => {
        grants!(@ $kind $word $noun, "", [concat!($word, "_name") => "o" $noun])
    };
    (database $kind:ident $word:literal $noun:literal) => {
        grants!(@ $kind $word $noun, " JOIN mz_catalog.mz_databases d ON d.id = o.database_id",
            ["database_name" => "d" "database", concat!($word, "_name") => "o" $noun])
    };
    (schema $kind:ident $word:literal $noun:literal) => {
        grants!(@ $kind $word $noun, " JOIN mz_catalog.mz_schemas s ON s.id = o.schema_id JOIN mz_catalog.mz_databases d ON \
            d.id = s.database_id",
            ["database_name" => "d" "database", "schema_name" => "s" "schema", concat!($word, "_name") => "o" $noun])
    };
    (@ $kind:ident $word:literal $noun:literal, $joins:literal, [$($attr:expr => $alias:literal $what:literal),+]) => {
        Resource {
            name: concat!("materialize_", $word, "_grant"),
            kind: Kind::$kind,
            doc: concat!("Grants a privilege on one ", $noun, " to a role. A revocation made elsewhere shows in the next \
                plan; what others are granted is left alone. For one ", $noun, " use either this or `materialize_grants`, \
                which owns all its privileges, not both."),
            attrs: &[
                ROLE_NAME,
                text("privilege")
                    .required()
                    .one_of(privileges(Kind::$kind).0)
                    .doc(privileges(Kind::$kind).1),
                $(identifier($attr)
                    .required()
                    .column(concat!($alias, ".name"))
                    .id_column(concat!($alias, ".id"))
                    .doc(concat!("The name of the ", $what, ".")),)+
            ],
            names: |_| vec![(Kind::$kind, &[$($attr),+])],
            lookups: &[
                Lookup {
                    columns: &[("id", "o.id"), ("owner_id", "o.owner_id"), ("privileges", "o.privileges::text")],
                    from: concat!("mz_catalog.mz_", $word, "s o", $joins),
                    by_name: &[$((concat!($alias, ".name"), $attr)),+],
                    ..Lookup::NONE
                },
                ROLES,
            ],
            id: IdForm {
                parse: |suffix| Key::behind(&format!("GRANT|{}", Kind::$kind.words()), 3, suffix),
                suffix: |found, state| suffix(Kind::$kind, found, state),
                forms: "`<region>:GRANT|<KIND>|<object id>|<role id>|<PRIVILEGE>`, where the role id of `PUBLIC` is `p`",
                named: &[&[$($attr),+], &["role_name"], &["privilege"]],
            },
            listed: Some(listed),
            // A view that took another's place has a new id, and the privileges that the other had.
            replaceable: matches!(Kind::$kind, Kind::View | Kind::MaterializedView),
            create: |_, v| vec![one(true, v, Kind::$kind, &[$($attr),+])],
            delete: Some(|v, _| vec![one(false, v, Kind::$kind, &[$($attr),+])]),
            there,
            read,
            ..Resource::NONE
        }
    };
}

grants! {
    CLUSTER = environment: Cluster "cluster" "cluster";
    CONNECTION = schema: Connection "connection" "connection";
    DATABASE = environment: Database "database" "database";
    MATERIALIZED_VIEW = schema: MaterializedView "materialized_view" "materialized view";
    SCHEMA = database: Schema "schema" "schema";
    SECRET = schema: Secret "secret" "secret";
    SOURCE = schema: Source "source" "source";
    TABLE = schema: Table "table" "table";
    TYPE = schema: Type "type" "type";
    VIEW = schema: View "view" "view";
}

/// Privileges on the system have no object, and their relation shows names.
pub const SYSTEM: Resource = Resource {
    name: "materialize_grant_system_privilege",
    kind: Kind::System,
    doc: "Grants a privilege on the system, such as to create databases, to a role. A revocation made elsewhere shows in the \
          next plan; what others are granted is left alone. Use either this or `materialize_grants` of the object type \
          `SYSTEM`, which owns all its privileges, not both.",
    attrs: &[
        ROLE_NAME.column("p.grantee"),
        text("privilege")
            .required()
            .one_of(privileges(Kind::System).0)
            .column("p.privilege_type")
            .doc(privileges(Kind::System).1),
    ],
    lookups: &[Lookup {
        columns: &[("role_id", "COALESCE(r.id, 'p')")],
        from: "mz_internal.mz_show_system_privileges p LEFT JOIN mz_catalog.mz_roles r ON r.name = p.grantee",
        by_key: &["COALESCE(r.id, 'p')", "p.privilege_type"],
        parts: &[0, 1],
        by_name: &[("p.grantee", "role_name"), ("p.privilege_type", "privilege")],
        ..Lookup::NONE
    }],
    id: IdForm {
        parse: |suffix| Key::behind("GRANT SYSTEM", 2, suffix),
        suffix: |found, state| {
            Some(format!("GRANT SYSTEM|{}|{}", found.get("role_id")?, state.get("privilege").as_text()?))
        },
        forms: "`<region>:GRANT SYSTEM|<role id>|<PRIVILEGE>`, where the role id of `PUBLIC` is `p`",
        named: &[&["role_name"], &["privilege"]],
    },
    listed: Some(|row| row.parts(&["role_id", "privilege"]).filter(|key| is_users(&key[0])).into_iter().collect()),
    create: |_, v| vec![one(true, v, Kind::System, &[])],
    delete: Some(|v, _| vec![one(false, v, Kind::System, &[])]),
    ..Resource::NONE
};

/// Grants or revokes the one privilege, on the object that these attributes name.
fn one(grant: bool, v: &Values, kind: Kind, name: &[&str]) -> Statement {
    let name = Name::new(name.iter().map(|attr| v.str(attr)));
    statement(grant, &[v.str("privilege")], (kind, &name), v.str("role_name"))
}

/// The privileges on a user's object, but for those of its owner and of the system's own roles: nobody granted them.
fn listed(row: &Row) -> Vec<Parts> {
    let Some(object) = row.get("id").filter(|id| id.starts_with('u')) else { return Vec::new() };
    let granted = entries(row.get("privileges").unwrap_or_default());
    let granted = granted.iter().filter(|(role, _)| is_users(role) && row.get("owner_id") != Some(role));
    let keys = granted.flat_map(|(role, letters)| {
        spelt(letters).map(|privilege| [object, role, privilege].map(str::to_owned).to_vec())
    });
    keys.collect()
}

/// Whether this is the id of a user's role, or of PUBLIC.
pub fn is_users(role: &str) -> bool {
    role.starts_with(['u', 'p'])
}

fn suffix(kind: Kind, found: &Found, state: &Value) -> Option<String> {
    let (role, privilege) = (role_id(found, state)?, state.get("privilege").as_text()?);
    Some(format!("GRANT|{}|{}|{role}|{privilege}", kind.words(), found.id()))
}

/// The id of the role: `p` of PUBLIC. `None`: there is no such role.
pub fn role_id(found: &Found, state: &Value) -> Option<String> {
    match found.more(1).first() {
        Some(row) => row.get("id").map(str::to_owned),
        None => (found.part(1) == "p" || state.get("role_name").as_text() == Some("PUBLIC")).then(|| "p".to_owned()),
    }
}

/// The privilege counts only if the server shows it: one that was revoked is gone.
fn there(found: &Found) -> bool {
    let shows = |role: String| shows(found.get("privileges"), &role, found.told(2, "privilege"));
    role_id(found, found.prior).is_some_and(shows)
}

fn read(found: &Found, read: &mut Value) {
    read.set("role_name", Value::text(role_name(found)));
    read.set("privilege", Value::text(found.told(2, "privilege")));
}

/// The name of the role that [`ROLES`] found.
pub fn role_name<'a>(found: &'a Found) -> &'a str {
    found.more(1).first().and_then(|row| row.get("name")).unwrap_or("PUBLIC")
}

/// Whether an array of `mz_aclitem` has the privilege for the role with this id.
pub fn shows(acl: Option<&str>, role: &str, privilege: &str) -> bool {
    let entries = entries(acl.unwrap_or_default());
    entries.iter().any(|(grantee, letters)| grantee == role && spelt(letters).any(|spelt| spelt == privilege))
}
