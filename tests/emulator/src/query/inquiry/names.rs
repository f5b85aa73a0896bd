//! What numbers and names stand for: casts to and from `regclass` and `regtype`, comments, definitions, types.

use super::access::item;
use super::{Argument, Facts, Inquiry, boolean, lenient, optional, strict, text, texts};
use crate::catalog::Id;
use crate::catalog::change::Object;
use crate::catalog::item::{Definition, Item};
use crate::catalog::privileges::ObjectKind;
use crate::datum::{Datum, SqlError};
use crate::sql::error::plan;
use crate::sql::parser::Parser;
use crate::sql::types::DataType;

pub const ALL: &[Inquiry] = &[
    // Casts: the rewriter puts these in their place.
    strict("to_oid_cast", (1, 1), "oid", |_, args| match args[0].value {
        // A number of four bytes keeps its bits; of others, only what fits is one.
        Datum::Int(n) if args[0].ty == "integer" || args[0].ty == "smallint" => {
            Ok(Datum::Uint((*n as i32 as u32).into()))
        }
        Datum::Int(n) if u32::try_from(*n).is_err() => Err(plan(format!("\"{n}\" OID out of range"))),
        Datum::Int(n) => Ok(Datum::Uint(*n as u64)),
        Datum::Uint(n) => Ok(Datum::Uint(*n)),
        _ => {
            let text = args[0].text();
            let signed = || text.trim().parse::<i32>().map(|n| n as u32);
            let parsed = text.trim().parse::<u32>().or_else(|_| signed());
            let refused = |e| plan(format!("invalid input syntax for type oid: {e}: \"{text}\""));
            parsed.map(|n| Datum::Uint(n.into())).map_err(refused)
        }
    }),
    strict("to_regclass_cast", (1, 1), "regclass", |facts, args| {
        number_or(facts, &args[0], |argument| item(facts, argument, CLASSES, "relation"))
    }),
    strict("to_regtype_cast", (1, 1), "regtype", |facts, args| {
        number_or(facts, &args[0], |argument| {
            let name = argument.text();
            let found = data_type(facts, &name).map_err(|_| plan(format!("type \"{name}\" does not exist")))?;
            Ok(Some(Object::Item(found)))
        })
    }),
    // The cast to text of types whose values stand for something.
    strict("materialize_text", (1, 1), "text", |facts, args| Ok(super::shown(facts, &args[0]))),
    lenient("format_type", (2, 2), "text", |facts, args| {
        let (Some(oid), modifier) = (args[0].number(), args[1].value) else { return Ok(Datum::Null) };
        let Some(item) = by_number(facts, oid, |i| i.definition.kind() == ObjectKind::Type) else {
            return Ok(text("???"));
        };
        let modifier = if let Datum::Int(n) = modifier { *n } else { -1 };
        Ok(text(format!("{}{}", type_name(item), modified(item, modifier))))
    }),
    strict("mz_type_name", (1, 1), "text", |facts, args| {
        let found = args[0].number().and_then(|oid| by_number(facts, oid, |i| i.id < Id::User(0) && is_type(i)));
        Ok(optional(found.map(type_name)))
    }),
    strict("mz_render_typmod", (2, 2), "text", |facts, args| {
        let found = args[0].number().and_then(|oid| by_number(facts, oid, is_type));
        let modifier = if let Datum::Int(n) = args[1].value { *n } else { -1 };
        Ok(text(found.map(|item| modified(item, modifier)).unwrap_or_default()))
    }),
    lenient("pg_typeof", (1, 1), "text", |_, args| Ok(text(args[0].ty))),
    strict("pg_get_userbyid", (1, 1), "text", |facts, args| {
        let oid = args[0].number().unwrap_or_default();
        let found = facts.catalog.roles.values().find(|role| role.oid == oid);
        Ok(text(found.map_or_else(|| format!("unknown (OID={oid})"), |role| role.name.clone())))
    }),
    strict("pg_table_is_visible", (1, 1), "boolean", |facts, args| visible(facts, &args[0], |i| !is_type(i))),
    strict("pg_type_is_visible", (1, 1), "boolean", |facts, args| visible(facts, &args[0], is_type)),
    strict("obj_description", (1, 2), "text", |facts, args| {
        let of = args.get(1).map_or_else(|| "pg_class".to_owned(), Argument::text);
        Ok(optional(comment(facts, args[0].number(), &of, None)))
    }),
    strict("col_description", (2, 2), "text", |facts, args| {
        let Some(column) = args[1].number() else { return Ok(Datum::Null) };
        Ok(optional(comment(facts, args[0].number(), "pg_class", Some(column as usize))))
    }),
    // There are no comments on what databases share.
    strict("shobj_description", (2, 2), "text", |_, _| Ok(Datum::Null)),
    strict("pg_get_viewdef", (1, 2), "text", |facts, args| {
        let is_view = |i: &Item| i.definition.kind() == ObjectKind::View;
        let found = match args[0].number() {
            Some(oid) => by_number(facts, oid, is_view),
            None => {
                let name = args[0].text();
                facts.catalog.items.values().find(|i| i.name == name && is_view(i))
            }
        };
        Ok(optional(found.and_then(|i| match &i.definition {
            Definition::View(v) => {
                let print = || crate::command::view_definition(&facts.catalog, v);
                Some(crate::sql::on_large_stack(print))
            }
            _ => None,
        })))
    }),
    strict("pg_get_constraintdef", (1, 2), "text", |_, _| Ok(Datum::Null)),
    strict("pg_get_ruledef", (1, 2), "text", |_, _| Ok(Datum::Null)),
    strict("pg_get_triggerdef", (1, 2), "text", |_, _| Ok(Datum::Null)),
    strict("pg_get_expr", (2, 3), "text", |_, args| Ok(text(args[0].text()))),
    strict("parse_ident", (1, 2), "text[]", |_, args| parts(&args[0].text()).map(texts)),
    strict("mz_normalize_object_name", (1, 1), "text[]", |_, args| padded(&args[0].text(), 3, "relation")),
    strict("mz_normalize_schema_name", (1, 1), "text[]", |_, args| padded(&args[0].text(), 2, "schema")),
    strict("mz_global_id_to_name", (1, 1), "text", |facts, args| {
        let id = args[0].text();
        let found = crate::relations::scope::id(&id).filter(|found| facts.catalog.items.contains_key(found));
        let quoted =
            |parts: Vec<String>| parts.iter().map(|part| crate::sql::print::quoted(part)).collect::<Vec<_>>().join(".");
        match found {
            Some(found) => Ok(text(quoted(facts.catalog.full_name(found)))),
            None => Err(plan(format!("global ID \"{id}\" does not exist"))),
        }
    }),
];

/// What `regclass` names.
const CLASSES: &[ObjectKind] =
    &[ObjectKind::Table, ObjectKind::View, ObjectKind::MaterializedView, ObjectKind::Source, ObjectKind::Index];

fn is_type(item: &Item) -> bool {
    item.definition.kind() == ObjectKind::Type
}

fn by_number(facts: &Facts, oid: u64, fits: impl Fn(&Item) -> bool) -> Option<&Item> {
    facts.catalog.items.values().find(|i| i.oid == oid && fits(i))
}

/// A number as it is, or that of what a name means; digits are a number, too.
fn number_or(
    facts: &Facts,
    argument: &Argument,
    find: impl Fn(&Argument) -> Result<Option<Object>, SqlError>,
) -> Result<Datum, SqlError> {
    if let Some(oid) = argument.number().or_else(|| argument.text().parse().ok()) {
        return Ok(Datum::Uint(oid));
    }
    let oid = match find(argument)? {
        Some(Object::Item(id)) => facts.catalog.items.get(&id).map(|i| i.oid),
        _ => None,
    };
    Ok(oid.map_or(Datum::Null, Datum::Uint))
}

/// The type that a name means, which SQL's own names may do.
pub fn data_type(facts: &Facts, name: &str) -> Result<Id, SqlError> {
    let mut parser = Parser::new(name)?;
    let mut ty = crate::sql::types::data_type(&mut parser)?;
    if !parser.at_end() {
        return parser.expected("end of the type");
    }
    facts.catalog.resolve_data_type(&facts.names(), &mut ty)?;
    match &ty {
        DataType::Named(name, _) => name.item.ok_or_else(|| plan("no such type")),
        DataType::Array(_) => {
            let (oid, _) = facts.catalog.type_oid(&ty);
            by_number(facts, oid, is_type).map(|i| i.id).ok_or_else(|| plan("no such type"))
        }
        _ => Err(plan("no such type")),
    }
}

/// What a value of `regclass` or `regtype` prints as.
pub fn shown(facts: &Facts, argument: &Argument) -> Datum {
    let Some(oid) = argument.number() else { return Datum::Null };
    let types = argument.ty == "regtype";
    let found = by_number(facts, oid, |i| is_type(i) == types);
    text(match found {
        Some(i) => facts.catalog.minimal_name(&facts.names(), i.id),
        None => oid.to_string(),
    })
}

/// How SQL calls a type.
fn type_name(item: &Item) -> String {
    match &item.definition {
        Definition::SystemType(index, array) => {
            let long = crate::sql::types::SYSTEM_TYPES[*index].long;
            if *array { format!("{long}[]") } else { long.to_owned() }
        }
        _ => item.name.clone(),
    }
}

/// A type's modifier as it is written behind its name.
fn modified(item: &Item, modifier: i64) -> String {
    match item.name.as_str() {
        _ if modifier < 0 => String::new(),
        "numeric" | "_numeric" => format!("({},{})", ((modifier - 4) >> 16) & 0xffff, (modifier - 4) & 0xffff),
        "varchar" | "bpchar" | "_varchar" | "_bpchar" => format!("({})", modifier - 4),
        _ => format!("({modifier})"),
    }
}

/// Whether a name without its schema would find it: null when there is nothing of that number.
fn visible(facts: &Facts, oid: &Argument, fits: fn(&Item) -> bool) -> Result<Datum, SqlError> {
    let found = oid.number().and_then(|oid| by_number(facts, oid, fits));
    let Some(schema) = found.and_then(|i| facts.catalog.schemas.get(&i.schema)) else { return Ok(Datum::Null) };
    let named = |name: &str| schema.name == name;
    let implicit = ["mz_catalog", "pg_catalog"].into_iter().any(named);
    Ok(boolean(implicit || facts.session.search_path.iter().any(|name| named(name))))
}

/// The comment on a relation, on a type or on a schema, or on a column of it.
fn comment(facts: &Facts, oid: Option<u64>, class: &str, column: Option<usize>) -> Option<String> {
    let oid = oid?;
    let c = &facts.catalog;
    let (id, kind) = match class {
        "pg_namespace" => (c.schemas.values().find(|s| s.oid == oid)?.id, ObjectKind::Schema),
        "pg_type" => (by_number(facts, oid, is_type)?.id, ObjectKind::Type),
        "pg_class" => {
            let item = by_number(facts, oid, |i| CLASSES.contains(&i.definition.kind()))?;
            (item.id, item.definition.kind())
        }
        _ => return None,
    };
    c.comments.get(&(id, kind, column)).cloned()
}

fn parts(name: &str) -> Result<Vec<String>, SqlError> {
    let invalid = || plan(format!("string is not a valid identifier: \"{name}\""));
    let mut parser = Parser::new(name).map_err(|_| invalid())?;
    let parts = parser.name().map_err(|_| invalid())?;
    if parser.at_end() { Ok(parts) } else { Err(invalid()) }
}

/// The parts of a name, with nulls for those at the front that it does not have.
fn padded(name: &str, most: usize, what: &str) -> Result<Datum, SqlError> {
    let parts = parts(name)?;
    if parts.len() > most {
        return Err(plan(format!("improper {what} name (too many dotted names): {name}")));
    }
    let nulls = std::iter::repeat_n(Datum::Null, most - parts.len());
    Ok(Datum::Array(nulls.chain(parts.into_iter().map(text)).collect()))
}
