//! Default privileges: what is granted on objects that a role will make. The family is rows of one table.

use super::grant::{grantee, holds};
use crate::declare::*;
use crate::diag::Diagnostic;
use crate::sql::{Kind, Name, Statement, item};
use crate::value::Value;

pub const TABLE: Resource = Resource {
    name: "materialize_table_grant_default_privilege",
    kind: Kind::Table,
    scope: Scope::Bare,
    doc: "Grants a privilege on the tables that a role will make, in one schema, one database, or everywhere.",
    attrs: &[
        text("grantee_name")
            .required()
            .checks(scope::IDENTIFIER)
            .column("CASE WHEN p.grantee = 'p' THEN 'PUBLIC' ELSE g.name END")
            .doc("The role that gets the privilege, or `PUBLIC` for all."),
        text("target_role_name")
            .required()
            .checks(scope::IDENTIFIER)
            .column("CASE WHEN p.role_id = 'p' THEN 'PUBLIC' ELSE t.name END")
            .doc("The role whose objects get the privilege, or `PUBLIC` for those of all roles."),
        text("privilege")
            .required()
            .checks(&[Check::OneOf(&["SELECT", "INSERT", "UPDATE", "DELETE"])])
            .doc("The privilege: `SELECT`, `INSERT`, `UPDATE` or `DELETE`."),
        text("database_name")
            .checks(scope::IDENTIFIER)
            .column("d.name")
            .doc("Only for objects in this database. Everywhere if not set."),
        text("schema_name")
            .checks(scope::IDENTIFIER)
            .column("s.name")
            .id_column("s.id")
            .doc("Only for objects in this schema of the database."),
    ],
    rules: &[Rule::Requires("schema_name", &["database_name"])],
    names: &[(Kind::Schema, &["database_name", "schema_name"])],
    lookups: &[Lookup {
        columns: &[
            ("grantee_id", "p.grantee"),
            ("target_id", "p.role_id"),
            ("database_id", "p.database_id"),
            ("schema_id", "p.schema_id"),
            ("privileges", "p.privileges"),
        ],
        from: "mz_catalog.mz_default_privileges p LEFT JOIN mz_catalog.mz_roles g ON g.id = p.grantee LEFT JOIN \
               mz_catalog.mz_roles t ON t.id = p.role_id LEFT JOIN mz_catalog.mz_databases d ON d.id = p.database_id LEFT \
               JOIN mz_catalog.mz_schemas s ON s.id = p.schema_id",
        filter: Some("p.object_type = 'table'"),
        by_key: &["p.grantee", "p.role_id", "COALESCE(p.database_id, '')", "COALESCE(p.schema_id, '')"],
        parts: &[0, 1, 2, 3],
        by_name: &[
            ("CASE WHEN p.grantee = 'p' THEN 'PUBLIC' ELSE g.name END", "grantee_name"),
            ("CASE WHEN p.role_id = 'p' THEN 'PUBLIC' ELSE t.name END", "target_role_name"),
            ("COALESCE(d.name, '')", "database_name"),
            ("COALESCE(s.name, '')", "schema_name"),
        ],
        ..Lookup::NONE
    }],
    id: IdForm {
        parse: |suffix| parse("TABLE", suffix),
        suffix: |found, state| suffix("TABLE", found, state),
        forms: "`<region>:GRANT DEFAULT|<KIND>|<grantee id>|<target role id>|<database id>|<schema id>|<PRIVILEGE>`, \
                with empty ids for a wider scope",
    },
    create: |v| {
        vec![grantee(start(v).word("GRANT").word(v.str("privilege")).word("ON TABLES TO"), v.str("grantee_name"))]
    },
    delete: Some(|v, _| {
        vec![grantee(start(v).word("REVOKE").word(v.str("privilege")).word("ON TABLES FROM"), v.str("grantee_name"))]
    }),
    read,
    ..Resource::NONE
};

/// `ALTER DEFAULT PRIVILEGES FOR … [IN …]`.
fn start(v: &Values) -> Statement {
    let start = item().word("ALTER DEFAULT PRIVILEGES FOR");
    let start = match v.str("target_role_name") {
        "PUBLIC" => start.word("ALL ROLES"),
        role => start.word("ROLE").ident(role),
    };
    match (v.text("database_name"), v.text("schema_name")) {
        (Some(database), Some(schema)) => start.word("IN SCHEMA").name(&Name::new([database, schema])),
        (Some(database), None) => start.word("IN DATABASE").ident(database),
        _ => start,
    }
}

fn parse(kind: &str, suffix: &str) -> Option<Key> {
    match suffix.split('|').collect::<Vec<_>>()[..] {
        ["GRANT DEFAULT", found, grantee, target, database, schema, privilege] if found == kind => {
            Some(Key::Parts([grantee, target, database, schema, privilege].map(str::to_owned).to_vec()))
        }
        _ => None,
    }
}

fn suffix(kind: &str, found: &Found, state: &Value) -> Option<String> {
    let id = |column| found.get(column).unwrap_or_default();
    let scope = format!("{}|{}", id("database_id"), id("schema_id"));
    let privilege = state.get("privilege").as_text()?;
    Some(format!("GRANT DEFAULT|{kind}|{}|{}|{scope}|{privilege}", id("grantee_id"), id("target_id")))
}

fn read(found: &Found, read: &mut Value) -> bool {
    let privilege = match found.key {
        Key::Parts(_) => found.part(4),
        Key::Names(_) => found.prior.get("privilege").as_text().unwrap_or_default(),
    };
    read.set("privilege", Value::text(privilege));
    let believed = ["database_name", "schema_name"].iter().any(|attr| !found.prior.get(attr).is_zero());
    if believed && read.get("database_name").is_null() && read.get("schema_name").is_null() {
        found.warn(Diagnostic::warning(
            "A default privilege is wider than its configuration says",
            "The state names a database or schema, but the privilege that was granted holds everywhere: older providers \
             left the scope out of the statement. Applying revokes it and grants the privilege in its scope alone.",
        ));
    }
    holds(found.get("privileges").unwrap_or_default(), privilege)
}
