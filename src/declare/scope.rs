//! Scopes: what resources of the same level share: names, ids, owner, comment, and how they are found.

use super::attr::*;
use super::{Check, Form, IdForm, Key, Values};
use crate::sql::{Kind, Name, Statement, item};
use crate::value::Value;

/// Where an object lives, which decides its common attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Not an object of its own (a grant, a parameter): only `id` and `region`.
    Bare,
    /// In the environment itself, by one name.
    Environment,
    /// In a database: a schema.
    Database,
    /// In a schema, with a name of three parts.
    Schema,
    /// In a cluster: a replica.
    Cluster,
    /// Beside another object, whose schema it shares: an index.
    Object,
}

/// What an identifier may be: not empty, and not longer than Materialize allows.
pub const IDENTIFIER: Check = Check::Length(1, 255);
const COMMENT_LENGTH: Check = Check::Length(0, 1024);

pub const ID: Attr = text("id").computed().doc("The id of the object in Terraform: the region and the catalog id.");
pub const REMOTE_ID: Attr = text("id").computed().doc("The id that the service gave it.");
pub const REGION: Attr = text("region").or_server().same(or_empty).doc(
    "The region in which the object lives; the provider's default region if not set. Always `self-hosted` where the \
     provider is given a `host`.",
);
pub const NAME: Attr = identifier("name").required().column("o.name").doc("The name.");
pub const COMMENT: Attr =
    text("comment").check(COMMENT_LENGTH).column("k.comment").doc("A comment, shown by Materialize with the object.");
pub const OWNER: Attr = identifier("ownership_role").or_server().column("w.name").refers(Kind::Role).doc(
    "The role that owns the object. If not set it is the role that creates it, and a later change of the owner is left alone.",
);
pub const QUALIFIED: Attr =
    text("qualified_sql_name").computed().doc("The full name with every part quoted, ready to be put into a query.");
pub const DATABASE_NAME: Attr = identifier("database_name")
    .default(Default::Env("MZ_DATABASE", "materialize"))
    .column("d.name")
    .doc("The database. If not set, the environment variable `MZ_DATABASE`, or else `materialize`.");
pub const SCHEMA_NAME: Attr =
    identifier("schema_name").default(Default::Text("public")).column("s.name").id_column("s.id").doc("The schema.");

/// Texts one of which is empty, which means whatever the other says.
fn or_empty(a: &Value, b: &Value) -> bool {
    [a, b].iter().any(|value| value.as_text() == Some(""))
}

/// Whether the id names the object by name.
pub const IDENTIFY_BY_NAME: Attr =
    boolean("identify_by_name").default(Default::Bool(false)).stored("it only decides how the id is written").doc(
        "Whether the object is found by its name instead of its catalog id, \
          for one that something else swaps with another.",
    );

/// Kept for configurations that still have it: every size has a disk.
pub const DISK: Attr = boolean("disk")
    .or_server()
    .column("o.disk")
    .same(super::same::always)
    .stored("every size has a disk, and Materialize ignores the option")
    .deprecated("Every size has a disk.")
    .doc("Ignored.");

/// An interval as Materialize writes it.
pub const INTERVAL: Check =
    Check::Text(|text| super::same::interval_micros(text).is_some(), "an interval such as \"1s\" or \"10 minutes\"");

/// How long a relation's past can be queried.
pub const RETAIN_HISTORY: Attr =
    interval("retain_history").option("RETAIN HISTORY").form(Form::Behind("FOR")).within("WITH").doc(
        "How long the past is kept for queries and subscriptions, such as \"2 days\". The server decides if not set.",
    );

/// By which columns a relation's data are kept together.
pub const PARTITION_BY: Attr = texts("partition_by")
    .no_empty()
    .option("PARTITION BY")
    .form(Form::Names)
    .within("WITH")
    .doc("The first columns, in order, by which the data are kept together.");

/// Whether a connection is tried out when it is made or changed.
pub const VALIDATE: Attr = boolean("validate")
    .default(Default::Bool(true))
    .stored("it only says how other changes are made")
    .doc("Whether Materialize tries the connection out when it is made or changed.");

/// `WITH (VALIDATE = FALSE)`, unless the connection is to be tried out.
pub fn with_validate(statement: Statement, v: &Values) -> Statement {
    let option = item().word("VALIDATE").symbol("=").word("FALSE");
    statement.when(v.bool("validate") == Some(false), |s| s.word("WITH").group([option]))
}

/// The attributes of a block that names an object in a schema.
pub const REFERENCE: &[Attr] = &[
    identifier("name").required().doc("The object's name."),
    identifier("schema_name").default(Default::Text("public")).doc("The object's schema."),
    identifier("database_name")
        .default(Default::Env("MZ_DATABASE", "materialize"))
        .doc("The object's database. If not set, the environment variable `MZ_DATABASE`, or else `materialize`."),
];

/// `<region>:u7`, or `u7` in an import.
pub const OBJECT_ID: IdForm = IdForm {
    parse: |suffix| catalog_id(suffix).map(|id| Key::Parts(vec![id])),
    suffix: |found, _| Some(found.id().to_owned()),
    forms: "`<region>:<catalog id>`, for example `self-hosted:u7`, or the catalog id alone",
    named: &[],
};

/// What is behind the region of an id, without the `id:` that some have there, which says nothing more.
pub fn bare_suffix(suffix: &str) -> &str {
    suffix.strip_prefix("id:").unwrap_or(suffix)
}

/// A catalog id such as `u7`, with or without `id:` before it.
pub fn catalog_id(suffix: &str) -> Option<String> {
    let id = bare_suffix(suffix);
    let digits = id.strip_prefix("si").or_else(|| id.strip_prefix(['u', 's', 'g', 't']))?;
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| id.to_owned())
}

impl Scope {
    /// The attributes that every resource of this scope has, before the resource's own. An attribute of the
    /// resource with the same name takes the place of the scope's.
    pub fn attrs(self, kind: Kind) -> Vec<Attr> {
        let mut attrs = vec![ID];
        match self {
            Scope::Bare => {}
            Scope::Environment => attrs.extend([NAME, COMMENT]),
            Scope::Database => attrs.extend([NAME, DATABASE_NAME, COMMENT, QUALIFIED]),
            Scope::Schema => attrs.extend([NAME, SCHEMA_NAME, DATABASE_NAME, COMMENT, QUALIFIED]),
            Scope::Cluster => attrs.extend([NAME, COMMENT]),
            Scope::Object => attrs.extend([COMMENT, QUALIFIED]),
        }
        if self.has_owner(kind) {
            attrs.push(OWNER);
        }
        attrs.push(REGION);
        attrs
    }

    /// Whether objects of this kind have an owner of their own: roles have none, an index has that of its relation.
    pub fn has_owner(self, kind: Kind) -> bool {
        match self {
            Scope::Bare | Scope::Object => false,
            Scope::Environment => kind != Kind::Role,
            Scope::Database | Scope::Schema | Scope::Cluster => true,
        }
    }

    /// The joins that the scope adds to a lookup of relation alias `o`.
    pub fn joins(self, kind: Kind) -> String {
        let mut joins = String::new();
        if self == Scope::Schema {
            joins.push_str(" JOIN mz_catalog.mz_schemas s ON s.id = o.schema_id");
        }
        if self == Scope::Schema || (self == Scope::Database && kind == Kind::Schema) {
            let on = if self == Scope::Schema { "s" } else { "o" };
            joins.push_str(&format!(" JOIN mz_catalog.mz_databases d ON d.id = {on}.database_id"));
        }
        if self.has_owner(kind) {
            joins.push_str(" LEFT JOIN mz_catalog.mz_roles w ON w.id = o.owner_id");
        }
        if self != Scope::Bare {
            joins.push_str(&format!(
                " LEFT JOIN (SELECT id, comment FROM mz_internal.mz_comments WHERE object_type = '{}' AND object_sub_id \
                 IS NULL) k ON k.id = o.id",
                kind.catalog_name()
            ));
        }
        joins
    }

    /// See [`super::Resource::names`].
    pub fn names(self) -> &'static [super::Spread] {
        match self {
            Scope::Schema => &[(Kind::Schema, &["database_name", "schema_name"])],
            _ => &[],
        }
    }

    /// How an object of this scope is found by its natural name.
    pub fn by_name(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Scope::Bare => &[],
            Scope::Environment => &[("o.name", "name")],
            Scope::Database => &[("d.name", "database_name"), ("o.name", "name")],
            Scope::Schema | Scope::Object => {
                &[("d.name", "database_name"), ("s.name", "schema_name"), ("o.name", "name")]
            }
            Scope::Cluster => &[("c.name", "cluster_name"), ("o.name", "name")],
        }
    }

    /// The full name of the object with these values.
    pub fn name_of(self, values: &Values) -> Name {
        match self {
            Scope::Bare | Scope::Environment => Name::new([values.str("name")]),
            Scope::Database => Name::new([values.str("database_name"), values.str("name")]),
            Scope::Schema | Scope::Object => {
                Name::new([values.str("database_name"), values.str("schema_name"), values.str("name")])
            }
            Scope::Cluster => Name::new([values.str("cluster_name"), values.str("name")]),
        }
    }
}

/// The name of the object with these values, or `None` while a part is unknown.
pub fn known_name(scope: Scope, value: &Value) -> Option<Name> {
    let values = Values::new(value, &Value::Null);
    let parts: &[&str] = match scope {
        Scope::Bare | Scope::Environment => &["name"],
        Scope::Cluster => &["cluster_name", "name"],
        Scope::Database => &["database_name", "name"],
        Scope::Schema | Scope::Object => &["database_name", "schema_name", "name"],
    };
    (!parts.iter().any(|part| value.get(part).is_unknown())).then(|| scope.name_of(&values))
}

/// The suffix of the id of an object that may be identified by name: `name:…` where `identify_by_name` is set.
pub fn id_or_name(state: &Value, name: String, id: String) -> String {
    if state.get("identify_by_name").as_bool() == Some(true) { format!("name:{name}") } else { id }
}

/// Plans the id of an object that may be identified by name: it changes with the name only if it holds it.
pub fn plan_id(prior: &Value, planned: &mut Value, name: fn(&Value) -> String) {
    let by_name = |value: &Value| value.get("identify_by_name").as_bool() == Some(true);
    let changes = by_name(prior) != by_name(planned) || (by_name(planned) && name(prior) != name(planned));
    if !prior.is_null() && changes {
        planned.set("id", Value::Unknown);
    }
}
