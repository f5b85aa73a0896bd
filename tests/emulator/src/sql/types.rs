//! Data types: their grammar, the system types by id, and how the catalog names them.

use super::expr::Name;
use super::parser::{Parsed, Parser};

/// A type as written, then as resolved.
#[derive(Clone, Debug, PartialEq)]
pub enum DataType {
    /// A named type with modifiers, `numeric(10, 2)`.
    Named(Name, Vec<i64>),
    List(Box<DataType>),
    Array(Box<DataType>),
    Map(Box<DataType>, Box<DataType>),
}

impl DataType {
    pub fn named(parts: Vec<String>) -> Self {
        let parts = match parts.as_slice() {
            [one] => vec![canonical(one).map_or_else(|| one.clone(), str::to_owned)],
            _ => parts,
        };
        DataType::Named(Name::new(parts), Vec::new())
    }
}

/// Spellings of SQL that mean a type of `pg_catalog`.
fn canonical(word: &str) -> Option<&'static str> {
    Some(match word {
        "int" | "integer" => "int4",
        "bigint" => "int8",
        "smallint" => "int2",
        "boolean" => "bool",
        "real" => "float4",
        "string" => "text",
        "decimal" | "dec" => "numeric",
        "json" => "jsonb",
        "bytes" => "bytea",
        "char" | "character" => "bpchar",
        _ => return None,
    })
}

/// A data type.
pub fn data_type(p: &mut Parser) -> Parsed<DataType> {
    let mut ty = if p.is_kw("MAP") && p.peek_at(1).is_some_and(|t| t.is_op("[")) {
        p.bump();
        p.expect_op("[")?;
        let key = data_type(p)?;
        p.expect_op("=>")?;
        let value = p.nested(data_type)?;
        p.expect_op("]")?;
        DataType::Map(Box::new(key), Box::new(value))
    } else {
        scalar(p)?
    };
    loop {
        p.deeper()?;
        if p.kw("LIST") {
            ty = DataType::List(Box::new(ty));
        } else if p.peek().is_some_and(|t| t.is_op("[")) && p.peek_at(1).is_some_and(|t| t.is_op("]")) {
            p.bump();
            p.bump();
            // PostgreSQL's multidimensional arrays are one type.
            if !matches!(ty, DataType::Array(_)) {
                ty = DataType::Array(Box::new(ty));
            }
        } else {
            return Ok(ty);
        }
    }
}

fn scalar(p: &mut Parser) -> Parsed<DataType> {
    let quoted = matches!(p.peek(), Some(super::lexer::Token::Quoted(_)));
    let mut parts = p.name()?;
    let mut default_modifier = Vec::new();
    if let ([word], false) = (parts.as_slice(), quoted) {
        let word = word.clone();
        let name = match word.as_str() {
            "double" => {
                p.kw("PRECISION");
                "float8"
            }
            "character" | "char" | "nchar" if p.kw("VARYING") => "varchar",
            // A bare `char` is one character long.
            "character" | "char" => {
                if !p.peek().is_some_and(|t| t.is_op("(")) {
                    default_modifier.push(1);
                }
                "bpchar"
            }
            "time" | "timestamp" => {
                let precision = modifiers(p)?;
                let name = match (word.as_str(), p.kws("WITH TIME ZONE")) {
                    (_, true) if word == "timestamp" => "timestamptz",
                    (_, true) => return p.expected("WITHOUT TIME ZONE"),
                    (_, false) => {
                        p.kws("WITHOUT TIME ZONE");
                        if word == "time" { "time" } else { "timestamp" }
                    }
                };
                return Ok(DataType::Named(Name::new(vec![name.into()]), precision));
            }
            "float" => {
                let bits = modifiers(p)?;
                let name = if bits.first().is_some_and(|b| *b < 25) { "float4" } else { "float8" };
                return Ok(DataType::Named(Name::new(vec![name.into()]), Vec::new()));
            }
            word => canonical(word).unwrap_or(word),
        };
        parts = vec![name.to_owned()];
    }
    let written = modifiers(p)?;
    Ok(DataType::Named(Name::new(parts), if written.is_empty() { default_modifier } else { written }))
}

fn modifiers(p: &mut Parser) -> Parsed<Vec<i64>> {
    if !p.peek().is_some_and(|t| t.is_op("(")) {
        return Ok(Vec::new());
    }
    p.paren_list(|p| {
        let negative = p.op("-");
        match p.number().map(|n| n.parse::<i64>()) {
            Ok(Ok(n)) => Ok(if negative { -n } else { n }),
            _ => p.expected("literal int"),
        }
    })
}

/// A type of the system: id, name, name of the columns' `type`, OID, category.
pub struct SystemType {
    pub id: u64,
    pub schema: &'static str,
    pub name: &'static str,
    /// As `mz_columns.type` and `catalog.tsv` spell it.
    pub long: &'static str,
    pub oid: u64,
    pub category: &'static str,
    /// The OID of its array type; 0 for none.
    pub array_oid: u64,
}

macro_rules! system_types {
    ($($id:literal $schema:literal $name:literal $long:literal $oid:literal $category:literal $array:literal;)*) => {
        &[$(SystemType { id: $id, schema: $schema, name: $name, long: $long, oid: $oid, category: $category, array_oid: $array }),*]
    };
}

/// The system's types. Ids step by two because each type but the pseudo-types has its array type after it.
pub static SYSTEM_TYPES: &[SystemType] = system_types! {
    1 "pg_catalog" "any" "any" 2276 "pseudo" 0;
    2 "pg_catalog" "anyarray" "anyarray" 2277 "pseudo" 0;
    3 "pg_catalog" "anyelement" "anyelement" 2283 "pseudo" 0;
    4 "pg_catalog" "anynonarray" "anynonarray" 2776 "pseudo" 0;
    5 "pg_catalog" "anyrange" "anyrange" 3831 "pseudo" 0;
    6 "pg_catalog" "bool" "boolean" 16 "boolean" 1000;
    8 "pg_catalog" "bytea" "bytea" 17 "user-defined" 1001;
    10 "pg_catalog" "bpchar" "character" 1042 "string" 1014;
    12 "pg_catalog" "char" "char" 18 "string" 1002;
    14 "pg_catalog" "date" "date" 1082 "date-time" 1182;
    16 "pg_catalog" "float4" "real" 700 "numeric" 1021;
    18 "pg_catalog" "float8" "double precision" 701 "numeric" 1022;
    20 "pg_catalog" "int4" "integer" 23 "numeric" 1007;
    22 "pg_catalog" "int8" "bigint" 20 "numeric" 1016;
    24 "pg_catalog" "interval" "interval" 1186 "timespan" 1187;
    26 "pg_catalog" "jsonb" "jsonb" 3802 "user-defined" 3807;
    28 "mz_catalog" "list" "list" 16384 "pseudo" 0;
    29 "mz_catalog" "map" "map" 16385 "pseudo" 0;
    30 "pg_catalog" "name" "name" 19 "string" 1003;
    32 "pg_catalog" "numeric" "numeric" 1700 "numeric" 1231;
    34 "pg_catalog" "oid" "oid" 26 "numeric" 1028;
    36 "pg_catalog" "record" "record" 2249 "pseudo" 2287;
    38 "pg_catalog" "regclass" "regclass" 2205 "numeric" 2210;
    40 "pg_catalog" "regproc" "regproc" 24 "numeric" 1008;
    42 "pg_catalog" "regtype" "regtype" 2206 "numeric" 2211;
    44 "pg_catalog" "int2" "smallint" 21 "numeric" 1005;
    46 "pg_catalog" "text" "text" 25 "string" 1009;
    48 "pg_catalog" "time" "time" 1083 "date-time" 1183;
    50 "pg_catalog" "timestamp" "timestamp without time zone" 1114 "date-time" 1115;
    52 "pg_catalog" "timestamptz" "timestamp with time zone" 1184 "date-time" 1185;
    54 "pg_catalog" "uuid" "uuid" 2950 "user-defined" 2951;
    56 "pg_catalog" "varchar" "character varying" 1043 "string" 1015;
    58 "pg_catalog" "int2vector" "int2vector" 22 "array" 1006;
    60 "pg_catalog" "anycompatible" "anycompatible" 5077 "pseudo" 0;
    61 "pg_catalog" "anycompatiblearray" "anycompatiblearray" 5078 "pseudo" 0;
    62 "pg_catalog" "anycompatiblenonarray" "anycompatiblenonarray" 5079 "pseudo" 0;
    63 "mz_catalog" "anycompatiblelist" "anycompatiblelist" 16393 "pseudo" 0;
    64 "mz_catalog" "anycompatiblemap" "anycompatiblemap" 16394 "pseudo" 0;
    65 "pg_catalog" "anycompatiblerange" "anycompatiblerange" 5080 "pseudo" 0;
    66 "mz_catalog" "uint2" "uint2" 16460 "numeric" 16461;
    68 "mz_catalog" "uint4" "uint4" 16462 "numeric" 16463;
    70 "mz_catalog" "uint8" "uint8" 16464 "numeric" 16465;
    72 "mz_catalog" "mz_timestamp" "mz_timestamp" 16552 "numeric" 16553;
    74 "pg_catalog" "int4range" "int4range" 3904 "range" 3905;
    76 "pg_catalog" "int8range" "int8range" 3926 "range" 3927;
    78 "pg_catalog" "daterange" "daterange" 3912 "range" 3913;
    80 "pg_catalog" "numrange" "numrange" 3906 "range" 3907;
    82 "pg_catalog" "tsrange" "tsrange" 3908 "range" 3909;
    84 "pg_catalog" "tstzrange" "tstzrange" 3910 "range" 3911;
    86 "mz_catalog" "mz_aclitem" "mz_aclitem" 16566 "user-defined" 16567;
    88 "pg_catalog" "aclitem" "aclitem" 1033 "user-defined" 1034;
};

/// A system type by its own name.
pub fn system_type(name: &str) -> Option<&'static SystemType> {
    SYSTEM_TYPES.iter().find(|t| t.name == name)
}
/// A system type by the name that columns show.
pub fn system_type_by_long(long: &str) -> Option<&'static SystemType> {
    SYSTEM_TYPES.iter().find(|t| t.long == long)
}
