//! Functions that DataFusion does not have, or that print differently there.

use super::{text, types};
use crate::datum::Datum;
use datafusion::arrow::array::{ArrayRef, StringArray};
use datafusion::arrow::datatypes::{DataType, FieldRef};
use datafusion::common::Result;
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use md5::{Digest, Md5};
use serde_json::Value;
use std::sync::Arc;

/// Functions that Materialize has and the emulator does not, so that its error can say which of the two it is.
pub const UNSUPPORTED: &[&str] = &[
    "array_fill", "cast", "convert_from", "crc32", "csv_extract", "digest", "encode", "decode", "generate_subscripts",
    "has_column_privilege", "hmac", "json_agg", "justify_days", "justify_hours", "justify_interval", "list_append",
    "list_cat", "list_length", "list_length_max", "list_prepend", "list_remove", "make_timestamp", "map_agg",
    "map_build", "map_length", "mz_logical_timestamp", "mz_minimal_name_qualification", "mz_row_size", "mz_uptime",
    "oidvectortypes", "pg_backend_pid", "pg_cancel_backend", "pg_column_size", "pg_function_is_visible",
    "pg_get_indexdef", "pg_postmaster_start_time", "pg_relation_size", "pg_size_pretty", "pg_stat_get_numscans",
    "regexp_extract", "regexp_match", "regexp_split_to_array", "regexp_split_to_table", "row_to_json", "seahash",
    "sha224", "sha256", "sha384", "sha512", "timezone_offset", "to_timestamp", "try_parse_monotonic_iso8601_timestamp",
    "uuid_generate_v5",
];

/// Every function of this module.
pub fn all() -> Vec<ScalarUDF> {
    let functions = [
        Function::new("materialize_text", 1, "text", |args, types| Some(text::wire_in_sql(args[0], &types[0]))),
        Function::new("jsonb_get", 2, "jsonb", |args, _| member(args).map(|v| v.to_string())),
        Function::new("jsonb_get_text", 2, "text", |args, _| {
            member(args).and_then(|value| match value {
                Value::Null => None,
                Value::String(text) => Some(text),
                other => Some(other.to_string()),
            })
        }),
        Function::new("jsonb_typeof", 1, "text", |args, _| {
            Some(
                match serde_json::from_str(&text::value(args[0])).ok()? {
                    Value::Null => "null",
                    Value::Bool(_) => "boolean",
                    Value::Number(_) => "number",
                    Value::String(_) => "string",
                    Value::Array(_) => "array",
                    Value::Object(_) => "object",
                }
                .into(),
            )
        }),
        Function::new("md5", 1, "text", |args, _| Some(hexadecimal(&Md5::digest(text::value(args[0]).as_bytes())))),
        Function::new("quote_ident", 1, "text", |args, _| Some(quote_ident(&text::value(args[0])))),
    ];
    functions.into_iter().map(ScalarUDF::from).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The member of a JSON document by key or by position, as `->` finds it.
fn member(args: &[&Datum]) -> Option<Value> {
    let mut document: Value = serde_json::from_str(&text::value(args[0])).ok()?;
    match args[1] {
        Datum::Int(index) => {
            let items = document.as_array_mut()?;
            let index =
                if *index < 0 { items.len().checked_sub(index.unsigned_abs() as usize)? } else { *index as usize };
            (index < items.len()).then(|| items.swap_remove(index))
        }
        key => document.as_object_mut()?.remove(&text::value(key)),
    }
}

fn quote_ident(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '$');
    if plain { name.into() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// Arguments, none of them null, and the names of their types; None is SQL's null.
type Body = fn(&[&Datum], &[String]) -> Option<String>;

/// A strict function that gives a string.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Function {
    name: &'static str,
    ty: &'static str,
    signature: Signature,
    body: Shown<Body>,
}

/// Compared by the function's name alone.
struct Shown<T>(T);

impl<T> std::fmt::Debug for Shown<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}
impl<T> PartialEq for Shown<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl<T> Eq for Shown<T> {}
impl<T> std::hash::Hash for Shown<T> {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

impl Function {
    fn new(name: &'static str, arguments: usize, ty: &'static str, body: Body) -> Self {
        Self { name, ty, signature: Signature::any(arguments, Volatility::Immutable), body: Shown(body) }
    }
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let nullable = self.name != "materialize_text" || args.arg_fields.iter().any(|field| field.is_nullable());
        Ok(Arc::new(types::field(self.name, self.ty, nullable)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        // A string's text is itself: most casts to text are of such columns.
        if self.name == "materialize_text" && args.args[0].data_type() == DataType::Utf8 {
            return Ok(args.args[0].clone());
        }
        let names: Vec<String> = args.arg_fields.iter().map(|field| types::materialize_type(field)).collect();
        let scalar = args.args.iter().all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
        let rows = if scalar { 1 } else { args.number_rows };
        let columns: Vec<Vec<Datum>> =
            args.args.into_iter().map(|arg| types::datums(&arg.into_array(rows)?)).collect::<Result<_>>()?;
        let result: StringArray = (0..rows)
            .map(|row| {
                let values: Vec<&Datum> = columns.iter().map(|column| &column[row]).collect();
                if values.contains(&&Datum::Null) { None } else { (self.body.0)(&values, &names) }
            })
            .collect();
        let result: ArrayRef = Arc::new(result);
        Ok(if scalar {
            ColumnarValue::Scalar(datafusion::common::ScalarValue::try_from_array(&result, 0)?)
        } else {
            ColumnarValue::Array(result)
        })
    }
}
