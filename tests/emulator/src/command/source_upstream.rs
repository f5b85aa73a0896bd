//! Not there yet.
#![allow(unused)]
use super::Boxed;
use crate::catalog::{Catalog, Id};
use crate::catalog::item::*;
use crate::sql::doc::{Doc, text};
use crate::sql::error::unsupported;
use crate::sql::parser::{Parsed, Parser};
use crate::sql::print::Printer;

