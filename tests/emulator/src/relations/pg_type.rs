//! Types as PostgreSQL's catalog tells them: drivers look up here what they do not know by OID.

use super::objects::of_kind;
use super::{Rows, Scope, oid, text};
use crate::catalog::Catalog;
use crate::catalog::item::{Definition, Item, TypeDefinition};
use crate::catalog::privileges::ObjectKind;
use crate::datum::Datum;
use crate::sql::types::{SYSTEM_TYPES, system_type};

pub fn rows(c: &Scope, relation: &str) -> Option<Rows> {
    Some(match relation {
        "pg_type_all_databases" => of_kind(c, ObjectKind::Type).map(|i| pg_type(c, i)).collect(),
        "pg_range" => RANGES
            .iter()
            .filter_map(|(range, over)| Some(vec![oid(system_type(range)?.oid), oid(system_type(over)?.oid)]))
            .collect(),
        _ => return None,
    })
}

/// Range types and what they range over.
const RANGES: [(&str, &str); 6] = [
    ("int4range", "int4"),
    ("int8range", "int8"),
    ("numrange", "numeric"),
    ("daterange", "date"),
    ("tsrange", "timestamp"),
    ("tstzrange", "timestamptz"),
];

/// `typtype` and `typcategory` for a category of `mz_types`, by PostgreSQL's letters.
fn letters(category: &str) -> (&'static str, &'static str) {
    match category {
        "array" => ("b", "A"),
        "boolean" => ("b", "B"),
        "composite" => ("c", "C"),
        "date-time" => ("b", "D"),
        "numeric" => ("b", "N"),
        "pseudo" => ("p", "P"),
        "range" => ("r", "R"),
        "string" => ("b", "S"),
        "timespan" => ("b", "T"),
        _ => ("b", "U"),
    }
}

/// `typlen`: bytes of a type of fixed size, -1 for others.
pub fn length(name: &str) -> i64 {
    match name {
        "bool" | "char" => 1,
        "int2" | "uint2" => 2,
        "int4" | "uint4" | "float4" | "date" | "oid" | "regclass" | "regproc" | "regtype" => 4,
        "int8" | "uint8" | "float8" | "time" | "timestamp" | "timestamptz" | "mz_timestamp" => 8,
        "interval" | "uuid" | "aclitem" => 16,
        "name" => 64,
        _ => -1,
    }
}

fn pg_type(c: &Catalog, i: &Item) -> Vec<Datum> {
    let (category, element, array) = match &i.definition {
        Definition::SystemType(index, false) => {
            let ty = &SYSTEM_TYPES[*index];
            (ty.category, 0, ty.array_oid)
        }
        Definition::SystemType(index, true) => ("array", SYSTEM_TYPES[*index].oid, 0),
        Definition::Type(TypeDefinition::Record(_)) => ("composite", 0, 0),
        _ => ("user-defined", 0, 0),
    };
    let (kind, category) = letters(category);
    let schema = c.schemas.get(&i.schema).map_or(0, |s| s.oid);
    let owner = c.roles.get(&i.owner).map_or(0, |r| r.oid);
    vec![
        oid(i.oid),
        text(&i.name),
        oid(schema),
        oid(owner),
        Datum::Int(length(&i.name)),
        text(kind),
        text(category),
        text(","),
        oid(0),
        oid(element),
        oid(array),
        Datum::Null,
        oid(0),
        Datum::Bool(false),
        oid(0),
        Datum::Int(-1),
        oid(0),
        Datum::Null,
        super::pg::database(c, i.schema),
    ]
}
