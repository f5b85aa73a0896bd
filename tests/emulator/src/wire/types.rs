//! Materialize's types as PostgreSQL's object ids, and values in both wire formats.

use crate::datum::{Datum, SqlError};
use crate::query::text;
use crate::sql::error::with_code;
use bytes::{BufMut, BytesMut};

/// Milliseconds from the Unix epoch to PostgreSQL's (2000-01-01).
const POSTGRES_EPOCH: i64 = 946_684_800_000;
const TEXT: u32 = 25;

/// Type name as the catalog spells it, its object id, that of arrays of it, its size in bytes (-1: variable).
/// The numbers from 16384 up are Materialize's own types; the others are in PostgreSQL's `pg_type`.
const TYPES: &[(&str, u32, u32, i16)] = &[
    ("text", TEXT, 1009, -1),
    ("boolean", 16, 1000, 1),
    ("bytea", 17, 1001, -1),
    ("char", 18, 1002, 1),
    ("bigint", 20, 1016, 8),
    ("smallint", 21, 1005, 2),
    ("int2vector", 22, 1006, -1),
    ("integer", 23, 1007, 4),
    ("regproc", 24, 1008, 4),
    ("oid", 26, 1028, 4),
    ("real", 700, 1021, 4),
    ("double precision", 701, 1022, 8),
    ("character", 1042, 1014, -1),
    ("character varying", 1043, 1015, -1),
    ("date", 1082, 1182, 4),
    ("time", 1083, 1183, 8),
    ("timestamp without time zone", 1114, 1115, 8),
    ("timestamp with time zone", 1184, 1185, 8),
    ("interval", 1186, 1187, 16),
    ("numeric", 1700, 1231, -1),
    ("regtype", 2206, 2211, 4),
    ("regclass", 2205, 2210, 4),
    ("uuid", 2950, 2951, 16),
    ("jsonb", 3802, 3807, -1),
    ("list", 16_384, TEXT, -1),
    ("map", 16_385, TEXT, -1),
    ("uint2", 16_460, 16_461, 2),
    ("uint4", 16_462, 16_463, 4),
    ("uint8", 16_464, 16_465, 8),
    ("mz_timestamp", 16_552, 16_553, -1),
    ("mz_aclitem", 16_566, 16_567, -1),
];

/// Object id and size of a type; what the table does not know travels as text.
pub fn oid(name: &str) -> (u32, i16) {
    if name.ends_with(" list") {
        return (16_384, -1);
    }
    if name.starts_with("map[") {
        return (16_385, -1);
    }
    let (base, array) = name.strip_suffix("[]").map_or((name, false), |base| (base, true));
    let base = base.split('(').next().unwrap_or(base);
    match TYPES.iter().find(|(known, ..)| *known == base) {
        Some((_, _, oid, _)) if array => (*oid, -1),
        Some((_, oid, _, size)) => (*oid, *size),
        None => (TEXT, -1),
    }
}

fn name_of(oid: u32) -> &'static str {
    TYPES.iter().find(|(_, known, ..)| *known == oid).map_or("text", |(name, ..)| name)
}

/// Appends one value with its length, in text or in binary format.
pub fn write(out: &mut BytesMut, value: &Datum, ty: &str, binary: bool) -> Result<(), SqlError> {
    if *value == Datum::Null {
        out.put_i32(-1);
        return Ok(());
    }
    let at = out.len();
    out.put_i32(0);
    if binary {
        write_binary(out, value, ty)?
    } else {
        out.put_slice(text::wire(value, ty).as_bytes())
    }
    let length = (out.len() - at - 4) as i32;
    out[at..at + 4].copy_from_slice(&length.to_be_bytes());
    Ok(())
}

fn write_binary(out: &mut BytesMut, value: &Datum, ty: &str) -> Result<(), SqlError> {
    let (oid, _) = oid(ty);
    let unsupported = || with_code("0A000", format!("the emulator does not send type {ty} in binary format"));
    match value {
        Datum::Bool(v) => out.put_u8((*v).into()),
        Datum::Int(v) => match oid {
            20 => out.put_i64(*v),
            21 => out.put_i16(*v as i16),
            _ => out.put_i32(*v as i32),
        },
        Datum::Uint(v) => match oid {
            16_464 => out.put_u64(*v),
            20 => out.put_i64(*v as i64),
            16_460 => out.put_u16(*v as u16),
            16_552 => out.put_slice(v.to_string().as_bytes()),
            _ => out.put_u32(*v as u32),
        },
        Datum::Float(v) if oid == 700 => out.put_f32(*v as f32),
        Datum::Float(v) => out.put_f64(*v),
        Datum::Timestamp(v) if ty == "mz_timestamp" => out.put_slice(v.to_string().as_bytes()),
        Datum::Timestamp(v) => out.put_i64((v - POSTGRES_EPOCH) * 1000),
        Datum::Text(v) if oid == 3802 => {
            out.put_u8(1);
            out.put_slice(v.as_bytes());
        }
        Datum::Text(v) if oid == 2950 => {
            let digits = v.replace('-', "");
            let number = u128::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 32);
            out.put_u128(number.ok_or_else(unsupported)?);
        }
        Datum::Text(v) if !matches!(oid, 17 | 1082 | 1083 | 1186 | 1700) => out.put_slice(v.as_bytes()),
        Datum::Array(items) if oid != 16_384 => {
            let element = ty.strip_suffix("[]").unwrap_or(if oid == 22 { "smallint" } else { "text" });
            // Dimensions, whether a null is inside, the elements' type, then length and first index of the one dimension.
            out.put_i32((!items.is_empty()).into());
            out.put_i32(items.contains(&Datum::Null).into());
            out.put_u32(self::oid(element).0);
            if !items.is_empty() {
                out.put_i32(items.len() as i32);
                out.put_i32(1);
            }
            for item in items {
                write(out, item, element, true)?;
            }
        }
        _ => return Err(unsupported()),
    }
    Ok(())
}

/// Reads a parameter as the client sent it.
pub fn read(bytes: &[u8], oid: u32, binary: bool) -> Result<Datum, SqlError> {
    let invalid = || with_code("22P03", format!("invalid value for a parameter of type {}", name_of(oid)));
    if binary {
        return Ok(match (oid, bytes) {
            (16, [v]) => Datum::Bool(*v != 0),
            (21, _) => Datum::Int(i16::from_be_bytes(bytes.try_into().map_err(|_| invalid())?).into()),
            (23, _) => Datum::Int(i32::from_be_bytes(bytes.try_into().map_err(|_| invalid())?).into()),
            (20, _) => Datum::Int(i64::from_be_bytes(bytes.try_into().map_err(|_| invalid())?)),
            (26 | 16_462, _) => Datum::Uint(u32::from_be_bytes(bytes.try_into().map_err(|_| invalid())?).into()),
            (16_464, _) => Datum::Uint(u64::from_be_bytes(bytes.try_into().map_err(|_| invalid())?)),
            (700, _) => Datum::Float(f32::from_be_bytes(bytes.try_into().map_err(|_| invalid())?).into()),
            (701, _) => Datum::Float(f64::from_be_bytes(bytes.try_into().map_err(|_| invalid())?)),
            (3802, [1, rest @ ..]) => Datum::Text(utf8(rest)?),
            (18 | 25 | 1042 | 1043 | 705 | 0, _) => Datum::Text(utf8(bytes)?),
            _ => {
                let name = name_of(oid);
                return Err(with_code("0A000", format!("the emulator does not read type {name} in binary format")));
            }
        });
    }
    let text = utf8(bytes)?;
    Ok(match oid {
        16 => match text.to_ascii_lowercase().as_str() {
            "t" | "true" | "on" | "yes" | "1" => Datum::Bool(true),
            "f" | "false" | "off" | "no" | "0" => Datum::Bool(false),
            _ => return Err(invalid()),
        },
        20 | 21 | 23 => Datum::Int(text.trim().parse().map_err(|_| invalid())?),
        26 | 16_460 | 16_462 | 16_464 => Datum::Uint(text.trim().parse().map_err(|_| invalid())?),
        700 | 701 => Datum::Float(text.trim().parse().map_err(|_| invalid())?),
        _ => Datum::Text(text),
    })
}

fn utf8(bytes: &[u8]) -> Result<String, SqlError> {
    String::from_utf8(bytes.to_vec()).map_err(|_| with_code("22021", "invalid byte sequence for encoding \"UTF8\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_arrays_have_postgres_layout() {
        let mut out = BytesMut::new();
        let value = Datum::Array(vec![Datum::Text("a".into()), Datum::Null]);
        write(&mut out, &value, "text[]", true).unwrap();
        let expected = [
            0, 0, 0, 29, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 25, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, b'a', 255, 255, 255,
            255,
        ];
        assert_eq!(out[..], expected);
    }

    #[test]
    fn parameters_that_do_not_fit_are_errors() {
        assert_eq!(read(b"7", 23, false), Ok(Datum::Int(7)));
        assert_eq!(read(&[0, 0, 0, 7], 23, true), Ok(Datum::Int(7)));
        assert_eq!(read(&[0, 7], 23, true).unwrap_err().code, "22P03");
        assert_eq!(read(b"x", 16, false).unwrap_err().code, "22P03");
        assert_eq!(read(&[255], 25, false).unwrap_err().code, "22021");
    }
}
