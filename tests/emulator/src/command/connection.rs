//! Not there yet.
#![allow(unused)]
use super::Boxed;
use crate::catalog::{Catalog, Id};
use crate::catalog::item::*;
use crate::sql::doc::{Doc, text};
use crate::sql::error::unsupported;
use crate::sql::parser::{Parsed, Parser};
use crate::sql::print::Printer;
pub fn validate(p: &mut Parser) -> Parsed<Boxed> { Err(unsupported("VALIDATE CONNECTION")) }
pub fn create_connection(p: &mut Parser) -> Parsed<Boxed> { Err(unsupported("CREATE CONNECTION")) }
pub fn alter_connection(p: &mut Parser) -> Parsed<Boxed> { Err(unsupported("ALTER CONNECTION")) }
pub fn print(p: &Printer, id: Id, c: &Connection) -> Doc { text("") }
