//! The functions and operators that statements may call: where they are and what they return.

use super::expr::Name;
use super::types::DataType;
use crate::catalog::Catalog;
use crate::catalog::item::Column;

/// What a function returns.
pub enum Returns {
    /// A system type by name.
    Type(&'static str),
    /// The type of its first argument.
    First,
    /// The element of its first argument, or what an aggregate collects.
    ArrayOfFirst,
    ListOfFirst,
    ElementOfFirst,
    /// An array of texts.
    Texts,
    /// sum, avg: wider than the argument.
    Sum,
    Avg,
    /// The other kind of timestamp than its second argument.
    Zoned,
}

pub struct Function {
    pub schema: &'static str,
    pub returns: Returns,
    /// Never null, whatever the arguments are.
    pub total: bool,
    /// Null for an empty group.
    pub aggregate: bool,
}

/// Names by what they return. Those of `mz_catalog` are listed apart; all others are in `pg_catalog`.
const TEXT: &str = "ascii btrim bit_string concat concat_ws convert_from current_database current_schema current_user current_role
 session_user user chr encode initcap left lower lpad ltrim md5 mz_environment_id mz_version quote_ident regexp_replace repeat
 replace reverse right rpad rtrim split_part strpos_text substr substring string_agg to_char translate trim upper version
 pg_get_viewdef pg_get_userbyid pg_get_constraintdef pg_get_indexdef format_type obj_description col_description to_hex
 parse_ident array_to_string jsonb_typeof jsonb_extract_path_text jsonb_pretty overlay pg_typeof mz_render_typmod normalize
 shobj_description pg_size_pretty";
const INT4: &str =
    "ascii length char_length octet_length bit_length position strpos array_length array_lower array_upper cardinality
 jsonb_array_length pg_backend_pid mz_row_size array_position get_bit get_byte generate_subscripts";
const INT8: &str =
    "count row_number rank dense_rank bit_count datediff mz_uptime_seconds pg_relation_size pg_total_relation_size";
const BOOL: &str = "bool_and bool_or every starts_with has_table_privilege has_schema_privilege has_database_privilege
 has_system_privilege has_cluster_privilege has_connection_privilege has_role has_secret_privilege has_type_privilege
 has_column_privilege pg_table_is_visible pg_type_is_visible constant_time_eq constant_time_compare_strings pg_has_role
 mz_is_superuser pg_is_in_recovery isempty lower_inc upper_inc lower_inf upper_inf regexp_match_bool";
const FLOAT8: &str =
    "sqrt cbrt exp ln log log10 pow power sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh cot degrees radians
 stddev stddev_pop stddev_samp variance var_pop var_samp pi";
const NUMERIC: &str = "extract";
const DOUBLE: &str = "date_part";
const TIMESTAMPTZ: &str = "now current_timestamp to_timestamp timezone_now";
const OTHER: &[(&str, &str)] = &[
    ("mz_now", "mz_timestamp"),
    ("mz_logical_timestamp", "mz_timestamp"),
    ("decode", "bytea"),
    ("convert_to", "bytea"),
    ("hmac", "bytea"),
    ("digest", "bytea"),
    ("sha224", "bytea"),
    ("sha256", "bytea"),
    ("sha384", "bytea"),
    ("sha512", "bytea"),
    ("age", "interval"),
    ("justify_days", "interval"),
    ("justify_hours", "interval"),
    ("justify_interval", "interval"),
    ("current_date", "date"),
    ("current_time", "time"),
    ("localtimestamp", "timestamp"),
    ("make_timestamp", "timestamp"),
    ("jsonb_agg", "jsonb"),
    ("jsonb_object_agg", "jsonb"),
    ("jsonb_build_object", "jsonb"),
    ("jsonb_build_array", "jsonb"),
    ("to_jsonb", "jsonb"),
    ("jsonb_strip_nulls", "jsonb"),
    ("jsonb_extract_path", "jsonb"),
    ("jsonb_array_elements", "jsonb"),
    ("jsonb_object_keys", "text"),
    ("jsonb_array_elements_text", "text"),
    ("jsonb_each", "record"),
    ("jsonb_each_text", "record"),
    ("timezone_offset", "record"),
    ("regexp_extract", "record"),
    ("regexp_split_to_table", "text"),
    ("uuid_generate_v5", "uuid"),
    ("gen_random_uuid", "uuid"),
    ("row_to_json", "jsonb"),
    ("seahash", "uint8"),
    ("crc32", "uint4"),
    ("kafka_murmur2", "int4"),
    ("try_parse_monotonic_iso8601_timestamp", "timestamp"),
    ("map_length", "int4"),
    ("list_length", "int4"),
    ("list_ndims", "int4"),
    ("mod", "int4"),
    ("ntile", "int4"),
    ("mz_uptime", "interval"),
    ("int4range", "int4range"),
    ("int8range", "int8range"),
    ("numrange", "numrange"),
    ("daterange", "daterange"),
    ("tsrange", "tsrange"),
    ("tstzrange", "tstzrange"),
];
const FIRST: &str =
    "abs ceil ceiling floor round trunc min max date_trunc date_bin first_value last_value lag lead array_remove
 array_cat array_append list_cat list_append list_remove generate_series greatest least mod list_prepend mz_unsafe nullif sign";
const MZ_CATALOG: &str = "mz_now mz_uptime timezone_offset mz_logical_timestamp mz_environment_id mz_version mz_uptime_seconds list_agg list_append list_cat
 list_length list_length_max list_ndims list_prepend list_remove map_agg map_length mz_is_superuser has_cluster_privilege
 has_connection_privilege has_role has_secret_privilege has_system_privilege constant_time_eq regexp_extract concat_agg
 try_parse_monotonic_iso8601_timestamp unnest_list avg_promotion seahash crc32 kafka_murmur2 map_build repeat_row csv_extract
 datediff mz_row_size repeat constant_time_compare_strings uuid_generate_v5 mz_render_typmod";
const NEVER_NULL: &str = "count now current_timestamp mz_now current_user current_database session_user concat row_number rank
 dense_rank jsonb_build_object jsonb_build_array mz_environment_id mz_version version pi current_date localtimestamp gen_random_uuid";
const AGGREGATE: &str =
    "sum avg min max bool_and bool_or string_agg array_agg list_agg jsonb_agg jsonb_object_agg map_agg stddev
 stddev_pop stddev_samp variance var_pop var_samp every first_value last_value lag lead";

fn listed(list: &str, name: &str) -> bool {
    list.split_whitespace().any(|n| n == name)
}

/// Whether an identifier is one of the words that SQL calls without brackets.
pub fn is_keyword_call(parts: &[String]) -> bool {
    let words = ["current_role", "current_schema", "current_timestamp", "current_user", "session_user"];
    matches!(parts, [one] if words.contains(&one.as_str()))
}

/// A function by its bare name.
pub fn find(name: &str) -> Option<Function> {
    let returns = match name {
        "sum" => Returns::Sum,
        "avg" => Returns::Avg,
        "timezone" => Returns::Zoned,
        "array_agg" => Returns::ArrayOfFirst,
        "list_agg" => Returns::ListOfFirst,
        "unnest" => Returns::ElementOfFirst,
        "array_fill" => Returns::ArrayOfFirst,
        "regexp_match" | "regexp_split_to_array" | "string_to_array" | "current_schemas" => Returns::Texts,
        "map_agg" | "map_build" => Returns::Type("map"),
        _ if listed(INT4, name) => Returns::Type("int4"),
        _ if listed(INT8, name) => Returns::Type("int8"),
        _ if listed(BOOL, name) => Returns::Type("bool"),
        _ if listed(FLOAT8, name) || listed(DOUBLE, name) => Returns::Type("float8"),
        _ if listed(NUMERIC, name) => Returns::Type("numeric"),
        _ if listed(TIMESTAMPTZ, name) => Returns::Type("timestamptz"),
        _ if listed(FIRST, name) => Returns::First,
        _ if listed(TEXT, name) => Returns::Type("text"),
        _ => Returns::Type(OTHER.iter().find(|(n, _)| *n == name)?.1),
    };
    let schema = if listed(MZ_CATALOG, name) && name != "repeat" { "mz_catalog" } else { "pg_catalog" };
    Some(Function { schema, returns, total: listed(NEVER_NULL, name), aggregate: listed(AGGREGATE, name) })
}

/// Type and nullability of a call.
pub fn returns(catalog: &Catalog, function: Function, args: &[DataType], nullable: bool) -> (DataType, bool) {
    let first = || args.first().cloned().unwrap_or_else(|| catalog.system_type("text"));
    let long = |ty: &DataType| catalog.type_long(ty);
    let ty = match function.returns {
        Returns::Type(name) => catalog.system_type(name),
        Returns::First => first(),
        Returns::Texts => DataType::Array(Box::new(catalog.system_type("text"))),
        Returns::ArrayOfFirst => DataType::Array(Box::new(first())),
        Returns::ListOfFirst => DataType::List(Box::new(first())),
        Returns::ElementOfFirst => match first() {
            DataType::Array(e) | DataType::List(e) => *e,
            ty => ty,
        },
        Returns::Sum => match long(&first()).as_str() {
            "smallint" | "integer" => catalog.system_type("int8"),
            "bigint" | "uint8" | "numeric" => catalog.system_type("numeric"),
            "uint2" | "uint4" => catalog.system_type("uint8"),
            _ => first(),
        },
        Returns::Zoned => match args.get(1).map(long).as_deref() {
            Some("timestamp with time zone") => catalog.system_type("timestamp"),
            _ => catalog.system_type("timestamptz"),
        },
        Returns::Avg => match long(&first()).as_str() {
            "real" | "double precision" => catalog.system_type("float8"),
            "interval" => first(),
            _ => catalog.system_type("numeric"),
        },
    };
    (ty, !function.total && (nullable || function.aggregate))
}

/// The columns of a table function that gives more than one.
pub fn table_columns(catalog: &Catalog, name: &str) -> Option<Vec<Column>> {
    let text = |n: &str| Column::new(n, catalog.system_type("text"), false);
    Some(match name {
        "jsonb_each" => vec![text("key"), Column::new("value", catalog.system_type("jsonb"), true)],
        "jsonb_each_text" => vec![text("key"), Column::new("value", catalog.system_type("text"), true)],
        "jsonb_array_elements" => vec![Column::new("value", catalog.system_type("jsonb"), true)],
        "jsonb_array_elements_text" => vec![Column::new("value", catalog.system_type("text"), true)],
        _ => return None,
    })
}

/// The type of an infix operator's result.
pub fn operator(catalog: &Catalog, op: &str, left: &DataType, right: &DataType) -> DataType {
    let (l, r) = (catalog.type_long(left), catalog.type_long(right));
    let rank =
        |t: &str| ["smallint", "integer", "bigint", "numeric", "real", "double precision"].iter().position(|n| *n == t);
    let named = |name: &str| catalog.system_type(name);
    match op {
        "=" | "<>" | "<" | ">" | "<=" | ">=" | "AND" | "OR" | "~" | "~*" | "!~" | "!~*" | "~~" | "!~~" | "~~*"
        | "!~~*" | "@>" | "<@" | "?" => named("bool"),
        "->>" | "#>>" => named("text"),
        "->" if matches!(left, DataType::Map(..)) => match left {
            DataType::Map(_, value) => (**value).clone(),
            _ => named("text"),
        },
        "->" | "#>" => named("jsonb"),
        "||" if matches!(left, DataType::Named(Name { .. }, _)) && l != "jsonb" && l != "bytea" => {
            if matches!(right, DataType::Named(..)) { named("text") } else { right.clone() }
        }
        "-" if l.starts_with("timestamp") && r.starts_with("timestamp") => named("interval"),
        "-" if l == "date" && r == "date" => named("int4"),
        "+" | "-" if l == "date" && r == "interval" => named("timestamp"),
        _ => match (rank(&l), rank(&r)) {
            (Some(a), Some(b)) if b > a => right.clone(),
            _ if l == "text" && r != "text" => right.clone(),
            _ => left.clone(),
        },
    }
}
