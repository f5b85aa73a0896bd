//! Not there yet.
#![allow(unused)]
use super::Boxed;
use crate::catalog::{Catalog, Id};
use crate::catalog::item::*;
use crate::sql::doc::{Doc, text};
use crate::sql::error::unsupported;
use crate::sql::parser::{Parsed, Parser};
use crate::sql::print::Printer;
pub fn create_table(p: &mut Parser, name: Vec<String>, if_not_exists: bool) -> Parsed<Boxed> { Err(unsupported("CREATE TABLE FROM WEBHOOK")) }
pub fn print(p: &Printer, c: &Webhook) -> Vec<Doc> { Vec::new() }
