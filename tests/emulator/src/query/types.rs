//! Materialize's types as Arrow types, and values as Arrow columns and back.
//!
//! A field carries Materialize's name of its type as metadata, because several of them share one Arrow type
//! (`text`, `jsonb`, `interval` are all strings here).

use crate::datum::Datum;
use datafusion::arrow::array::{self as arrow, Array, ArrayRef, AsArray};
use datafusion::arrow::compute::{CastOptions, cast_with_options};
use datafusion::arrow::datatypes::{self as t, DataType, Field, IntervalUnit, TimeUnit};
use datafusion::common::{DataFusionError, Result, exec_err};
use std::sync::Arc;

/// The metadata key under which a field keeps Materialize's name of its type.
pub const TYPE_KEY: &str = "materialize.type";
const DECIMAL: DataType = DataType::Decimal128(38, 10);

/// The Arrow type that holds a Materialize type's values; type modifiers are ignored.
pub fn arrow_type(name: &str) -> DataType {
    if let Some(element) = name.strip_suffix("[]").or_else(|| name.strip_suffix(" list")) {
        return list_of(arrow_type(element));
    }
    match name.split('(').next().unwrap_or(name).trim() {
        "boolean" => DataType::Boolean,
        "smallint" => DataType::Int16,
        "integer" => DataType::Int32,
        "bigint" => DataType::Int64,
        "oid" | "uint2" | "uint4" | "regclass" | "regtype" | "regproc" => DataType::UInt32,
        "uint8" | "mz_timestamp" => DataType::UInt64,
        "real" => DataType::Float32,
        "double precision" => DataType::Float64,
        "numeric" => DECIMAL,
        "date" => DataType::Date32,
        "timestamp" | "timestamp without time zone" => DataType::Timestamp(TimeUnit::Millisecond, None),
        "timestamp with time zone" => DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
        "int2vector" => list_of(DataType::Int16),
        // A type that nothing else has: the engine keeps it where it loses a field's metadata, as in `unnest`.
        "mz_aclitem" => DataType::LargeBinary,
        "aclitem" => DataType::Binary,
        "list" => list_of(DataType::Utf8),
        _ => DataType::Utf8,
    }
}

fn list_of(element: DataType) -> DataType {
    DataType::List(Arc::new(Field::new_list_field(element, true)))
}

/// A field of a Materialize type.
pub fn field(name: &str, ty: &str, nullable: bool) -> Field {
    let metadata = [(TYPE_KEY.to_owned(), ty.to_owned())].into();
    Field::new(name, arrow_type(ty), nullable).with_metadata(metadata)
}

/// Materialize's name for the type of a field that a query computed.
pub fn materialize_type(field: &Field) -> String {
    match field.metadata().get(TYPE_KEY) {
        Some(name) if arrow_type(name) == *field.data_type() => name.clone(),
        _ => plain_name(field.data_type()),
    }
}

/// Materialize's name for an Arrow type that nothing else is known of.
pub fn plain_name(ty: &DataType) -> String {
    match ty {
        DataType::Boolean => "boolean",
        DataType::Int8 | DataType::Int16 | DataType::UInt8 => "smallint",
        DataType::Int32 | DataType::UInt16 => "integer",
        // Unsigned results are DataFusion's way to count (`array_length`); Materialize counts in `bigint`.
        DataType::Int64 | DataType::UInt64 => "bigint",
        DataType::UInt32 => "uint4",
        DataType::Float16 | DataType::Float32 => "real",
        DataType::Float64 => "double precision",
        DataType::Decimal128(..) | DataType::Decimal256(..) => "numeric",
        DataType::Date32 | DataType::Date64 => "date",
        DataType::Timestamp(_, None) => "timestamp without time zone",
        DataType::Timestamp(..) => "timestamp with time zone",
        DataType::Interval(_) | DataType::Duration(_) => "interval",
        DataType::List(inner) | DataType::LargeList(inner) | DataType::FixedSizeList(inner, _) => {
            return format!("{}[]", materialize_type(inner));
        }
        DataType::Struct(_) => "record",
        DataType::LargeBinary => "mz_aclitem",
        DataType::Binary => "aclitem",
        _ => "text",
    }
    .to_owned()
}

/// One column of rows as an Arrow array of the type that `ty` names.
pub fn column(ty: &str, values: &mut dyn ExactSizeIterator<Item = &Datum>) -> Result<ArrayRef> {
    build(&arrow_type(ty), values)
}

fn build(ty: &DataType, values: &mut dyn ExactSizeIterator<Item = &Datum>) -> Result<ArrayRef> {
    macro_rules! collect {
        ($array:ty, $($pattern:pat => $value:expr),+) => {{
            let items: Result<$array> = values.map(|v| match v { Datum::Null => Ok(None), $($pattern => Ok(Some($value)),)+ other => misfit(ty, other) }).collect();
            Arc::new(items?) as ArrayRef
        }};
    }
    Ok(match ty {
        DataType::Boolean => collect!(arrow::BooleanArray, Datum::Bool(v) => *v),
        DataType::Int16 => collect!(arrow::Int16Array, Datum::Int(v) => *v as i16),
        DataType::Int32 => collect!(arrow::Int32Array, Datum::Int(v) => *v as i32),
        DataType::Int64 => collect!(arrow::Int64Array, Datum::Int(v) => *v, Datum::Uint(v) => *v as i64),
        DataType::UInt32 => collect!(arrow::UInt32Array, Datum::Uint(v) => *v as u32, Datum::Int(v) => *v as u32),
        DataType::UInt64 => {
            collect!(arrow::UInt64Array, Datum::Uint(v) => *v, Datum::Int(v) => *v as u64, Datum::Timestamp(v) => *v as u64)
        }
        DataType::Float32 => collect!(arrow::Float32Array, Datum::Float(v) => *v as f32),
        DataType::Float64 => collect!(arrow::Float64Array, Datum::Float(v) => *v),
        DataType::Timestamp(_, zone) => {
            let items: Result<arrow::TimestampMillisecondArray> = values
                .map(|v| match v {
                    Datum::Null => Ok(None),
                    Datum::Timestamp(v) => Ok(Some(*v)),
                    other => misfit(ty, other),
                })
                .collect();
            Arc::new(items?.with_timezone_opt(zone.clone()))
        }
        DataType::List(inner) => {
            let (mut flat, mut lengths, mut present) = (Vec::new(), Vec::new(), Vec::new());
            for value in values {
                let items = match value {
                    Datum::Null => &[][..],
                    Datum::Array(items) => items,
                    other => return misfit(ty, other),
                };
                flat.extend(items);
                lengths.push(items.len());
                present.push(!matches!(value, Datum::Null));
            }
            let child = build(inner.data_type(), &mut flat.into_iter())?;
            let offsets = datafusion::arrow::buffer::OffsetBuffer::from_lengths(lengths);
            Arc::new(arrow::ListArray::try_new(inner.clone(), offsets, child, Some(present.into()))?)
        }
        DataType::LargeBinary | DataType::Binary => {
            let text = build(&DataType::Utf8, values)?;
            cast_with_options(&text, ty, &CastOptions::default())?
        }
        // Printed values: parsed by Arrow.
        DataType::Decimal128(..) | DataType::Date32 => {
            let text = build(&DataType::Utf8, values)?;
            cast_with_options(&text, ty, &CastOptions { safe: false, ..Default::default() })?
        }
        _ => {
            let mut text = arrow::StringBuilder::new();
            for value in values {
                match value {
                    Datum::Null => text.append_null(),
                    Datum::Text(v) | Datum::Numeric(v) => text.append_value(v),
                    other => text.append_value(super::text::value(other)),
                }
            }
            Arc::new(text.finish())
        }
    })
}

fn misfit<T>(ty: &DataType, value: &Datum) -> Result<T> {
    // The value itself stays out of the message: it may be a secret.
    let kind = format!("{value:?}");
    exec_err!("a {} value in a column of type {}", kind.split('(').next().unwrap_or_default(), plain_name(ty))
}

/// The values of an Arrow array.
pub fn datums(array: &ArrayRef) -> Result<Vec<Datum>> {
    let ty = array.data_type().clone();
    macro_rules! read {
        ($array:expr, $value:expr) => {
            $array.iter().map(|v| v.map_or(Datum::Null, $value)).collect()
        };
    }
    Ok(match &ty {
        DataType::Null => vec![Datum::Null; array.len()],
        DataType::Boolean => read!(array.as_boolean(), Datum::Bool),
        DataType::Int16 => read!(array.as_primitive::<t::Int16Type>(), |v| Datum::Int(v.into())),
        DataType::Int32 => read!(array.as_primitive::<t::Int32Type>(), |v| Datum::Int(v.into())),
        DataType::Int64 => read!(array.as_primitive::<t::Int64Type>(), Datum::Int),
        DataType::UInt32 => read!(array.as_primitive::<t::UInt32Type>(), |v| Datum::Uint(v.into())),
        DataType::UInt64 => read!(array.as_primitive::<t::UInt64Type>(), Datum::Uint),
        DataType::Float32 => read!(array.as_primitive::<t::Float32Type>(), |v| Datum::Float(v.into())),
        DataType::Float64 => read!(array.as_primitive::<t::Float64Type>(), Datum::Float),
        DataType::Utf8 => read!(array.as_string::<i32>(), |v| Datum::Text(v.into())),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            read!(array.as_primitive::<t::TimestampMillisecondType>(), Datum::Timestamp)
        }
        DataType::Timestamp(_, zone) => {
            let zone = zone.clone();
            return datums(&cast(array, &DataType::Timestamp(TimeUnit::Millisecond, zone))?);
        }
        DataType::Decimal128(..) => {
            let text = cast(array, &DataType::Utf8)?;
            read!(text.as_string::<i32>(), |v: &str| Datum::Numeric(trim_decimal(v).into()))
        }
        DataType::List(_) => array
            .as_list::<i32>()
            .iter()
            .map(|item| item.map_or(Ok(Datum::Null), |item| Ok(Datum::Array(datums(&item)?))))
            .collect::<Result<_>>()?,
        DataType::LargeList(inner) | DataType::FixedSizeList(inner, _) => {
            return datums(&cast(array, &DataType::List(inner.clone()))?);
        }
        DataType::Int8 | DataType::UInt8 | DataType::UInt16 => return datums(&cast(array, &DataType::Int32)?),
        DataType::Interval(IntervalUnit::MonthDayNano) => {
            read!(array.as_primitive::<t::IntervalMonthDayNanoType>(), |v| {
                Datum::Text(super::text::interval(v.months, v.days, v.nanoseconds / 1000))
            })
        }
        // What lies between two times has no days.
        DataType::Duration(TimeUnit::Microsecond) => {
            read!(array.as_primitive::<t::DurationMicrosecondType>(), |v| Datum::Text(super::text::interval(0, 0, v)))
        }
        DataType::Duration(_) => return datums(&cast(array, &DataType::Duration(TimeUnit::Microsecond))?),
        DataType::Struct(_) => {
            let fields = array.as_struct().columns().iter().map(datums).collect::<Result<Vec<_>>>()?;
            (0..array.len())
                .map(|row| match array.is_null(row) {
                    true => Datum::Null,
                    false => Datum::Text(super::text::record(fields.iter().filter_map(|field| field.get(row)))),
                })
                .collect()
        }
        DataType::Interval(_) => return datums(&cast(array, &DataType::Interval(IntervalUnit::MonthDayNano))?),
        _ => return datums(&cast(array, &DataType::Utf8)?),
    })
}

fn cast(array: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    cast_with_options(array, to, &CastOptions { safe: false, ..Default::default() }).map_err(DataFusionError::from)
}

/// Materialize prints numbers without trailing zeros.
fn trim_decimal(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}
