//! Not there yet.
#![allow(unused)]
use super::Boxed;
use crate::catalog::{Catalog, Id};
use crate::catalog::item::*;
use crate::sql::doc::{Doc, text};
use crate::sql::error::unsupported;
use crate::sql::parser::{Parsed, Parser};
use crate::sql::print::Printer;
pub fn create_source(p: &mut Parser) -> Parsed<Boxed> { Err(unsupported("CREATE SOURCE")) }
pub fn alter_source(p: &mut Parser) -> Parsed<Boxed> { Err(unsupported("ALTER SOURCE")) }
pub fn print(p: &Printer, id: Id, c: &Source) -> Doc { text("") }
/// The name, with a number behind it when it is taken.
pub fn free_name(catalog: &Catalog, schema: Id, base: &str) -> String {
    let free = |n: &String| catalog.taken(schema, n).is_none();
    std::iter::once(base.to_owned()).chain((1..).map(|i| format!("{base}{i}"))).find(free).unwrap_or_default()
}
