//! Default privileges: what is granted on objects that a role will make. The family is rows of one table.

use super::grant::{grantee, is_users, privileges, spelt};
use crate::catalog::Row;
use crate::declare::*;
use crate::diag::Diagnostic;
use crate::sql::{Kind, Name, Statement, item};
use crate::value::Value;

const GRANTEE: Attr = identifier("grantee_name")
    .required()
    .column("CASE WHEN p.grantee = 'p' THEN 'PUBLIC' ELSE g.name END")
    .doc("The role that gets the privilege, or `PUBLIC` for all.");

const TARGET: Attr = identifier("target_role_name")
    .required()
    .column("CASE WHEN p.role_id = 'p' THEN 'PUBLIC' ELSE t.name END")
    .doc("The role whose objects get the privilege, or `PUBLIC` for those of all roles.");

const DATABASE_NAME: Attr =
    identifier("database_name").column("d.name").doc("Only for objects in this database. Everywhere if not set.");

const SCHEMA_NAME: Attr = identifier("schema_name")
    .column("s.name")
    .id_column("s.id")
    .doc("Only for objects in this schema of the database.");

/// Default privileges on one kind of objects each: the scopes that they may be limited to, the kind and its word, and what
/// they hold for besides.
macro_rules! default_privileges {
    ($($resource:ident = $scope:ident: $kind:ident $noun:literal $more:literal;)+) => {
        $(pub const $resource: Resource = default_privileges!($scope $kind $noun $more);)+
    };
    (anywhere $kind:ident $noun:literal $more:literal) => { default_privileges!(@ $kind $noun $more) };
    (database $kind:ident $noun:literal $more:literal) => {
        default_privileges!(@ $kind $noun $more DATABASE_NAME "database_name" "COALESCE(d.name, '')")
    };
    (schema $kind:ident $noun:literal $more:literal) => {
        Resource {
            rules: &[Rule::Requires(&["schema_name"], &["database_name"])],
            names: |_| vec![(Kind::Schema, &["database_name", "schema_name"])],
            ..default_privileges!(@ $kind $noun $more
                DATABASE_NAME "database_name" "COALESCE(d.name, '')", SCHEMA_NAME "schema_name" "COALESCE(s.name, '')")
        }
    };
    (@ $kind:ident $noun:literal $more:literal $($attr:ident $name:literal $column:literal),*) => {
        Resource {
            name: concat!("materialize_", $noun, "_grant_default_privilege"),
            kind: Kind::$kind,
            doc: concat!("Grants a privilege on each ", $noun, " that a role makes from then on", $more, ". What it has made \
                before is left as it is."),
            attrs: &[
                GRANTEE,
                TARGET,
                text("privilege")
                    .required()
                    .one_of(privileges(Kind::$kind).0)
                    .doc(privileges(Kind::$kind).1),
                $($attr),*
            ],
            stands_on: |v| v.text("database_name").map(|name| (Kind::Database, Name::new([name]))).into_iter().collect(),
            lookups: &[Lookup {
                columns: &[
                    ("grantee_id", "p.grantee"),
                    ("target_id", "p.role_id"),
                    ("database_id", "p.database_id"),
                    ("schema_id", "p.schema_id"),
                    ("privileges", "p.privileges"),
                ],
                from: "mz_catalog.mz_default_privileges p LEFT JOIN mz_catalog.mz_roles g ON g.id = p.grantee LEFT JOIN \
                       mz_catalog.mz_roles t ON t.id = p.role_id LEFT JOIN mz_catalog.mz_databases d ON d.id = \
                       p.database_id LEFT JOIN mz_catalog.mz_schemas s ON s.id = p.schema_id",
                filter: Some(concat!("p.object_type = '", $noun, "'")),
                by_key: &["p.grantee", "p.role_id", "COALESCE(p.database_id, '')", "COALESCE(p.schema_id, '')"],
                parts: &[0, 1, 2, 3],
                by_name: &[
                    ("CASE WHEN p.grantee = 'p' THEN 'PUBLIC' ELSE g.name END", "grantee_name"),
                    ("CASE WHEN p.role_id = 'p' THEN 'PUBLIC' ELSE t.name END", "target_role_name"),
                    $(($column, $name)),*
                ],
                ..Lookup::NONE
            }],
            id: IdForm {
                parse: |suffix| Key::behind(&format!("GRANT DEFAULT|{}", Kind::$kind.words()), 5, suffix),
                suffix: |found, state| suffix(Kind::$kind, found, state),
                forms: "`<region>:GRANT DEFAULT|<KIND>|<grantee id>|<target role id>|<database id>|<schema id>|<PRIVILEGE>`, \
                        with empty ids for a wider scope, and `p` as the id of `PUBLIC`",
                named: &[&["grantee_name"], &["target_role_name"], $(&[$name],)* &["privilege"]],
            },
            listed: Some(listed),
            create: |_, v| vec![statement(true, v, Kind::$kind)],
            delete: Some(|v, _| vec![statement(false, v, Kind::$kind)]),
            there: |found| {
                let privilege = found.told(4, "privilege");
                spelt(found.get("privileges").unwrap_or_default()).any(|spelt| spelt == privilege)
            },
            read,
            ..Resource::NONE
        }
    };
}

default_privileges! {
    CLUSTER = anywhere: Cluster "cluster" "";
    CONNECTION = schema: Connection "connection" "";
    DATABASE = anywhere: Database "database" "";
    SCHEMA = database: Schema "schema" "";
    SECRET = schema: Secret "secret" "";
    TABLE = schema: Table "table" ", and on each view, materialized view and source";
    TYPE = schema: Type "type" "";
}

/// `ALTER DEFAULT PRIVILEGES FOR … [IN …] GRANT … ON … TO …`, or `REVOKE … FROM …`.
fn statement(grant: bool, v: &Values, kind: Kind) -> Statement {
    let start = item().word("ALTER DEFAULT PRIVILEGES FOR");
    let start = match v.str("target_role_name") {
        "PUBLIC" => start.word("ALL ROLES"),
        role => start.word("ROLE").ident(role),
    };
    let start = match (v.text("database_name"), v.text("schema_name")) {
        (Some(database), Some(schema)) => start.word("IN SCHEMA").name(&Name::new([database, schema])),
        (Some(database), None) => start.word("IN DATABASE").ident(database),
        _ => start,
    };
    let (verb, to) = if grant { ("GRANT", "TO") } else { ("REVOKE", "FROM") };
    let objects = format!("{}S", kind.words());
    let what = start.word(verb).word(v.str("privilege")).word("ON").word(&objects).word(to);
    grantee(what, v.str("grantee_name"))
}

fn listed(row: &Row) -> Vec<Parts> {
    let ids = ["grantee_id", "target_id", "database_id", "schema_id"].map(|id| row.get(id).unwrap_or_default());
    let letters = row.get("privileges").filter(|_| ids[..2].iter().all(|role| is_users(role))).unwrap_or_default();
    let key = |privilege| ids.iter().chain([&privilege]).map(|part| (*part).to_owned()).collect();
    spelt(letters).map(key).collect()
}

fn suffix(kind: Kind, found: &Found, state: &Value) -> Option<String> {
    let id = |column| found.get(column).unwrap_or_default();
    let (kind, privilege) = (kind.words(), state.get("privilege").as_text()?);
    let ids = ["grantee_id", "target_id", "database_id", "schema_id"].map(id).join("|");
    Some(format!("GRANT DEFAULT|{kind}|{ids}|{privilege}"))
}

fn read(found: &Found, read: &mut Value) {
    read.set("privilege", Value::text(found.told(4, "privilege")));
    let believed = ["database_name", "schema_name"].iter().any(|attr| !found.prior.get(attr).is_zero());
    if believed && read.get("database_name").is_null() && read.get("schema_name").is_null() {
        found.warn(Diagnostic::warning(
            "A default privilege is wider than its configuration says",
            "The state names a database or schema, but the privilege that was granted holds everywhere: older providers \
             left the scope out of the statement. Applying revokes it and grants the privilege in its scope alone.",
        ));
    }
}
