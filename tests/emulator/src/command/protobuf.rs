//! FORMAT PROTOBUF: the columns that a message's fields make.

use prost::Message;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet};

use crate::catalog::Catalog;
use crate::catalog::item::Column;
use crate::datum::SqlError;
use crate::sql::error::plan;
use crate::sql::types::DataType;

/// The bytes that hexadecimal text stands for; SQL may put `\x` before it.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("\\x").unwrap_or(text).as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pair = |pair: &[u8]| u8::try_from(16 * digit(pair[0])? + digit(*pair.get(1)?)?).ok();
    digits.chunks(2).map(pair).collect()
}

/// A compiled schema, as `protoc --descriptor_set_out` writes it, in hexadecimal.
fn descriptors(schema: &str) -> Result<FileDescriptorSet, SqlError> {
    let wrong = || plan("the schema of FORMAT PROTOBUF is no encoded file descriptor set");
    FileDescriptorSet::decode(&bytes(schema).ok_or_else(wrong)?[..]).map_err(|_| wrong())
}

/// The first message of the last file: which one a registry's schema is about.
pub fn first_message(schema: &str) -> Result<String, SqlError> {
    let set = descriptors(schema)?;
    let found = set.file.last().and_then(|file| Some(full_name(file, file.message_type.first()?)));
    found.ok_or_else(|| plan("the schema of FORMAT PROTOBUF has no message"))
}

fn full_name(file: &FileDescriptorProto, message: &DescriptorProto) -> String {
    [file.package(), message.name()].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(".")
}

/// A column for each field of the message.
pub fn columns(catalog: &Catalog, schema: &str, message: &str) -> Result<Vec<Column>, SqlError> {
    let set = descriptors(schema)?;
    let name = message.trim_start_matches('.');
    let all = set.file.iter().flat_map(|file| file.message_type.iter().map(move |message| (file, message)));
    let found = all.into_iter().find(|(file, message)| full_name(file, message) == name);
    let (file, found) = found.ok_or_else(|| plan(format!("message {message} not found in file descriptor set")))?;
    refuse_recursion(&set, name, &mut Vec::new())?;
    found.field.iter().map(|field| column(catalog, file, field)).collect()
}

/// A message has no column type when it is inside of itself. `above` are those that it is in.
fn refuse_recursion<'a>(set: &'a FileDescriptorSet, name: &'a str, above: &mut Vec<&'a str>) -> Result<(), SqlError> {
    if above.contains(&name) {
        return Err(plan(format!("Recursive types are not supported: {name}")));
    }
    above.push(name);
    let all = set.file.iter().flat_map(|file| file.message_type.iter().map(move |message| (file, message)));
    for (_, message) in all.filter(|(file, message)| full_name(file, message) == name) {
        let inner = message.field.iter().filter(|field| field.r#type() == Type::Message);
        inner
            .map(|field| field.type_name().trim_start_matches('.'))
            .try_for_each(|n| refuse_recursion(set, n, above))?;
    }
    above.pop();
    Ok(())
}

fn column(catalog: &Catalog, file: &FileDescriptorProto, field: &FieldDescriptorProto) -> Result<Column, SqlError> {
    let name = match field.r#type() {
        Type::Int32 | Type::Sint32 | Type::Sfixed32 => "int4",
        Type::Int64 | Type::Sint64 | Type::Sfixed64 => "int8",
        Type::Uint32 | Type::Fixed32 => "uint4",
        Type::Uint64 | Type::Fixed64 => "uint8",
        Type::Float => "float4",
        Type::Double => "float8",
        Type::Bool => "bool",
        Type::String | Type::Enum => "text",
        Type::Bytes => "bytea",
        Type::Message | Type::Group => "record",
    };
    let ty = catalog.system_type(name);
    let repeated = field.label() == Label::Repeated;
    // Without presence a field that is not sent has its default.
    let message = name == "record" && field.label() == Label::Optional;
    let present = file.syntax() != "proto3" && field.label() == Label::Optional && field.default_value.is_none();
    let present = present || message;
    let nullable = !repeated && (present || field.proto3_optional() || field.oneof_index.is_some());
    Ok(Column::new(field.name(), if repeated { DataType::List(Box::new(ty)) } else { ty }, nullable))
}
