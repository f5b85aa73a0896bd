//! Not there yet.
#![allow(unused)]
use super::Boxed;
use crate::catalog::{Catalog, Id};
use crate::catalog::item::*;
use crate::sql::doc::{Doc, text};
use crate::sql::error::unsupported;
use crate::sql::parser::{Parsed, Parser};
use crate::sql::print::Printer;
pub fn create_sink(p: &mut Parser) -> Parsed<Boxed> { Err(unsupported("CREATE SINK")) }
pub fn alter_sink(p: &mut Parser) -> Parsed<Boxed> { Err(unsupported("ALTER SINK")) }
pub fn print(p: &Printer, id: Id, c: &Sink) -> Doc { text("") }
