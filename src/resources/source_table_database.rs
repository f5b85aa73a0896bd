//! Tables from database sources: `materialize_source_table_postgres`, `…_mysql` and `…_sqlserver`. Rows of one family.

use super::source_table::{self, *};
use crate::declare::*;
use crate::sql::Kind;
use crate::value::Value;

const COLUMNS: Attr = texts("").no_empty().same(same::members).option("TEXT COLUMNS").form(Form::Names).within("WITH");
const TEXT_COLUMNS: Attr = Attr { name: "text_columns", ..COLUMNS }
    .doc("The columns to read as text; needed for types that Materialize does not have.");
const EXCLUDE_COLUMNS: Attr = Attr { name: "exclude_columns", ..COLUMNS }
    .option("EXCLUDE COLUMNS")
    .form(Form::Names)
    .within("WITH")
    .doc("The columns to leave out.");

const ATTRS: &[Attr] = &[
    SOURCE,
    UPSTREAM_NAME.required(),
    UPSTREAM_SCHEMA_NAME,
    TEXT_COLUMNS,
    EXCLUDE_COLUMNS,
    scope::PARTITION_BY,
    scope::RETAIN_HISTORY,
];

const FAMILY: Resource = Resource {
    kind: Kind::Table,
    scope: Scope::Schema,
    attrs: ATTRS,
    lookups: &[MAIN],
    columns: true,
    create: |_, v| vec![source_table::create(v).then(with_options(ATTRS, v))],
    alters: &[OPTIONS],
    read: |found, read| {
        read_reference(found, read);
        for attr in ["text_columns", "exclude_columns"] {
            let columns = same::unquoted(found.prior.get(attr), read.get(attr).clone());
            read.set(attr, if columns.is_null() { Value::list([]) } else { columns });
        }
    },
    ..Resource::NONE
};

macro_rules! tables {
    ($($id:ident $name:literal $database:literal $source:literal $type:literal;)+) => {$(
        pub const $id: Resource = Resource {
            name: $name,
            doc: concat!("A table of a ", $database, " database, read through a `", $source, "`. A change of what it reads \
                replaces it, and it is read again."),
            there: |found| found.get("source_type") == Some($type),
            ..FAMILY
        };
    )+};
}

tables! {
    SOURCE_TABLE_MYSQL "materialize_source_table_mysql" "MySQL" "materialize_source_mysql" "mysql";
    SOURCE_TABLE_POSTGRES "materialize_source_table_postgres" "PostgreSQL" "materialize_source_postgres" "postgres";
    SOURCE_TABLE_SQLSERVER "materialize_source_table_sqlserver" "SQL Server" "materialize_source_sqlserver" "sql-server";
}
