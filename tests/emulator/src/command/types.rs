//! CREATE TYPE.

use super::{Boxed, Command, Context, done};
use crate::catalog::Id;
use crate::catalog::item::{Definition, TypeDefinition};
use crate::datum::{Outcome, SqlError};
use crate::sql::doc::{Doc, text};
use crate::sql::error::plan;
use crate::sql::options::{Options, Value, print_list, type_value};
use crate::sql::parser::{Parsed, Parser};
use crate::sql::print::Printer;
use crate::sql::types::{DataType, data_type};
use std::sync::Arc;

struct CreateType {
    name: Vec<String>,
    definition: TypeDefinition,
}

pub fn create_type(p: &mut Parser) -> Parsed<Boxed> {
    let name = p.name()?;
    p.expect_kw("AS")?;
    let options = |p: &mut Parser, names: &[&'static str]| {
        p.paren_list(|p| {
            let name = p.option_name(names)?;
            Ok((name, type_value(p)?))
        })
        .map(Options)
    };
    let definition = if p.kw("LIST") {
        TypeDefinition::List(options(p, &["ELEMENT TYPE"])?)
    } else if p.kw("MAP") {
        TypeDefinition::Map(options(p, &["KEY TYPE", "VALUE TYPE"])?)
    } else if p.peek().is_some_and(|t| t.is_op("(")) {
        TypeDefinition::Record(p.paren_list(|p| Ok((p.ident()?, data_type(p)?)))?)
    } else {
        return p.expected("one of LIST or MAP or left parenthesis");
    };
    Ok(Arc::new(CreateType { name, definition }))
}

impl Command for CreateType {
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let names = &cx.session.names;
        let mut definition = self.definition.clone();
        let required: &[&str] = match &mut definition {
            TypeDefinition::Record(fields) => {
                for (_, ty) in fields.iter_mut() {
                    cx.catalog.resolve_data_type(names, ty)?;
                }
                for (i, (name, _)) in fields.iter().enumerate() {
                    if fields[..i].iter().any(|(n, _)| n == name) {
                        return Err(plan(format!("column \"{name}\" specified more than once")));
                    }
                }
                &[]
            }
            TypeDefinition::List(options) => {
                resolve(cx, options)?;
                check_named(cx, "LIST", options)?;
                &["ELEMENT TYPE"]
            }
            TypeDefinition::Map(options) => {
                resolve(cx, options)?;
                check_named(cx, "MAP", options)?;
                let key = options.get("KEY TYPE");
                if let Some(Value::Type(key)) = key
                    && cx.catalog.type_long(key) != "text"
                {
                    return Err(plan("key type of a map must be text"));
                }
                &["KEY TYPE", "VALUE TYPE"]
            }
        };
        if let TypeDefinition::List(options) | TypeDefinition::Map(options) = &mut definition {
            options.once()?;
            if let Some(missing) = required.iter().find(|r| options.get(r).is_none()) {
                return Err(plan(format!("{missing} option is required")));
            }
        }
        let definition = Definition::Type(definition);
        let (schema, name, _) = place(cx, &self.name, false, &definition)?;
        cx.catalog.check_room_for(schema, &definition)?;
        let id = cx.catalog.new_item_id();
        cx.catalog.insert_item(id, schema, name, cx.session.role, definition);
        done("CREATE TYPE")
    }
}

fn resolve(cx: &Context<'_>, options: &mut Options) -> Result<(), SqlError> {
    for (_, value) in &mut options.0 {
        if let Value::Type(ty) = value {
            cx.catalog.resolve_data_type(&cx.session.names, ty)?;
        }
    }
    Ok(())
}

/// A list's or map's own types are named ones, of which `char` is none that can be inside another.
fn check_named(cx: &Context<'_>, what: &str, options: &Options) -> Result<(), SqlError> {
    for (option, value) in &options.0 {
        let Value::Type(ty) = value else { continue };
        let shown = cx.catalog.type_long(ty);
        if !matches!(ty, DataType::Named(..)) {
            return Err(plan(format!(
                "CREATE TYPE ... AS {what} option {option} can only use named data types, but found unnamed data type \
                 {shown}. Use CREATE TYPE to create a named type first"
            )));
        }
        if shown == "character" || shown.starts_with("character(") {
            return Err(plan("embedding char type in a list or map not yet supported"));
        }
    }
    Ok(())
}

/// What CREATE says when there is such an item already.
/// Where a new item goes: its schema, its name, and whether one is there already, which IF NOT EXISTS allows. What the
/// new one names and the schema have to allow it.
pub fn place(
    cx: &Context<'_>,
    name: &[String],
    if_not_exists: bool,
    definition: &Definition,
) -> Result<(Id, String, bool), SqlError> {
    let (schema, name) = match definition {
        Definition::Table(table) if table.from.is_none() => cx.catalog.resolve_place(&cx.session.names, name)?,
        _ => cx.catalog.resolve_new(&cx.session.names, name)?,
    };
    let taken = free(cx, schema, &name, if_not_exists, definition)?;
    Ok((schema, name, taken))
}

/// The same where the schema is known: whether the name is taken.
pub fn free(
    cx: &Context<'_>,
    schema: Id,
    name: &str,
    if_not_exists: bool,
    definition: &Definition,
) -> Result<bool, SqlError> {
    cx.catalog.check_named(cx.session, definition)?;
    let taken = cx.catalog.taken(schema, name);
    if let Some(taken) = taken.filter(|_| !if_not_exists) {
        return Err(already_exists(cx, taken));
    }
    cx.catalog.check_create_in(cx.session, schema)?;
    Ok(taken.is_some())
}

pub fn already_exists(cx: &Context<'_>, id: Id) -> SqlError {
    let kind = cx.catalog.kind_of(crate::catalog::change::Object::Item(id));
    plan(format!("{} \"{}\" already exists", kind.words(), cx.catalog.dotted(id)))
}

pub fn print(p: &Printer, id: Id, definition: &TypeDefinition) -> Doc {
    let name = p.idents(&p.catalog.full_name(id));
    let field = |(n, ty): &(String, DataType)| format!("{} {}", p.ident(n), p.data_type(ty));
    text(match definition {
        TypeDefinition::List(o) => format!("CREATE TYPE {name} AS LIST ({})", print_list(o, p)),
        TypeDefinition::Map(o) => format!("CREATE TYPE {name} AS MAP ({})", print_list(o, p)),
        TypeDefinition::Record(fields) => {
            format!("CREATE TYPE {name} AS ({})", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
    })
}
